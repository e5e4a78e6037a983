//! What a store must hold: the fold of what was committed, so simple that it is seen to be right.
//!
//! The model has no index and looks through everything for every answer. It shares no code with
//! [`crate::MemoryStore`], which is a store like any other here.

use super::{
    finding::{Finding, ensure, equal, equal_lists, wrong},
    sample,
};
use crate::{
    report::{PageRequest, Row, Table},
    store::{LayerPage, Loaded, ReadSet, Versioned},
    *,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Rows by key, each with its version.
type Kept<K, R> = BTreeMap<K, Versioned<R>>;

/// The rows and events that a store must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) catalog: Version,
    pub(super) shop: Kept<(), Arc<Shop>>,
    pub(super) items: Kept<ItemId, Arc<Item>>,
    pub(super) locations: Kept<LocationId, Arc<Location>>,
    pub(super) suppliers: Kept<SupplierId, Arc<Supplier>>,
    pub(super) customers: Kept<CustomerId, Arc<Customer>>,
    names: BTreeMap<Name, NameRow>,
    pub(super) series: Kept<Text, Series>,
    pub(super) stock: Kept<StockKey, Stock>,
    pub(super) holds: Kept<HoldId, Hold>,
    pub(super) orders: Kept<OrderId, Order>,
    pub(super) purchases: Kept<PurchaseId, Purchase>,
    layers: BTreeMap<LayerKey, Layer>,
    alerts: BTreeMap<StockKey, Alert>,
    undone: BTreeMap<MovementKey, Undone>,
    movements: BTreeMap<MovementKey, Movement>,
    returns: BTreeMap<ReturnId, Return>,
    sales: BTreeMap<SalesKey, Sales>,
    customer_sales: BTreeMap<CustomerSalesKey, Sales>,
    commands: BTreeMap<CommandId, CommandRecord>,
    pub(super) events: Vec<EventRecord>,
}

/// Taking in changes.
impl Model {
    /// What is held after a change that does not conflict.
    pub(super) fn after(&self, change: &ChangeSet) -> Result<Model, Finding> {
        let mut model = self.clone();
        model.apply(change)?;
        Ok(model)
    }

    /// Writes a change that does not conflict.
    pub(super) fn apply(&mut self, change: &ChangeSet) -> Result<(), Finding> {
        if change.writes_catalog() {
            self.catalog = self.catalog.saturating_add(1);
        }
        put(&mut self.shop, change.shop.as_slice(), |_| ());
        put(&mut self.items, &change.items, |row| row.id);
        put(&mut self.locations, &change.locations, |row| row.id);
        put(&mut self.suppliers, &change.suppliers, |row| row.id);
        put(&mut self.customers, &change.customers, |row| row.id);
        change.names_gone.iter().for_each(|name| _ = self.names.remove(name));
        self.names.extend(change.names.iter().map(|row| (row.name.clone(), row.clone())));
        put(&mut self.series, &change.series, |row| Text::clone(&row.code));
        put(&mut self.stock, &change.stock, Stock::key);
        put(&mut self.holds, &change.holds, |row| row.id);
        change.holds_gone.iter().for_each(|(id, _)| _ = self.holds.remove(id));
        put(&mut self.orders, &owned(&change.orders), |row| row.id);
        put(&mut self.purchases, &owned(&change.purchases), |row| row.id);
        change.layers_gone.iter().for_each(|key| _ = self.layers.remove(key));
        self.layers.extend(change.layers.iter().map(|row| (row.key, *row)));
        self.alerts.extend(change.alerts.iter().map(|row| (row.key(), row.clone())));
        self.undone.extend(change.undone.iter().copied());
        self.movements.extend(change.movements.iter().map(|row| (row.key, row.clone())));
        self.returns.extend(change.returns.iter().map(|row| (row.id, row.clone())));
        add(&mut self.sales, &change.sales)?;
        add(&mut self.customer_sales, &change.customer_sales)?;
        self.commands.extend(change.commands.iter().map(|row| (row.id, row.clone())));
        self.events.extend(change.events.iter().cloned());
        Ok(())
    }
}

