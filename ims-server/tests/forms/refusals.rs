//! What is changed in one place is refused by the engine and by its schema alike.

use crate::{Schemas, text_of};
use ims_core::{Answer, Command, Context, Event, Receipt, Rejection};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A way to change a value: gives what could stand in its place.
type Change = fn(&Value) -> Vec<Value>;

/// Every value that differs from `form` in one place.
fn changed_once(form: &Value, change: Change) -> Vec<Value> {
    let mut changed = change(form);
    match form {
        Value::Array(parts) => {
            for (place, part) in parts.iter().enumerate() {
                changed.extend(changed_once(part, change).into_iter().map(|part| {
                    let mut parts = parts.clone();
                    parts[place] = part;
                    Value::Array(parts)
                }));
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                changed.extend(changed_once(field, change).into_iter().map(|field| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), field);
                    Value::Object(fields)
                }));
            }
        }
        _ => {}
    }
    changed
}

fn unknown_field(form: &Value) -> Vec<Value> {
    let Some(fields) = form.as_object() else { return Vec::new() };
    let mut fields = fields.clone();
    fields.insert("colour".into(), "green".into());
    vec![fields.into()]
}

fn missing_field(form: &Value) -> Vec<Value> {
    let Some(fields) = form.as_object() else { return Vec::new() };
    let without = |name| {
        let mut fields = fields.clone();
        fields.remove(name);
        fields.into()
    };
    fields.keys().map(without).collect()
}

fn wrong_type(form: &Value) -> Vec<Value> {
    let others = [json!(null), json!(true), json!(12.5), json!(-1), json!("?"), json!({"?": 1})];
    // Which texts there are, rules decide and not schemas; a text in place of a number is another type.
    others.into_iter().filter(|other| !(form.is_string() && other.is_string())).collect()
}

fn examples(name: &str) -> Vec<Value> {
    serde_json::from_str(&text_of(&format!("ims-core/tests/forms/v1/{name}.json"))).unwrap()
}

/// What callers hand in is refused by both or by neither; gives how many were refused.
fn same_verdict<T: DeserializeOwned>(name: &str, file: &str, change: Change) -> usize {
    let validator = Schemas::read().of(name);
    let mut refused = 0;
    for changed in examples(file).iter().flat_map(|example| changed_once(example, change)) {
        let read = serde_json::from_value::<T>(changed.clone()).map(drop);
        assert_eq!(validator.is_valid(&changed), read.is_ok(), "{name} {changed}: serde says {read:?}");
        refused += usize::from(read.is_err());
    }
    refused
}

/// What the engine refuses to read, a schema of what it writes refuses too.
fn no_laxer<T: DeserializeOwned>(name: &str, file: &str) {
    let validator = Schemas::read().of(name);
    let mut refused = 0;
    for change in [missing_field, wrong_type] {
        for changed in examples(file).iter().flat_map(|example| changed_once(example, change)) {
            if let Err(why) = serde_json::from_value::<T>(changed.clone()) {
                assert!(!validator.is_valid(&changed), "{name} {changed}: serde says {why}");
                refused += 1;
            }
        }
    }
    assert!(refused > 10, "only {refused} changes of {file} were refused");
}

#[test]
fn an_unknown_field_of_a_command_is_refused_by_both() {
    assert!(same_verdict::<Command>("Command", "commands", unknown_field) > 100);
    assert!(same_verdict::<Context>("Context", "contexts", unknown_field) > 0);
}

#[test]
fn a_missing_field_of_a_command_is_refused_by_both_or_by_neither() {
    assert!(same_verdict::<Command>("Command", "commands", missing_field) > 100);
    assert!(same_verdict::<Context>("Context", "contexts", missing_field) > 0);
}

#[test]
fn a_value_of_another_type_in_a_command_is_refused_by_both_or_by_neither() {
    assert!(same_verdict::<Command>("Command", "commands", wrong_type) > 100);
    assert!(same_verdict::<Context>("Context", "contexts", wrong_type) > 0);
}

#[test]
fn no_schema_of_an_answer_takes_what_the_engine_would_not_read() {
    no_laxer::<Receipt>("Receipt", "receipts");
    no_laxer::<Rejection>("Rejection", "rejections");
    no_laxer::<Event>("Event", "events");
    no_laxer::<Answer>("Answer", "answers");
}
