//! Questions, and the rows that answer them.

use super::connect::Server;
use super::fault::unanswered;
use super::literal::{longest, push, push_keys};
use crate::dialect::{Room, Transaction, Unanswered, failure};
use crate::sql::{Keys, Lock, Piece, Place, Sql, beyond};
use crate::value::{Kind, Row, Value};
use futures_util::TryStreamExt as _;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Either, Executor as _, MySql, MySqlConnection, Row as _, ValueRef as _};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Begins a transaction that sees this moment.
pub(super) const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;";
/// Writes over an entry of the registry that is there instead, and tells its version.
const OR_OVER_ENTRY: &str = " ON DUPLICATE KEY UPDATE version = LAST_INSERT_ID(version + 1), body = VALUES(body), \
     expires_at = VALUES(expires_at)";
const END: &str = "COMMIT";

/// A message: its text, and for each of its statements the question that it answers a part of.
#[derive(Default)]
struct Message {
    text: String,
    asks: Vec<Option<usize>>,
}

/// Asks all questions in one message, where they fit into one. Several are asked in a transaction, so that they see the
/// same moment.
pub(super) async fn ask(
    connection: &mut MySqlConnection,
    questions: &[Sql],
    server: &Server,
    transaction: Transaction,
    mut room: Room,
) -> Result<Vec<Vec<Row>>, Unanswered> {
    let mut answers: Vec<Vec<Row>> = questions.iter().map(|_| Vec::new()).collect();
    for message in messages(questions, server, transaction) {
        let mut asks = message.asks.into_iter();
        let mut at = asks.next().flatten();
        let mut results = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(message.text)));
        while let Some(result) = results.try_next().await.map_err(unanswered)? {
            match result {
                Either::Left(_) => at = asks.next().flatten(),
                Either::Right(row) => {
                    if let Some((question, answer)) = at.and_then(|at| questions.get(at).zip(answers.get_mut(at))) {
                        let row = read_row(&row, &question.shape)?;
                        room.take(&row)?;
                        answer.push(row);
                    }
                }
            }
        }
    }
    Ok(answers)
}

fn messages(questions: &[Sql], server: &Server, transaction: Transaction) -> Vec<Message> {
    let mut messages = vec![Message::default()];
    let mut statements: Vec<(usize, String)> = Vec::with_capacity(questions.len());
    for (at, question) in questions.iter().enumerate() {
        statements.extend(render(question, server).into_iter().map(|text| (at, text)));
    }
    let together = statements.len() > 1 && transaction == Transaction::Own;
    if together && let Some(first) = messages.last_mut() {
        first.push(None, BEGIN);
    }
    for (at, text) in statements {
        let full = |message: &Message| {
            !message.asks.is_empty() && message.text.len().saturating_add(text.len()) > server.packet_bytes
        };
        if messages.last().is_some_and(full) {
            messages.push(Message::default());
        }
        if let Some(message) = messages.last_mut() {
            message.push(Some(at), &text);
            message.text.push(';');
        }
    }
    if together && let Some(last) = messages.last_mut() {
        last.push(None, END);
    }
    messages
}

impl Message {
    fn push(&mut self, ask: Option<usize>, text: &str) {
        self.asks.push(ask);
        self.text.push_str(text);
    }
}