/// Renaming.
impl Model {
    /// The change with the names that its rows give up and get, where they are not what they were called.
    pub(super) fn renaming(&self, mut change: ChangeSet) -> ChangeSet {
        let rows = change.items.iter().map(|write| (write.row.id.as_u128(), write.row.names()));
        let written: BTreeMap<u128, BTreeSet<Name>> = rows.collect();
        let before = self.names.values().filter(|row| row.name.kind() == NameKind::Item);
        let before: Vec<&NameRow> = before.filter(|row| written.contains_key(&row.id)).collect();
        let kept = |row: &NameRow| written.get(&row.id).is_some_and(|names| names.contains(&row.name));
        change.names_gone = before.iter().filter(|row| !kept(row)).map(|row| row.name.clone()).collect();
        let names =
            written.iter().flat_map(|(id, names)| names.iter().map(|name| NameRow { name: name.clone(), id: *id }));
        change.names.retain(|row| row.name.kind() != NameKind::Item);
        change.names.extend(names.filter(|row| !before.contains(&row)));
        change.names.sort_by(|a, b| a.name.cmp(&b.name));
        change
    }
}

fn put<K: Ord, R: Clone>(rows: &mut Kept<K, R>, writes: &[Write<R>], key: impl Fn(&R) -> K) {
    for Write { over, row } in writes {
        rows.insert(key(row), Versioned { version: over.saturating_add(1), row: row.clone() });
    }
}

fn owned<R: Clone>(writes: &[Write<Arc<R>>]) -> Vec<Write<R>> {
    writes.iter().map(|Write { over, row }| Write { over: *over, row: R::clone(row) }).collect()
}

fn add<K: Ord + Clone>(totals: &mut BTreeMap<K, Sales>, parts: &[(K, Sales)]) -> Result<(), Finding> {
    for (key, part) in parts {
        let before = totals.get(key).copied().unwrap_or_default();
        let Some(sum) = before.checked_add(*part) else { return wrong("the suite's own totals do not fit") };
        totals.insert(key.clone(), sum);
    }
    Ok(())
}

/// Answering.
impl Model {
    /// What must be loaded, each list in the order of its keys.
    pub(super) fn load(&self, keys: &ReadSet) -> Loaded {
        let stock = self.stock.iter().filter(|(key, _)| {
            let everywhere = keys.stock_everywhere.contains(&key.item);
            keys.stock.contains(key) || everywhere
        });
        let holds = self.holds.values().filter(|hold| {
            let key = StockKey { item: hold.row.item, site: hold.row.site };
            keys.holds.contains(&hold.row.id) || keys.holds_on.contains(&key)
        });
        let layers = keys.layers.iter().filter_map(|(key, first)| Some((*key, self.layer_page(*key, *first)?)));
        let movements = keys.movements_of.iter().filter_map(|id| Some((*id, self.movements_of(*id)?)));
        Loaded {
            catalog: self.catalog,
            catalog_changes: None,
            shop: self.shop.values().next().cloned(),
            items: of(&self.items, |key, _| keys.items.contains(key)),
            locations: of(&self.locations, |key, _| keys.locations.contains(key)),
            suppliers: of(&self.suppliers, |key, _| keys.suppliers.contains(key)),
            customers: of(&self.customers, |key, _| keys.customers.contains(key)),
            names: self.names.values().filter(|row| keys.names.contains(&row.name)).cloned().collect(),
            series: of(&self.series, |key, _| keys.series.contains(key)),
            stock: stock.map(|(_, row)| row.clone()).collect(),
            layers: layers.collect(),
            holds: holds.cloned().collect(),
            orders: of(&self.orders, |key, _| keys.orders.contains(key)),
            backorders: keys.backorders.iter().filter_map(|key| Some((*key, self.waiting(*key)?))).collect(),
            purchases: of(&self.purchases, |key, _| keys.purchases.contains(key)),
            alerts: self.alerts.values().filter(|row| keys.alerts.contains(&row.key())).cloned().collect(),
            commands: self.commands.values().filter(|row| keys.commands.contains(&row.id)).cloned().collect(),
            movements_of: movements.collect(),
            on_hand_since: keys
                .on_hand_since
                .iter()
                .filter_map(|(key, from)| self.on_hand_since(*key, *from))
                .collect(),
            site_uses: keys.site_uses.iter().filter_map(|(site, now)| self.site_use(*site, *now)).collect(),
            newest_event: self.events.last().filter(|_| keys.newest_event).map(|event| event.recorded_at),
        }
    }

