//! The object stores of the database.

use ims_core::report::Table;

/// One row: see [`super::row::Head`].
pub(super) const HEAD: &str = "head";
pub(super) const SHOP: &str = "shop";
pub(super) const ITEMS: &str = "items";
pub(super) const LOCATIONS: &str = "locations";
pub(super) const SUPPLIERS: &str = "suppliers";
pub(super) const CUSTOMERS: &str = "customers";
/// Which row of the catalogue has a name.
pub(super) const NAMES: &str = "names";
pub(super) const SERIES: &str = "series";
pub(super) const STOCK: &str = "stock";
pub(super) const LAYERS: &str = "layers";
pub(super) const HOLDS: &str = "holds";
/// The holds again, by stock.
pub(super) const HOLDS_ON: &str = "holds_on";
pub(super) const ORDERS: &str = "orders";
/// Which order has a number in a series.
pub(super) const ORDER_NUMBERS: &str = "order_numbers";
/// Which orders wait for goods of a stock.
pub(super) const BACKORDERS: &str = "backorders";
pub(super) const PURCHASES: &str = "purchases";
/// Which purchase order has a number in a series.
pub(super) const PURCHASE_NUMBERS: &str = "purchase_numbers";
pub(super) const RETURNS: &str = "returns";
pub(super) const ALERTS: &str = "alerts";
pub(super) const MOVEMENTS: &str = "movements";
pub(super) const UNDONE: &str = "undone";
pub(super) const SALES: &str = "sales";
pub(super) const CUSTOMER_SALES: &str = "customer_sales";
pub(super) const COMMANDS: &str = "commands";
/// By offset, which is a number.
pub(super) const EVENTS: &str = "events";

/// All of them: every transaction is over all, and so sees one moment.
pub(super) const ALL: [&str; 25] = [
    HEAD,
    SHOP,
    ITEMS,
    LOCATIONS,
    SUPPLIERS,
    CUSTOMERS,
    NAMES,
    SERIES,
    STOCK,
    LAYERS,
    HOLDS,
    HOLDS_ON,
    ORDERS,
    ORDER_NUMBERS,
    BACKORDERS,
    PURCHASES,
    PURCHASE_NUMBERS,
    RETURNS,
    ALERTS,
    MOVEMENTS,
    UNDONE,
    SALES,
    CUSTOMER_SALES,
    COMMANDS,
    EVENTS,
];

/// Names as version 1 kept them: of each kind apart.
pub(super) const OF_VERSION_1: [&str; 5] = ["skus", "barcodes", "location_codes", "supplier_codes", "customer_codes"];

/// Where the rows of a table are: under the table's own name.
pub(super) fn of(table: Table) -> &'static str {
    table.name()
}
