//! How the file is opened, and how its tables are made.

use super::fault::{OfDisk, OfFile, failed};
use crate::address::unreadable;
use crate::backup::{self, IsBackup};
use crate::dialect::unmade;
use crate::migrate::{CREATE_VERSION, Found, Migration, READ_VERSION, WRITE_VERSION, pending};
use crate::options::{Durability, Missing, OpenOptions};
use ims_core::{StoreError, StoreErrorKind};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _, Row as _, SqliteConnection};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

const MIGRATIONS: &[Migration] = &[
    include_str!("../../../migrations/sqlite/0001_shop.sql"),
    include_str!("../../../migrations/sqlite/0002_names.sql"),
    include_str!("../../../migrations/sqlite/0003_moments.sql"),
    include_str!("../../../migrations/sqlite/0004_amounts.sql"),
    include_str!("../../../migrations/sqlite/0005_catalog_changes.sql"),
];

/// Memory for pages of the file that the writer keeps: 16 MiB.
pub(super) const WRITER_CACHE_KIB: u32 = 16 * 1024;
/// Memory for pages of the file that each reader keeps: 2 MiB. The system keeps the file's pages, too.
pub(super) const READER_CACHE_KIB: u32 = 2 * 1024;
/// The write-ahead log is copied into the file when it has so many pages (16 MiB): seldom enough that pages which are
/// written again and again are copied once, often enough that the log stays small.
const CHECKPOINT_PAGES: u32 = 4_000;
/// What is left of the write-ahead log when it begins anew, however large somebody who read for long made it: 64 MiB.
const LOG_BYTES: u32 = 64 * 1024 * 1024;
/// Rows that may wait between SQLite's thread and ours.
const ROW_BUFFER: usize = 1_024;
/// Texts that a connection keeps prepared; each may have some twenty statements.
const STATEMENTS: usize = 64;

/// Connections that are made when they are needed.
pub(super) fn pool(connect: SqliteConnectOptions, most: u32, cache_kib: u32, options: &OpenOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(most)
        .acquire_timeout(options.acquire_timeout)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(connect.pragma("cache_size", format!("-{cache_kib}")))
}

pub(super) fn connect_options(url: &str, options: &OpenOptions) -> Result<SqliteConnectOptions, StoreError> {
    let connect = SqliteConnectOptions::from_str(url).map_err(|error| unreadable(&error))?;
    // Who names a mode means it; everybody else wants a shop, new or not.
    let connect = match options.missing {
        Missing::Create if url.contains("mode=") => connect,
        Missing::Create => connect.create_if_missing(true),
        Missing::Refuse => connect.create_if_missing(false),
    };
    let only_reads = url.contains("mode=ro") || is_immutable(url);
    let connect = if only_reads { connect } else { connect.journal_mode(SqliteJournalMode::Wal) };
    Ok(connect
        .synchronous(match options.durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Normal => SqliteSynchronous::Normal,
        })
        .busy_timeout(options.lock_timeout)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        .pragma("journal_size_limit", LOG_BYTES.to_string())
        .pragma("temp_store", "memory")
        .row_buffer_size(ROW_BUFFER)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging())
}

/// Brings the schema up to date. The version is looked at before the file is locked, and again after.
pub(crate) async fn migrate(connection: &mut SqliteConnection, missing: Missing) -> Result<(), StoreError> {
    if pending(MIGRATIONS, found(connection).await?, missing)?.is_empty() {
        return Ok(());
    }
    make(connection, missing).await.map_err(unmade)
}

/// Makes what is missing.
async fn make(connection: &mut SqliteConnection, missing: Missing) -> Result<(), StoreError> {
    // A table that is made again goes and comes back: what names it is checked when all is done.
    run_one(connection, "PRAGMA foreign_keys = OFF").await?;
    run_one(connection, "BEGIN IMMEDIATE").await?;
    for (version, migration) in pending(MIGRATIONS, found(connection).await?, missing)? {
        run_one(connection, CREATE_VERSION).await?;
        connection.execute(migration).await.map_err(failed)?;
        connection.execute(sqlx::query(WRITE_VERSION).bind(version)).await.map_err(failed)?;
    }
    if connection.fetch_optional("PRAGMA foreign_key_check").await.map_err(failed)?.is_some() {
        let missing = "a row names another one that is not there; nothing was changed";
        return Err(StoreError::new(StoreErrorKind::Corrupt, missing));
    }
    run_one(connection, "COMMIT").await?;
    run_one(connection, "PRAGMA foreign_keys = ON").await
}

async fn found(connection: &mut SqliteConnection) -> Result<Found, StoreError> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE name = 'ims_schema') FROM sqlite_schema";
    let row = connection.fetch_one(tables).await.map_err(failed)?;
    let (all, ours): (i64, i64) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
    match (all, ours) {
        (0, _) => Ok(Found::Nothing),
        (_, 0) => Ok(Found::Foreign),
        _ => {
            let row = connection.fetch_one(READ_VERSION).await.map_err(failed)?;
            row.try_get(0).map(Found::Version).map_err(failed)
        }
    }
}

