//! Python objects as Rust values: a serde deserializer that knows, from the shape of what is expected, which objects
//! will do. What is of the wrong type is a `TypeError`, what has a wrong value a `ValueError`; both name the field.

use crate::book::{Book, Field, Kind, Record, Shape, Style, Variant};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    intern,
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyString},
};
use serde::{
    Deserialize,
    de::{
        self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
        Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use std::fmt::{self, Display};

/// Digits that a number may have before or after its point; what is longer is out of range for certain.
const MOST_DIGITS: i64 = 100;

/// Takes a value; `name` is what the caller calls it.
pub(crate) fn value<'de, T: Deserialize<'de>>(
    book: &Book,
    shape: &Shape,
    name: &'static str,
    value: Bound<'_, PyAny>,
) -> PyResult<T> {
    let py = value.py();
    let taken = T::deserialize(Taker { book, shape, value });
    taken.map_err(|error| if name.is_empty() { error } else { error.within(name) }.raise(py))
}

/// Why a value cannot be taken, and where it is.
#[derive(Debug)]
pub(crate) struct TakeError {
    place: String,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Type(String),
    Value(String),
    Raised(PyErr),
}

impl TakeError {
    fn new(why: Why) -> Self {
        TakeError { place: String::new(), why }
    }

    /// Says which field or item it is in.
    fn within(mut self, outer: &str) -> Self {
        let dot = if self.place.is_empty() || self.place.starts_with('[') { "" } else { "." };
        self.place = format!("{outer}{dot}{}", self.place);
        self
    }

    fn raise(self, py: Python<'_>) -> PyErr {
        let place = if self.place.is_empty() { String::new() } else { format!("{}: ", self.place) };
        match self.why {
            Why::Type(why) => PyTypeError::new_err(format!("{place}{why}")),
            Why::Value(why) => PyValueError::new_err(format!("{place}{why}")),
            Why::Raised(error) => {
                if !place.is_empty() {
                    // Python before 3.11 has no notes; there the error says less.
                    let _ = error.value(py).call_method1(intern!(py, "add_note"), (format!("in {}", self.place),));
                }
                error
            }
        }
    }
}

impl Display for TakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.place, self.why)
    }
}

impl std::error::Error for TakeError {}

impl de::Error for TakeError {
    fn custom<T: Display>(message: T) -> Self {
        TakeError::new(Why::Value(message.to_string()))
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        TakeError::new(Why::Type(format!("{expected} was expected, not {found}")))
    }
}

impl From<PyErr> for TakeError {
    fn from(error: PyErr) -> Self {
        TakeError::new(Why::Raised(error))
    }
}

fn wrong_type(expected: &str, value: &Bound<'_, PyAny>) -> TakeError {
    let given = value.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string());
    TakeError::new(Why::Type(format!("{expected} was expected, not {given}")))
}

/// Takes one value.
struct Taker<'py, 'a> {
    book: &'a Book,
    shape: &'a Shape,
    value: Bound<'py, PyAny>,
}

impl<'py, 'a> Taker<'py, 'a> {
    fn of(&self, shape: &'a Shape, value: Bound<'py, PyAny>) -> Taker<'py, 'a> {
        Taker { book: self.book, shape, value }
    }

    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TakeError> {
        match self.shape {
            Shape::Text => match self.value.cast::<PyString>() {
                Ok(text) => visitor.visit_str(text.to_str()?),
                Err(_) => Err(wrong_type("a str", &self.value)),
            },
            Shape::Id => self.visit_id(visitor),
            Shape::Decimal => visitor.visit_str(&self.decimal()?),
            Shape::DateTime => visitor.visit_str(self.moment()?.to_str()?),
            Shape::Date => visitor.visit_str(self.day()?.to_str()?),
            Shape::Int => self.visit_int(visitor),
            Shape::Optional(inner) if self.value.is_none() => {
                let _ = inner;
                visitor.visit_unit()
            }
            Shape::Optional(inner) => Taker { shape: inner, ..self }.visit(visitor),
            Shape::Many(item) => self.visit_many(item, visitor),
            Shape::Named(place) => match self.book.kind(*place)? {
                Kind::Record(record) => self.visit_record(record, visitor),
                Kind::Union(_) => Err(wrong_type("a variant", &self.value)),
            },
        }
    }

