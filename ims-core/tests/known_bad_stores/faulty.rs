//! Memory with one fault planted: what a hurried adapter of a database gets wrong.

use ims_core::{
    report::*,
    store::{ReadSet, Versioned},
    *,
};
use std::{
    collections::BTreeMap,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Writes without looking at versions.
    LostUpdate,
    /// Does not look at the rows that are only to be checked.
    ChecksIgnored,
    /// Does not look at the catalogue's version.
    CatalogueIgnored,
    /// Does not record commands.
    CommandForgotten,
    /// Records commands, and does not look whether they were there.
    CommandUnchecked,
    /// Leaves a part of a change behind that conflicts.
    TornByConflict,
    /// Never writes one of the tables.
    TornTable,
    /// Writes a change in two steps, and can be stopped in between.
    CommitInTwoSteps,
    /// Loads in two steps, and others write in between.
    LoadInTwoSteps,
    /// Loads what was there when it was asked last.
    StaleRead,
    /// Never shows some events.
    EventSkipped,
    /// Shows some events after later ones.
    EventLate,
    /// Shows events in another order.
    EventsOutOfOrder,
    /// Gives offsets that leave some out.
    OffsetsWithGaps,
    /// Puts sales totals in the place of those that were there.
    SalesOverwritten,
    /// Leaves out a total that does not fit.
    OverflowIgnored,
    /// Takes a SKU that is there already.
    SkuNotUnique,
    /// Says that a change conflicts, and not why.
    ConflictUntold,
    /// Says that nothing was written when it was.
    WrittenAndDenied,
    /// Loads cost layers, the newest first.
    LayersBackwards,
    /// Never says that there are more cost layers.
    LayersWithoutMore,
    /// Keeps no letters from beyond the first plane of Unicode.
    NarrowTexts,
    /// Keeps moments to the second.
    WholeSeconds,
    /// Loses a row where one page of a table ends and the next begins.
    ScanLosesRows,
    /// Repeats a row on the next page of a list.
    PagesOverlap,
    /// Begins a page after so many rows, whichever they are by then.
    PagesByNumber,
    /// Lists everything in the list's own order, whatever is asked.
    OrderIgnored,
    /// Goes on in any order with the cursor of another.
    CursorOfAnyOrder,
    /// Counts holds that have lapsed.
    HoldsNeverLapse,
    /// Reports profit over all time, whatever is asked.
    DatesIgnored,
    /// Lists orders up to a moment without those of that moment.
    UntilExclusive,
    /// Lists orders of customers in all cities, whatever is asked.
    CityIgnored,
    /// Finds an item on one line and a brand on another.
    LinesMixed,
    /// Lists items from all suppliers, whatever is asked.
    SupplierIgnored,
    /// Takes what is searched for as a pattern.
    SearchByPattern,
    /// Gives turns, and keeps nobody from anything.
    TurnsForNothing,
}

/// A store in memory that has a fault.
#[derive(Clone)]
pub(crate) struct Faulty {
    fault: Fault,
    rows: MemoryStore,
    commits: Arc<Mutex<u32>>,
    /// What this handle has loaded before.
    loaded: Arc<Mutex<BTreeMap<String, Loaded>>>,
}

impl Faulty {
    pub(crate) fn new(fault: Fault) -> Self {
        Faulty { fault, rows: MemoryStore::new(), commits: Arc::default(), loaded: Arc::default() }
    }

    /// Another handle: it has a memory of its own.
    pub(crate) fn reopen(&self) -> Self {
        Faulty { loaded: Arc::default(), ..self.clone() }
    }
}

