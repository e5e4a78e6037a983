//! SQLite: one file, one writer at a time, any number of readers.
//!
//! Every statement sent to SQLite through sqlx is a hop to another thread and back, which costs more than the statement
//! itself. So a load is one hop and a commit is two, each a text of several statements; a statement gets all of its rows
//! as one JSON array.

mod connect;
mod disk;
mod fault;
mod held;
mod interrupt;
mod question;
mod rows;
mod script;
mod write;

use super::{
    Abandoned, Ask, Dialect, Effect, Lent, Line, Purpose, Reading, Texts, Transaction, Unanswered, count, in_time,
};
use crate::options::{Missing, OpenOptions};
use crate::plan::Plan;
use crate::sql::Sql;
use crate::value::Row;
pub(crate) use connect::migrate;
use connect::{READER_CACHE_KIB, WRITER_CACHE_KIB, check_alone, check_file, connect_options, pool, run_one, unopened};
use disk::{Disk, Left};
pub(crate) use fault::OfDisk;
use fault::{ReadError, at_commit, failed, is_damaged};
use held::HeldSqlite;
use ims_core::{Conflict, Connections, Offset, Outcome, StoreError, StoreErrorKind};
use interrupt::Interrupt;
use script::{Begin, Tally};
use sqlx::Executor as _;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

type Connection = PoolConnection<sqlx::Sqlite>;

/// How long those who read are waited for when the write-ahead log is to be cut off.
const WAIT_FOR_READERS: &str = "PRAGMA busy_timeout = 250";
/// Copies the write-ahead log into the file and cuts it off.
const CUT_OFF_LOG: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// A SQLite file.
#[derive(Clone, Debug)]
pub(crate) struct Sqlite {
    file: Arc<Path>,
    writer: SqlitePool,
    readers: SqlitePool,
    reports: SqlitePool,
    texts: Texts,
    timeout: Duration,
    disk: Arc<Disk>,
    /// Whether the disk cannot be read, found out once: where it cannot, or the file is damaged, it stays so.
    unreadable: Arc<OnceCell<bool>>,
}

impl Sqlite {
    /// Opens a file, creates it if it is not there, and brings its schema up to date.
    pub(crate) async fn open(url: &str, options: &OpenOptions) -> Result<Self, StoreError> {
        let connect = connect_options(url, options)?;
        let file: Arc<Path> = connect.get_filename().into();
        let store = Sqlite {
            file: Arc::clone(&file),
            writer: pool(connect.clone(), 1, WRITER_CACHE_KIB, options),
            readers: pool(connect.clone(), options.for_commands(), READER_CACHE_KIB, options),
            reports: pool(connect, options.for_reports(), READER_CACHE_KIB, options),
            texts: Texts::default(),
            timeout: options.statement_timeout,
            disk: Arc::new(Disk::of(&file)),
            unreadable: Arc::default(),
        };
        check_alone(url, &file)?;
        let ready = match check_file(&file, options.missing) {
            Ok(()) => store.migrate(options.missing).await,
            empty => empty,
        };
        let ready = store.read_or_damaged(ready).await;
        ready.map_err(|error| unopened(store.told(error), &file, options.missing))?;
        Ok(store)
    }

