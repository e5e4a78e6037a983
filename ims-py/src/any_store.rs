//! Any store that a URL can name.

use ims_core::{
    ChangeSet, Customer, EventPage, Item, Loaded, Location, MemoryStore, Movement, Offset, Order, OrderId, Outcome,
    Purchase, PurchaseId, ReadSet, Reports, Store, StoreError, Supplier, Timestamp,
    report::{
        AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
};
use ims_sqlx::{OpenOptions, SqlStore};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A store of a kind that is known only when the program runs. Clones share the same rows.
#[derive(Clone, Debug)]
pub(crate) struct AnyStore {
    kind: Kind,
    panics_next: Arc<AtomicBool>,
}

#[derive(Clone, Debug)]
enum Kind {
    Memory(MemoryStore),
    Sql(SqlStore),
}

impl AnyStore {
    /// Opens the store that a URL names.
    pub(crate) async fn open(url: &str) -> Result<AnyStore, StoreError> {
        let kind = if url == "memory:" {
            Kind::Memory(MemoryStore::new())
        } else {
            Kind::Sql(ims_sqlx::open(url, OpenOptions::default()).await?)
        };
        Ok(AnyStore { kind, panics_next: Arc::default() })
    }

    /// Has the next commit panic, to test what callers are told.
    pub(crate) fn plant_panic(&self) {
        self.panics_next.store(true, Ordering::SeqCst);
    }
}

/// Asks whichever store it is.
macro_rules! ask {
    ($self:ident.$question:ident($($argument:expr),*)) => {
        match &$self.kind {
            Kind::Memory(store) => store.$question($($argument),*).await,
            Kind::Sql(store) => store.$question($($argument),*).await,
        }
    };
}

impl Store for AnyStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        ask!(self.load(keys))
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        if self.panics_next.swap(false, Ordering::SeqCst) {
            #[expect(clippy::panic, reason = "a test asked for it")]
            {
                panic!("a panic that was planted");
            }
        }
        ask!(self.commit(change))
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        ask!(self.events(after, limit))
    }

    async fn pause(&self, attempt: u32) {
        ask!(self.pause(attempt))
    }
}

impl Reports for AnyStore {
    async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        ask!(self.items(query, page))
    }

    async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        ask!(self.locations(page))
    }

    async fn suppliers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Supplier>>, StoreError> {
        ask!(self.suppliers(query, page))
    }

    async fn customers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Customer>>, StoreError> {
        ask!(self.customers(query, page))
    }

    async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        ask!(self.stock(query, page))
    }

    async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        ask!(self.order_numbered(series, number))
    }

    async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        ask!(self.orders(query, page))
    }

    async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        ask!(self.purchase_numbered(series, number))
    }

    async fn purchases(&self, query: &PurchaseQuery, page: &PageRequest) -> Result<Page<Purchase>, StoreError> {
        ask!(self.purchases(query, page))
    }

    async fn alerts(&self, query: AlertQuery, page: &PageRequest) -> Result<Page<AlertLine>, StoreError> {
        ask!(self.alerts(query, page))
    }

    async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        ask!(self.profit(query, page))
    }

    async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        ask!(self.value(query))
    }

    async fn reorder(&self, now: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        ask!(self.reorder(now, page))
    }

    async fn movements(&self, query: &MovementQuery, page: &PageRequest) -> Result<Page<Movement>, StoreError> {
        ask!(self.movements(query, page))
    }

    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        ask!(self.scan(table, page))
    }
}