impl Store for Faulty {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        let mut found = match self.fault {
            Fault::StaleRead => self.load_from_memory(keys).await?,
            Fault::LoadInTwoSteps => self.load_in_two_steps(keys).await?,
            _ => self.rows.load(keys).await?,
        };
        match self.fault {
            Fault::LayersBackwards => found.layers.iter_mut().for_each(|(_, page)| page.layers.reverse()),
            Fault::LayersWithoutMore => found.layers.iter_mut().for_each(|(_, page)| page.more = false),
            Fault::WholeSeconds => {
                found.holds.iter_mut().for_each(|hold| hold.row.until = whole_second(hold.row.until))
            }
            _ => {}
        }
        Ok(found)
    }

    async fn commit(&self, mut change: ChangeSet) -> Result<Outcome, StoreError> {
        let catalog = self.rows.load(&ReadSet::default()).await?.catalog;
        match self.fault {
            Fault::LostUpdate => self.take_for_current(&mut change).await?,
            Fault::ChecksIgnored => change.checks.clear(),
            Fault::CatalogueIgnored => change.catalog = catalog,
            Fault::CommandForgotten => change.commands.clear(),
            Fault::CommandUnchecked => self.drop_known_commands(&mut change).await?,
            Fault::TornTable => change.customer_sales.clear(),
            Fault::SalesOverwritten => self.take_away_what_is_there(&mut change).await?,
            Fault::NarrowTexts => narrow(&mut change),
            Fault::CommitInTwoSteps => return self.commit_in_two_steps(change).await,
            _ => {}
        }
        let mut outcome = self.rows.commit(change.clone()).await;
        match (self.fault, &mut outcome) {
            (Fault::TornByConflict, Ok(Outcome::Conflict(_))) => {
                let part = ChangeSet { catalog, movements: change.movements, ..ChangeSet::default() };
                self.rows.commit(part).await?;
            }
            (Fault::ConflictUntold, Ok(Outcome::Conflict(told))) => *told = Conflict::default(),
            (Fault::OverflowIgnored, Err(error)) if error.kind == StoreErrorKind::OutOfRange => {
                (change.sales, change.customer_sales) = (Vec::new(), Vec::new());
                return self.rows.commit(change).await;
            }
            (Fault::SkuNotUnique, Ok(Outcome::Conflict(Conflict { catalog: true, .. }))) => {
                let taken = self.rows.load(&ReadSet::named(change.names.iter().map(|row| row.name.clone()))).await?;
                change.names.retain(|row| taken.names.iter().all(|other| other.name != row.name));
                change.names.dedup_by(|a, b| a.name == b.name);
                return self.rows.commit(change).await;
            }
            (Fault::WrittenAndDenied, Ok(Outcome::Done { .. })) if self.count().is_multiple_of(3) => {
                return Err(StoreError::new(StoreErrorKind::Retry, "the connection was lost"));
            }
            _ => {}
        }
        outcome
    }

    async fn take_turn(&self, _: &ReadSet) -> Result<Option<Turn>, StoreError> {
        Ok((self.fault == Fault::TurnsForNothing).then(|| Turn::of(())))
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        if self.fault == Fault::OffsetsWithGaps {
            let mut page = self.rows.events(Offset(after.0 / 2), limit).await?;
            page.events.iter_mut().for_each(|event| event.offset.0 *= 2);
            page.newest.0 *= 2;
            return Ok(page);
        }
        let mut page = self.rows.events(after, limit).await?;
        let newest = page.newest.0;
        match self.fault {
            Fault::EventSkipped => page.events.retain(|event| event.offset.0 % 11 != 5 || event.offset.0 == newest),
            Fault::EventLate => page.events.retain(|event| event.offset.0 % 3 != 1 || event.offset.0 + 1 != newest),
            Fault::EventsOutOfOrder => page.events.chunks_mut(2).for_each(<[Event]>::reverse),
            _ => {}
        }
        Ok(page)
    }
}

/// What goes wrong on loading.
impl Faulty {
    async fn load_from_memory(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        let now = self.rows.load(keys).await?;
        // Each answer is given twice, so that whoever asks again gets on in the end.
        let before = locked(&self.loaded).remove(&format!("{keys:?}"));
        if before.is_none() {
            locked(&self.loaded).insert(format!("{keys:?}"), now.clone());
        }
        Ok(before.unwrap_or(now))
    }

