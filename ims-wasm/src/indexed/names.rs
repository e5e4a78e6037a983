//! The object stores of the database.

use ims_core::report::Table;

/// One row: see [`super::row::Head`].
pub(super) const HEAD: &str = "head";
pub(super) const SHOP: &str = "shop";
pub(super) const ITEMS: &str = "items";
/// Which item has a folded SKU.
pub(super) const SKUS: &str = "skus";
/// Which item has a barcode.
pub(super) const BARCODES: &str = "barcodes";
pub(super) const LOCATIONS: &str = "locations";
/// Which location has a folded code.
pub(super) const LOCATION_CODES: &str = "location_codes";
pub(super) const SUPPLIERS: &str = "suppliers";
/// Which supplier has a folded code.
pub(super) const SUPPLIER_CODES: &str = "supplier_codes";
pub(super) const CUSTOMERS: &str = "customers";
/// Which customer has a folded code.
pub(super) const CUSTOMER_CODES: &str = "customer_codes";
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
pub(super) const ALL: [&str; 29] = [
    HEAD,
    SHOP,
    ITEMS,
    SKUS,
    BARCODES,
    LOCATIONS,
    LOCATION_CODES,
    SUPPLIERS,
    SUPPLIER_CODES,
    CUSTOMERS,
    CUSTOMER_CODES,
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

/// Where the rows of a table are: under the table's own name.
pub(super) fn of(table: Table) -> &'static str {
    table.name()
}