/// Writes a question as one statement, or as several where it names more keys than go into a message.
fn render(question: &Sql, server: &Server) -> Vec<String> {
    let keys = question.pieces.iter().find_map(|piece| match piece {
        Piece::Keys(keys) => Some(keys),
        _ => None,
    });
    let Some(keys) = keys else { return vec![render_with(question, &[], server)] };
    let row_bytes = |row: &[Value<'_>]| row.iter().map(longest).fold(0, usize::saturating_add);
    let width = keys.kinds.len().max(1);
    let widest = keys.cells.chunks(width).map(row_bytes).max().unwrap_or(1).max(1);
    let rows = server.packet_bytes.checked_div(widest.saturating_mul(2)).unwrap_or(1).max(1);
    keys.cells.chunks(rows.saturating_mul(width)).map(|cells| render_with(question, cells, server)).collect()
}

/// Writes a question, or a statement that stands by itself, with these keys in it.
pub(super) fn render_with(question: &Sql, key_cells: &[Value<'_>], server: &Server) -> String {
    let mut text = String::new();
    for piece in &question.pieces {
        match piece {
            Piece::Sql(sql) => text.push_str(sql),
            Piece::JoinEach => text.push_str(" STRAIGHT_JOIN "),
            Piece::Waits => text.push_str("l.waiting = k.c0"),
            Piece::Value(value) => push(&mut text, value),
            Piece::Keys(Keys { kinds, .. }) => push_keys(&mut text, "k", kinds, key_cells, server.collation),
            Piece::Sum(column) => _ = write!(text, "SUM({column})"),
            Piece::SumOver(column, window) => _ = write!(text, "SUM({column}) OVER ({window})"),
            Piece::Beyond(place) => push_beyond(&mut text, place),
            Piece::Contains(column, needle) => {
                _ = write!(text, "LOCATE(");
                push(&mut text, &Value::Text(Cow::Borrowed(needle)));
                _ = write!(text, ", {column}) > 0");
            }
            Piece::OrOverEntry => text.push_str(OR_OVER_ENTRY),
            // The two kinds of server have no other words in common.
            Piece::Lock(Lock::Kept) => text.push_str(" LOCK IN SHARE MODE"),
            Piece::Lock(Lock::Mine) => text.push_str(" FOR UPDATE"),
        }
    }
    text
}

/// Writes that a row stands beyond a place, column by column: from a comparison of rows these databases do not learn where
/// in an index to begin, and read it from its start.
fn push_beyond(text: &mut String, Place { columns, direction }: &Place) {
    let mut open: usize = 0;
    for (at, (name, value)) in columns.iter().enumerate() {
        _ = write!(text, "({name} {} ", beyond(*direction));
        push(text, value);
        open = open.saturating_add(1);
        if at.saturating_add(1) < columns.len() {
            _ = write!(text, " OR ({name} = ");
            push(text, value);
            text.push_str(" AND ");
            open = open.saturating_add(1);
        }
    }
    text.push_str(&")".repeat(open));
}

fn read_row(row: &MySqlRow, shape: &[Kind]) -> Result<Row, StoreError> {
    shape.iter().enumerate().map(|(at, kind)| read_value(row, at, *kind)).collect()
}

fn read_value(row: &MySqlRow, at: usize, kind: Kind) -> Result<Value<'static>, StoreError> {
    let Some(bytes) = read_bytes(row, at)? else { return Ok(Value::Null) };
    match kind {
        Kind::Int => parse(bytes).map(Value::Int),
        Kind::Text => String::from_utf8(bytes.to_vec()).map(Value::from).map_err(corrupt),
        Kind::Id => <[u8; 16]>::try_from(bytes).map(|id| Value::Id(u128::from_be_bytes(id))).map_err(corrupt),
    }
}

/// Reads a number. A sum may be one that does not fit.
fn parse(bytes: &[u8]) -> Result<i64, StoreError> {
    let text = std::str::from_utf8(bytes).map_err(corrupt)?;
    text.parse().map_err(|error: std::num::ParseIntError| match error.kind() {
        std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
            StoreError::new(StoreErrorKind::OutOfRange, error)
        }
        _ => corrupt(error),
    })
}

/// Reads a number, or nothing.
pub(super) fn read_int(row: &MySqlRow, at: usize) -> Result<Option<i64>, StoreError> {
    read_bytes(row, at)?.map(parse).transpose()
}

/// Reads a text.
pub(super) fn read_text(row: &MySqlRow, at: usize) -> Result<String, StoreError> {
    String::from_utf8(read_bytes(row, at)?.unwrap_or_default().to_vec()).map_err(corrupt)
}

/// What the server sent for a column: in answers to texts every value is a text, but for ids.
fn read_bytes(row: &MySqlRow, at: usize) -> Result<Option<&[u8]>, StoreError> {
    let value = row.try_get_raw(at).map_err(|error| failure(StoreErrorKind::Corrupt, error))?;
    if value.is_null() {
        return Ok(None);
    }
    <&[u8] as sqlx::Decode<'_, MySql>>::decode(value).map(Some).map_err(corrupt)
}

fn corrupt(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, source)
}
