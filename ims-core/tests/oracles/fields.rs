//! Reading the fields of an operation, strictly: a field that nobody reads makes its case not modelled.

use super::stop::{Refusal, Stop};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::BTreeSet};

/// The fields of an operation, and which of them have been read.
pub(crate) struct Fields<'a> {
    /// What the operation is called.
    pub(crate) op: &'a str,
    fields: &'a Map<String, Value>,
    read: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The fields of an operation.
    pub(crate) fn of(fields: &'a Map<String, Value>) -> Result<Self, Stop> {
        match fields.get("op").and_then(Value::as_str) {
            Some(op) => Ok(Fields { op, fields, read: RefCell::new(BTreeSet::from(["op", "expect", "note"])) }),
            None => Stop::broken("an op without a name"),
        }
    }

    /// Ends the reading.
    pub(crate) fn end(&self) -> Result<(), Stop> {
        let read = self.read.borrow();
        match self.fields.keys().find(|key| !read.contains(key.as_str())) {
            Some(key) => Stop::not_modelled(format!("field {key} of {}", self.op)),
            None => Ok(()),
        }
    }

    /// A field as it stands, where there is one.
    pub(crate) fn value(&self, key: &'static str) -> Option<&'a Value> {
        self.read.borrow_mut().insert(key);
        self.fields.get(key).filter(|value| !value.is_null())
    }

    fn wrong<T>(&self, key: &str) -> Result<T, Stop> {
        Stop::not_modelled(format!("the form of field {key} of {}", self.op))
    }

    fn needed<T>(&self, key: &str, value: Option<T>) -> Result<T, Stop> {
        match value {
            Some(value) => Ok(value),
            None => Stop::not_modelled(format!("{} without {key}", self.op)),
        }
    }

    /// A text.
    pub(crate) fn text(&self, key: &'static str) -> Result<Option<&'a str>, Stop> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => self.wrong(key),
        }
    }

    /// A text that must be there.
    pub(crate) fn needed_text(&self, key: &'static str) -> Result<&'a str, Stop> {
        self.needed(key, self.text(key)?)
    }

    /// A number.
    pub(crate) fn number(&self, key: &'static str) -> Result<Option<Decimal>, Stop> {
        let Some(value) = self.value(key) else { return Ok(None) };
        match number(value) {
            Some(number) => Ok(Some(number)),
            None if is_huge(value) => Err(Stop::Refused(Refusal::Value(format!("{key} is out of range")))),
            None => self.wrong(key),
        }
    }

    /// A number that must be there.
    pub(crate) fn needed_number(&self, key: &'static str) -> Result<Decimal, Stop> {
        self.needed(key, self.number(key)?)
    }

    /// Yes or no.
    pub(crate) fn flag(&self, key: &'static str) -> Result<Option<bool>, Stop> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => self.wrong(key),
        }
    }

    /// A list of numbers.
    pub(crate) fn numbers(&self, key: &'static str) -> Result<Option<Vec<Decimal>>, Stop> {
        let Some(value) = self.value(key) else { return Ok(None) };
        match value.as_array().and_then(|list| list.iter().map(number).collect()) {
            Some(numbers) => Ok(Some(numbers)),
            None => self.wrong(key),
        }
    }

    /// A list of numbers that must be there.
    pub(crate) fn needed_numbers(&self, key: &'static str) -> Result<Vec<Decimal>, Stop> {
        self.needed(key, self.numbers(key)?)
    }

    /// A list of pairs of numbers that must be there.
    pub(crate) fn needed_pairs(&self, key: &'static str) -> Result<Vec<(Decimal, Decimal)>, Stop> {
        match pairs(self.needed(key, self.value(key))?) {
            Some(pairs) => Ok(pairs),
            None => self.wrong(key),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&self, key: &'static str) -> Result<Option<Vec<String>>, Stop> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match value.as_array().and_then(|list| list.iter().map(text).collect()) {
            Some(texts) => Ok(Some(texts)),
            None => self.wrong(key),
        }
    }

    /// A list of objects that must be there.
    pub(crate) fn needed_objects(&self, key: &'static str) -> Result<Vec<&'a Map<String, Value>>, Stop> {
        let objects = self.needed(key, self.value(key))?;
        match objects.as_array().and_then(|list| list.iter().map(Value::as_object).collect()) {
            Some(objects) => Ok(objects),
            None => self.wrong(key),
        }
    }
}

/// A number of more digits than a figure here can have.
fn is_huge(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() > 28 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A number, from a decimal string or a whole number. Of more than 28 digits the last ones are rounded.
pub(crate) fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) if number.is_i64() => number.as_i64().map(Decimal::from),
        _ => None,
    }
}

/// A list of pairs of numbers.
pub(crate) fn pairs(value: &Value) -> Option<Vec<(Decimal, Decimal)>> {
    let pair = |pair: &Value| match pair.as_array()?.as_slice() {
        [left, right] => Some((number(left)?, number(right)?)),
        _ => None,
    };
    value.as_array()?.iter().map(pair).collect()
}
