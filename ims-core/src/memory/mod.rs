//! Rows in memory: the meaning of [`Store`], and the oracle for every other one.

mod listed;
mod load;
mod reports;
mod scan;
mod sorted;

use crate::{
    store::{Loaded, ReadSet},
    *,
};
use listed::Listed;
use rustc_hash::FxHashMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::Hash,
    ops::Bound,
    sync::{Arc, Mutex, PoisonError},
};

/// Keeps a shop in memory. Clones share the same rows.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    tables: Arc<Mutex<Tables>>,
}

#[derive(Debug, Default)]
struct Tables {
    catalog: Version,
    /// What was written to the catalogue, by the version that it has had since.
    catalog_changes: BTreeMap<Version, Vec<CatalogMark>>,
    shop: Option<(Version, Arc<Shop>)>,
    items: Listed<ItemId, Arc<Item>>,
    locations: Listed<LocationId, Arc<Location>>,
    suppliers: Listed<SupplierId, Arc<Supplier>>,
    customers: Listed<CustomerId, Arc<Customer>>,
    names: FxHashMap<Name, u128>,
    series: Listed<Text, Series>,
    stock: Listed<StockKey, Stock>,
    sites_of: FxHashMap<ItemId, BTreeSet<LocationId>>,
    layers: FxHashMap<StockKey, BTreeMap<LayerKey, Layer>>,
    holds: FxHashMap<HoldId, (Version, Hold)>,
    holds_on: FxHashMap<StockKey, BTreeSet<HoldId>>,
    orders: Listed<OrderId, Arc<Order>>,
    backorders: FxHashMap<StockKey, BTreeSet<OrderId>>,
    purchases: Listed<PurchaseId, Arc<Purchase>>,
    alerts: Listed<StockKey, Alert>,
    movements: Vec<Movement>,
    /// Where in `movements` those of a command begin, and how many there are.
    movements_of: FxHashMap<CommandId, (usize, usize)>,
    undone: Listed<MovementKey, Undone>,
    returns: Listed<ReturnId, Return>,
    sales: Listed<SalesKey, Sales>,
    customer_sales: Listed<CustomerSalesKey, Sales>,
    commands: Listed<CommandId, CommandRecord>,
    events: Vec<EventRecord>,
}

impl MemoryStore {
    /// Makes an empty store.
    pub fn new() -> Self {
        MemoryStore::default()
    }

    fn tables(&self) -> std::sync::MutexGuard<'_, Tables> {
        // A panic elsewhere cannot have left rows half written: nothing between taking the lock and the end of a write
        // can panic.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        Ok(self.tables().load(keys))
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.tables().commit(change)
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        Ok(self.tables().log_page(after, limit))
    }
}

impl Tables {
    fn newest(&self) -> Offset {
        Offset(self.events.len() as u64)
    }

