//! Pages of what a report answers.

use super::*;
use ims_core::report::Page;

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident of $row:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Deserialize, uniffi::Record)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Its rows.
            pub rows: Vec<$row>,
            /// Where the next page begins, if there is one.
            pub next: Option<String>,
        }

        const _: fn(&Page<()>) = |Page { rows: _, next: _ }| {};
    )*};
}

pages! {
    /// A part of a list of items.
    ItemPage of Item,
    /// A part of a list of locations.
    LocationPage of Location,
    /// A part of a list of suppliers.
    SupplierPage of Supplier,
    /// A part of a list of customers.
    CustomerPage of Customer,
    /// A part of a list of stock.
    StockPage of StockLine,
    /// A part of a list of sales orders.
    OrderPage of Order,
    /// A part of a list of purchase orders.
    PurchasePage of Purchase,
    /// A part of a list of alerts.
    AlertPage of AlertLine,
    /// A part of a list of revenue and cost.
    ProfitPage of ProfitLine,
    /// A part of a list of what should be reordered.
    ReorderPage of ReorderLine,
    /// A part of a list of movements.
    MovementPage of Movement,
}
