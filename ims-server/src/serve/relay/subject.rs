//! What an event is about: its subject, which is the key of its order, and everything that it touches.

use ims_core::{Event, EventBody, ItemId, LocationId, Moved, OrderId, Receipt};
use std::collections::BTreeSet;

/// What an event is about: `order:0190…`, `item:0190…`. Events of one subject reach every listener in their order.
///
/// Goods of one item that moved are about the item; those of several items about their site.
pub(crate) fn of(event: &Event) -> String {
    match &event.record.body {
        EventBody::Done(receipt) => of_receipt(receipt),
        EventBody::BackordersFilled(filled) => filled.first().map_or_else(shop, |first| order(first.order)),
        EventBody::AlertRaised(alert) | EventBody::AlertResolved(alert) => item(alert.item),
    }
}

fn of_receipt(receipt: &Receipt) -> String {
    match receipt {
        Receipt::ShopOpened(_) | Receipt::PeriodClosed { .. } => shop(),
        Receipt::ItemCreated(row) | Receipt::ItemUpdated(row) => item(row.id),
        Receipt::ItemRetired { item: id, .. } | Receipt::StandardCostSet { item: id, .. } => item(*id),
        Receipt::LocationCreated(row) | Receipt::LocationUpdated(row) => site(row.id),
        Receipt::SupplierCreated(row) | Receipt::SupplierUpdated(row) => format!("supplier:{}", row.id),
        Receipt::CustomerCreated(row) | Receipt::CustomerUpdated(row) => format!("customer:{}", row.id),
        Receipt::StockReceived { site, lines, .. }
        | Receipt::StockSentBack { site, lines, .. }
        | Receipt::StockAdjusted { site, lines, .. }
        | Receipt::StockTransferred { from: site, lines, .. } => moved(*site, lines),
        Receipt::HoldPlaced(hold) | Receipt::HoldExtended(hold) | Receipt::HoldReleased(hold) => item(hold.item),
        Receipt::PurchasePlaced(row)
        | Receipt::PurchaseReceived { purchase: row, .. }
        | Receipt::PurchaseClosed(row)
        | Receipt::PurchaseCancelled(row) => format!("purchase:{}", row.id),
        Receipt::OrderPlaced(row)
        | Receipt::OrderShipped { order: row, .. }
        | Receipt::OrderCancelled(row)
        | Receipt::Sold { order: row, .. } => order(row.id),
        Receipt::GoodsReturned { goods, lines } => match goods.order {
            Some(id) => order(id),
            None => moved(goods.site, lines),
        },
        Receipt::AlertAcknowledged(alert) => item(alert.item),
    }
}

fn shop() -> String {
    "shop".to_owned()
}

fn item(id: ItemId) -> String {
    format!("item:{id}")
}

fn order(id: OrderId) -> String {
    format!("order:{id}")
}

fn site(id: LocationId) -> String {
    format!("site:{id}")
}

fn moved(at: LocationId, lines: &[Moved]) -> String {
    match lines.first() {
        Some(first) if lines.iter().all(|line| line.item == first.item) => item(first.item),
        _ => site(at),
    }
}

/// The fields of an event that hold the id of what it touches, and the word of its room.
const ROOMS: &[(&str, &str)] = &[
    ("item", "item"),
    ("site", "site"),
    ("from", "site"),
    ("to", "site"),
    ("order", "order"),
    ("purchase", "purchase"),
    ("supplier", "supplier"),
    ("customer", "customer"),
];

/// Everything that an event touches, such as `item:0190…` and `site:0190…`: the rooms that it is heard in.
pub(crate) fn rooms(event: &Event, data: &serde_json::Value) -> BTreeSet<String> {
    let mut rooms = BTreeSet::from([of(event)]);
    collect(data, &mut rooms);
    rooms
}

fn collect(value: &serde_json::Value, rooms: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let word = ROOMS.iter().find(|(field, _)| field == name).map(|(_, word)| word);
                match (word, value) {
                    (Some(word), serde_json::Value::String(id)) => _ = rooms.insert(format!("{word}:{id}")),
                    _ => collect(value, rooms),
                }
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, rooms)),
        _ => {}
    }
}
