//! What SQLite's result codes mean.

use crate::dialect::{DriverError, Fault, failure};
use ims_core::{StoreError, StoreErrorKind};

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
        // FULL; IOERR_SHMSIZE: the file that connections share could not grow
        (4874, _) | (_, 13) => Fault::Failed(Full),
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

pub(super) fn is_full(error: &StoreError) -> bool {
    let Some(error) = error.source.downcast_ref::<DriverError>() else { return false };
    fault(&error.0) == Fault::Failed(StoreErrorKind::Full)
}
