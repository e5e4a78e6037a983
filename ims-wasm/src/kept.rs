//! A store of either kind. One engine for both is half as much to download as an engine for each.

use crate::IndexedStore;
use ims_core::{
    ChangeSet, Customer, EventPage, Item, Location, MemoryStore, Movement, Offset, Order, OrderId, Outcome, Purchase,
    PurchaseId, Reports, Store, StoreError, Supplier, Timestamp,
    report::{
        AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
    store::{Loaded, ReadSet},
};
use std::sync::Arc;

/// Keeps a shop in memory or in IndexedDB.
#[derive(Clone, Debug)]
pub enum Kept {
    /// Gone when it is closed.
    InMemory(MemoryStore),
    /// Durable.
    Indexed(IndexedStore),
}

impl Store for Kept {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        match self {
            Kept::InMemory(store) => store.load(keys).await,
            Kept::Indexed(store) => store.load(keys).await,
        }
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        match self {
            Kept::InMemory(store) => store.commit(change).await,
            Kept::Indexed(store) => store.commit(change).await,
        }
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        match self {
            Kept::InMemory(store) => store.events(after, limit).await,
            Kept::Indexed(store) => store.events(after, limit).await,
        }
    }

    async fn pause(&self, attempt: u32) {
        match self {
            Kept::InMemory(store) => store.pause(attempt).await,
            Kept::Indexed(store) => store.pause(attempt).await,
        }
    }
}

macro_rules! passed_on {
    ($($report:ident($($argument:ident: $given:ty),*) -> $answer:ty;)*) => {
        impl Reports for Kept {
            $(async fn $report(&self, $($argument: $given),*) -> Result<$answer, StoreError> {
                match self {
                    Kept::InMemory(store) => store.$report($($argument),*).await,
                    Kept::Indexed(store) => store.$report($($argument),*).await,
                }
            })*
        }
    };
}

passed_on! {
    items(query: &ItemQuery, page: &PageRequest) -> Page<Arc<Item>>;
    locations(page: &PageRequest) -> Page<Arc<Location>>;
    suppliers(query: &PartyQuery, page: &PageRequest) -> Page<Arc<Supplier>>;
    customers(query: &PartyQuery, page: &PageRequest) -> Page<Arc<Customer>>;
    stock(query: &StockQuery, page: &PageRequest) -> Page<StockLine>;
    order_numbered(series: &str, number: u64) -> Option<OrderId>;
    orders(query: &OrderQuery, page: &PageRequest) -> Page<Order>;
    purchase_numbered(series: &str, number: u64) -> Option<PurchaseId>;
    purchases(query: &PurchaseQuery, page: &PageRequest) -> Page<Purchase>;
    alerts(query: AlertQuery, page: &PageRequest) -> Page<AlertLine>;
    profit(query: &ProfitQuery, page: &PageRequest) -> Page<ProfitLine>;
    value(query: &ValueQuery) -> StockValue;
    reorder(now: Timestamp, page: &PageRequest) -> Page<ReorderLine>;
    movements(query: &MovementQuery, page: &PageRequest) -> Page<Movement>;
    scan(table: Table, page: &PageRequest) -> Page<Row>;
}
