//! A transaction that is held open.

use super::connect::Server;
use super::fault::failed;
use super::script::Script;
use super::{Connection, question, write};
use crate::dialect::{Effect, Held, Room, Transaction, failure, in_time};
use crate::plan::Step;
use crate::sql::Sql;
use crate::value::Row;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::{AssertSqlSafe, Executor as _};
use std::time::Duration;

/// A connection inside a transaction.
#[derive(Debug)]
pub(crate) struct HeldMySql {
    pub(super) connection: Connection,
    pub(super) server: Server,
    pub(super) timeout: Duration,
}

impl Held for HeldMySql {
    async fn ask(&mut self, questions: &[Sql]) -> Result<Vec<Vec<Row>>, StoreError> {
        let work = question::ask(&mut self.connection, questions, &self.server, Transaction::Open, Room::All);
        Ok(in_time(self.timeout, StoreErrorKind::Unavailable, work).await?)
    }

    async fn write(&mut self, statement: &Sql) -> Result<Effect, StoreError> {
        let work = write::write(&mut self.connection, statement, &self.server);
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await
    }

    async fn insert(&mut self, step: &Step<'_>) -> Result<u64, StoreError> {
        let mut rows: u64 = 0;
        for packet in Script::of_step(step, &self.server).packets {
            let work =
                async { self.connection.execute(sqlx::raw_sql(AssertSqlSafe(packet.text))).await.map_err(failed) };
            let done = in_time(self.timeout, StoreErrorKind::Unavailable, work).await?;
            rows = rows.saturating_add(done.rows_affected());
        }
        Ok(rows)
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        let unknown = |error| failure(StoreErrorKind::Unknown, error);
        let end = async { self.connection.execute("COMMIT").await.map_err(unknown) };
        in_time(self.timeout, StoreErrorKind::Unknown, end).await.map(|_| ())
    }
}