    fn visit_id<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TakeError> {
        if let Ok(text) = self.value.cast::<PyString>() {
            return visitor.visit_str(text.to_str()?);
        }
        if !self.value.is_instance(self.book.uuid.bind(self.value.py()))? {
            return Err(wrong_type("an id, as a str or a UUID,", &self.value));
        }
        visitor.visit_str(self.value.str()?.to_str()?)
    }

    /// The number in plain digits. A float is refused: it is not what its digits say.
    fn decimal(&self) -> Result<String, TakeError> {
        let (py, value) = (self.value.py(), &self.value);
        if value.is_instance_of::<PyBool>() || value.is_instance_of::<PyFloat>() {
            return Err(wrong_type("a Decimal or an int", value));
        }
        if value.is_instance_of::<PyInt>() {
            let fits = value.extract::<i64>().map_err(|_| out_of_range())?;
            return Ok(fits.to_string());
        }
        if !value.is_instance(self.book.decimal.bind(py))? {
            return Err(wrong_type("a Decimal or an int", value));
        }
        let text = value.str()?;
        let text = text.to_str()?;
        if !text.contains('E') {
            return if text.ends_with(|c: char| c.is_ascii_digit()) {
                Ok(text.to_owned())
            } else {
                Err(no_number(text))
            };
        }
        let exponent = value.call_method0(intern!(py, "adjusted"))?.extract::<i64>()?;
        if exponent.saturating_abs() > MOST_DIGITS {
            return Err(out_of_range());
        }
        Ok(value.call_method1(intern!(py, "__format__"), ("f",))?.extract()?)
    }

    fn moment(&self) -> Result<Bound<'py, PyString>, TakeError> {
        let (py, value) = (self.value.py(), &self.value);
        if let Some(text) = self.book.read_lately.get(value) {
            return Ok(text);
        }
        if !value.is_instance(self.book.datetime.bind(py))? {
            return Err(wrong_type("a datetime", value));
        }
        if value.call_method0(intern!(py, "utcoffset"))?.is_none() {
            return Err(TakeError::new(Why::Value("a datetime needs a time zone, such as timezone.utc".to_owned())));
        }
        let utc = value.call_method1(intern!(py, "astimezone"), (&self.book.utc,))?;
        let text = utc.call_method0(intern!(py, "isoformat"))?.cast_into().map_err(PyErr::from)?;
        self.book.read_lately.put(value, &text);
        Ok(text)
    }

    fn day(&self) -> Result<Bound<'py, PyString>, TakeError> {
        let (py, value) = (self.value.py(), &self.value);
        let is_moment = value.is_instance(self.book.datetime.bind(py))?;
        if is_moment || !value.is_instance(self.book.date.bind(py))? {
            return Err(wrong_type("a date", value));
        }
        Ok(value.call_method0(intern!(py, "isoformat"))?.cast_into().map_err(PyErr::from)?)
    }

    fn visit_int<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TakeError> {
        if self.value.is_instance_of::<PyBool>() || !self.value.is_instance_of::<PyInt>() {
            return Err(wrong_type("an int", &self.value));
        }
        match self.value.extract::<u64>() {
            Ok(number) => visitor.visit_u64(number),
            Err(_) => Err(out_of_range()),
        }
    }

    fn visit_many<'de, V: Visitor<'de>>(self, item: &'a Shape, visitor: V) -> Result<V::Value, TakeError> {
        if self.value.is_instance_of::<PyString>() || self.value.is_instance_of::<PyDict>() {
            return Err(wrong_type("a list", &self.value));
        }
        let Ok(items) = self.value.try_iter() else { return Err(wrong_type("a list", &self.value)) };
        visitor.visit_seq(ManyTaker { items, taker: &self, shape: item, index: 0 })
    }

    fn visit_record<'de, V: Visitor<'de>>(&self, record: &'a Record, visitor: V) -> Result<V::Value, TakeError> {
        let class = record.class.bind(self.value.py());
        if !self.value.is_instance(class)? {
            let name = class.name()?;
            return Err(wrong_type(&format!("an object of {name}"), &self.value));
        }
        visitor.visit_map(RecordTaker { taker: self, fields: record.fields.iter(), value: None })
    }

    fn variant_of(&self) -> Result<&'a Variant, TakeError> {
        let (book, value) = (self.book, &self.value);
        let Shape::Named(place) = self.shape else { return Err(wrong_type("a variant", value)) };
        let Kind::Union(variants) = book.kind(*place)? else { return Err(wrong_type("a variant", value)) };
        let class = value.get_type();
        for variant in variants {
            if book.record(variant.kind)?.class.bind(value.py()).is(&class) {
                return Ok(variant);
            }
        }
        Err(wrong_type("another class", value))
    }
}

