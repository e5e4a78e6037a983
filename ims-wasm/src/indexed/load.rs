//! Loading rows by their keys: everything is asked for at once.

use super::{
    key, names,
    row::{self, Answered},
    transaction::{Asked, AskedMany, Transaction},
};
use ims_core::{
    CommandId, EventRecord, Hold, HoldId, Movement, MovementKey, Name, NameRow, Offset, OnHandSince, OrderId, Stock,
    StockKey, StoreError, Timestamp, Undone,
    store::{LayerPage, Loaded, ReadSet, SiteUse, Versioned},
};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

pub(super) async fn load(transaction: &Transaction, keys: &ReadSet) -> Result<Loaded, StoreError> {
    let each = |name, keys: &mut dyn Iterator<Item = u128>| transaction.get_each(name, keys.map(key::id));
    let ranges = |name, keys: &BTreeSet<StockKey>| -> Result<Vec<AskedMany>, StoreError> {
        keys.iter().map(|key| transaction.range(name, &key::beginning_with(&key::stock(key))?, None)).collect()
    };

    let head = transaction.head()?;
    let shop = transaction.get(names::SHOP, key::ONLY)?;
    let items = each(names::ITEMS, &mut keys.items.iter().map(|id| id.as_u128()))?;
    let locations = each(names::LOCATIONS, &mut keys.locations.iter().map(|id| id.as_u128()))?;
    let suppliers = each(names::SUPPLIERS, &mut keys.suppliers.iter().map(|id| id.as_u128()))?;
    let customers = each(names::CUSTOMERS, &mut keys.customers.iter().map(|id| id.as_u128()))?;
    let named = transaction.get_each(names::NAMES, keys.names.iter().map(key::name))?;
    let series = transaction.get_each(names::SERIES, keys.series.iter().map(|code| code.to_string()))?;
    let stock = transaction.get_each(names::STOCK, keys.stock.iter().map(key::stock))?;
    let mut stock_everywhere = Vec::with_capacity(keys.stock_everywhere.len());
    for item in &keys.stock_everywhere {
        stock_everywhere.push(transaction.range(names::STOCK, &key::stock_of(*item)?, None)?);
    }
    let mut layers = Vec::with_capacity(keys.layers.len());
    for (key, first) in &keys.layers {
        // One more than is wanted tells whether there are more.
        let range = key::beginning_with(&key::stock(key))?;
        layers.push(transaction.range(names::LAYERS, &range, Some(first.saturating_add(1)))?);
    }
    let holds = each(names::HOLDS, &mut keys.holds.iter().map(|id| id.as_u128()))?;
    let holds_on = ranges(names::HOLDS_ON, &keys.holds_on)?;
    let orders = each(names::ORDERS, &mut keys.orders.iter().map(|id| id.as_u128()))?;
    let backorders = ranges(names::BACKORDERS, &keys.backorders)?;
    let purchases = each(names::PURCHASES, &mut keys.purchases.iter().map(|id| id.as_u128()))?;
    let alerts = transaction.get_each(names::ALERTS, keys.alerts.iter().map(key::stock))?;
    let commands = each(names::COMMANDS, &mut keys.commands.iter().map(|id| id.as_u128()))?;
    let mut movements_of = Vec::with_capacity(keys.movements_of.len());
    for id in &keys.movements_of {
        let range = key::beginning_with(&key::id(id.as_u128()))?;
        let movements = transaction.range(names::MOVEMENTS, &range, None)?;
        movements_of.push((*id, movements, transaction.range(names::UNDONE, &range, None)?));
    }
    // Movements are kept by their commands: what is entered late has all of them looked through.
    let looks_back = (!keys.on_hand_since.is_empty()).then(|| transaction.all(names::MOVEMENTS)).transpose()?;
    // What is at a site is looked for among all rows: a site is retired once.
    let at_sites = (!keys.site_uses.is_empty()).then(|| AtSites::ask(transaction)).transpose()?;
    let stock_now = transaction.get_each(names::STOCK, keys.on_hand_since.iter().map(|(key, _)| key::stock(key)))?;
    transaction.answered().await?;
    let newest_event = if keys.newest_event { newest_event(transaction, &head).await? } else { None };

    let mut all_stock = found(&stock)?;
    for asked in &stock_everywhere {
        let rows = asked.versioned::<ims_core::Stock>()?.into_iter();
        all_stock.extend(rows.filter(|found| !keys.stock.contains(&found.row.key())));
    }
    Ok(Loaded {
        catalog: row::head(&head)?.catalog,
        catalog_changes: None,
        shop: shop.versioned()?,
        items: found(&items)?,
        locations: found(&locations)?,
        suppliers: found(&suppliers)?,
        customers: found(&customers)?,
        names: name_rows(&keys.names, &named)?,
        series: found(&series)?,
        stock: all_stock,
        layers: layer_pages(&keys.layers, &layers)?,
        holds: all_holds(&holds, &holds_on)?,
        orders: found(&orders)?,
        backorders: waiting(&keys.backorders, &backorders)?,
        purchases: found(&purchases)?,
        alerts: rows(&alerts)?,
        commands: rows::<Answered>(&commands)?.into_iter().map(Answered::record).collect::<Result<_, _>>()?,
        movements_of: moved(movements_of)?,
        on_hand_since: match looks_back {
            Some(movements) => on_hand_since(keys, &stock_now, &movements.rows()?)?,
            None => Vec::new(),
        },
        site_uses: match at_sites {
            Some(rows) => rows.uses(keys)?,
            None => Vec::new(),
        },
        newest_event,
    })
}

