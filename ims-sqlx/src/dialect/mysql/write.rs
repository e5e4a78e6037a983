//! Statements that stand by themselves.

use super::connect::Server;
use super::fault::unwritten;
use super::question::render_with;
use crate::dialect::Effect;
use crate::sql::Sql;
use ims_core::StoreError;
use sqlx::{AssertSqlSafe, Executor as _, MySqlConnection};

/// Makes a statement, which is a transaction of its own.
pub(super) async fn write(
    connection: &mut MySqlConnection,
    statement: &Sql,
    server: &Server,
) -> Result<Effect, StoreError> {
    let text = render_with(statement, &[], server);
    match connection.execute(sqlx::raw_sql(AssertSqlSafe(text))).await {
        // The server tells a version where it wrote over something, and nothing where it did not.
        Ok(done) => Ok(Effect { rows: done.rows_affected(), version: done.last_insert_id().max(1) }),
        Err(error) => unwritten(error).map_or(Ok(Effect::default()), Err),
    }
}
