//! What SQLite's result codes mean.

use crate::dialect::{DriverError, Fault, failure};
use ims_core::{StoreError, StoreErrorKind};
use sqlx::error::DatabaseError as _;
use sqlx::sqlite::SqliteError;
use std::path::PathBuf;

/// What a failure says, before COMMIT was sent.
pub(super) fn fault(error: &sqlx::Error) -> Fault {
    match error {
        // SQLite has no result code of its own for this one.
        sqlx::Error::Database(error) if error.message() == "integer overflow" => {
            Fault::Failed(StoreErrorKind::OutOfRange)
        }
        sqlx::Error::Database(error) => fault_of(error.code().and_then(|code| code.parse().ok()).unwrap_or_default()),
        _ => Fault::Failed(StoreErrorKind::Unavailable),
    }
}

/// What a result code says (<https://sqlite.org/rescode.html>). Its low byte is the primary code.
fn fault_of(code: u32) -> Fault {
    use StoreErrorKind::{Corrupt, Denied, Full, OutOfRange, ReadOnly, Retry, Schema, Unavailable};
    match (code, code & 0xff) {
        // UNIQUE, PRIMARYKEY, ROWID
        (2067 | 1555 | 2579, _) => Fault::Duplicate,
        // FOREIGNKEY
        (787, _) => Fault::Missing,
        // DATATYPE: a sum that did not fit became a floating point number, which no column takes.
        (3091, _) => Fault::Failed(OutOfRange),
        // BUSY, LOCKED, SCHEMA
        (_, 5 | 6 | 17) => Fault::Failed(Retry),
        (_, 8) => Fault::Failed(ReadOnly),
        // PERM, AUTH
        (_, 3 | 23) => Fault::Failed(Denied),
        (_, 13) => Fault::Failed(Full),
        // NOTADB
        (_, 26) => Fault::Failed(Schema),
        // ERROR, CORRUPT, TOOBIG, CONSTRAINT, MISMATCH
        (_, 1 | 11 | 18 | 19 | 20) => Fault::Failed(Corrupt),
        _ => Fault::Failed(Unavailable),
    }
}

pub(super) fn failed(error: sqlx::Error) -> StoreError {
    let kind = match fault(&error) {
        Fault::Failed(kind) => kind,
        Fault::Duplicate | Fault::Missing => StoreErrorKind::Corrupt,
    };
    failure(kind, error)
}

/// What a failed COMMIT says: that the file was busy, or nothing certain.
pub(super) fn at_commit(error: sqlx::Error) -> StoreError {
    match fault(&error) {
        Fault::Failed(StoreErrorKind::Retry) => failure(StoreErrorKind::Retry, error),
        _ => failure(StoreErrorKind::Unknown, error),
    }
}

/// What was said of a file.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", file.display())]
pub(super) struct OfFile {
    pub(super) file: PathBuf,
    pub(super) source: Box<dyn std::error::Error + Send + Sync>,
}

/// A disk did not give what is on it. SQLite says of that what it says of a damaged file.
#[derive(Debug, thiserror::Error)]
#[error("the disk or the file system failed: a part of the file cannot be read")]
pub(super) struct ReadError;

/// CORRUPT
const DAMAGED: u32 = 11;

/// Whether SQLite says that the file is damaged.
pub(super) fn is_damaged(error: &StoreError) -> bool {
    let driver = error.source.downcast_ref::<DriverError>();
    let code = driver.and_then(|error| error.0.as_database_error()).and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == DAMAGED)
}

/// IOERR_SHMSIZE: the file that connections share could not grow.
const SHARED_SIZE: u32 = 4874;
/// CANTOPEN
const UNOPENED: u32 = 14;
/// READONLY_RECOVERY, READONLY_CANTLOCK, READONLY_CANTINIT, READONLY_DIRECTORY: what has to be written beside a file where it
/// is only read cannot be.
const UNOPENED_TO_READ: [u32; 4] = [264, 520, 1288, 1544];
/// IOERR
const DISK: u32 = 10;

/// What SQLite said about the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfDisk {
    /// There is no room.
    Full,
    /// A file could not grow: there is no room, or it failed.
    Shared,
    /// It failed.
    Failed,
    /// A file could not be opened, or what is beside it.
    Unopened,
}

impl OfDisk {
    /// What a driver's error says of it.
    pub(crate) fn of(error: &sqlx::Error) -> Option<OfDisk> {
        let error = error.as_database_error()?.try_downcast_ref::<SqliteError>()?;
        OfDisk::said_by(error.code()?.parse().ok()?)
    }

    /// What the source of an error says of it, or that one's source.
    pub(crate) fn in_error(error: &StoreError) -> Option<OfDisk> {
        let source: &(dyn std::error::Error + 'static) = &*error.source;
        let of_file = source.downcast_ref::<OfFile>();
        let source = of_file.map_or(Some(source), std::error::Error::source)?;
        if source.is::<ReadError>() {
            return Some(OfDisk::Failed);
        }
        OfDisk::of(&source.downcast_ref::<DriverError>()?.0)
    }

    /// What stands before SQLite's own words, which say no more than that something failed.
    pub(crate) fn words(self) -> &'static str {
        match self {
            OfDisk::Shared => "the file that programs share beside the store could not grow: ",
            OfDisk::Failed => "the disk or the file system failed: ",
            OfDisk::Full | OfDisk::Unopened => "",
        }
    }

    fn said_by(code: u32) -> Option<OfDisk> {
        match (code, code & 0xff) {
            (SHARED_SIZE, _) => Some(OfDisk::Shared),
            (_, 13) => Some(OfDisk::Full),
            (_, DISK) => Some(OfDisk::Failed),
            (_, UNOPENED) => Some(OfDisk::Unopened),
            _ if UNOPENED_TO_READ.contains(&code) => Some(OfDisk::Unopened),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fails_is_neither_full_nor_closed_to_a_user() {
        use StoreErrorKind::{Corrupt, Denied, Full, ReadOnly, Unavailable};
        for (code, kind, of_disk) in [
            (13, Full, Some(OfDisk::Full)),
            // IOERR, IOERR_READ, IOERR_SHORT_READ, IOERR_FSYNC, IOERR_CORRUPTFS
            (10, Unavailable, Some(OfDisk::Failed)),
            (266, Unavailable, Some(OfDisk::Failed)),
            (522, Unavailable, Some(OfDisk::Failed)),
            (1034, Unavailable, Some(OfDisk::Failed)),
            (8458, Unavailable, Some(OfDisk::Failed)),
            // IOERR_SHMSIZE, IOERR_SHMMAP
            (4874, Unavailable, Some(OfDisk::Shared)),
            (5386, Unavailable, Some(OfDisk::Failed)),
            // CANTOPEN, CANTOPEN_ISDIR
            (14, Unavailable, Some(OfDisk::Unopened)),
            (526, Unavailable, Some(OfDisk::Unopened)),
            (3, Denied, None),
            (8, ReadOnly, None),
            // READONLY_CANTINIT, READONLY_DIRECTORY, READONLY_ROLLBACK
            (1288, ReadOnly, Some(OfDisk::Unopened)),
            (1544, ReadOnly, Some(OfDisk::Unopened)),
            (776, ReadOnly, None),
            (11, Corrupt, None),
            // NOMEM
            (7, Unavailable, None),
        ] {
            assert_eq!(fault_of(code), Fault::Failed(kind), "{code}");
            assert_eq!(OfDisk::said_by(code), of_disk, "{code}");
        }
    }
}
