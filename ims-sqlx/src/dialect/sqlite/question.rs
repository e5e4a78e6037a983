//! Questions, and the rows that answer them.

use super::fault::failed;
use super::rows::{add, bind, cell, json};
use crate::dialect::{OR_OVER_ENTRY, Room, Transaction, Unanswered, failure};
use crate::sql::{Piece, Place, Sql, beyond};
use crate::value::{Kind, Row, Value};
use futures_util::TryStreamExt as _;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Either, Executor as _, Row as _, SqliteConnection};
use std::fmt::Write as _;

/// Asks all questions in one hop. Several are asked in a transaction, so that they see the same moment.
pub(super) async fn ask(
    connection: &mut SqliteConnection,
    questions: &[Sql],
    transaction: Transaction,
    mut room: Room,
) -> Result<Vec<Vec<Row>>, Unanswered> {
    let mut text = String::new();
    let mut arguments = SqliteArguments::default();
    let together = questions.len() > 1 && transaction == Transaction::Own;
    if together {
        text.push_str("BEGIN;");
    }
    for question in questions {
        render(question, &mut text, &mut arguments)?;
        text.push(';');
    }
    if together {
        text.push_str("COMMIT");
    }
    let mut answers: Vec<Vec<Row>> = questions.iter().map(|_| Vec::new()).collect();
    let before_first = usize::from(together);
    let mut statement: usize = 0;
    let mut results = connection.fetch_many(sqlx::query_with(AssertSqlSafe(text), arguments));
    while let Some(result) = results.try_next().await.map_err(failed)? {
        let at = statement.checked_sub(before_first);
        match result {
            Either::Left(_) => statement = statement.saturating_add(1),
            Either::Right(row) => {
                let Some((question, answer)) = at.and_then(|at| questions.get(at).zip(answers.get_mut(at))) else {
                    continue;
                };
                let row = read_row(&row, &question.shape)?;
                room.take(&row)?;
                answer.push(row);
            }
        }
    }
    Ok(answers)
}

/// Writes a question, or a statement that stands by itself.
pub(super) fn render(question: &Sql, text: &mut String, arguments: &mut SqliteArguments) -> Result<(), StoreError> {
    for piece in &question.pieces {
        match piece {
            Piece::Sql(sql) => text.push_str(sql),
            Piece::JoinEach => text.push_str(" CROSS JOIN "),
            Piece::Waits => text.push_str("l.item = k.c0 AND l.backordered > 0"),
            Piece::Value(value) => {
                text.push('?');
                bind(arguments, value)?;
            }
            Piece::Keys(keys) => {
                text.push_str(&keys_text(&keys.kinds));
                add(arguments, json(&keys.cells, keys.kinds.len()))?;
            }
            Piece::Sum(column) => _ = write!(text, "SUM({column})"),
            Piece::SumOver(column, window) => _ = write!(text, "SUM({column}) OVER ({window})"),
            Piece::Beyond(Place { columns, direction }) => {
                // As one comparison of rows, so that an index finds the place even where many rows share the first value.
                let names = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
                let marks = vec!["?"; columns.len()].join(", ");
                _ = write!(text, "({names}) {} ({marks})", beyond(*direction));
                for (_, value) in columns {
                    bind(arguments, value)?;
                }
            }
            Piece::Contains(column, needle) => {
                _ = write!(text, "instr({column}, ?) > 0");
                add(arguments, needle.clone())?;
            }
            // Whoever writes at all has every row.
            Piece::Lock(_) => {}
            Piece::OrOverEntry => text.push_str(OR_OVER_ENTRY),
        }
    }
    Ok(())
}

fn keys_text(kinds: &[Kind]) -> String {
    let cells = kinds.iter().enumerate().map(|(place, kind)| format!("{} AS c{place}", cell("value", place, *kind)));
    format!("(SELECT {} FROM jsonb_each(?)) AS k", cells.collect::<Vec<_>>().join(", "))
}

fn read_row(row: &SqliteRow, shape: &[Kind]) -> Result<Row, StoreError> {
    shape.iter().enumerate().map(|(at, kind)| read_value(row, at, *kind)).collect()
}

pub(super) fn read_value(row: &SqliteRow, at: usize, kind: Kind) -> Result<Value<'static>, StoreError> {
    let value = match kind {
        Kind::Int => row.try_get::<Option<i64>, _>(at).map(Value::from),
        Kind::Text => row.try_get::<Option<String>, _>(at).map(Value::from),
        Kind::Id => row.try_get::<Option<&[u8]>, _>(at).and_then(|bytes| match bytes.map(<[u8; 16]>::try_from) {
            None => Ok(Value::Null),
            Some(Ok(bytes)) => Ok(Value::Id(u128::from_be_bytes(bytes))),
            Some(Err(error)) => Err(sqlx::Error::Decode(Box::new(error))),
        }),
    };
    value.map_err(|error| failure(StoreErrorKind::Corrupt, error))
}
