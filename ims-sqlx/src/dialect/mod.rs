//! What differs from database to database: one file each.

#[cfg(feature = "mysql")]
pub(crate) mod mysql;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod on_conflict;

mod held;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod hosts;
mod lent;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod reach;
mod reading;

pub(crate) use held::{Held, Moment};
#[cfg(any(feature = "postgres", feature = "mysql"))]
use hosts::Hosts;
pub(crate) use lent::Lent;
pub(crate) use reading::{Line, Reading, Room, Unanswered};

#[cfg(feature = "sqlite")]
use crate::plan::CatalogMay;
use crate::plan::{Guard, Op, Plan, Step};
use crate::sql::Sql;
use crate::value::Row;
use ims_core::{Conflict, Connections, Outcome, StoreError, StoreErrorKind};
use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What can be asked.
pub(crate) trait Ask: Clone + Send + Sync + 'static {
    /// What becomes of a report whose asker has gone.
    const WITHOUT_ITS_ASKER: Abandoned;

    /// Answers questions as of one moment, in their order.
    fn ask(
        &self,
        questions: &[Sql],
        reading: Reading,
    ) -> impl Future<Output = Result<Vec<Vec<Row>>, Unanswered>> + Send;
}

/// What becomes of a report whose asker has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abandoned {
    /// The database is told to end it, or learns that nobody is there.
    Ends,
    /// The database ends it when it is done or its time is over, and until then the connection is not free.
    GoesOn,
}

/// A database.
pub(crate) trait Dialect: Ask {
    /// A transaction that is held open.
    type Held: Held;

    /// A transaction that keeps others from changing rows until it commits a change. Dropped, it is undone, and its
    /// connection is not used again.
    type Turn: Send + 'static;

    /// Tries once to write a change, whole or not at all.
    fn commit(&self, plan: &Plan<'_>) -> impl Future<Output = Result<Outcome, StoreError>> + Send;

    /// Tries once to begin a transaction that locks rows, as these questions say.
    fn take_turn(&self, locks: &[Sql]) -> impl Future<Output = Result<Self::Turn, StoreError>> + Send;

    /// Locks more rows in such a transaction.
    fn extend_turn(
        &self,
        turn: Self::Turn,
        locks: &[Sql],
    ) -> impl Future<Output = Result<Self::Turn, StoreError>> + Send;

    /// Tries to write a change in such a transaction, and ends it.
    fn commit_in(&self, turn: Self::Turn, plan: &Plan<'_>) -> impl Future<Output = Result<Outcome, StoreError>> + Send;

    /// Tries once to make a statement that stands by itself. Where something that is to be unique was there already, it
    /// has no effect.
    fn write(&self, statement: &Sql) -> impl Future<Output = Result<Effect, StoreError>> + Send;

    /// Counts its connections.
    fn connections(&self) -> Connections;

    /// The file on this machine that the database is in, where it is in one.
    fn file(&self) -> Option<&Path> {
        None
    }

    /// Asks for the time in microseconds since 1970.
    const CLOCK: &'static str;

    /// Waits until its connections are not used any more, and closes them.
    fn close(&self) -> impl Future<Output = ()> + Send;

    /// Begins a transaction that is held open.
    fn hold(&self, purpose: Purpose) -> impl Future<Output = Result<Self::Held, StoreError>> + Send;
}

/// What a transaction is held open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To see one moment for a while, and to write nothing.
    Look,
    /// To write.
    Write,
}

/// Whether questions that belong together have a transaction already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transaction {
    /// They need one of their own.
    Own,
    /// They are asked in one that is open.
    Open,
}

/// Counts the connections of pools.
pub(crate) fn count<const N: usize, D: sqlx::Database>(pools: [&sqlx::Pool<D>; N]) -> Connections {
    pools.into_iter().fold(Connections::default(), |sum, pool| Connections {
        most: sum.most.saturating_add(pool.options().get_max_connections()),
        open: sum.open.saturating_add(pool.size()),
        idle: sum.idle.saturating_add(u32::try_from(pool.num_idle()).unwrap_or(u32::MAX)),
    })
}

/// What a statement that stands by itself has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effect {
    /// How many rows it wrote or took away; 0 for none.
    pub(crate) rows: u64,
    /// What version the entry has that was [written or written over](crate::sql::Piece::OrOverEntry).
    pub(crate) version: u64,
}

