//! Text that may be a number, a time, a name or an id: it is refused, or it is one that reads back and has one form.
#![no_main]

use ims_core::{
    Amount, CommandId, Currency, CustomerId, Date, HoldId, ItemId, LocationId, Month, OrderId, PurchaseId, Quantity,
    ReturnId, Sku, SkuKey, SupplierId, TimeZone, Timestamp, Unit, decimal::DecimalError, money::Fraction, unit::Factor,
};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

fuzz_target!(|text: &str| {
    decimals(text);
    same_in_json::<Timestamp>(text);
    same_in_json::<Date>(text);
    same_in_json::<Currency>(text);
    same_in_json::<CommandId>(text);
    same_in_json::<TimeZone>(text);
    reads_back::<Month>(text);
    reads_back::<Factor>(text);
    ids(text);
    names(text);
});

/// Reads text; what is read is shown as text that is read as the same.
fn reads_back<T: FromStr<Err: Debug> + Display + PartialEq + Debug>(text: &str) -> Option<T> {
    let value = text.parse::<T>().ok()?;
    let shown = value.to_string();
    assert_eq!(shown.parse::<T>().as_ref().ok(), Some(&value), "{text:?} is shown as {shown:?}");
    Some(value)
}

/// Reads text from JSON just as from paper.
fn same_in_json<T>(text: &str) -> Option<T>
where
    T: FromStr<Err: Debug> + Display + PartialEq + Debug + Serialize + DeserializeOwned,
{
    let value = reads_back::<T>(text);
    let json = serde_json::to_string(text).expect("any text is JSON");
    assert_eq!(serde_json::from_str::<T>(&json).ok(), value, "{text:?} in JSON");
    if let Some(value) = &value {
        let json = serde_json::to_string(value).expect("a value is JSON");
        assert_eq!(serde_json::from_str::<T>(&json).as_ref().ok(), Some(value), "{json}");
    }
    value
}

/// A number is what another library takes it for.
fn decimals(text: &str) {
    let exact = Decimal::from_str_exact(text).ok();
    let quantity = same_in_json::<Quantity>(text);
    let amount = same_in_json::<Amount>(text);
    let fraction = same_in_json::<Fraction>(text);
    if let Some(quantity) = quantity {
        // The other library gives up after 28 decimals, even where they are zeros.
        assert!(exact.is_none_or(|exact| exact == quantity.to_decimal()), "{text:?} is {quantity}");
        assert_eq!(Quantity::try_from(quantity.to_decimal()), Ok(quantity));
    }
    assert_eq!(amount.map(Amount::micros), quantity.map(Quantity::micros));
    let part = amount.map(Amount::micros).filter(|micros| (0..=1_000_000).contains(micros));
    assert_eq!(fraction.map(Fraction::micros), part);
    if let (None, Some(exact)) = (quantity, exact) {
        refused_for_a_reason(text, exact);
    }
}

/// A decimal that is no quantity is written otherwise, is finer or is larger.
fn refused_for_a_reason(text: &str, exact: Decimal) {
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
    match text.parse::<Quantity>() {
        Err(DecimalError::Malformed { .. } | DecimalError::Empty) => {
            let bare_point = text.starts_with('.') || text.starts_with("-.") || text.ends_with('.');
            assert!(!plain || bare_point || text.len() > 40, "{text:?} is a number");
        }
        Err(DecimalError::Comma) => assert!(text.contains(','), "{text:?} has no comma"),
        Err(DecimalError::TooManyDecimals { max }) => assert!(exact.normalize().scale() > max, "{text:?} is not finer"),
        Err(DecimalError::OutOfRange) => assert!(exact.abs() > Quantity::MAX.to_decimal(), "{text:?} is not larger"),
        Ok(_) => unreachable!("it was refused before"),
    }
}

/// One text names the same of every kind, but for the one id that no command may have.
fn ids(text: &str) {
    let item = same_in_json::<ItemId>(text).map(ItemId::as_u128);
    assert_eq!(text.parse().ok().map(LocationId::as_u128), item);
    assert_eq!(text.parse().ok().map(SupplierId::as_u128), item);
    assert_eq!(text.parse().ok().map(CustomerId::as_u128), item);
    assert_eq!(text.parse().ok().map(OrderId::as_u128), item);
    assert_eq!(text.parse().ok().map(PurchaseId::as_u128), item);
    assert_eq!(text.parse().ok().map(HoldId::as_u128), item);
    assert_eq!(text.parse().ok().map(ReturnId::as_u128), item);
    assert_eq!(text.parse().ok().map(CommandId::as_u128), item.filter(|bits| *bits != 0));
}

/// A name is kept as it was typed, and folded once.
fn names(text: &str) {
    if let Some(sku) = same_in_json::<Sku>(text) {
        assert_eq!(sku.as_str(), text);
        assert_eq!(SkuKey::of(sku.folded().as_str()), sku.folded());
    }
    for decimals in [0, 6, 7] {
        let Ok(unit) = Unit::new(text, decimals) else { continue };
        assert!(decimals <= 6 && unit.code() == text);
        let json = serde_json::to_string(&unit).expect("a unit is JSON");
        assert_eq!(serde_json::from_str::<Unit>(&json).ok(), Some(unit));
    }
}