    async fn migrate(&self, missing: Missing) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await.map_err(failed)?;
        let done = migrate(&mut connection, missing).await;
        if done.is_err() {
            connection.close_on_drop();
        }
        done
    }

    /// Makes the statements of a plan and then keeps or drops what they did.
    async fn commit_on(
        &self,
        connection: &mut Connection,
        plan: &Plan<'_>,
        begin: Begin,
    ) -> Result<Outcome, StoreError> {
        let text = self.texts.get(script::shape(plan, begin), || script::text(plan, begin));
        let run = script::run(connection, plan, text);
        let Tally { conflict, newest, catalog } = in_time(self.timeout, StoreErrorKind::Unavailable, run).await?;
        if conflict != Conflict::default() {
            in_time(self.timeout, StoreErrorKind::Unavailable, run_one(connection, "ROLLBACK")).await?;
            return Ok(Outcome::Conflict(conflict));
        }
        let end = async { connection.execute(sqlx::query("COMMIT")).await.map_err(at_commit) };
        in_time(self.timeout, StoreErrorKind::Unknown, end).await?;
        let own = u64::try_from(plan.catalog_step).unwrap_or_default();
        Ok(Outcome::Done { newest: Offset(newest), moved: catalog != plan.catalog.saturating_add(own) })
    }

    /// Writes a change.
    async fn commit_once(&self, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let mut connection = self.writer.acquire().await.map_err(|error| self.told(failed(error)))?;
        let outcome = self.commit_on(&mut connection, plan, Begin::Now).await;
        let Err(error) = outcome else { return outcome };
        // What is left of the transaction goes with the connection.
        connection.close_on_drop();
        drop(connection);
        self.read_or_damaged(Err(self.settle(plan, error).await)).await
    }

    /// Makes a statement.
    async fn write_once(&self, statement: &Sql) -> Result<Effect, StoreError> {
        let mut connection = self.writer.acquire().await.map_err(|error| self.told(failed(error)))?;
        let work = write::write(&mut connection, statement);
        let effect = in_time(self.timeout, StoreErrorKind::Unknown, work).await;
        let Err(error) = effect else { return effect };
        connection.close_on_drop();
        drop(connection);
        let kind = if self.is_full(&error) { StoreErrorKind::Full } else { error.kind };
        self.read_or_damaged(Err(StoreError::new(kind, error.source))).await
    }

    /// Tells a disk that cannot be read from a file that is damaged, of which SQLite says the same.
    async fn read_or_damaged<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match outcome {
            Err(error) if is_damaged(&error) && *self.unreadable.get_or_init(|| self.cannot_be_read()).await => {
                Err(StoreError::new(StoreErrorKind::Unavailable, ReadError))
            }
            outcome => outcome,
        }
    }

    /// Whether a part of the file cannot be read. Where nobody can look, it is damaged.
    async fn cannot_be_read(&self) -> bool {
        let disk = Arc::clone(&self.disk);
        tokio::task::spawn_blocking(move || disk.cannot_be_read()).await.unwrap_or(false)
    }

    /// Keeps the write-ahead log from taking what the file needs to grow.
    async fn keep_room(&self) -> Result<(), StoreError> {
        if self.disk.left() == Left::Enough {
            return Ok(());
        }
        self.make_room().await;
        match self.disk.left() {
            Left::Enough | Left::Little => Ok(()),
            Left::Kept => Err(StoreError::new(
                StoreErrorKind::Full,
                "what is left on the disk is kept for the file to grow when its write-ahead log is copied into it",
            )),
        }
    }

    /// Cuts the write-ahead log off: it alone may be what fills the disk.
    async fn make_room(&self) {
        let Ok(mut connection) = self.writer.acquire().await else { return };
        // It waits less long than others.
        connection.close_on_drop();
        let work = async {
            run_one(&mut connection, WAIT_FOR_READERS).await?;
            run_one(&mut connection, CUT_OFF_LOG).await
        };
        // Where that fails there is no more room than before: whoever writes is told.
        let _ = in_time(self.timeout, StoreErrorKind::Unavailable, work).await;
    }

    /// Tells a full disk from one that fails, where SQLite does not.
    fn told(&self, error: StoreError) -> StoreError {
        match error.kind {
            StoreErrorKind::Unavailable if self.is_full(&error) => StoreError::new(StoreErrorKind::Full, error.source),
            _ => error,
        }
    }

    /// Whether it failed because the disk is full.
    fn is_full(&self, error: &StoreError) -> bool {
        match OfDisk::in_error(error) {
            Some(OfDisk::Full) => true,
            Some(OfDisk::Shared) => self.disk.is_full(),
            Some(OfDisk::Failed | OfDisk::Unopened) | None => false,
        }
    }

    /// Tells a full disk from a lost answer: a change that did not fit is not there when it is looked for.
    async fn settle(&self, plan: &Plan<'_>, error: StoreError) -> StoreError {
        let error = self.told(error);
        if error.kind != StoreErrorKind::Unknown || !self.is_full(&error) {
            return error;
        }
        let Some(question) = plan.witness() else { return error };
        match self.ask(&[question], Reading::ROWS).await {
            Ok(answers) if answers.iter().all(Vec::is_empty) => StoreError::new(StoreErrorKind::Full, error.source),
            _ => error,
        }
    }
}

