//! Every table: its columns, and how a row of the core becomes a row of it and back.

pub(crate) mod catalog;
pub(crate) mod document;
pub(crate) mod ledger;
pub(crate) mod shelf;

pub(crate) use catalog::{customers, item_barcodes, items, locations, names, shop, spellings, suppliers};
pub(crate) use document::{order_lines, orders, purchase_lines, purchases, return_lines, returns, shipments};
pub(crate) use ledger::{commands, customer_sales, events, movements, sales, undone};
pub(crate) use shelf::{alerts, holds, layers, series, stock};
