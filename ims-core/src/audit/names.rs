//! Whether every row of the catalogue is found by its names, and no two by one.

use super::verify::Broken;
use crate::{Name, report::Row};
use std::collections::{BTreeMap, BTreeSet};

/// The promise that a SKU or a barcode names one item, and a code one site, supplier or customer.
pub const ONE_NAME: &str = "one name";

/// The 128 bits of the id of a row of the catalogue, and its names; `None` for a row that has none.
pub fn names_of(row: &Row) -> Option<(u128, BTreeSet<Name>)> {
    match row {
        Row::Item(row) => Some((row.id.as_u128(), row.names())),
        Row::Location(row) => Some((row.id.as_u128(), row.names())),
        Row::Supplier(row) => Some((row.id.as_u128(), row.names())),
        Row::Customer(row) => Some((row.id.as_u128(), row.names())),
        _ => None,
    }
}

/// What people call a row of the catalogue.
pub(super) fn called(row: &Row) -> String {
    match row {
        Row::Item(row) => format!("item {}", row.sku),
        Row::Location(row) => format!("location {}", row.code),
        Row::Supplier(row) => format!("supplier {}", row.code),
        Row::Customer(row) => format!("customer {}", row.code),
        _ => String::new(),
    }
}

/// What is wrong with the names of a row: `owners` has the ids of the rows that have them, `others` says what those are
/// called.
pub(super) fn misnamed(row: &Row, owners: &BTreeMap<Name, u128>, others: &BTreeMap<u128, String>) -> Vec<Broken> {
    let Some((id, names)) = names_of(row) else { return Vec::new() };
    let broken = |name: &Name| {
        let key = name.key();
        let finding = match owners.get(name) {
            Some(owner) if *owner == id => return None,
            Some(owner) => {
                let other = others.get(owner).map_or("another one", String::as_str);
                format!("{key} finds {other} instead, which has that name too: give one of the two another")
            }
            None => format!("{key} does not find it: save it once more"),
        };
        Some(Broken { promise: ONE_NAME, row: called(row), finding })
    };
    names.iter().filter_map(broken).collect()
}
