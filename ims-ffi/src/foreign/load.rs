//! Which texts hold the rows that are asked for, and the rows in them.

use super::{
    KeyRange, key,
    rows::{KeptAnswer, Rows},
};
use ims_core::{
    CommandId, EventRecord, Hold, Layer, Movement, Name, NameRow, OnHandSince, Stock, StockKey, StoreError, Timestamp,
    Undone,
    report::{Row, Table},
    store::{LayerPage, Loaded, ReadSet, SiteUse, Versioned},
};
use serde::de::DeserializeOwned;
use std::fmt::Display;

/// The tables whose rows are at sites.
const AT_SITES: [Table; 4] = [Table::Stock, Table::Orders, Table::Purchases, Table::Holds];

/// More than there can be below a key that is asked for whole.
const ALL: u32 = u32::MAX;

/// Names the texts that a load needs, all to be read at one moment.
pub(super) fn ranges(keys: &ReadSet) -> Vec<KeyRange> {
    let mut ranges: Vec<KeyRange> = [key::HEAD, key::SHOP].map(|key| KeyRange::one(key.to_owned())).into();
    let mut one = |key: String| ranges.push(KeyRange::one(key));
    each("item", &keys.items, &mut one);
    each("location", &keys.locations, &mut one);
    each("supplier", &keys.suppliers, &mut one);
    each("customer", &keys.customers, &mut one);
    keys.names.iter().map(key::name).for_each(&mut one);
    each("series", &keys.series, &mut one);
    each("hold", &keys.holds, &mut one);
    each("order", &keys.orders, &mut one);
    each("purchase", &keys.purchases, &mut one);
    each("command", &keys.commands, &mut one);
    keys.stock.iter().map(|stock| key::stock(*stock)).for_each(&mut one);
    keys.alerts.iter().map(|stock| key::alert(*stock)).for_each(&mut one);
    let below = keys.stock_everywhere.iter().map(|item| KeyRange::below(&key::key("stock", &[item]), ALL));
    let below = below.chain(keys.layers.iter().map(|(stock, count)| layers_of(stock, *count)));
    let below = below.chain(keys.holds_on.iter().map(|stock| on_stock("held_on", stock)));
    let below = below.chain(keys.backorders.iter().map(|stock| on_stock("backorder", stock)));
    let below = below.chain(keys.movements_of.iter().map(|command| of_command("movement", command)));
    ranges.extend(below.chain(keys.movements_of.iter().map(|command| of_command("undone", command))));
    if !keys.on_hand_since.is_empty() {
        // Movements are kept by their commands: what is entered late has all of them looked through.
        ranges.push(KeyRange::of_table(Table::Movements, ALL));
        ranges.extend(keys.on_hand_since.iter().map(|(stock, _)| KeyRange::one(key::stock(*stock))));
    }
    if !keys.site_uses.is_empty() {
        // What is at a site is looked for among all rows: a site is retired once.
        ranges.extend(AT_SITES.map(|table| KeyRange::of_table(table, ALL)));
    }
    ranges
}

/// Finds the rows that were asked for.
pub(super) fn loaded(keys: &ReadSet, rows: &Rows) -> Result<Loaded, StoreError> {
    let mut holds: Vec<Versioned<Hold>> = all(rows, keys.holds.iter().map(|id| key::key("hold", &[id])))?;
    for stock in &keys.holds_on {
        for found in rows.within::<Hold>(&on_stock("held_on", stock)) {
            let (_, version, row) = found?;
            if !keys.holds.contains(&row.id) {
                holds.push(Versioned { version, row });
            }
        }
    }
    let mut stock_keys: Vec<String> = keys.stock.iter().map(|stock| key::stock(*stock)).collect();
    for item in &keys.stock_everywhere {
        let range = KeyRange::below(&key::key("stock", &[item]), ALL);
        for found in rows.within::<serde::de::IgnoredAny>(&range) {
            stock_keys.push(found?.0.to_owned());
        }
    }
    stock_keys.sort();
    stock_keys.dedup();
    let commands = keys.commands.iter().map(|id| rows.get::<KeptAnswer>(&key::key("command", &[id])));
    Ok(Loaded {
        catalog: rows.head()?.catalog,
        catalog_changes: None,
        shop: rows.versioned(key::SHOP)?.map(|(version, row)| Versioned { version, row }),
        items: all(rows, keys.items.iter().map(|id| key::key("item", &[id])))?,
        locations: all(rows, keys.locations.iter().map(|id| key::key("location", &[id])))?,
        suppliers: all(rows, keys.suppliers.iter().map(|id| key::key("supplier", &[id])))?,
        customers: all(rows, keys.customers.iter().map(|id| key::key("customer", &[id])))?,
        names: keys.names.iter().filter_map(|name| named(rows, name).transpose()).collect::<Result<_, _>>()?,
        series: all(rows, keys.series.iter().map(|code| key::key("series", &[code])))?,
        stock: all(rows, stock_keys.into_iter())?,
        layers: layers(keys, rows)?,
        holds,
        orders: all(rows, keys.orders.iter().map(|id| key::key("order", &[id])))?,
        backorders: backorders(keys, rows)?,
        purchases: all(rows, keys.purchases.iter().map(|id| key::key("purchase", &[id])))?,
        alerts: all(rows, keys.alerts.iter().map(|stock| key::alert(*stock)))?.into_iter().map(|row| row.row).collect(),
        commands: commands.filter_map(Result::transpose).map(|row| row?.record()).collect::<Result<_, _>>()?,
        movements_of: movements(keys, rows)?,
        on_hand_since: on_hand_since(keys, rows)?,
        site_uses: site_uses(keys, rows)?,
        newest_event: newest_event(keys, rows)?,
    })
}