impl Ask for Sqlite {
    const WITHOUT_ITS_ASKER: Abandoned = Abandoned::Ends;

    async fn ask(&self, questions: &[Sql], reading: Reading) -> Result<Vec<Vec<Row>>, Unanswered> {
        let (pool, interrupt) = match reading.line {
            Line::Commands => (&self.readers, None),
            Line::Reports => (&self.reports, Some(Interrupt::default())),
        };
        let mut lent = Lent::of(pool.acquire().await.map_err(|error| self.told(failed(error)))?);
        if let Some(interrupt) = &interrupt {
            interrupt.watch(&mut lent.connection).await?;
        }
        let work = question::ask(&mut lent.connection, questions, Transaction::Own, reading.room);
        let answers = in_time(self.timeout, StoreErrorKind::Unavailable, work).await;
        if let (Ok(_), Some(interrupt)) = (&answers, interrupt) {
            interrupt.answered();
        }
        match lent.end(answers) {
            Err(Unanswered::Failed(error)) => Ok(self.read_or_damaged(Err(error)).await?),
            answered => answered,
        }
    }
}

impl Dialect for Sqlite {
    type Held = HeldSqlite;

    async fn commit(&self, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        self.keep_room().await?;
        match self.commit_once(plan).await {
            Err(error) if error.kind == StoreErrorKind::Full => {
                self.make_room().await;
                self.commit_once(plan).await
            }
            told => told,
        }
    }

    type Turn = Lent<sqlx::Sqlite>;

    /// There is one writer at a time: whoever may write has all rows.
    async fn take_turn(&self, _: &[Sql]) -> Result<Self::Turn, StoreError> {
        self.keep_room().await?;
        let mut lent = Lent::of(self.writer.acquire().await.map_err(|error| self.told(failed(error)))?);
        let work = run_one(&mut lent.connection, "BEGIN IMMEDIATE");
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await.map_err(|error| self.told(error))?;
        Ok(lent)
    }

    async fn extend_turn(&self, turn: Self::Turn, _: &[Sql]) -> Result<Self::Turn, StoreError> {
        Ok(turn)
    }

    async fn commit_in(&self, mut turn: Self::Turn, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let outcome = self.commit_on(&mut turn.connection, plan, Begin::Before).await;
        let outcome = turn.end(outcome);
        let Err(error) = outcome else { return outcome };
        match self.settle(plan, error).await {
            error if error.kind == StoreErrorKind::Full => {
                self.make_room().await;
                self.commit_once(plan).await
            }
            error => Err(error),
        }
    }

    async fn write(&self, statement: &Sql) -> Result<Effect, StoreError> {
        self.keep_room().await?;
        match self.write_once(statement).await {
            Err(error) if error.kind == StoreErrorKind::Full => {
                self.make_room().await;
                self.write_once(statement).await
            }
            told => told,
        }
    }

    const CLOCK: &'static str = "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)";

    /// The last connection that is closed takes the write-ahead log away.
    async fn close(&self) {
        self.reports.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }

    fn file(&self) -> Option<&Path> {
        Some(&self.file)
    }

    fn connections(&self) -> Connections {
        count([&self.writer, &self.readers, &self.reports])
    }

    async fn hold(&self, purpose: Purpose) -> Result<HeldSqlite, StoreError> {
        let (pool, begin) = match purpose {
            Purpose::Look => (&self.reports, "BEGIN"),
            Purpose::Write => (&self.writer, "BEGIN IMMEDIATE"),
        };
        let mut connection = pool.acquire().await.map_err(|error| self.told(failed(error)))?;
        connection.close_on_drop();
        in_time(self.timeout, StoreErrorKind::Unavailable, run_one(&mut connection, begin)).await?;
        Ok(HeldSqlite { connection, timeout: self.timeout, of: self.clone() })
    }
}
