//! The JSON forms that callers, logs and other languages rely on, guarded by committed examples.
//!
//! Every variant of a command, receipt, rejection, event and answer has an example, and `v1/` holds their JSON. What is
//! written there stays readable: a change of an existing form needs a new version and a folder beside it. For a new
//! variant run the tests with `IMS_UPDATE_FORMS=1`, and read the difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

/// Lists examples of a type, at least one a variant: this does not compile while a variant has none.
macro_rules! examples {
    ($type:ident: $($variant:ident => [$($example:expr),+ $(,)?],)*) => {{
        let variant = |example: &$type| match example {
            $($type::$variant { .. } => stringify!($variant),)*
        };
        let mut examples = Vec::new();
        $($(
            let example: $type = $example.into();
            assert_eq!(variant(&example), stringify!($variant), "the example of {}", stringify!($variant));
            examples.push(example);
        )+)*
        examples
    }};
}

mod commands;
mod events;
mod receipts;
mod rejections;
mod rows;

use ims_core::{Answer, Command, Context, Event, FORM_VERSION, Receipt, Rejection};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::fmt::Debug;

/// Compares examples with the file that guards their form, both ways.
fn guard<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, examples: &[T]) {
    let path = format!("{}/tests/forms/v{FORM_VERSION}/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let written = serde_json::to_string_pretty(examples).unwrap() + "\n";
    if updates() {
        std::fs::write(&path, &written).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    for (number, (written, committed)) in written.lines().zip(committed.lines()).enumerate() {
        assert_eq!(written, committed, "line {} of {path}", number + 1);
    }
    assert_eq!(written.len(), committed.len(), "{path} ends elsewhere");
    assert_eq!(serde_json::from_str::<Vec<T>>(&committed).unwrap(), examples, "{path} is read as something else");
}

#[allow(clippy::disallowed_methods, reason = "it is the wish of whoever runs the tests, not of the engine")]
fn updates() -> bool {
    std::env::var_os("IMS_UPDATE_FORMS").is_some()
}

#[test]
fn commands_keep_their_form() {
    guard("commands", &commands::examples());
}

#[test]
fn contexts_keep_their_form() {
    guard("contexts", &commands::contexts());
}

#[test]
fn receipts_keep_their_form() {
    guard("receipts", &receipts::examples());
}

#[test]
fn rejections_keep_their_form() {
    guard("rejections", &rejections::examples());
}

#[test]
fn events_keep_their_form() {
    guard("events", &events::examples());
}

#[test]
fn answers_keep_their_form() {
    guard("answers", &events::answers());
}

#[test]
fn a_rejection_is_told_apart_by_its_code() {
    for rejection in rejections::examples() {
        let form = serde_json::to_value(&rejection).unwrap();
        assert_eq!(form["code"], rejection.code(), "{rejection:?}");
    }
}

/// Every value that differs from `form` in one place, as `change` changes it there.
fn changed_once(form: &Value, change: &impl Fn(&Value) -> Option<Value>) -> Vec<Value> {
    let here = change(form);
    let within: Vec<Value> = match form {
        Value::Array(parts) => (0..parts.len())
            .flat_map(|place| changed_once(&parts[place], change).into_iter().map(move |part| (place, part)))
            .map(|(place, part)| {
                let mut parts = parts.clone();
                parts[place] = part;
                Value::Array(parts)
            })
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| changed_once(field, change).into_iter().map(move |field| (name, field)))
            .map(|(name, field)| {
                let mut fields = fields.clone();
                fields.insert(name.clone(), field);
                Value::Object(fields)
            })
            .collect(),
        _ => Vec::new(),
    };
    here.into_iter().chain(within).collect()
}

fn with_unknown_field(form: &Value) -> Option<Value> {
    let mut fields = form.as_object()?.clone();
    fields.insert("colour".into(), "green".into());
    Some(fields.into())
}

fn with_number(form: &Value) -> Option<Value> {
    // 12.5 is a decimal that could be taken for one; any other text must not be a number either.
    form.as_str().map(|text| serde_json::from_str(text).ok().filter(Value::is_number).unwrap_or(12.5.into()))
}

/// Every way of changing these forms once is refused.
fn refuses<T: Serialize + DeserializeOwned + Debug>(examples: &[T], change: impl Fn(&Value) -> Option<Value>) {
    for example in examples {
        let form = serde_json::to_value(example).unwrap();
        for changed in changed_once(&form, &change) {
            let read = serde_json::from_value::<T>(changed.clone());
            assert!(read.is_err(), "{changed} is read as {read:?}");
        }
    }
}

#[test]
fn a_command_with_an_unknown_field_is_refused_wherever_it_stands() {
    refuses(&commands::examples(), with_unknown_field);
    refuses(&commands::contexts(), with_unknown_field);
}

#[test]
fn a_decimal_that_is_a_json_number_is_refused() {
    refuses::<Command>(&commands::examples(), with_number);
    refuses::<Context>(&commands::contexts(), with_number);
    refuses::<Receipt>(&receipts::examples(), with_number);
    refuses::<Rejection>(&rejections::examples(), with_number);
    refuses::<Event>(&events::examples(), with_number);
    refuses::<Answer>(&events::answers(), with_number);
}

#[test]
fn what_is_left_out_of_a_command_is_kept_or_the_usual() {
    for (short, long) in [
        (
            r#"{"open_shop":{"name":"Shop","currency":"EUR"}}"#,
            r#"{"open_shop":{"name":"Shop","currency":"EUR","time_zone":"UTC","costing":"fifo"}}"#,
        ),
        (
            r#"{"place_order":{"site":"00000000-0000-0000-0000-000000000001","lines":[]}}"#,
            r#"{"place_order":{"site":"00000000-0000-0000-0000-000000000001","lines":[],"on_shortage":"refuse"}}"#,
        ),
        (
            r#"{"create_item":{"sku":"TEA","name":"Tea"}}"#,
            r#"{"create_item":{"sku":"TEA","name":"Tea","brand":"","backorder_limit":"0","barcodes":[]}}"#,
        ),
    ] {
        let [short, long] = [short, long].map(|json| serde_json::from_str::<Command>(json).unwrap());
        assert_eq!(short, long);
    }
}

#[test]
fn a_field_of_an_update_is_kept_set_or_emptied() {
    let item = r#""item":"00000000-0000-0000-0000-000000000001""#;
    let read = |field: &str| serde_json::from_str::<Command>(&format!(r#"{{"update_item":{{{item}{field}}}}}"#));
    let kept = read("").unwrap();
    let emptied = read(r#","price":null"#).unwrap();
    let set = read(r#","price":"2.5""#).unwrap();
    assert!(kept != emptied && emptied != set && set != kept);
    for command in [kept, emptied, set] {
        let json = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&json).unwrap(), command, "{json}");
    }
    assert!(read(r#","name":null"#).is_err(), "a name cannot be taken away");
}

/// As receipts were written before documents kept what they come to.
fn without_amounts(receipt: &Receipt, document: &str) -> Receipt {
    let mut form = serde_json::to_value(receipt).unwrap();
    let document = form.pointer_mut(document).unwrap().as_object_mut().unwrap();
    for field in ["amounts", "party"] {
        document.remove(field).unwrap();
    }
    for line in document["lines"].as_array_mut().unwrap() {
        line.as_object_mut().unwrap().remove("received_cost");
    }
    serde_json::from_value(form).unwrap()
}

#[test]
fn receipts_without_amounts_are_read_with_those_of_their_lines() {
    let Receipt::OrderPlaced(order) = without_amounts(&Receipt::OrderPlaced(rows::order()), "/order_placed") else {
        panic!("another receipt");
    };
    assert_eq!((order.amounts, &order.party), (rows::order().amounts, &None));
    let bought = Receipt::PurchasePlaced(rows::purchase());
    let Receipt::PurchasePlaced(purchase) = without_amounts(&bought, "/purchase_placed") else {
        panic!("another receipt");
    };
    // Four had come; nothing is known but that 7.125 were agreed for one.
    assert_eq!(purchase.lines[0].received_cost, rows::amount("28.5"));
    assert_eq!(purchase.amounts.to_pay, rows::amount("64.125"));
}