    fn layer_page(&self, key: StockKey, first: u32) -> Option<LayerPage> {
        let of_stock = |layer: &&Layer| layer.key.item == key.item && layer.key.site == key.site;
        let layers: Vec<Layer> = self.layers.values().filter(of_stock).copied().collect();
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let more = layers.len() > first;
        (!layers.is_empty()).then(|| LayerPage { layers: layers.into_iter().take(first).collect(), more })
    }

    fn waiting(&self, key: StockKey) -> Option<Vec<OrderId>> {
        let waits = |order: &Order| {
            order.site == key.site
                && order.lines.iter().any(|line| line.item == key.item && line.backordered.is_positive())
        };
        let orders: Vec<OrderId> =
            self.orders.iter().filter(|(_, order)| waits(&order.row)).map(|(id, _)| *id).collect();
        (!orders.is_empty()).then_some(orders)
    }

    /// By another way than [`OnHandSince::look_back`]: what was there at every moment at which something moved, counted
    /// back from now each time.
    fn on_hand_since(&self, key: StockKey, from: Timestamp) -> Option<OnHandSince> {
        let now = self.stock.get(&key)?.row.on_hand;
        let of_stock = |row: &&Movement| row.item == key.item && (row.from == key.site) != (row.to == key.site);
        let there = |moment: Timestamp| {
            let later = self.movements.values().filter(of_stock).filter(|row| row.occurred_at > moment);
            later.fold(now.micros(), |sum, row| {
                let units = row.quantity.micros();
                sum.saturating_add(if row.from == key.site { units } else { units.saturating_neg() })
            })
        };
        let moved = self.movements.values().filter(of_stock).map(|row| row.occurred_at).filter(|at| *at > from);
        let newest = moved.clone().max().unwrap_or(from);
        let (lowest, lowest_at) = moved.chain([from]).map(|at| (there(at), at)).min()?;
        let [on_hand, lowest] = [there(from), lowest].map(Quantity::from_micros);
        Some(OnHandSince { key, from, on_hand, lowest, lowest_at, newest })
    }

    /// By another way than [`SiteUse`] counts: what is at the site, then how many of it are open.
    fn site_use(&self, site: LocationId, now: Timestamp) -> Option<SiteUse> {
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        let stock = self.stock.values().map(|kept| kept.row).filter(|row| row.site == site);
        let orders = self.orders.values().filter(|kept| kept.row.site == site).map(|kept| kept.row.status);
        let purchases = self.purchases.values().filter(|kept| kept.row.site == site).map(|kept| kept.row.status);
        let ended = [PurchaseStatus::Received, PurchaseStatus::ClosedShort, PurchaseStatus::Cancelled];
        let items =
            count(stock.filter(|row| row.on_hand != sample::quantity(0) || row.value != sample::amount(0)).count());
        let orders = count(orders.filter(|is| ![OrderStatus::Shipped, OrderStatus::Cancelled].contains(is)).count());
        let purchases = count(purchases.filter(|is| !ended.contains(is)).count());
        let holds = self.holds.values().filter(|kept| kept.row.site == site && kept.row.until > now);
        let holds = count(holds.count());
        let any = [items, orders, purchases, holds].iter().any(|count| *count > 0);
        any.then_some(SiteUse { site, now, items, orders, purchases, holds })
    }

    fn movements_of(&self, command: CommandId) -> Option<Vec<(Movement, Undone)>> {
        let undone = |key: &MovementKey| self.undone.get(key).copied().unwrap_or_default();
        let made = self.movements.iter().filter(|(key, _)| key.command == command);
        let made: Vec<_> = made.map(|(key, row)| (row.clone(), undone(key))).collect();
        (!made.is_empty()).then_some(made)
    }

