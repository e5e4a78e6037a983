//! A transaction that is held open.

use super::{Connection, add_rows, ask_on, at_commit, failed, make, render, unnest};
use crate::dialect::on_conflict::{Source, statement};
use crate::dialect::{Effect, Held, Room, Transaction, in_time};
use crate::plan::Step;
use crate::sql::Sql;
use crate::table::Column;
use crate::value::Row;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::postgres::PgArguments;
use sqlx::{AssertSqlSafe, Executor as _};
use std::time::Duration;

/// A connection inside a transaction.
#[derive(Debug)]
pub(crate) struct HeldPostgres {
    pub(super) connection: Connection,
    pub(super) timeout: Duration,
}

impl Held for HeldPostgres {
    async fn ask(&mut self, questions: &[Sql]) -> Result<Vec<Vec<Row>>, StoreError> {
        let work = ask_on(&mut self.connection, questions, Transaction::Open, Room::All);
        Ok(in_time(self.timeout, StoreErrorKind::Unavailable, work).await?)
    }

    async fn write(&mut self, statement: &Sql) -> Result<Effect, StoreError> {
        let (text, arguments) = render(statement)?;
        let work = make(&mut self.connection, text, arguments);
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await.map(Option::unwrap_or_default)
    }

    async fn insert(&mut self, step: &Step<'_>) -> Result<u64, StoreError> {
        let columns = step.table.columns;
        let cell = |place: usize, _: &Column| format!("v.c{place}");
        let text = statement(step, &Source { from: &unnest("v", 0, columns), cell: &cell });
        let mut arguments = PgArguments::default();
        add_rows(&mut arguments, columns, &step.cells)?;
        let work =
            async { self.connection.execute(sqlx::query_with(AssertSqlSafe(text), arguments)).await.map_err(failed) };
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await.map(|done| done.rows_affected())
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        let end = async { self.connection.execute("COMMIT").await.map_err(at_commit) };
        in_time(self.timeout, StoreErrorKind::Unknown, end).await.map(|_| ())
    }
}