/// All rows that are at sites.
struct AtSites {
    stock: AskedMany,
    orders: AskedMany,
    purchases: AskedMany,
    holds: AskedMany,
}

impl AtSites {
    fn ask(transaction: &Transaction) -> Result<Self, StoreError> {
        Ok(AtSites {
            stock: transaction.all(names::STOCK)?,
            orders: transaction.all(names::ORDERS)?,
            purchases: transaction.all(names::PURCHASES)?,
            holds: transaction.all(names::HOLDS)?,
        })
    }

    fn uses(&self, keys: &ReadSet) -> Result<Vec<SiteUse>, StoreError> {
        let mut uses: Vec<SiteUse> = keys.site_uses.iter().map(|(site, now)| SiteUse::nothing(*site, *now)).collect();
        let (stock, orders) = (self.stock.versioned()?, self.orders.versioned()?);
        let (purchases, holds) = (self.purchases.versioned()?, self.holds.versioned()?);
        for found in &mut uses {
            stock.iter().for_each(|kept| found.add_stock(&kept.row));
            orders.iter().for_each(|kept| found.add_order(&kept.row));
            purchases.iter().for_each(|kept| found.add_purchase(&kept.row));
            holds.iter().for_each(|kept| found.add_hold(&kept.row));
        }
        uses.retain(|found| !found.is_nothing());
        Ok(uses)
    }
}

fn rows<R: DeserializeOwned>(asked: &[Asked]) -> Result<Vec<R>, StoreError> {
    asked.iter().filter_map(|asked| asked.row().transpose()).collect()
}

fn found<R: DeserializeOwned>(asked: &[Asked]) -> Result<Vec<Versioned<R>>, StoreError> {
    asked.iter().filter_map(|asked| asked.versioned().transpose()).collect()
}

fn name_rows(keys: &BTreeSet<Name>, asked: &[Asked]) -> Result<Vec<NameRow>, StoreError> {
    let row = |(name, asked): (&Name, &Asked)| {
        let id: Option<CommandId> = asked.row()?;
        Ok(id.map(|id| NameRow { name: name.clone(), id: id.as_u128() }))
    };
    keys.iter().zip(asked).filter_map(|pair| row(pair).transpose()).collect()
}

fn layer_pages(keys: &BTreeMap<StockKey, u32>, asked: &[AskedMany]) -> Result<Vec<(StockKey, LayerPage)>, StoreError> {
    let mut pages = Vec::with_capacity(asked.len());
    for ((key, first), asked) in keys.iter().zip(asked) {
        let mut layers = asked.rows()?;
        if layers.is_empty() {
            continue;
        }
        let first = usize::try_from(*first).unwrap_or(usize::MAX);
        let more = layers.len() > first;
        layers.truncate(first);
        pages.push((*key, LayerPage { layers, more }));
    }
    Ok(pages)
}

/// Holds by id and by stock, each once.
fn all_holds(by_id: &[Asked], on: &[AskedMany]) -> Result<Vec<Versioned<Hold>>, StoreError> {
    let mut holds: BTreeMap<HoldId, Versioned<Hold>> = BTreeMap::new();
    let mut take = |found: Vec<Versioned<Hold>>| holds.extend(found.into_iter().map(|hold| (hold.row.id, hold)));
    take(found(by_id)?);
    for asked in on {
        take(asked.versioned()?);
    }
    Ok(holds.into_values().collect())
}

fn waiting(keys: &BTreeSet<StockKey>, asked: &[AskedMany]) -> Result<Vec<(StockKey, Vec<OrderId>)>, StoreError> {
    let mut waiting = Vec::new();
    for (key, asked) in keys.iter().zip(asked) {
        let orders: Vec<OrderId> = asked.rows()?;
        if !orders.is_empty() {
            waiting.push((*key, orders));
        }
    }
    Ok(waiting)
}

type Moved = (CommandId, Vec<(Movement, Undone)>);

fn moved(asked: Vec<(CommandId, AskedMany, AskedMany)>) -> Result<Vec<Moved>, StoreError> {
    let mut all = Vec::with_capacity(asked.len());
    for (id, movements, undone) in asked {
        let movements: Vec<Movement> = movements.rows()?;
        if movements.is_empty() {
            continue;
        }
        let mut parts: BTreeMap<MovementKey, Undone> = BTreeMap::new();
        parts.extend(undone.rows::<(MovementKey, Undone)>()?);
        let with_undone = |movement: Movement| {
            let undone = parts.get(&movement.key).copied().unwrap_or_default();
            (movement, undone)
        };
        all.push((id, movements.into_iter().map(with_undone).collect()));
    }
    Ok(all)
}

fn on_hand_since(keys: &ReadSet, stock_now: &[Asked], movements: &[Movement]) -> Result<Vec<OnHandSince>, StoreError> {
    let mut found = Vec::new();
    for ((key, from), asked) in keys.on_hand_since.iter().zip(stock_now) {
        let Some(stock) = asked.versioned::<Stock>()? else { continue };
        let moved = movements.iter().filter_map(|movement| OnHandSince::change_by(*key, movement));
        found.extend(OnHandSince::look_back(*key, *from, stock.row.on_hand, moved));
    }
    Ok(found)
}

/// When the event was recorded that the log ends with.
async fn newest_event(transaction: &Transaction, head: &Asked) -> Result<Option<Timestamp>, StoreError> {
    let before = Offset(row::head(head)?.newest.0.saturating_sub(1));
    let asked = transaction.range(names::EVENTS, &key::events_after(before)?, Some(1))?;
    transaction.answered().await?;
    Ok(asked.rows::<EventRecord>()?.first().map(|event| event.recorded_at))
}