    /// Names every row, and by every key that finds it.
    pub(super) fn every_key(&self) -> ReadSet {
        let stock = || self.stock.keys().copied();
        ReadSet {
            items: self.items.keys().copied().collect(),
            locations: self.locations.keys().copied().collect(),
            suppliers: self.suppliers.keys().copied().collect(),
            customers: self.customers.keys().copied().collect(),
            names: self.names.keys().cloned().collect(),
            series: self.series.keys().cloned().collect(),
            stock: stock().collect(),
            stock_everywhere: self.items.keys().copied().collect(),
            layers: stock().map(|key| (key, 1_000)).collect(),
            holds: self.holds.keys().copied().collect(),
            holds_on: stock().collect(),
            orders: self.orders.keys().copied().collect(),
            backorders: stock().collect(),
            purchases: self.purchases.keys().copied().collect(),
            alerts: stock().collect(),
            commands: self.commands.keys().copied().collect(),
            movements_of: self.commands.keys().copied().collect(),
            // Not of rows that only look like those of a shop: see the case of its own.
            on_hand_since: BTreeSet::new(),
            site_uses: self.locations.keys().map(|site| (*site, sample::minute(0))).collect(),
            newest_event: true,
            catalog_since: None,
        }
    }

    /// The rows of a table.
    pub(super) fn rows(&self, table: Table) -> Vec<Row> {
        match table {
            Table::Shop => self.shop.values().map(|kept| Row::Shop(Arc::clone(&kept.row))).collect(),
            Table::Items => self.items.values().map(|kept| Row::Item(Arc::clone(&kept.row))).collect(),
            Table::Locations => self.locations.values().map(|kept| Row::Location(Arc::clone(&kept.row))).collect(),
            Table::Suppliers => self.suppliers.values().map(|kept| Row::Supplier(Arc::clone(&kept.row))).collect(),
            Table::Customers => self.customers.values().map(|kept| Row::Customer(Arc::clone(&kept.row))).collect(),
            Table::Series => self.series.values().map(|kept| Row::Series(kept.row.clone())).collect(),
            Table::Stock => self.stock.values().map(|kept| Row::Stock(kept.row)).collect(),
            Table::Layers => self.layers.values().copied().map(Row::Layer).collect(),
            Table::Holds => self.holds.values().map(|kept| Row::Hold(kept.row)).collect(),
            Table::Orders => self.orders.values().map(|kept| Row::Order(kept.row.clone())).collect(),
            Table::Purchases => self.purchases.values().map(|kept| Row::Purchase(kept.row.clone())).collect(),
            Table::Returns => self.returns.values().cloned().map(Row::Return).collect(),
            Table::Alerts => self.alerts.values().cloned().map(Row::Alert).collect(),
            Table::Movements => self.movements.values().cloned().map(Row::Movement).collect(),
            Table::Undone => self.undone.iter().map(|(key, row)| Row::Undone(*key, *row)).collect(),
            Table::Sales => self.sales.iter().map(|(key, row)| Row::Sales(key.clone(), *row)).collect(),
            Table::CustomerSales => {
                self.customer_sales.iter().map(|(key, row)| Row::CustomerSales(*key, *row)).collect()
            }
            Table::Commands => self.commands.values().cloned().map(Row::Command).collect(),
        }
    }

    /// The offset of the newest event.
    pub(super) fn newest(&self) -> Offset {
        Offset(u64::try_from(self.events.len()).unwrap_or(u64::MAX))
    }

    /// The log.
    pub(super) fn log(&self) -> Vec<Event> {
        let numbered = (1_u64..).zip(&self.events);
        numbered.map(|(offset, record)| Event { offset: Offset(offset), record: record.clone() }).collect()
    }
}

fn of<K: Ord, R: Clone>(rows: &Kept<K, R>, asked: impl Fn(&K, &R) -> bool) -> Vec<Versioned<R>> {
    rows.iter().filter(|(key, kept)| asked(key, &kept.row)).map(|(_, kept)| kept.clone()).collect()
}

/// Comparing a store with the model.
impl Model {
    /// Ends the case unless a store holds exactly this: by every key, by scanning, and in its log.
    pub(super) async fn check<S: Store + Reports>(&self, store: &S) -> Result<(), Finding> {
        self.check_load(store, &self.every_key()).await?;
        for table in Table::ALL {
            self.check_scan(store, table, 0).await?;
        }
        self.check_events(store, limits::EVENTS_PER_PAGE).await
    }