fn each<K: Display>(table: &str, keys: impl IntoIterator<Item = K>, one: &mut impl FnMut(String)) {
    keys.into_iter().for_each(|id| one(key::key(table, &[&id])));
}

fn on_stock(table: &str, stock: &StockKey) -> KeyRange {
    KeyRange::below(&key::key(table, &[&stock.item, &stock.site]), ALL)
}

fn of_command(table: &str, command: &ims_core::CommandId) -> KeyRange {
    KeyRange::below(&key::key(table, &[command]), ALL)
}

/// One layer more than is asked for, to tell whether there are more.
fn layers_of(stock: &StockKey, count: u32) -> KeyRange {
    KeyRange { limit: count.saturating_add(1), ..on_stock("layer", stock) }
}

fn all<R: DeserializeOwned>(rows: &Rows, keys: impl Iterator<Item = String>) -> Result<Vec<Versioned<R>>, StoreError> {
    let found = keys.map(|key| Ok(rows.versioned(&key)?.map(|(version, row)| Versioned { version, row })));
    found.filter_map(Result::transpose).collect()
}

/// Which row has a name.
fn named(rows: &Rows, name: &Name) -> Result<Option<NameRow>, StoreError> {
    let id: Option<CommandId> = rows.get(&key::name(name))?;
    Ok(id.map(|id| NameRow { name: name.clone(), id: id.as_u128() }))
}

fn layers(keys: &ReadSet, rows: &Rows) -> Result<Vec<(StockKey, LayerPage)>, StoreError> {
    let mut pages = Vec::new();
    for (stock, count) in &keys.layers {
        let count = usize::try_from(*count).unwrap_or(usize::MAX);
        let found = rows.within::<Layer>(&layers_of(stock, 0)).map(|row| row.map(|(_, _, layer)| layer));
        let mut layers: Vec<Layer> = found.collect::<Result<_, _>>()?;
        let more = layers.len() > count;
        layers.truncate(count);
        if more || !layers.is_empty() {
            pages.push((*stock, LayerPage { layers, more }));
        }
    }
    Ok(pages)
}

fn backorders(keys: &ReadSet, rows: &Rows) -> Result<Vec<(StockKey, Vec<ims_core::OrderId>)>, StoreError> {
    let mut waiting = Vec::new();
    for stock in &keys.backorders {
        let found = rows.within(&on_stock("backorder", stock)).map(|row| row.map(|(_, _, order)| order));
        let orders: Vec<ims_core::OrderId> = found.collect::<Result<_, _>>()?;
        if !orders.is_empty() {
            waiting.push((*stock, orders));
        }
    }
    Ok(waiting)
}

/// The movements of a command, and what has been undone of each.
type MovementsOf = (ims_core::CommandId, Vec<(Movement, Undone)>);

fn movements(keys: &ReadSet, rows: &Rows) -> Result<Vec<MovementsOf>, StoreError> {
    let mut made = Vec::new();
    for command in &keys.movements_of {
        let mut of_one = Vec::new();
        for found in rows.within::<Movement>(&of_command("movement", command)) {
            let (_, _, movement) = found?;
            let undone = rows.get::<super::scan::KeptUndone>(&key::movement("undone", movement.key))?;
            of_one.push((movement, undone.map_or_else(Undone::default, |kept| kept.undone)));
        }
        if !of_one.is_empty() {
            made.push((*command, of_one));
        }
    }
    Ok(made)
}

fn on_hand_since(keys: &ReadSet, rows: &Rows) -> Result<Vec<OnHandSince>, StoreError> {
    let mut found = Vec::new();
    if keys.on_hand_since.is_empty() {
        return Ok(found);
    }
    let range = KeyRange::of_table(Table::Movements, ALL);
    let movements: Vec<Movement> =
        rows.within(&range).map(|row| row.map(|(_, _, movement)| movement)).collect::<Result<_, _>>()?;
    for (key, from) in &keys.on_hand_since {
        let Some(stock) = rows.get::<Stock>(&key::stock(*key))? else { continue };
        let moved = movements.iter().filter_map(|movement| OnHandSince::change_by(*key, movement));
        found.extend(OnHandSince::look_back(*key, *from, stock.on_hand, moved));
    }
    Ok(found)
}

fn site_uses(keys: &ReadSet, rows: &Rows) -> Result<Vec<SiteUse>, StoreError> {
    let mut uses: Vec<SiteUse> = keys.site_uses.iter().map(|(site, now)| SiteUse::nothing(*site, *now)).collect();
    if uses.is_empty() {
        return Ok(uses);
    }
    for table in AT_SITES {
        for (_, row) in super::scan::table_rows(table, rows, &KeyRange::of_table(table, ALL))? {
            for found in &mut uses {
                match &row {
                    Row::Stock(stock) => found.add_stock(stock),
                    Row::Order(order) => found.add_order(order),
                    Row::Purchase(purchase) => found.add_purchase(purchase),
                    Row::Hold(hold) => found.add_hold(hold),
                    _ => {}
                }
            }
        }
    }
    uses.retain(|found| !found.is_nothing());
    Ok(uses)
}

/// When the newest event was recorded: the only one that is read.
fn newest_event(keys: &ReadSet, rows: &Rows) -> Result<Option<Timestamp>, StoreError> {
    if !keys.newest_event {
        return Ok(None);
    }
    let events = KeyRange { first: key::event(0), last: key::event(u64::MAX), limit: 1 };
    let newest = rows.within::<EventRecord>(&events).last().transpose()?;
    Ok(newest.map(|(_, _, event)| event.recorded_at))
}
