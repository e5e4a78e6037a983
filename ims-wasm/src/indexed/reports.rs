//! Reports: the fold over rows in memory, on the tables that each needs.

use super::{IndexedStore, key, names, scan, transaction::Access};
use ims_core::{
    Customer, Item, Location, Movement, Order, OrderId, Purchase, PurchaseId, Reports, StoreError, Supplier, Timestamp,
    report::{
        AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitBy,
        ProfitLine, ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
};
use serde::de::DeserializeOwned;
use std::sync::Arc;

impl Reports for IndexedStore {
    async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        self.mirrored(&[Table::Items]).await?.items(query, page).await
    }

    async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        self.mirrored(&[Table::Locations]).await?.locations(page).await
    }

    async fn suppliers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Supplier>>, StoreError> {
        self.mirrored(&[Table::Suppliers]).await?.suppliers(query, page).await
    }

    async fn customers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Customer>>, StoreError> {
        self.mirrored(&[Table::Customers]).await?.customers(query, page).await
    }

    async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        let tables = [Table::Items, Table::Locations, Table::Stock, Table::Holds];
        self.mirrored(&tables).await?.stock(query, page).await
    }

    async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        self.numbered(names::ORDER_NUMBERS, series, number).await
    }

    async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        let tables: &[Table] = match query.city {
            Some(_) => &[Table::Orders, Table::Customers],
            None => &[Table::Orders],
        };
        self.mirrored(tables).await?.orders(query, page).await
    }

    async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        self.numbered(names::PURCHASE_NUMBERS, series, number).await
    }

    async fn purchases(&self, query: &PurchaseQuery, page: &PageRequest) -> Result<Page<Purchase>, StoreError> {
        let tables: &[Table] = match (&query.city, &query.brand, &query.category) {
            (None, None, None) => &[Table::Purchases],
            _ => &[Table::Purchases, Table::Suppliers, Table::Items],
        };
        self.mirrored(tables).await?.purchases(query, page).await
    }

    async fn alerts(
        &self,
        query: AlertQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AlertLine>, StoreError> {
        let tables = [Table::Items, Table::Locations, Table::Stock, Table::Holds, Table::Alerts];
        self.mirrored(&tables).await?.alerts(query, now, page).await
    }

    async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        let tables: &[Table] = match query.by {
            ProfitBy::Customer => &[Table::Customers, Table::CustomerSales],
            ProfitBy::Item => &[Table::Items, Table::Sales],
            ProfitBy::Site => &[Table::Locations, Table::Sales],
            ProfitBy::Brand | ProfitBy::Category | ProfitBy::Day | ProfitBy::Month => &[Table::Sales],
        };
        self.mirrored(tables).await?.profit(query, page).await
    }

    async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        let of = if query.as_of.is_some() { Table::Movements } else { Table::Stock };
        self.mirrored(&[Table::Locations, of]).await?.value(query).await
    }

    async fn reorder(&self, now: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        let tables = [Table::Items, Table::Locations, Table::Suppliers, Table::Stock, Table::Holds];
        self.mirrored(&tables).await?.reorder(now, page).await
    }

    async fn movements(&self, query: &MovementQuery, page: &PageRequest) -> Result<Page<Movement>, StoreError> {
        self.mirrored(&[Table::Movements]).await?.movements(query, page).await
    }

    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        scan::scan(&self.begin(Access::Read)?, table, page).await
    }
}

impl IndexedStore {
    /// Finds a document by its number in a series.
    async fn numbered<I: DeserializeOwned>(
        &self,
        names: &str,
        series: &str,
        number: u64,
    ) -> Result<Option<I>, StoreError> {
        let transaction = self.begin(Access::Read)?;
        let found = transaction.get(names, &key::numbered(series, number))?;
        transaction.answered().await?;
        found.row()
    }
}