    async fn load_in_two_steps(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        let first = self.rows.load(keys).await?;
        step_aside().await;
        let Loaded { stock, layers, holds, .. } = self.rows.load(keys).await?;
        Ok(Loaded { stock, layers, holds, ..first })
    }
}

/// What goes wrong on committing.
impl Faulty {
    /// How many commits there were.
    fn count(&self) -> u32 {
        let mut commits = locked(&self.commits);
        *commits += 1;
        *commits
    }

    /// Says of every row that its stored version was seen.
    async fn take_for_current(&self, change: &mut ChangeSet) -> Result<(), StoreError> {
        let keys = ReadSet {
            items: change.items.iter().map(|write| write.row.id).collect(),
            series: change.series.iter().map(|write| write.row.code.clone()).collect(),
            stock: change.stock.iter().map(|write| write.row.key()).collect(),
            holds: change.holds.iter().map(|write| write.row.id).collect(),
            orders: change.orders.iter().map(|write| write.row.id).collect(),
            purchases: change.purchases.iter().map(|write| write.row.id).collect(),
            ..ReadSet::default()
        };
        let found = self.rows.load(&keys).await?;
        for write in &mut change.items {
            write.over = version(&found.items, |row| row.id == write.row.id);
        }
        for write in &mut change.series {
            write.over = version(&found.series, |row| row.code == write.row.code);
        }
        for write in &mut change.stock {
            write.over = version(&found.stock, |row| row.key() == write.row.key());
        }
        for write in &mut change.holds {
            write.over = version(&found.holds, |row| row.id == write.row.id);
        }
        for write in &mut change.orders {
            write.over = version(&found.orders, |row| row.id == write.row.id);
        }
        for write in &mut change.purchases {
            write.over = version(&found.purchases, |row| row.id == write.row.id);
        }
        Ok(())
    }

    async fn drop_known_commands(&self, change: &mut ChangeSet) -> Result<(), StoreError> {
        let commands = change.commands.iter().map(|record| record.id).collect();
        let known = self.rows.load(&ReadSet { commands, ..ReadSet::default() }).await?.commands;
        change.commands.retain(|record| known.iter().all(|known| known.id != record.id));
        Ok(())
    }

    /// Makes of what is to be added what will be there.
    async fn take_away_what_is_there(&self, change: &mut ChangeSet) -> Result<(), StoreError> {
        let rows = self.rows.scan(Table::Sales, &PageRequest::default()).await?.rows;
        for (key, part) in &mut change.sales {
            for row in &rows {
                let Row::Sales(_, there) = row else { continue };
                let same = matches!(row, Row::Sales(other, _) if other == key);
                if let Some(units) = part.units.checked_sub(there.units).filter(|_| same) {
                    part.units = units;
                }
            }
        }
        Ok(())
    }

    async fn commit_in_two_steps(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        let second = ChangeSet {
            catalog: change.catalog + u64::from(change.writes_catalog()),
            orders: change.orders.clone(),
            movements: change.movements.clone(),
            events: change.events.clone(),
            ..ChangeSet::default()
        };
        let first = ChangeSet { orders: Vec::new(), movements: Vec::new(), events: Vec::new(), ..change };
        if let Outcome::Conflict(conflict) = self.rows.commit(first).await? {
            return Ok(Outcome::Conflict(conflict));
        }
        step_aside().await;
        self.rows.commit(second).await
    }
}

impl Faulty {
    async fn orders_by_number(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        let before = page.after.as_ref().map_or(0, |cursor| cursor.0.parse().unwrap_or_default());
        let all = PageRequest { after: None, limit: 0, ..page.clone() };
        let rows = self.rows.orders(query, &all).await?.rows;
        let end = before + page.rows() as usize;
        let next = (rows.len() > end).then(|| Cursor(end.to_string()));
        Ok(Page { rows: rows.into_iter().take(end).skip(before).collect(), next })
    }
}

