//! What each row is called in a store of texts: the name of its table and the parts of its key, with slashes between.
//!
//! Numbers are padded, so that keys sort as rows do. What is not plain ASCII in a part is written as `%` and hexadecimal
//! digits, so that every database sorts the keys alike.

use super::KeyRange;
use ims_core::{
    CustomerSalesKey, ItemId, LayerKey, LocationId, MovementKey, Name, SalesKey, StockKey, Timestamp, report::Table,
};
use std::fmt::{Display, Write};

/// The one row that counts: the version of the catalogue and the offset of the newest event.
pub(super) const HEAD: &str = "head";
pub(super) const SHOP: &str = "shop";

/// Greater than every character of a key.
const BEHIND_ALL: char = '~';

/// Makes a key of a table's name and the parts of the key.
pub(super) fn key(table: &str, parts: &[&dyn Display]) -> String {
    let mut key = table.to_owned();
    for part in parts {
        key.push('/');
        // A string takes every text.
        let _ = write!(Escaped(&mut key), "{part}");
    }
    key
}

pub(super) fn stock(key_: StockKey) -> String {
    key("stock", &[&key_.item, &key_.site])
}

pub(super) fn alert(key_: StockKey) -> String {
    key("alert", &[&key_.item, &key_.site])
}

pub(super) fn layer(layer: LayerKey) -> String {
    let (age, number) = (age(layer.acquired_at), format!("{:010}", layer.number));
    key("layer", &[&layer.item, &layer.site, &age, &number])
}

pub(super) fn held_on(item: ItemId, site: LocationId, hold: &dyn Display) -> String {
    key("held_on", &[&item, &site, hold])
}

pub(super) fn name(name: &Name) -> String {
    key("name", &[&name.kind().word(), name.key()])
}

pub(super) fn movement(table: &str, movement: MovementKey) -> String {
    key(table, &[&movement.command, &format!("{:010}", movement.number)])
}

pub(super) fn event(offset: u64) -> String {
    key("event", &[&format!("{offset:020}")])
}

pub(super) fn sales(sales: &SalesKey) -> String {
    key("sales", &[&sales.day, &sales.site, &sales.item, &sales.brand, &sales.category])
}

pub(super) fn customer_sales(sales: &CustomerSalesKey) -> String {
    match sales.customer {
        Some(customer) => key("customer_sales", &[&sales.day, &customer]),
        None => key("customer_sales", &[&sales.day, &"unknown"]),
    }
}

/// The name of a table in keys.
pub(super) fn table(table: Table) -> &'static str {
    match table {
        Table::Shop => SHOP,
        Table::Items => "item",
        Table::Locations => "location",
        Table::Suppliers => "supplier",
        Table::Customers => "customer",
        Table::Series => "series",
        Table::Stock => "stock",
        Table::Layers => "layer",
        Table::Holds => "hold",
        Table::Orders => "order",
        Table::Purchases => "purchase",
        Table::Returns => "return",
        Table::Alerts => "alert",
        Table::Movements => "movement",
        Table::Undone => "undone",
        Table::Sales => "sales",
        Table::CustomerSales => "customer_sales",
        Table::Commands => "command",
    }
}

impl KeyRange {
    pub(super) fn one(key: String) -> Self {
        KeyRange { last: key.clone(), first: key, limit: 1 }
    }

    /// The rows whose keys go on after this one.
    pub(super) fn below(key: &str, limit: u32) -> Self {
        KeyRange { first: format!("{key}/"), last: format!("{key}/{BEHIND_ALL}"), limit }
    }

    /// A whole table.
    pub(super) fn of_table(wanted: Table, limit: u32) -> Self {
        match wanted {
            Table::Shop => KeyRange::one(SHOP.to_owned()),
            wanted => KeyRange::below(table(wanted), limit),
        }
    }

    /// Only what comes after a key.
    pub(super) fn after(mut self, key: &str) -> Self {
        // No character of a key is smaller than this one.
        self.first = format!("{key} ");
        self
    }
}

/// Microseconds since the year 1, so that they are never negative.
fn age(moment: Timestamp) -> String {
    format!("{:020}", moment.micros().saturating_sub(Timestamp::MIN.micros()))
}

struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => self.0.push(char::from(byte)),
                _ => write!(self.0, "%{byte:02x}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_plain_ascii_and_tells_its_parts_apart() {
        assert_eq!(key("sku", &[&"thé/vert ~1"]), "sku/th%c3%a9%2fvert%20%7e1");
        assert_ne!(key("sku", &[&"a/b"]), key("sku", &[&"a", &"b"]));
    }

    #[test]
    fn ages_sort_as_moments_do() {
        let moments = [Timestamp::MIN.micros(), -1, 0, 1, Timestamp::MAX.micros()];
        let ages: Vec<String> = moments.into_iter().filter_map(Timestamp::from_micros).map(age).collect();
        assert_eq!(ages.len(), 5);
        assert!(ages.is_sorted(), "{ages:?}");
    }

    #[test]
    fn what_is_below_a_key_is_in_its_range() {
        let range = KeyRange::below("item", 10);
        let inside = key("item", &[&"zzz"]);
        assert!(range.first < inside && inside < range.last);
        assert!(key("items", &[&"a"]) > range.last);
        assert!(inside < range.after(&inside).first);
    }
}