/// Whether an address says that nobody writes to the file, so that it is read without anything beside it.
fn is_immutable(url: &str) -> bool {
    let settings = url.split_once('?').map_or("", |(_, settings)| settings);
    settings.split('&').any(|setting| matches!(setting, "immutable=1" | "immutable=true"))
}

/// The write-ahead log beside a file, where changes stand in it.
fn changes_beside(file: &Path) -> Option<PathBuf> {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let log = PathBuf::from(log);
    std::fs::metadata(&log).is_ok_and(|found| found.len() > 0).then_some(log)
}

/// Refuses to read a file alone where changes stand beside it: what is older would be taken for what is there.
pub(super) fn check_alone(url: &str, file: &Path) -> Result<(), StoreError> {
    let Some(log) = changes_beside(file).filter(|_| is_immutable(url)) else { return Ok(()) };
    let words = format!("{}: immutable=1 would leave out {}", file.display(), in_log(&log));
    Err(StoreError::new(StoreErrorKind::Address, words))
}

/// What to do about changes that are not in the file.
fn in_log(log: &Path) -> String {
    format!(
        "the changes in {}: have somebody open the store who may write there, or copy both files to a folder of your own",
        log.display()
    )
}

/// Says how a file is read where nothing can be written beside it.
fn to_read(file: &Path) -> String {
    let shown = file.display();
    match changes_beside(file) {
        Some(log) => format!("{shown} cannot be read without {}", in_log(&log)),
        None => format!(
            "SQLite writes beside {shown} even where it only reads, and may not: as long as nobody writes to it, \
             sqlite:{shown}?immutable=1 reads it alone"
        ),
    }
}

/// Refuses a file without a byte in it where a shop has to be there: what SQLite is told when it opens a file makes it one.
pub(super) fn check_file(file: &Path, missing: Missing) -> Result<(), StoreError> {
    match std::fs::metadata(file) {
        Ok(found) if found.len() == 0 && found.is_file() => pending(MIGRATIONS, Found::Nothing, missing).map(|_| ()),
        _ => Ok(()),
    }
}

/// Says why a file cannot be opened: SQLite itself says no more than that.
pub(super) fn unopened(error: StoreError, file: &Path, missing: Missing) -> StoreError {
    let shown = file.display();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let (kind, why) = match (error.kind, std::fs::metadata(file)) {
        (StoreErrorKind::Schema, _) if backup::is_backup(file) => {
            return StoreError::new(StoreErrorKind::Address, IsBackup { file: file.to_owned() });
        }
        (kind @ (StoreErrorKind::Schema | StoreErrorKind::Missing), _) => (kind, format!("{shown}: {}", error.source)),
        (StoreErrorKind::Unavailable, Ok(found)) if found.is_dir() => {
            (StoreErrorKind::Address, format!("{shown} is a folder: name a file in it, such as sqlite:{shown}/shop.db"))
        }
        (StoreErrorKind::Unavailable | StoreErrorKind::Full, _)
            if OfDisk::in_error(&error) != Some(OfDisk::Unopened) =>
        {
            return StoreError::new(error.kind, OfFile { file: file.to_owned(), source: error.source });
        }
        (StoreErrorKind::ReadOnly, Ok(_)) if OfDisk::in_error(&error) != Some(OfDisk::Unopened) => return error,
        (StoreErrorKind::Unavailable | StoreErrorKind::ReadOnly, Ok(found)) if found.is_file() && may_be_read(file) => {
            (StoreErrorKind::ReadOnly, to_read(file))
        }
        (StoreErrorKind::Unavailable, Ok(_)) => {
            (StoreErrorKind::Denied, format!("{shown} may not be opened by the user that runs this: {}", error.source))
        }
        (StoreErrorKind::Unavailable, Err(gone)) if gone.kind() == io::ErrorKind::NotFound => match folder {
            Some(folder) if !folder.exists() => (
                StoreErrorKind::Missing,
                format!("there is no folder {}: make it, or name another one", folder.display()),
            ),
            _ if missing == Missing::Refuse => (StoreErrorKind::Missing, format!("there is no file {shown}")),
            _ => {
                (StoreErrorKind::Missing, format!("there is no file {shown}, or it may not be made: {}", error.source))
            }
        },
        (StoreErrorKind::Unavailable, Err(other)) => (StoreErrorKind::Denied, format!("{shown}: {other}")),
        _ => return error,
    };
    StoreError::new(kind, why)
}

fn may_be_read(file: &Path) -> bool {
    std::fs::File::open(file).is_ok()
}

pub(super) async fn run_one(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), StoreError> {
    connection.execute(sqlx::query(sql)).await.map(|_| ()).map_err(failed)
}