fn version<R>(found: &[Versioned<R>], is_it: impl Fn(&R) -> bool) -> Version {
    found.iter().find(|found| is_it(&found.row)).map_or(0, |found| found.version)
}

fn narrow(change: &mut ChangeSet) {
    let narrow = |text: &Text| -> Text {
        text.chars().map(|letter| if letter > '\u{ffff}' { '?' } else { letter }).collect::<String>().into()
    };
    for write in &mut change.items {
        let name = narrow(&write.row.name);
        write.row = Arc::new(Item { name, ..Item::clone(&write.row) });
    }
}

fn whole_second(moment: Timestamp) -> Timestamp {
    Timestamp::from_micros(moment.micros() / 1_000_000 * 1_000_000).unwrap_or(moment)
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn step_aside() {
    let mut aside = false;
    poll_fn(|context| {
        if std::mem::replace(&mut aside, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Reports for Faulty {
    async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        let mut query = query.clone();
        match self.fault {
            Fault::SearchByPattern => query.text = query.text.map(|text| text.replace(['%', '_'], "")),
            Fault::SupplierIgnored => query.supplier = None,
            Fault::OrderIgnored => {
                return self.rows.items(&query, &PageRequest { sort: None, ..page.clone() }).await;
            }
            Fault::CursorOfAnyOrder => {
                let first = PageRequest { after: None, ..page.clone() };
                return match self.rows.items(&query, page).await {
                    Err(error) if error.kind == StoreErrorKind::Question => self.rows.items(&query, &first).await,
                    answer => answer,
                };
            }
            _ => {}
        }
        self.rows.items(&query, page).await
    }

    async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        self.rows.locations(page).await
    }

    async fn suppliers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Supplier>>, StoreError> {
        self.rows.suppliers(query, page).await
    }

    async fn customers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Customer>>, StoreError> {
        self.rows.customers(query, page).await
    }

    async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        let now = if self.fault == Fault::HoldsNeverLapse { Timestamp::MIN } else { query.now };
        self.rows.stock(&StockQuery { now, ..*query }, page).await
    }

    async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        self.rows.order_numbered(series, number).await
    }

    async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        let mut query = query.clone();
        match self.fault {
            Fault::UntilExclusive => {
                let before = |until: Timestamp| Timestamp::from_micros(until.micros() - 1).unwrap_or(until);
                query.until = query.until.map(before);
            }
            Fault::CityIgnored => query.city = None,
            Fault::LinesMixed if query.item.is_some() => query.brand = None,
            Fault::PagesByNumber => return self.orders_by_number(&query, page).await,
            _ => {}
        }
        self.rows.orders(&query, page).await
    }

    async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        self.rows.purchase_numbered(series, number).await
    }

    async fn purchases(&self, query: &PurchaseQuery, page: &PageRequest) -> Result<Page<Purchase>, StoreError> {
        self.rows.purchases(query, page).await
    }

    async fn alerts(
        &self,
        query: AlertQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AlertLine>, StoreError> {
        self.rows.alerts(query, now, page).await
    }

    async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        let all = ProfitQuery { from: None, until: None, ..*query };
        self.rows.profit(if self.fault == Fault::DatesIgnored { &all } else { query }, page).await
    }

    async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        self.rows.value(query).await
    }

    async fn reorder(&self, now: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        self.rows.reorder(now, page).await
    }

    async fn movements(&self, query: &MovementQuery, page: &PageRequest) -> Result<Page<Movement>, StoreError> {
        let mut answer = self.rows.movements(query, page).await?;
        if self.fault == Fault::PagesOverlap && answer.next.is_some() && page.limit > 1 {
            // The next page begins with the last row of this one.
            let shorter = PageRequest { limit: page.limit - 1, ..page.clone() };
            answer.next = self.rows.movements(query, &shorter).await?.next;
        }
        Ok(answer)
    }

    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        let mut answer = self.rows.scan(table, page).await?;
        if self.fault == Fault::ScanLosesRows && answer.next.is_some() {
            answer.rows.pop();
        }
        Ok(answer)
    }
}