/// Writes over an entry of the registry that is there instead, and tells its version.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
const OR_OVER_ENTRY: &str = " ON CONFLICT (kind, name) DO UPDATE SET version = registry.version + 1, \
     body = excluded.body, expires_at = excluded.expires_at RETURNING version";

/// What a statement's failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Something that is to be unique was there already.
    Duplicate,
    /// A row that another one names is not there: it was decided on something else than what is stored.
    Missing,
    /// A failure of this kind, and nothing was written.
    Failed(StoreErrorKind),
}

/// What may have changed when a row that another one names is not there.
pub(crate) const MISSING: Conflict = Conflict { catalog: true, rows: true, commands: false };

/// Says what went wrong.
pub(crate) fn failure(kind: StoreErrorKind, source: sqlx::Error) -> StoreError {
    StoreError::new(kind, DriverError(source))
}

/// What a driver said, in the words of the database alone.
#[derive(Debug)]
pub(crate) struct DriverError(pub(crate) sqlx::Error);

impl std::fmt::Display for DriverError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        #[cfg(feature = "sqlite")]
        if let Some(of_disk) = sqlite::OfDisk::of(&self.0) {
            f.write_str(of_disk.words())?;
        }
        match &self.0 {
            // PostgreSQL's own error has the line of its source beside it, which nobody can use.
            sqlx::Error::Database(error) => f.write_str(error.message()),
            sqlx::Error::PoolTimedOut => {
                f.write_str("no connection in time: all connections that the store may have are busy")
            }
            other => other.fmt(f),
        }
    }
}

impl std::error::Error for DriverError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// Whether a store failed because the disk did that its file is on, and not the way to a server.
pub fn is_of_disk(error: &StoreError) -> bool {
    #[cfg(feature = "sqlite")]
    {
        sqlite::OfDisk::in_error(error) == Some(sqlite::OfDisk::Failed)
    }
    #[cfg(not(feature = "sqlite"))]
    {
        let _ = error;
        false
    }
}

/// Whoever may not write may only read.
pub(crate) fn unwritable(error: StoreError) -> StoreError {
    match error.kind {
        StoreErrorKind::Denied => StoreError::new(StoreErrorKind::ReadOnly, error.source),
        _ => error,
    }
}

/// Whoever may not make the tables can be told who may.
pub(crate) fn unmade(error: StoreError) -> StoreError {
    match unwritable(error) {
        StoreError { kind: StoreErrorKind::ReadOnly, source } => StoreError::new(
            StoreErrorKind::ReadOnly,
            format!("the tables cannot be made or brought up to date: {source}; open the store once as a user who may"),
        ),
        other => other,
    }
}

/// Gives up on work that takes too long. What it was done with must be thrown away then.
pub(crate) async fn in_time<T, E: From<StoreError>>(
    limit: Duration,
    kind: StoreErrorKind,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let late = || StoreError::new(kind, format!("the database did not answer within {} ms", limit.as_millis()));
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(late().into()))
}

/// Texts that are the same for every change of the same shape, kept so that they are not put together every time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(Arc<Mutex<HashMap<Vec<Shape>, Arc<str>>>>);

/// What the text of a statement depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Step(Op, &'static str, usize),
    Check(&'static str),
    #[cfg(feature = "sqlite")]
    Around {
        begins: bool,
        catalog_may: CatalogMay,
        marks: bool,
    },
}

/// What the text of steps and checks depends on.
pub(crate) fn shapes<'p, 'a: 'p>(
    steps: impl IntoIterator<Item = &'p Step<'a>>,
    checks: impl IntoIterator<Item = &'p Guard<'a>>,
) -> Vec<Shape> {
    let steps = steps.into_iter().map(|step| Shape::Step(step.op, step.table.name, step.table.columns.len()));
    steps.chain(checks.into_iter().map(|check| Shape::Check(check.table.name))).collect()
}

impl Texts {
    /// More shapes than any shop has; a bound, so that memory stays bounded whatever comes.
    const MOST: usize = 4_096;

    /// The text for a plan of these shapes, made if there is none yet.
    pub(crate) fn get(&self, shapes: Vec<Shape>, make: impl FnOnce() -> String) -> Arc<str> {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.len() > Self::MOST {
            texts.clear();
        }
        Arc::clone(texts.entry(shapes).or_insert_with(|| make().into()))
    }
}
