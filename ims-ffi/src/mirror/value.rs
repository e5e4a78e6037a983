//! Numbers, names and moments. Their texts are read by `ims-core`, strictly, where they are used.

use super::Mirror;
use ims_core::Timestamp as Moment;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::time::{Duration, SystemTime};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $core:path,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Record)]
        #[serde(transparent)]
        pub struct $name {
            /// The value as text.
            pub text: String,
        }

        impl Mirror for $name {
            type Core = $core;
        }
    )*};
}

texts! {
    /// How many, exactly, with up to six decimals: `3`, `0.125`. Never `1e3`, `NaN` or `1,5`.
    Quantity = ims_core::Quantity,
    /// How much money in the shop's currency, exactly, with up to six decimals: `12.50`.
    Amount = ims_core::Amount,
    /// A part of a whole, 0 to 1, with up to six decimals: `0.15` is 15 %.
    Fraction = ims_core::money::Fraction,
    /// Identifies a command: a UUID that its caller makes, once for each thing it wants done.
    CommandId = ims_core::CommandId,
    /// Identifies an item: the id of the command that created it.
    ItemId = ims_core::ItemId,
    /// Identifies a location: the id of the command that created it.
    LocationId = ims_core::LocationId,
    /// Identifies a supplier: the id of the command that created it.
    SupplierId = ims_core::SupplierId,
    /// Identifies a customer: the id of the command that created it.
    CustomerId = ims_core::CustomerId,
    /// Identifies a sales order: the id of the command that placed it.
    OrderId = ims_core::OrderId,
    /// Identifies a purchase order: the id of the command that placed it.
    PurchaseId = ims_core::PurchaseId,
    /// Identifies a hold: the id of the command that placed it.
    HoldId = ims_core::HoldId,
    /// Identifies a return: the id of the command that took the goods back.
    ReturnId = ims_core::ReturnId,
}

/// A day of the shop's calendar, such as `2026-01-31`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub String);

uniffi::custom_newtype!(Day, String);

/// A moment, to the microsecond: what is finer is rounded to the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp(pub SystemTime);

uniffi::custom_newtype!(Timestamp, SystemTime);

impl Mirror for Timestamp {
    type Core = Moment;
}

impl Timestamp {
    fn moment(self) -> Option<Moment> {
        let micros = match self.0.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => rounded_micros(after),
            Err(before) => rounded_micros(before.duration())?.checked_neg(),
        };
        Moment::from_micros(micros?)
    }

    fn of(moment: Moment) -> Option<Timestamp> {
        let distance = Duration::from_micros(moment.micros().unsigned_abs());
        let time = if moment.micros() < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        };
        time.map(Timestamp)
    }
}

/// A moment of Swift is a floating-point number of seconds: it is near the microsecond that is meant.
fn rounded_micros(distance: Duration) -> Option<i64> {
    let nearest = distance.checked_add(Duration::from_nanos(500))?;
    i64::try_from(nearest.as_micros()).ok()
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let moment = self.moment().ok_or_else(|| ser::Error::custom("a moment is in the years 1 to 9999"))?;
        moment.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let moment = Moment::deserialize(deserializer)?;
        Timestamp::of(moment).ok_or_else(|| de::Error::custom("this machine has no such time"))
    }
}

macro_rules! patches {
    ($($(#[$doc:meta])* $name:ident($value:ident),)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, uniffi::Enum)]
        pub enum $name {
            /// There is none any more.
            Clear,
            /// It is this from now on.
            Set($value),
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $name::Clear => serializer.serialize_none(),
                    $name::Set(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Option::deserialize(deserializer)?.map_or($name::Clear, $name::Set))
            }
        }
    )*};
}

patches! {
    /// A new amount, or none.
    AmountPatch(Amount),
    /// A new quantity, or none.
    QuantityPatch(Quantity),
    /// Another supplier, or none.
    SupplierIdPatch(SupplierId),
}
