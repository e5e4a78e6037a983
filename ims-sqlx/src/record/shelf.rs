//! Stock, and all that its version guards.

use crate::table::table;
use ims_core::{
    Alert, Amount, Hold, HoldId, ItemId, Layer, LayerKey, LocationId, Quantity, Series, Stock, StockLevel, Text,
    Timestamp,
};

table! {
    /// Numbers for documents.
    series: version, key 1;
    write(row: &'a Series) {
        code: Text = &row.code,
        last: u64 = row.last,
    }
    read -> Series { Series { code, last } }
}

table! {
    /// What is on the shelf.
    stock: version, key 2;
    write(row: &Stock) {
        item: ItemId = row.item,
        site: LocationId = row.site,
        on_hand: Quantity = row.on_hand,
        value: Amount = row.value,
        allocated: Quantity = row.allocated,
        held: Quantity = row.held,
        holds_lapse_at: Option<Timestamp> = row.holds_lapse_at,
        backordered: Quantity = row.backordered,
        incoming: Quantity = row.incoming,
        last_unit_cost: Option<Amount> = row.last_unit_cost,
        layers_made: u32 = row.layers_made,
        level: StockLevel = row.level,
    }
    read -> Stock {
        Stock {
            item, site, on_hand, value, allocated, held, holds_lapse_at, backordered, incoming, last_unit_cost,
            layers_made, level,
        }
    }
}

table! {
    /// What is left of each acquisition.
    layers, key 4;
    write(row: &Layer) {
        item: ItemId = row.key.item,
        site: LocationId = row.key.site,
        acquired_at: Timestamp = row.key.acquired_at,
        number: u32 = row.key.number,
        quantity: Quantity = row.quantity,
        value: Amount = row.value,
    }
    read -> Layer { Layer { key: LayerKey { item, site, acquired_at, number }, quantity, value } }
}

table! {
    /// Stock put aside.
    holds: version, key 1;
    write(row: &Hold) {
        id: HoldId = row.id,
        item: ItemId = row.item,
        site: LocationId = row.site,
        quantity: Quantity = row.quantity,
        lapses_at: Timestamp = row.until,
        changed_at: Option<Timestamp> = row.changed_at,
    }
    read -> Hold { Hold { id, item, site, quantity, until: lapses_at, changed_at } }
}

table! {
    /// Stock that sank too far.
    alerts, key 2;
    write(row: &Alert) {
        item: ItemId = row.item,
        site: LocationId = row.site,
        kind: StockLevel = row.kind,
        available: Quantity = row.available,
        threshold: Quantity = row.threshold,
        raised_at: Timestamp = row.raised_at,
        acknowledged_at: Option<Timestamp> = row.acknowledged_at,
        resolved_at: Option<Timestamp> = row.resolved_at,
    }
    read -> Alert { Alert { item, site, kind, available, threshold, raised_at, acknowledged_at, resolved_at } }
}
