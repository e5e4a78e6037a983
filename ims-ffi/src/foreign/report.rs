//! Reports: the fold over all rows, done again when something has been written.

use super::{ForeignStore, KeyRange, key, rows::Rows, scan};
use ims_core::{
    ChangeSet, Customer, Item, Location, MemoryStore, Movement, Order, OrderId, Outcome, Purchase, PurchaseId, Reports,
    Store, StoreError, StoreErrorKind, Supplier, Timestamp, Write,
    report::{
        AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
};
use std::sync::Arc;

impl ForeignStore {
    /// The rows of this moment in memory. They are read again only if the store's revision is another than last time.
    async fn folded(&self) -> Result<MemoryStore, StoreError> {
        let mut folded = self.folded.lock().await;
        let now = self.read(vec![KeyRange::one(key::HEAD.to_owned())]).await?.revision;
        if let Some((_, store)) = folded.as_ref().filter(|(revision, _)| *revision == now) {
            return Ok(store.clone());
        }
        let ranges = reported().map(|table| KeyRange::of_table(table, u32::MAX)).collect();
        let rows = self.read(ranges).await?;
        let store = MemoryStore::new();
        match store.commit(all(&rows)?).await? {
            Outcome::Done { .. } => {}
            Outcome::Conflict(_) => {
                return Err(StoreError::new(StoreErrorKind::Corrupt, "two rows have a name that must be unique"));
            }
        }
        *folded = Some((rows.revision, store.clone()));
        Ok(store)
    }
}

/// Every table but the one that no report reads.
fn reported() -> impl Iterator<Item = Table> {
    Table::ALL.into_iter().filter(|table| *table != Table::Commands)
}

/// All rows as one change of an empty store.
fn all(rows: &Rows) -> Result<ChangeSet, StoreError> {
    let mut change = ChangeSet::default();
    for table in reported() {
        for (_, row) in scan::table_rows(table, rows, &KeyRange::of_table(table, u32::MAX))? {
            add(&mut change, row);
        }
    }
    Ok(change)
}

fn add(change: &mut ChangeSet, row: Row) {
    match row {
        Row::Shop(row) => change.shop = Some(Write { over: 0, row }),
        Row::Item(row) => change.items.push(Write { over: 0, row }),
        Row::Location(row) => change.locations.push(Write { over: 0, row }),
        Row::Supplier(row) => change.suppliers.push(Write { over: 0, row }),
        Row::Customer(row) => change.customers.push(Write { over: 0, row }),
        Row::Series(row) => change.series.push(Write { over: 0, row }),
        Row::Stock(row) => change.stock.push(Write { over: 0, row }),
        Row::Layer(row) => change.layers.push(row),
        Row::Hold(row) => change.holds.push(Write { over: 0, row }),
        Row::Order(row) => change.orders.push(Write { over: 0, row: Arc::new(row) }),
        Row::Purchase(row) => change.purchases.push(Write { over: 0, row: Arc::new(row) }),
        Row::Return(row) => change.returns.push(row),
        Row::Alert(row) => change.alerts.push(row),
        Row::Movement(row) => change.movements.push(row),
        Row::Undone(key, row) => change.undone.push((key, row)),
        Row::Sales(key, row) => change.sales.push((key, row)),
        Row::CustomerSales(key, row) => change.customer_sales.push((key, row)),
        Row::Command(row) => change.commands.push(row),
    }
}

impl Reports for ForeignStore {
    async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        self.folded().await?.items(query, page).await
    }

    async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        self.folded().await?.locations(page).await
    }

    async fn suppliers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Supplier>>, StoreError> {
        self.folded().await?.suppliers(query, page).await
    }

    async fn customers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Customer>>, StoreError> {
        self.folded().await?.customers(query, page).await
    }

    async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        self.folded().await?.stock(query, page).await
    }

    async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        self.folded().await?.order_numbered(series, number).await
    }

    async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        self.folded().await?.orders(query, page).await
    }

    async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        self.folded().await?.purchase_numbered(series, number).await
    }

    async fn purchases(&self, query: &PurchaseQuery, page: &PageRequest) -> Result<Page<Purchase>, StoreError> {
        self.folded().await?.purchases(query, page).await
    }

    async fn alerts(
        &self,
        query: AlertQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AlertLine>, StoreError> {
        self.folded().await?.alerts(query, now, page).await
    }

    async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        self.folded().await?.profit(query, page).await
    }

    async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        self.folded().await?.value(query).await
    }

    async fn reorder(&self, now: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        self.folded().await?.reorder(now, page).await
    }

    async fn movements(&self, query: &MovementQuery, page: &PageRequest) -> Result<Page<Movement>, StoreError> {
        self.folded().await?.movements(query, page).await
    }

    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        scan::page(table, page, &self.read(vec![scan::range(table, page)]).await?)
    }
}
