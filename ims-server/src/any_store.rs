//! Any store that a URL can name.

use crate::failure::Failure;
use ims_core::{
    ChangeSet, Customer, EventPage, Item, Loaded, Location, MemoryStore, Movement, Offset, Order, OrderId, Outcome,
    Purchase, PurchaseId, ReadSet, Reports, Store, StoreError, Supplier, Timestamp,
    report::{
        AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
};
use ims_sqlx::{OpenOptions, SqlStore};
use std::{path::PathBuf, sync::Arc};

/// A store of a kind that is known only when the program runs.
#[derive(Debug)]
pub(crate) enum AnyStore {
    /// Rows in memory, gone when the program ends.
    Memory(MemoryStore),
    /// SQLite, PostgreSQL, MySQL or MariaDB.
    Sql(SqlStore),
}

/// Asks whichever store it is.
macro_rules! ask {
    ($self:ident.$question:ident($($argument:expr),*)) => {
        match $self {
            AnyStore::Memory(store) => store.$question($($argument),*).await,
            AnyStore::Sql(store) => store.$question($($argument),*).await,
        }
    };
}

impl Store for AnyStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        ask!(self.load(keys))
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
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

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is made where it is not there yet.
    MakeOrUse,
    /// It must be there.
    Use,
}

const KINDS: [&str; 6] = ["memory", "sqlite", "postgres", "postgresql", "mysql", "mariadb"];

impl AnyStore {
    /// Opens the store that a URL names.
    pub(crate) async fn open(url: &str, purpose: Purpose) -> crate::failure::Outcome<AnyStore> {
        let kind = url.split_once(':').map_or("", |(kind, _)| kind);
        if !KINDS.contains(&kind) {
            return Err(Failure::usage("store", format!("{} is not the URL of a store", shown(url)))
                .hint("such as sqlite:shop.db, postgres://user:password@host/database, mysql://… or memory:"));
        }
        if kind == "memory" {
            return Ok(AnyStore::Memory(MemoryStore::new()));
        }
        if let Some(file) = sqlite_file(url).filter(|file| purpose == Purpose::Use && !file.exists()) {
            return Err(Failure::store("store_missing", format!("there is no store at {}", file.display()))
                .hint("`ims init` opens a shop in a new store; --store or IMS_STORE name another one"));
        }
        Ok(AnyStore::Sql(ims_sqlx::open(url, OpenOptions::default()).await?))
    }
}

/// The file of a SQLite store.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.split('?').next()?;
    let path = path.strip_prefix("//").unwrap_or(path);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// A URL without its password.
pub(crate) fn shown(url: &str) -> String {
    let hidden = || {
        let (kind, rest) = url.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        Some(format!("{kind}://{user}:***@{host}"))
    };
    hidden().unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown("postgres://me:se:cr@et@db/shop"), "postgres://me:***@db/shop");
        assert_eq!(shown("postgres://me@db/shop"), "postgres://me@db/shop");
        assert_eq!(shown("sqlite:shop.db"), "sqlite:shop.db");
    }

    #[test]
    fn a_sqlite_url_names_a_file() {
        assert_eq!(sqlite_file("sqlite:shop.db?mode=ro"), Some(PathBuf::from("shop.db")));
        assert_eq!(sqlite_file("sqlite:///var/shop.db"), Some(PathBuf::from("/var/shop.db")));
        assert_eq!(sqlite_file("sqlite::memory:"), None);
        assert_eq!(sqlite_file("postgres://db/shop"), None);
    }
}
