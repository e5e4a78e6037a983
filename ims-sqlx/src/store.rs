//! The store: one type for every database.

use crate::address::{self, Kind};
use crate::dialect;
use crate::engine::{self, Engine};
use crate::options::OpenOptions;
use crate::registry::Registry;
use ims_core::{
    AnyStore, ChangeSet, Connections, EventPage, Loaded, MemoryStore, Offset, Outcome, ReadSet, Store, StoreError,
    StoreErrorKind, Turn,
};

/// A shop in a database. Cheap to clone: all clones share one pool of connections.
///
/// Its methods must be called on a tokio runtime. Dropping a call's future does not stop what the database was told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SqlStore {
    /// In a file.
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteStore),
    /// On a PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
    /// On a MySQL or MariaDB server.
    #[cfg(feature = "mysql")]
    MySql(MySqlStore),
}

macro_rules! stores {
    ($($(#[$doc:meta])* $name:ident = $feature:literal, $dialect:ty;)*) => {$(
        $(#[$doc])*
        #[cfg(feature = $feature)]
        #[derive(Clone, Debug)]
        pub struct $name(pub(crate) Engine<$dialect>);
    )*};
}

stores! {
    /// A shop in a SQLite file.
    SqliteStore = "sqlite", dialect::sqlite::Sqlite;
    /// A shop on a PostgreSQL server.
    PostgresStore = "postgres", dialect::postgres::Postgres;
    /// A shop on a MySQL or MariaDB server.
    MySqlStore = "mysql", dialect::mysql::MySql;
}

/// Does the same on every database.
macro_rules! on_each {
    ($store:expr, $engine:ident => $body:expr) => {
        match $store {
            #[cfg(feature = "sqlite")]
            $crate::SqlStore::Sqlite(store) => {
                let $engine = &store.0;
                $body
            }
            #[cfg(feature = "postgres")]
            $crate::SqlStore::Postgres(store) => {
                let $engine = &store.0;
                $body
            }
            #[cfg(feature = "mysql")]
            $crate::SqlStore::MySql(store) => {
                let $engine = &store.0;
                $body
            }
        }
    };
}
pub(crate) use on_each;

/// Opens a shop by any URL that [`open`] takes, or in memory by `memory:`, for programs that do not care which it is.
///
/// # Errors
/// As [`open`].
pub async fn open_any(url: &str, options: OpenOptions) -> Result<AnyStore, StoreError> {
    open_with_registry(url, options).await.map(|(store, _)| store)
}

/// Opens a shop as [`open_any`] does, and the registry in the same database, on the same connections.
///
/// # Errors
/// As [`open`].
pub async fn open_with_registry(url: &str, options: OpenOptions) -> Result<(AnyStore, Registry), StoreError> {
    if address::kind(url)? == Kind::Memory {
        return Ok((AnyStore::new(MemoryStore::new()), Registry::memory()));
    }
    let store = open(url, options).await?;
    let registry = store.registry();
    Ok((AnyStore::new(store), registry))
}

/// Opens a shop, and creates it where there is none yet, unless [it is told not to](OpenOptions::missing). The schema is brought up to date first.
///
/// | URL | |
/// |---|---|
/// | `sqlite:shop.db`, `sqlite:///var/lib/shop.db` | a file, created if need be; `?mode=ro` only reads, `?mode=rw` does not create, `?immutable=1` reads it where nothing may be written beside it, as long as nobody writes to it |
/// | `postgres://user:password@host:5432/database` | a PostgreSQL database that exists |
/// | `mysql://user:password@host:3306/database`, `mariadb://…` | a MySQL or MariaDB database that exists |
/// | `postgres://user@host1:5432,host2:5433/database`, `mysql://host1,host2/database` | the first of these hosts that takes what is written, looked for again where it is gone or only reads |
///
/// With `target_session_attrs=any` the first host that answers will do, also one that only reads.
///
/// # Errors
/// [`StoreErrorKind::Address`] for a URL of another kind or one that cannot be read, [`StoreErrorKind::Missing`] where there
/// is no such database or folder, or no shop in it that may be made, [`StoreErrorKind::Denied`] for a user whom the database does not let in,
/// [`StoreErrorKind::ReadOnly`] for one who may not make the tables, [`StoreErrorKind::Unavailable`] at once where nobody
/// listens, each with what to do. [`StoreErrorKind::Schema`] for a database that holds something else, and for a schema
/// that is newer than this software.
pub async fn open(url: &str, options: OpenOptions) -> Result<SqlStore, StoreError> {
    match address::kind(url)? {
        #[cfg(feature = "sqlite")]
        Kind::Sqlite => {
            let opened = Box::pin(dialect::sqlite::Sqlite::open(url, &options)).await?;
            Ok(SqlStore::Sqlite(SqliteStore(up_to_date(opened, &options).await?)))
        }
        #[cfg(feature = "postgres")]
        Kind::Postgres => {
            let opened = Box::pin(dialect::postgres::Postgres::open(url, &options)).await?;
            Ok(SqlStore::Postgres(PostgresStore(up_to_date(opened, &options).await?)))
        }
        #[cfg(feature = "mysql")]
        Kind::MySql => {
            let opened = Box::pin(dialect::mysql::MySql::open(url, &options)).await?;
            Ok(SqlStore::MySql(MySqlStore(up_to_date(opened, &options).await?)))
        }
        Kind::Memory => Err(StoreError::new(
            StoreErrorKind::Address,
            "a store in memory is in no database: open_any opens it, and name a file or a server here",
        )),
        #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
        left_out => Err(StoreError::new(
            StoreErrorKind::Address,
            format!("this program was built without what {left_out:?} needs: see the features of ims-sqlx"),
        )),
    }
}

/// Makes a store of an opened database, with the names that an older version has not given.
async fn up_to_date<D: dialect::Dialect>(opened: D, options: &OpenOptions) -> Result<Engine<D>, StoreError> {
    let engine = Engine::new(opened).patient(options.lock_timeout);
    engine.bring_names_up_to_date().await?;
    Ok(engine)
}

impl Store for SqlStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        on_each!(self, engine => engine.load(keys).await)
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        on_each!(self, engine => engine.commit(change).await)
    }

    async fn take_turn(&self, keys: &ReadSet) -> Result<Option<Turn>, StoreError> {
        on_each!(self, engine => engine.take_turn(keys).await.map(|turn| Some(Turn::of(turn))))
    }

    async fn extend_turn(&self, turn: Turn, keys: &ReadSet) -> Result<Turn, StoreError> {
        on_each!(self, engine => match turn.held() {
            Some(turn) => engine.extend_turn(turn, keys).await.map(Turn::of),
            None => Ok(Turn::of(())),
        })
    }

    async fn commit_in(&self, turn: Turn, change: ChangeSet) -> Result<Outcome, StoreError> {
        on_each!(self, engine => match turn.held() {
            Some(turn) => engine.commit_in(turn, change).await,
            // A turn of another store keeps nobody from anything here.
            None => engine.commit(change).await,
        })
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        on_each!(self, engine => engine.events(after, limit).await)
    }

    async fn pause(&self, attempt: u32) {
        engine::pause(attempt).await;
    }

    /// Waits for what is being done, and closes all connections. SQLite then copies what stands in its write-ahead log into
    /// the file, and takes the log away, unless another process has the file open.
    async fn close(&self) {
        on_each!(self, engine => engine.close().await);
    }

    fn connections(&self) -> Option<Connections> {
        Some(on_each!(self, engine => engine.connections()))
    }
}
