//! Any store that a shop can be kept in.

use crate::{ImsError, foreign::ForeignStore};
use ims_core::{
    ChangeSet, Customer, EventPage, Item, Loaded, Location, MemoryStore, Movement, Offset, Order, OrderId, Outcome,
    Purchase, PurchaseId, ReadSet, Reports, Store, StoreError, Supplier, Timestamp,
    report::{
        AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
};
use ims_sqlx::{OpenOptions, SqlStore};
use std::sync::Arc;

/// A store of a kind that is known only when the app runs. Clones share their rows.
#[derive(Clone)]
pub(crate) enum AnyStore {
    /// Rows in memory, gone when the app ends.
    Memory(MemoryStore),
    /// SQLite, or a server.
    Sql(SqlStore),
    /// Rows that the app keeps itself.
    Foreign(ForeignStore),
    /// For the tests: panics where it is told to.
    #[cfg(feature = "planted-panic")]
    Panicking(MemoryStore),
}

impl AnyStore {
    /// Opens the store that a URL names: `memory:`, `sqlite:shop.db`, or what else was compiled in.
    pub(crate) async fn open(url: &str) -> Result<AnyStore, ImsError> {
        match url.split_once(':').map_or(url, |(kind, _)| kind) {
            "memory" => Ok(AnyStore::Memory(MemoryStore::new())),
            #[cfg(feature = "planted-panic")]
            "panicking" => Ok(AnyStore::Panicking(MemoryStore::new())),
            _ => Ok(AnyStore::Sql(ims_sqlx::open(url, OpenOptions::default()).await?)),
        }
    }
}

/// Asks whichever store it is.
macro_rules! ask {
    ($self:ident.$question:ident($($argument:expr),*)) => {
        match $self {
            AnyStore::Memory(store) => store.$question($($argument),*).await,
            AnyStore::Sql(store) => store.$question($($argument),*).await,
            AnyStore::Foreign(store) => store.$question($($argument),*).await,
            #[cfg(feature = "planted-panic")]
            AnyStore::Panicking(store) => store.$question($($argument),*).await,
        }
    };
}

impl Store for AnyStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        ask!(self.load(keys))
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        #[cfg(feature = "planted-panic")]
        if let AnyStore::Panicking(_) = self {
            planted::panic_at(&change);
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

#[cfg(feature = "planted-panic")]
mod planted {
    use ims_core::ChangeSet;

    /// Who has to give a command for it to panic.
    const ACTOR: &str = "panic";

    #[expect(clippy::panic, reason = "this is the panic that the tests plant")]
    pub(super) fn panic_at(change: &ChangeSet) {
        if change.events.iter().any(|event| &*event.actor == ACTOR) {
            panic!("a planted panic");
        }
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
