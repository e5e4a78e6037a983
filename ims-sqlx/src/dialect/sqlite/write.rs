//! Statements that stand by themselves.

use super::fault::{failed, fault};
use super::question::{read_value, render};
use crate::dialect::{Effect, Fault};
use crate::sql::Sql;
use crate::value::{Kind, Value};
use futures_util::TryStreamExt as _;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Either, Executor as _, SqliteConnection};

/// Makes a statement, which is a transaction of its own.
pub(super) async fn write(connection: &mut SqliteConnection, statement: &Sql) -> Result<Effect, StoreError> {
    let (mut text, mut arguments) = (String::new(), SqliteArguments::default());
    render(statement, &mut text, &mut arguments)?;
    let mut effect = Effect::default();
    let mut results = connection.fetch_many(sqlx::query_with(AssertSqlSafe(text), arguments));
    loop {
        match results.try_next().await {
            Ok(None) => return Ok(effect),
            Ok(Some(Either::Left(done))) => effect.rows = done.rows_affected(),
            Ok(Some(Either::Right(row))) => {
                if let Value::Int(version) = read_value(&row, 0, Kind::Int)? {
                    effect.version = version.cast_unsigned();
                }
            }
            Err(error) if fault(&error) == Fault::Duplicate => return Ok(Effect::default()),
            Err(error) => return Err(unanswered(error)),
        }
    }
}

/// The statement is its own COMMIT: what SQLite does not say for certain, nobody knows.
fn unanswered(error: sqlx::Error) -> StoreError {
    match failed(error) {
        StoreError { kind: StoreErrorKind::Unavailable, source } => StoreError::new(StoreErrorKind::Unknown, source),
        certain => certain,
    }
}
