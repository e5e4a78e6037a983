//! Questions that read and never write, answered by SQL. What each means is the fold over the rows in memory
//! ([`ims_core::MemoryStore`]); sums of two columns are made here and not there, so that one that does not fit is an
//! error on every database.

pub(crate) mod paging;

mod catalog;
mod documents;
mod movements;
mod profit;
mod scan;
mod shelf;

use crate::store::{SqlStore, on_each};
use ims_core::audit::Verdict;
use ims_core::report::{
    AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
    ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
};
use ims_core::{
    Customer, Item, Location, Movement, Order, OrderId, Purchase, PurchaseId, Reports, StoreError, StoreErrorKind,
    Supplier, Timestamp,
};
use std::sync::Arc;

impl Reports for SqlStore {
    async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        on_each!(self, engine => engine.items(query, page).await)
    }

    async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        on_each!(self, engine => engine.locations(page).await)
    }

    async fn suppliers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Supplier>>, StoreError> {
        on_each!(self, engine => engine.suppliers(query, page).await)
    }

    async fn customers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Customer>>, StoreError> {
        on_each!(self, engine => engine.customers(query, page).await)
    }

    async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        on_each!(self, engine => engine.stock(query, page).await)
    }

    async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        on_each!(self, engine => engine.order_numbered(series, number).await)
    }

    async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        on_each!(self, engine => engine.orders(query, page).await)
    }

    async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        on_each!(self, engine => engine.purchase_numbered(series, number).await)
    }

    async fn purchases(&self, query: &PurchaseQuery, page: &PageRequest) -> Result<Page<Purchase>, StoreError> {
        on_each!(self, engine => engine.purchases(query, page).await)
    }

    async fn alerts(
        &self,
        query: AlertQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AlertLine>, StoreError> {
        on_each!(self, engine => engine.alerts(query, now, page).await)
    }

    async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        on_each!(self, engine => engine.profit(query, page).await)
    }

    async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        on_each!(self, engine => engine.value(query).await)
    }

    async fn reorder(&self, now: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        on_each!(self, engine => engine.reorder(now, page).await)
    }

    async fn movements(&self, query: &MovementQuery, page: &PageRequest) -> Result<Page<Movement>, StoreError> {
        on_each!(self, engine => engine.movements(query, page).await)
    }

    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        on_each!(self, engine => engine.scan(table, page).await)
    }

    async fn verify(&self) -> Result<Verdict, StoreError> {
        on_each!(self, engine => engine.verify().await)
    }
}

/// Says that a sum does not fit.
fn too_large() -> StoreError {
    StoreError::new(StoreErrorKind::OutOfRange, "a sum would be larger than can be kept exactly")
}

/// Whether a text can be in a database at all: PostgreSQL does not even take the question for one that has a NUL.
fn can_be_stored(text: &Option<String>) -> bool {
    text.as_ref().is_none_or(|text| !text.contains('\0'))
}
