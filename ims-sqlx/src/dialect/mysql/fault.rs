//! What the server's error numbers mean.

use super::script::Mark;
use crate::dialect::{MISSING, failure};
use crate::table::CATALOG;
use ims_core::{Conflict, StoreError, StoreErrorKind};
use sqlx::mysql::MySqlDatabaseError;

/// Why a change was not written.
#[derive(Debug)]
pub(super) enum Stop {
    /// Something had changed. The transaction is still open.
    Conflict(Conflict),
    /// The server refused a statement. The transaction may still be open.
    Refused(StoreError),
    /// Nobody knows what became of the transaction.
    Lost(StoreError),
}

/// Something that is to be unique was there already.
const DUPLICATE: u16 = 1062;
/// A column cannot be null: how a statement of ours says that a version is not the one that was seen.
const NULL: u16 = 1048;
/// A sum does not fit: how a guard says that it is not so.
const TOO_LARGE: u16 = 1690;
/// A row that another one names is not there; the second number is the same without the words.
const NO_PARENT: [u16; 2] = [1452, 1216];

/// Says why a message ended early: with this error, at a statement with this mark. `lost` is what it means that no answer
/// came.
pub(super) fn stop(error: sqlx::Error, mark: Mark, lost: StoreErrorKind) -> Stop {
    let Some(number) = number(&error) else { return Stop::Lost(failure(lost, error)) };
    match (mark, number) {
        (Mark::Write(blamed), DUPLICATE | NULL) | (Mark::Guard(blamed), TOO_LARGE) => Stop::Conflict(blamed),
        (Mark::Write(_), number) if NO_PARENT.contains(&number) => Stop::Conflict(MISSING),
        (Mark::Head, NULL) => Stop::Conflict(CATALOG),
        // A cluster found another writer's change when it was to certify this one: it is undone.
        (Mark::Commit, 1213) => Stop::Refused(failure(StoreErrorKind::Retry, error)),
        (Mark::Commit, _) => Stop::Lost(failure(StoreErrorKind::Unknown, error)),
        _ => Stop::Refused(failure(kind_of(number), error)),
    }
}

/// Says what went wrong where nothing was to be committed.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    failure(number(&error).map_or(StoreErrorKind::Unavailable, kind_of), error)
}

/// Says what went wrong with a question. A connection that was lost is no harm: the question can be asked again.
pub(super) fn unanswered(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Io(_) => failure(StoreErrorKind::Retry, error),
        _ => failed(error),
    }
}

/// Says what went wrong with a statement that stands by itself; nothing where something that is to be unique was there
/// already. It is its own COMMIT: where no answer came, nobody knows what became of it.
pub(super) fn unwritten(error: sqlx::Error) -> Option<StoreError> {
    match number(&error) {
        Some(DUPLICATE) => None,
        Some(number) => Some(failure(kind_of(number), error)),
        None => Some(failure(StoreErrorKind::Unknown, error)),
    }
}

/// What a server says instead of letting somebody in.
pub(super) fn at_the_door(error: &sqlx::Error) -> StoreErrorKind {
    number(error).map_or(StoreErrorKind::Unavailable, kind_of)
}

fn number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?;
    Some(error.number())
}

/// What an error number says (<https://mariadb.com/kb/en/mariadb-error-code-reference/>,
/// <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html>).
fn kind_of(number: u16) -> StoreErrorKind {
    match number {
        // deadlock; row changed since it was read; lock wait timeout
        1213 | 1020 | 1205 => StoreErrorKind::Retry,
        // shutdown in progress; query interrupted; connection killed: another connection may be better
        1053 | 1317 | 1927 => StoreErrorKind::Retry,
        // out of range for column; value out of range
        1264 | TOO_LARGE => StoreErrorKind::OutOfRange,
        // disk full, error writing file, table full, temporary file full
        1021 | 1026 | 1114 | 1878 => StoreErrorKind::Full,
        // server runs read-only; read-only transaction; read-only mode
        1290 | 1792 | 1836 => StoreErrorKind::ReadOnly,
        // user, host or password; rights to a database, table, column, routine; a right of the whole server
        1044 | 1045 | 1130 | 1142 | 1143 | 1227 | 1370 | 1698 => StoreErrorKind::Denied,
        // unknown database
        1049 => StoreErrorKind::Missing,
        // no database selected; unknown table, column; syntax; statement format of the binary log
        1046 | 1051 | 1054 | 1064 | 1146 | 1665 => StoreErrorKind::Schema,
        // null, duplicate, foreign keys, checks (MariaDB, MySQL), truncated, too long, not a text, index damaged
        NULL | DUPLICATE | 1216 | 1217 | 1451 | 1452 | 4025 | 3819 | 1265 | 1406 | 1366 | 1034 | 1712 => {
            StoreErrorKind::Corrupt
        }
        _ => StoreErrorKind::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_tried_again_is_told_from_what_cannot() {
        for (number, kind) in [
            (1213, StoreErrorKind::Retry),
            (1205, StoreErrorKind::Retry),
            (1020, StoreErrorKind::Retry),
            (1927, StoreErrorKind::Retry),
            (1690, StoreErrorKind::OutOfRange),
            (1264, StoreErrorKind::OutOfRange),
            (1114, StoreErrorKind::Full),
            (1836, StoreErrorKind::ReadOnly),
            (1045, StoreErrorKind::Denied),
            (1142, StoreErrorKind::Denied),
            (1049, StoreErrorKind::Missing),
            (4025, StoreErrorKind::Corrupt),
            (3819, StoreErrorKind::Corrupt),
            (1047, StoreErrorKind::Unavailable),
        ] {
            assert_eq!(kind_of(number), kind, "{number}");
        }
    }
}
