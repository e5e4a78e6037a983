//! A transaction that is held open.

use super::fault::{OfDisk, at_commit, failed};
use super::rows::{add_rows, column_cell};
use super::{Connection, Sqlite, question, write};
use crate::dialect::on_conflict::{Source, statement};
use crate::dialect::{Effect, Held, Room, Transaction, in_time};
use crate::plan::Step;
use crate::sql::Sql;
use crate::value::Row;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Executor as _};
use std::time::Duration;

/// A connection inside a transaction.
#[derive(Debug)]
pub(crate) struct HeldSqlite {
    pub(super) connection: Connection,
    pub(super) timeout: Duration,
    /// The store that it is of.
    pub(super) of: Sqlite,
}

impl Held for HeldSqlite {
    async fn ask(&mut self, questions: &[Sql]) -> Result<Vec<Vec<Row>>, StoreError> {
        let work = question::ask(&mut self.connection, questions, Transaction::Open, Room::All);
        let answers = in_time(self.timeout, StoreErrorKind::Unavailable, work).await.map_err(StoreError::from);
        self.of.read_or_damaged(answers).await
    }

    async fn write(&mut self, statement: &Sql) -> Result<Effect, StoreError> {
        in_time(self.timeout, StoreErrorKind::Unavailable, write::write(&mut self.connection, statement)).await
    }

    async fn insert(&mut self, step: &Step<'_>) -> Result<u64, StoreError> {
        let text = statement(step, &Source { from: "jsonb_each(?) AS v", cell: &column_cell });
        let mut arguments = SqliteArguments::default();
        add_rows(&mut arguments, step.table.columns, &step.cells)?;
        let work = async {
            let insert = sqlx::query_with(AssertSqlSafe(text), arguments);
            self.connection.execute(insert).await.map_err(failed)
        };
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await.map(|done| done.rows_affected())
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        let end = async { self.connection.execute(sqlx::query("COMMIT")).await.map_err(at_commit) };
        let ended = in_time(self.timeout, StoreErrorKind::Unknown, end).await;
        ended.map(|_| ()).map_err(|error| match OfDisk::in_error(&error) {
            // What ends a transaction is written last, and found no room.
            Some(OfDisk::Full) => StoreError::new(StoreErrorKind::Full, error.source),
            _ => error,
        })
    }
}
