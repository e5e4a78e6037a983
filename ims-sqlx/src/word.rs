//! The words that stand in the database for what is one of a few.

use crate::value::{Field, Kind, Value};
use ims_core::{
    AdjustmentReason, CostingMethod, LocationKind, MovementKind, NameKind, OrderStatus, PurchaseStatus, RoundingMode,
    Standing, StockLevel, Tracking,
};

macro_rules! words {
    ($($type:ident { $($variant:ident = $word:literal),* $(,)? })*) => {$(
        impl From<$type> for Value<'_> {
            fn from(value: $type) -> Self {
                Value::from(match value { $($type::$variant => $word),* })
            }
        }
        impl Field for $type {
            const KIND: Kind = Kind::Text;
            fn read(value: Value<'static>) -> Option<Self> {
                let Value::Text(word) = value else { return None };
                match &*word { $($word => Some($type::$variant),)* _ => None }
            }
        }
    )*};
}

words! {
    AdjustmentReason {
        Opening = "opening", Damaged = "damaged", Lost = "lost", Found = "found", Theft = "theft", Gift = "gift",
        OwnUse = "own_use", Counted = "counted", Other = "other",
    }
    CostingMethod { Fifo = "fifo", Average = "average", Standard = "standard" }
    LocationKind {
        Site = "site", Supplier = "supplier", Customer = "customer", Loss = "loss", Variance = "variance",
        Service = "service",
    }
    MovementKind {
        Receipt = "receipt", SupplierReturn = "supplier_return", Sale = "sale", Return = "return",
        Adjustment = "adjustment", Transfer = "transfer", Revaluation = "revaluation",
    }
    NameKind { Item = "item", Location = "location", Supplier = "supplier", Customer = "customer" }
    OrderStatus { Placed = "placed", PartlyShipped = "partly_shipped", Shipped = "shipped", Cancelled = "cancelled" }
    PurchaseStatus {
        Ordered = "ordered", PartlyReceived = "partly_received", Received = "received", ClosedShort = "closed_short",
        Cancelled = "cancelled",
    }
    RoundingMode {
        HalfEven = "half-even", HalfUp = "half-up", HalfDown = "half-down", HalfOdd = "half-odd",
        HalfCeiling = "half-ceiling", HalfFloor = "half-floor", Up = "up", Down = "down", Ceiling = "ceiling",
        Floor = "floor",
    }
    Standing { Active = "active", Retired = "retired" }
    StockLevel { Normal = "normal", Low = "low", Out = "out" }
    Tracking { Stocked = "stocked", Service = "service" }
}
