//! What goes into a database and comes out of it: four kinds of value, and how each type of the core becomes one.

use ims_core::{
    Amount, CommandId, Currency, CustomerId, Date, HoldId, ItemId, LocationId, OrderId, PurchaseId, Quantity, ReturnId,
    Sku, StoreError, StoreErrorKind, SupplierId, Text, TimeZone, Timestamp,
};
use std::borrow::Cow;

/// What a column holds. Any column may also hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A signed 64-bit integer: a count, a scaled quantity or amount, a moment, a day.
    Int,
    /// Text, compared byte by byte.
    Text,
    /// 128 bits.
    Id,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Id(u128),
}

/// A row as a database gave it.
pub(crate) type Row = Vec<Value<'static>>;

/// A type of the core that a column can hold.
pub(crate) trait Field: Sized {
    /// What its column holds.
    const KIND: Kind;
    /// Reads it back; `None` where the value cannot be one.
    fn read(value: Value<'static>) -> Option<Self>;
}

macro_rules! ints {
    ($($type:ty: |$value:ident| $write:expr, $read:expr;)*) => {$(
        impl From<$type> for Value<'_> {
            fn from($value: $type) -> Self {
                Value::Int($write)
            }
        }
        impl Field for $type {
            const KIND: Kind = Kind::Int;
            fn read(value: Value<'static>) -> Option<Self> {
                let Value::Int(value) = value else { return None };
                ($read)(value)
            }
        }
    )*};
}

ints! {
    i64: |value| value, Some;
    u32: |value| i64::from(value), |stored| u32::try_from(stored).ok();
    // Wraps around, and back: no number is lost, whatever its size.
    u64: |value| value.cast_signed(), |stored: i64| Some(stored.cast_unsigned());
    Quantity: |value| value.micros(), |stored| Some(Quantity::from_micros(stored));
    Amount: |value| value.micros(), |stored| Some(Amount::from_micros(stored));
    Timestamp: |value| value.micros(), Timestamp::from_micros;
    Date: |value| i64::from(value.days()), |stored| i32::try_from(stored).ok().and_then(Date::from_days);
}

macro_rules! ids {
    ($($type:ty),*) => {$(
        impl From<$type> for Value<'_> {
            fn from(id: $type) -> Self {
                Value::Id(id.as_u128())
            }
        }
        impl Field for $type {
            const KIND: Kind = Kind::Id;
            fn read(value: Value<'static>) -> Option<Self> {
                u128::read(value).map(<$type>::from_u128)
            }
        }
    )*};
}

ids!(CommandId, CustomerId, HoldId, ItemId, LocationId, OrderId, PurchaseId, ReturnId, SupplierId);

impl From<u128> for Value<'_> {
    fn from(bits: u128) -> Self {
        Value::Id(bits)
    }
}

impl Field for u128 {
    const KIND: Kind = Kind::Id;
    fn read(value: Value<'static>) -> Option<Self> {
        let Value::Id(bits) = value else { return None };
        Some(bits)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a Text> for Value<'a> {
    fn from(text: &'a Text) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a Sku> for Value<'a> {
    fn from(sku: &'a Sku) -> Self {
        Value::Text(Cow::Borrowed(sku.as_str()))
    }
}

impl<'a> From<&'a Currency> for Value<'a> {
    fn from(currency: &'a Currency) -> Self {
        Value::Text(Cow::Borrowed(currency.as_str()))
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl Field for String {
    const KIND: Kind = Kind::Text;
    fn read(value: Value<'static>) -> Option<Self> {
        let Value::Text(text) = value else { return None };
        Some(text.into_owned())
    }
}

impl Field for Text {
    const KIND: Kind = Kind::Text;
    fn read(value: Value<'static>) -> Option<Self> {
        String::read(value).map(Text::from)
    }
}

impl Field for Sku {
    const KIND: Kind = Kind::Text;
    fn read(value: Value<'static>) -> Option<Self> {
        Sku::new(&String::read(value)?).ok()
    }
}

impl Field for Currency {
    const KIND: Kind = Kind::Text;
    fn read(value: Value<'static>) -> Option<Self> {
        String::read(value)?.parse().ok()
    }
}

impl Field for TimeZone {
    const KIND: Kind = Kind::Text;
    fn read(value: Value<'static>) -> Option<Self> {
        TimeZone::new(&String::read(value)?).ok()
    }
}

impl<T: Field> Field for Option<T> {
    const KIND: Kind = T::KIND;
    fn read(value: Value<'static>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

/// Reads the values of a row one after the other.
pub(crate) struct Fields {
    table: &'static str,
    values: std::vec::IntoIter<Value<'static>>,
}

impl Fields {
    /// Begins with the first value of a row of `table`.
    pub(crate) fn of(table: &'static str, row: Row) -> Self {
        Fields { table, values: row.into_iter() }
    }

    /// Reads the next value as that of `column`.
    pub(crate) fn next<T: Field>(&mut self, column: &'static str) -> Result<T, StoreError> {
        self.values.next().and_then(T::read).ok_or_else(|| self.damage(column))
    }

    /// Says that a value cannot be right.
    pub(crate) fn damage(&self, column: &'static str) -> StoreError {
        StoreError::new(StoreErrorKind::Corrupt, format!("column {column} of a row in table {}", self.table))
    }
}