fn out_of_range() -> TakeError {
    TakeError::new(Why::Value("the number is out of range".to_owned()))
}

fn no_number(text: &str) -> TakeError {
    TakeError::new(Why::Value(format!("{text} is no number")))
}

impl<'de> Deserializer<'de> for Taker<'_, '_> {
    type Error = TakeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TakeError> {
        self.visit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TakeError> {
        if self.value.is_none() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, TakeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TakeError> {
        match self.shape {
            Shape::Text => match self.value.cast::<PyString>() {
                Ok(word) => visitor.visit_enum(word.to_str()?.into_deserializer()),
                Err(_) => Err(wrong_type("a str", &self.value)),
            },
            Shape::Optional(inner) => Taker { shape: inner, ..self }.deserialize_enum("", &[], visitor),
            _ => {
                let variant = self.variant_of()?;
                visitor.visit_enum(VariantTaker { taker: self, variant })
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// Takes the items of a list.
struct ManyTaker<'py, 'a, 't> {
    items: Bound<'py, pyo3::types::PyIterator>,
    taker: &'t Taker<'py, 'a>,
    shape: &'a Shape,
    index: usize,
}

impl<'de> SeqAccess<'de> for ManyTaker<'_, '_, '_> {
    type Error = TakeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, TakeError> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let index = self.index;
        self.index = index.saturating_add(1);
        let taken = seed.deserialize(self.taker.of(self.shape, item?));
        taken.map(Some).map_err(|error| error.within(&format!("[{index}]")))
    }
}

/// Takes the fields of an object.
struct RecordTaker<'py, 'a, 't> {
    taker: &'t Taker<'py, 'a>,
    fields: std::slice::Iter<'a, Field>,
    value: Option<(&'a Field, Bound<'py, PyAny>)>,
}

impl<'de> MapAccess<'de> for RecordTaker<'_, '_, '_> {
    type Error = TakeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, TakeError> {
        let py = self.taker.value.py();
        for field in self.fields.by_ref() {
            let value = self.taker.value.getattr(field.key.bind(py))?;
            if field.default.as_ref().is_some_and(|default| value.is(default)) {
                continue;
            }
            self.value = Some((field, value));
            return seed
                .deserialize::<StrDeserializer<'_, TakeError>>(field.name.as_str().into_deserializer())
                .map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, TakeError> {
        let Some((field, value)) = self.value.take() else { return Err(de::Error::custom("a value has a key")) };
        let taken = seed.deserialize(self.taker.of(&field.shape, value));
        taken.map_err(|error| error.within(&field.name))
    }
}

/// Takes what a variant holds.
struct VariantTaker<'py, 'a> {
    taker: Taker<'py, 'a>,
    variant: &'a Variant,
}

impl<'de> EnumAccess<'de> for VariantTaker<'_, '_> {
    type Error = TakeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), TakeError> {
        let name: StrDeserializer<'_, TakeError> = self.variant.name.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for VariantTaker<'_, '_> {
    type Error = TakeError;

    fn unit_variant(self) -> Result<(), TakeError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, TakeError> {
        let VariantTaker { taker, variant } = self;
        if variant.style == Style::Through {
            return seed.deserialize(Taker { shape: &Shape::Named(variant.kind), ..taker });
        }
        let only = taker.book.record(variant.kind)?.fields.first();
        let only = only.ok_or_else(|| <TakeError as de::Error>::custom("a class has a field"))?;
        let value = taker.value.getattr(only.key.bind(taker.value.py()))?;
        seed.deserialize(taker.of(&only.shape, value)).map_err(|error| error.within(&only.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, TakeError> {
        Err(wrong_type("a variant with names", &self.taker.value))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, TakeError> {
        let record = self.taker.book.record(self.variant.kind)?;
        self.taker.visit_record(record, visitor)
    }
}