    /// Ends the case unless these keys load these rows.
    pub(super) async fn check_load<S: Store>(&self, store: &S, keys: &ReadSet) -> Result<(), Finding> {
        equal_loads(&store.load(keys).await?, &self.load(keys))
    }

    /// Ends the case unless a table is read whole in pages of `limit` rows.
    pub(super) async fn check_scan<R: Reports>(&self, store: &R, table: Table, limit: u32) -> Result<(), Finding> {
        let (mut found, mut expected) = (Vec::new(), self.rows(table));
        let mut page = PageRequest { limit, ..PageRequest::default() };
        let most = expected.len().saturating_add(2);
        for _ in 0..most {
            let answer = store.scan(table, &page).await?;
            ensure!(
                answer.rows.len() <= usize::try_from(page.rows()).unwrap_or(usize::MAX),
                "scan of {table:?}: {} rows in a page of {limit}",
                answer.rows.len()
            );
            ensure!(
                !answer.rows.is_empty() || answer.next.is_none(),
                "scan of {table:?}: an empty page is not the last"
            );
            found.extend(answer.rows);
            page.after = answer.next;
            if page.after.is_none() {
                break;
            }
        }
        ensure!(page.after.is_none(), "scan of {table:?}: {most} pages of {limit} rows and no end");
        // In any order: the form of a row is as good a key as another.
        found.sort_by_cached_key(|row| format!("{row:?}"));
        expected.sort_by_cached_key(|row| format!("{row:?}"));
        equal_lists(&format!("scan of {table:?} in pages of {limit} rows"), &found, &expected)
    }

    /// Ends the case unless the log is read whole in pages of `limit` events.
    pub(super) async fn check_events<S: Store>(&self, store: &S, limit: u32) -> Result<(), Finding> {
        let mut found: Vec<Event> = Vec::new();
        loop {
            let after = found.last().map_or(Offset::START, |event| event.offset);
            let page = store.events(after, limit).await?;
            equal("the newest offset", &page.newest, &self.newest())?;
            let count = page.events.len();
            ensure!(count <= usize::try_from(limit).unwrap_or(usize::MAX), "{count} events in a page of {limit}");
            found.extend(page.events);
            if count == 0 || found.len() > self.events.len() {
                break;
            }
        }
        equal_lists(&format!("events in pages of {limit}"), &found, &self.log())
    }
}

/// Ends the case unless two loads found the same rows, in whatever order.
pub(super) fn equal_loads(found: &Loaded, expected: &Loaded) -> Result<(), Finding> {
    equal("the catalogue's version", &found.catalog, &expected.catalog)?;
    equal("the shop", &found.shop, &expected.shop)?;
    macro_rules! tables {
        ($($table:ident by $key:expr,)*) => {
            $(
                let mut rows = found.$table.clone();
                rows.sort_by_key($key);
                equal_lists(concat!(stringify!($table), " loaded"), &rows, &expected.$table)?;
            )*
        };
    }
    tables! {
        items by |kept| kept.row.id,
        locations by |kept| kept.row.id,
        suppliers by |kept| kept.row.id,
        customers by |kept| kept.row.id,
        names by |row| row.name.clone(),
        series by |kept| kept.row.code.clone(),
        stock by |kept| kept.row.key(),
        layers by |(key, _)| *key,
        holds by |kept| kept.row.id,
        orders by |kept| kept.row.id,
        purchases by |kept| kept.row.id,
        alerts by Alert::key,
        commands by |row| row.id,
        movements_of by |(id, _)| *id,
        on_hand_since by |since| (since.key, since.from),
        site_uses by |found| (found.site, found.now),
    }
    equal("when the newest event was recorded", &found.newest_event, &expected.newest_event)?;
    let mut waiting = found.backorders.clone();
    waiting.sort();
    waiting.iter_mut().for_each(|(_, orders)| orders.sort());
    equal_lists("backorders loaded", &waiting, &expected.backorders)
}
