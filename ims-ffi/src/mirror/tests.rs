//! Every form that the engine guards is a value here, and is the same form again.

use super::*;
use serde_json::Value;

const FORMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ims-core/tests/forms/v1");

fn forms(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(format!("{FORMS}/{name}.json")).unwrap();
    let forms: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(!forms.is_empty());
    forms
}

/// The form is read as what crosses the border; what that is turned into is what the form itself is read as.
fn is_mirrored<M: Mirror + PartialEq + std::fmt::Debug>(name: &str)
where
    M::Core: PartialEq + std::fmt::Debug,
{
    for form in forms(name) {
        let core: M::Core = serde_json::from_value(form.clone()).unwrap();
        let mirror: M = serde_json::from_value(form.clone()).unwrap_or_else(|error| panic!("{error}: {form:#}"));
        assert_eq!(mirror.to_core().unwrap(), core);
        assert_eq!(M::from_core(&core).unwrap(), mirror);
    }
}

#[test]
fn every_form_has_its_mirror() {
    is_mirrored::<Command>("commands");
    is_mirrored::<Context>("contexts");
    is_mirrored::<Receipt>("receipts");
    is_mirrored::<Rejection>("rejections");
    is_mirrored::<Event>("events");
}

#[test]
fn every_code_is_named_in_the_mirror() {
    for form in forms("rejections") {
        let core: ims_core::Rejection = serde_json::from_value(form).unwrap();
        let mirror = serde_json::to_value(Rejection::from_core(&core).unwrap()).unwrap();
        assert_eq!(mirror["code"], core.code());
    }
}

#[test]
fn what_is_no_number_is_refused_as_input() {
    for text in ["NaN", "inf", "1e3", "1_000", "1,5", "", " 1", "0x10", "9".repeat(100).as_str()] {
        let refused = Quantity { text: text.to_owned() }.to_core();
        assert!(matches!(refused, Err(ImsError::InvalidInput { .. })), "{text}: {refused:?}");
    }
}

#[test]
fn a_moment_is_the_nearest_microsecond() {
    use std::time::{Duration, SystemTime};
    let micros = |nanos: i64| {
        let distance = Duration::from_nanos(nanos.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        let time = if nanos < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
        Timestamp(time.unwrap()).to_core().unwrap().micros()
    };
    assert_eq!([micros(1_499), micros(1_500), micros(-1_499), micros(-1_600), micros(0)], [1, 2, -1, -2, 0]);
}

#[test]
fn a_command_that_is_too_large_is_refused_before_it_is_read() {
    let name = "x".repeat(ims_core::limits::COMMAND_JSON_BYTES);
    let item = CreateLocation { code: "A".into(), name };
    assert!(matches!(item.to_core(), Err(ImsError::InvalidInput { .. })));
}