    fn log_page(&self, after: Offset, limit: u32) -> EventPage {
        let first = usize::try_from(after.0).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit.min(limits::EVENTS_PER_PAGE)).unwrap_or(usize::MAX);
        let records = self.events.get(first..).unwrap_or_default().iter().take(limit);
        let offsets = (after.0..).map(|offset| Offset(offset.saturating_add(1)));
        let events = offsets.zip(records).map(|(offset, record)| Event { offset, record: record.clone() }).collect();
        EventPage { events, newest: self.newest() }
    }

    fn commit(&mut self, change: ChangeSet) -> Result<Outcome, StoreError> {
        let conflict = self.conflict(&change);
        if conflict != Conflict::default() {
            return Ok(Outcome::Conflict(conflict));
        }
        let sales = sums(&self.sales, &change.sales)?;
        let customer_sales = sums(&self.customer_sales, &change.customer_sales)?;
        let moved = self.catalog != change.catalog;
        if change.writes_catalog() {
            self.catalog = self.catalog.saturating_add(1);
            self.catalog_changes.insert(self.catalog, change.catalog_marks());
            let forgotten = self.catalog.saturating_sub(limits::CATALOG_VERSIONS_KNOWN);
            self.catalog_changes.remove(&forgotten);
        }
        self.write_catalog(&change);
        write(&mut self.series, change.series, |row| row.code.clone());
        for Write { over, row } in change.stock {
            if over == 0 {
                self.sites_of.entry(row.item).or_default().insert(row.site);
            }
            self.stock.put(row.key(), row);
        }
        self.write_holds(change.holds, &change.holds_gone);
        for Write { row, .. } in change.orders {
            self.note_backorders(&row);
            self.orders.put(row.id, row);
        }
        write(&mut self.purchases, change.purchases, |row| row.id);
        for key in &change.layers_gone {
            self.layers.entry(StockKey { item: key.item, site: key.site }).or_default().remove(key);
        }
        for layer in change.layers {
            let key = StockKey { item: layer.key.item, site: layer.key.site };
            self.layers.entry(key).or_default().insert(layer.key, layer);
        }
        change.alerts.into_iter().for_each(|alert| self.alerts.put(alert.key(), alert));
        change.undone.into_iter().for_each(|(key, undone)| self.undone.put(key, undone));
        let mut begin = self.movements.len();
        for of_one in change.movements.chunk_by(|one, next| one.key.command == next.key.command) {
            self.movements_of.extend(of_one.first().map(|movement| (movement.key.command, (begin, of_one.len()))));
            begin = begin.saturating_add(of_one.len());
        }
        self.movements.extend(change.movements);
        change.returns.into_iter().for_each(|goods| self.returns.put(goods.id, goods));
        change.sales.into_iter().zip(sales).for_each(|((key, _), sum)| self.sales.put(key, sum));
        change
            .customer_sales
            .into_iter()
            .zip(customer_sales)
            .for_each(|((key, _), sum)| self.customer_sales.put(key, sum));
        change.commands.into_iter().for_each(|record| self.commands.put(record.id, record));
        self.events.extend(change.events);
        Ok(Outcome::Done { newest: self.newest(), moved })
    }

    /// What a change was decided on and is no longer so.
    fn conflict(&self, change: &ChangeSet) -> Conflict {
        let catalog = self.is_used_otherwise(change)
            || stale(self.shop.as_ref().map(|(version, _)| *version), change.shop.as_ref().map(|write| write.over))
            || change.items.iter().any(|write| self.items.version(&write.row.id) != write.over)
            || change.locations.iter().any(|write| self.locations.version(&write.row.id) != write.over)
            || change.suppliers.iter().any(|write| self.suppliers.version(&write.row.id) != write.over)
            || change.customers.iter().any(|write| self.customers.version(&write.row.id) != write.over)
            || self.names_clash(change);
        let rows = change.series.iter().any(|write| self.series.version(&write.row.code) != write.over)
            || change.stock.iter().any(|write| self.stock.version(&write.row.key()) != write.over)
            || change.holds.iter().any(|write| held_version(&self.holds, &write.row.id) != write.over)
            || change.holds_gone.iter().any(|(id, seen)| held_version(&self.holds, id) != *seen)
            || change.orders.iter().any(|write| self.orders.version(&write.row.id) != write.over)
            || change.purchases.iter().any(|write| self.purchases.version(&write.row.id) != write.over)
            || change.checks.iter().any(|check| self.version_of(&check.key) != check.seen);
        let commands = change.commands.iter().any(|record| self.commands.get(&record.id).is_some());
        Conflict { catalog, rows, commands }
    }

    /// Whether something of the catalogue that was used has been written since.
    fn is_used_otherwise(&self, change: &ChangeSet) -> bool {
        if self.catalog == change.catalog {
            return false;
        }
        let Some(changes) = self.catalog_changes(change.catalog) else { return true };
        changes.iter().any(|mark| change.uses.contains(mark))
    }

    /// What was written to the catalogue since it had a version, as far as that is known.
    fn catalog_changes(&self, since: Version) -> Option<Vec<CatalogMark>> {
        let known = self.catalog.checked_sub(since)? <= limits::CATALOG_VERSIONS_KNOWN;
        let after = (Bound::Excluded(since), Bound::Unbounded);
        known.then(|| self.catalog_changes.range(after).flat_map(|(_, marks)| marks).copied().collect())
    }

    fn version_of(&self, key: &CheckedKey) -> Version {
        match key {
            CheckedKey::Series(code) => self.series.version(code),
            CheckedKey::Stock(key) => self.stock.version(key),
            CheckedKey::Hold(id) => held_version(&self.holds, id),
            CheckedKey::Order(id) => self.orders.version(id),
            CheckedKey::Purchase(id) => self.purchases.version(id),
        }
    }

    /// Whether a name would be somebody's twice.
    fn names_clash(&self, change: &ChangeSet) -> bool {
        let gone: BTreeSet<&Name> = change.names_gone.iter().collect();
        let mut given = BTreeSet::new();
        let mut names = change.names.iter().map(|row| &row.name);
        names.any(|name| !given.insert(name) || (self.names.contains_key(name) && !gone.contains(name)))
    }

    fn write_catalog(&mut self, change: &ChangeSet) {
        if let Some(Write { over, row }) = &change.shop {
            self.shop = Some((over.saturating_add(1), Arc::clone(row)));
        }
        for Write { row, .. } in &change.items {
            self.items.put(row.id, Arc::clone(row));
        }
        for Write { row, .. } in &change.locations {
            self.locations.put(row.id, Arc::clone(row));
        }
        for Write { row, .. } in &change.suppliers {
            self.suppliers.put(row.id, Arc::clone(row));
        }
        for Write { row, .. } in &change.customers {
            self.customers.put(row.id, Arc::clone(row));
        }
        for name in &change.names_gone {
            self.names.remove(name);
        }
        self.names.extend(change.names.iter().map(|row| (row.name.clone(), row.id)));
    }

    fn write_holds(&mut self, holds: Vec<Write<Hold>>, gone: &[(HoldId, Version)]) {
        for (id, _) in gone {
            if let Some((_, hold)) = self.holds.remove(id) {
                let key = StockKey { item: hold.item, site: hold.site };
                self.holds_on.entry(key).or_default().remove(id);
            }
        }
        for Write { over, row } in holds {
            self.holds_on.entry(StockKey { item: row.item, site: row.site }).or_default().insert(row.id);
            self.holds.insert(row.id, (over.saturating_add(1), row));
        }
    }

    fn note_backorders(&mut self, order: &Order) {
        for line in &order.lines {
            let key = StockKey { item: line.item, site: order.site };
            let waits = order.lines.iter().any(|other| other.item == line.item && other.backordered.is_positive());
            if waits {
                self.backorders.entry(key).or_default().insert(order.id);
            } else if let Some(orders) = self.backorders.get_mut(&key) {
                orders.remove(&order.id);
            }
        }
    }
}

fn held_version(holds: &FxHashMap<HoldId, (Version, Hold)>, id: &HoldId) -> Version {
    holds.get(id).map_or(0, |(version, _)| *version)
}

fn stale(stored: Option<Version>, seen: Option<Version>) -> bool {
    seen.is_some_and(|seen| stored.unwrap_or(0) != seen)
}

fn write<K: Clone + Eq + Hash, R>(rows: &mut Listed<K, R>, writes: Vec<Write<R>>, key: impl Fn(&R) -> K) {
    for Write { row, .. } in writes {
        rows.put(key(&row), row);
    }
}

/// The totals after a change, or that one would not fit.
fn sums<K: Eq + Hash>(totals: &Listed<K, Sales>, parts: &[(K, Sales)]) -> Result<Vec<Sales>, StoreError> {
    let sum = |(key, part): &(K, Sales)| {
        let before = totals.get(key).copied().unwrap_or_default();
        before.checked_add(*part).ok_or_else(|| {
            StoreError::new(StoreErrorKind::OutOfRange, "the sales of one day would be larger than can be kept exactly")
        })
    };
    parts.iter().map(sum).collect()
}
