//! SQLite: one file, one writer at a time, any number of readers.
//!
//! Every statement sent to SQLite through sqlx is a hop to another thread and back, which costs more than the statement
//! itself. So a load is one hop and a commit is two, each a text of several statements; a statement gets all of its rows
//! as one JSON array.

use super::on_conflict::{Source, count_stale, statement};
use super::{Dialect, Fault, MISSING, Texts, failure, in_time, shapes};
use crate::migrate::{CREATE_VERSION, Found, Migration, READ_VERSION, WRITE_VERSION, pending};
use crate::options::{Durability, OpenOptions};
use crate::plan::Plan;
use crate::record::events;
use crate::sql::{Piece, Sql};
use crate::table::{CATALOG, Column, ROWS, both, list};
use crate::value::{Kind, Row, Value};
use futures_util::TryStreamExt as _;
use ims_core::{Conflict, Offset, Outcome, StoreError, StoreErrorKind};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Arguments as _, AssertSqlSafe, ConnectOptions as _, Either, Executor as _, Row as _, SqliteConnection};
use std::fmt::Write as _;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

type Connection = PoolConnection<sqlx::Sqlite>;

const MIGRATIONS: &[Migration] = &[include_str!("../../migrations/sqlite/0001_shop.sql")];

/// Memory for pages of the file that the writer keeps: 64 MiB.
const WRITER_CACHE_KIB: u32 = 64 * 1024;
/// Memory for pages of the file that each reader keeps: 8 MiB.
const READER_CACHE_KIB: u32 = 8 * 1024;
/// The write-ahead log is copied into the file when it has so many pages (16 MiB): seldom enough that pages which are
/// written again and again are copied once, often enough that the log stays small.
const CHECKPOINT_PAGES: u32 = 4_000;
/// Rows that may wait between SQLite's thread and ours.
const ROW_BUFFER: usize = 1_024;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 256;

/// A SQLite file.
#[derive(Clone, Debug)]
pub(crate) struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
    texts: Texts,
    timeout: Duration,
}

impl Sqlite {
    /// Opens a file, creates it if it is not there, and brings its schema up to date.
    pub(crate) async fn open(url: &str, options: &OpenOptions) -> Result<Self, StoreError> {
        let connect = connect_options(url, options)?;
        let pool = |most: u32, cache_kib: u32| {
            SqlitePoolOptions::new()
                .max_connections(most)
                .acquire_timeout(options.acquire_timeout)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_lazy_with(connect.clone().pragma("cache_size", format!("-{cache_kib}")))
        };
        let store = Sqlite {
            writer: pool(1, WRITER_CACHE_KIB),
            readers: pool(options.connections.max(1), READER_CACHE_KIB),
            texts: Texts::default(),
            timeout: options.statement_timeout,
        };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await.map_err(failed)?;
        let done = migrate(&mut connection).await;
        if done.is_err() {
            connection.close_on_drop();
        }
        done
    }

    /// Makes the statements of a plan and then keeps or drops what they did.
    async fn commit_on(&self, connection: &mut Connection, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let text = self.texts.get(shapes(&plan.steps, &plan.checks), || text_of(plan));
        let run = run_plan(connection, plan, text);
        let Tally { conflict, newest } = in_time(self.timeout, StoreErrorKind::Unavailable, run).await?;
        if conflict != Conflict::default() {
            in_time(self.timeout, StoreErrorKind::Unavailable, run_one(connection, "ROLLBACK")).await?;
            return Ok(Outcome::Conflict(conflict));
        }
        let end = async { connection.execute(sqlx::query("COMMIT")).await.map_err(unknown) };
        in_time(self.timeout, StoreErrorKind::Unknown, end).await?;
        Ok(Outcome::Done { newest: Offset(newest) })
    }

    /// Tells a full disk from a lost answer: a change that did not fit is not there when it is looked for.
    async fn settle(&self, plan: &Plan<'_>, error: StoreError) -> StoreError {
        if error.kind != StoreErrorKind::Unknown || !is_full(&error) {
            return error;
        }
        let Some(question) = plan.witness() else { return error };
        match self.ask(&[question]).await {
            Ok(answers) if answers.iter().all(Vec::is_empty) => StoreError::new(StoreErrorKind::Full, error.source),
            _ => error,
        }
    }
}

impl Dialect for Sqlite {
    async fn ask(&self, questions: &[Sql]) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        let work = ask_on(&mut connection, questions);
        let answers = in_time(self.timeout, StoreErrorKind::Unavailable, work).await;
        if answers.is_err() {
            connection.close_on_drop();
        }
        answers
    }

    async fn commit(&self, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let mut connection = self.writer.acquire().await.map_err(failed)?;
        let outcome = self.commit_on(&mut connection, plan).await;
        let Err(error) = outcome else { return outcome };
        // What is left of the transaction goes with the connection.
        connection.close_on_drop();
        drop(connection);
        Err(self.settle(plan, error).await)
    }
}

fn connect_options(url: &str, options: &OpenOptions) -> Result<SqliteConnectOptions, StoreError> {
    let connect = SqliteConnectOptions::from_str(url).map_err(|error| failure(StoreErrorKind::Unavailable, error))?;
    // Who names a mode means it; everybody else wants a shop, new or not.
    let connect = if url.contains("mode=") { connect } else { connect.create_if_missing(true) };
    let connect = if url.contains("mode=ro") { connect } else { connect.journal_mode(SqliteJournalMode::Wal) };
    Ok(connect
        .synchronous(match options.durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Normal => SqliteSynchronous::Normal,
        })
        .busy_timeout(options.lock_timeout)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        .pragma("temp_store", "memory")
        .row_buffer_size(ROW_BUFFER)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging())
}

/// Brings the schema up to date. The version is looked at before the file is locked, and again after.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    if pending(MIGRATIONS, found(connection).await?)?.is_empty() {
        return Ok(());
    }
    run_one(connection, "BEGIN IMMEDIATE").await?;
    for (version, migration) in pending(MIGRATIONS, found(connection).await?)? {
        run_one(connection, CREATE_VERSION).await?;
        connection.execute(migration).await.map_err(failed)?;
        connection.execute(sqlx::query(WRITE_VERSION).bind(version)).await.map_err(failed)?;
    }
    run_one(connection, "COMMIT").await
}

async fn found(connection: &mut SqliteConnection) -> Result<Found, StoreError> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE name = 'ims_schema') FROM sqlite_schema";
    let row = connection.fetch_one(tables).await.map_err(failed)?;
    let (all, ours): (i64, i64) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
    match (all, ours) {
        (0, _) => Ok(Found::Nothing),
        (_, 0) => Ok(Found::Foreign),
        _ => {
            let row = connection.fetch_one(READ_VERSION).await.map_err(failed)?;
            row.try_get(0).map(Found::Version).map_err(failed)
        }
    }
}

async fn run_one(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), StoreError> {
    connection.execute(sqlx::query(sql)).await.map(|_| ()).map_err(failed)
}

/// Asks all questions in one hop. Several are asked in a transaction, so that they see the same moment.
async fn ask_on(connection: &mut SqliteConnection, questions: &[Sql]) -> Result<Vec<Vec<Row>>, StoreError> {
    let mut text = String::new();
    let mut arguments = SqliteArguments::default();
    let together = questions.len() > 1;
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
                answer.push(read_row(&row, &question.shape)?);
            }
        }
    }
    Ok(answers)
}

fn render(question: &Sql, text: &mut String, arguments: &mut SqliteArguments) -> Result<(), StoreError> {
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
            Piece::Contains(column, needle) => {
                _ = write!(text, "instr({column}, ?) > 0");
                add(arguments, needle.clone())?;
            }
        }
    }
    Ok(())
}

fn keys_text(kinds: &[Kind]) -> String {
    let cells = kinds.iter().enumerate().map(|(place, kind)| format!("{} AS c{place}", cell("value", place, *kind)));
    format!("(SELECT {} FROM jsonb_each(?)) AS k", cells.collect::<Vec<_>>().join(", "))
}

/// A value of a row that came as a JSON array; ids are hexadecimal there.
fn cell(row: &str, place: usize, kind: Kind) -> String {
    match kind {
        Kind::Id => format!("unhex({row} ->> {place})"),
        Kind::Int | Kind::Text => format!("{row} ->> {place}"),
    }
}

fn bind(arguments: &mut SqliteArguments, value: &Value<'_>) -> Result<(), StoreError> {
    match value {
        Value::Null => add(arguments, None::<i64>),
        Value::Int(number) => add(arguments, *number),
        Value::Text(text) => add(arguments, text.clone().into_owned()),
        Value::Id(id) => add(arguments, id.to_be_bytes().to_vec()),
    }
}

fn add<'t, T>(arguments: &mut SqliteArguments, value: T) -> Result<(), StoreError>
where
    T: sqlx::Encode<'t, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    arguments.add(value).map_err(|error| StoreError::new(StoreErrorKind::Unavailable, error))
}

fn read_row(row: &SqliteRow, shape: &[Kind]) -> Result<Row, StoreError> {
    shape.iter().enumerate().map(|(at, kind)| read_value(row, at, *kind)).collect()
}

fn read_value(row: &SqliteRow, at: usize, kind: Kind) -> Result<Value<'static>, StoreError> {
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

/// What came of a plan's statements.
struct Tally {
    conflict: Conflict,
    newest: u64,
}

/// What is to come of a statement.
enum Expect {
    Anything,
    /// So many rows written.
    Rows(usize, Conflict),
    /// A count of zero.
    NoneCounted,
    /// The offset of the newest event.
    Newest,
}

/// How many statements stand before those of the steps.
const BEFORE_STEPS: usize = 2;

/// The text of a plan. Everything in it takes its rows from an argument, so that plans of one shape share one text.
fn text_of(plan: &Plan<'_>) -> String {
    let of_row = |place: usize, column: &Column| cell("v.value", place, column.kind);
    let source = Source { from: "jsonb_each(?) AS v", cell: &of_row };
    let mut text = String::from("BEGIN IMMEDIATE;");
    text.push_str("UPDATE head SET newest = newest + ?, catalog = catalog + ? WHERE catalog = ?;");
    for step in &plan.steps {
        text.push_str(&statement(step, &source));
        text.push(';');
    }
    for check in &plan.checks {
        text.push_str(&count_stale(check, &source));
        text.push(';');
    }
    let columns = events::TABLE.columns;
    let cells = columns.iter().enumerate().map(|(place, column)| of_row(place, column)).collect::<Vec<_>>().join(", ");
    _ = write!(
        text,
        "INSERT INTO events (event_offset, {}) SELECT h.newest - ? + 1 + v.key, {cells} FROM head h, jsonb_each(?) AS v;",
        list(columns, |column| column.name.to_owned())
    );
    text.push_str("SELECT newest FROM head");
    text
}

fn arguments_of(plan: &Plan<'_>) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    add(&mut arguments, plan.event_count)?;
    add(&mut arguments, plan.catalog_step)?;
    bind(&mut arguments, &Value::from(plan.catalog))?;
    for step in &plan.steps {
        add(&mut arguments, json(&step.cells, step.width()))?;
    }
    for check in &plan.checks {
        add(&mut arguments, json(&check.cells, check.columns().len()))?;
    }
    add(&mut arguments, plan.event_count)?;
    add(&mut arguments, json(&plan.events, events::TABLE.columns.len()))?;
    Ok(arguments)
}

fn expectations(plan: &Plan<'_>) -> Vec<Expect> {
    let begin = [Expect::Anything, Expect::Rows(1, CATALOG)];
    let steps = plan.steps.iter().map(|step| match step.is_guarded() {
        true => Expect::Rows(step.rows(), step.table.blame()),
        false => Expect::Anything,
    });
    let checks = plan.checks.iter().map(|_| Expect::NoneCounted);
    let end = [Expect::Anything, Expect::Newest];
    begin.into_iter().chain(steps).chain(checks).chain(end).collect()
}

/// Makes the statements of a plan in one hop and compares what they did with what they should have done.
async fn run_plan(connection: &mut SqliteConnection, plan: &Plan<'_>, text: Arc<str>) -> Result<Tally, StoreError> {
    let expected = expectations(plan);
    let mut tally = Tally { conflict: Conflict::default(), newest: 0 };
    let mut at: usize = 0;
    let mut results = connection.fetch_many(sqlx::query_with(AssertSqlSafe(text), arguments_of(plan)?));
    loop {
        let result = match results.try_next().await {
            Ok(Some(result)) => result,
            Ok(None) => return Ok(tally),
            Err(error) => match fault(&error) {
                Fault::Duplicate => {
                    let step = at.checked_sub(BEFORE_STEPS).and_then(|step| plan.steps.get(step));
                    tally.blame(step.map_or(ROWS, |step| step.table.blame()));
                    return Ok(tally);
                }
                Fault::Missing => {
                    tally.blame(MISSING);
                    return Ok(tally);
                }
                // What was decided on something else need not fit.
                Fault::Failed(_) if tally.conflict != Conflict::default() => return Ok(tally),
                Fault::Failed(kind) => return Err(failure(kind, error)),
            },
        };
        match (result, expected.get(at)) {
            (Either::Left(done), Some(Expect::Rows(rows, blame))) => {
                if usize::try_from(done.rows_affected()) != Ok(*rows) {
                    tally.blame(*blame);
                }
                at = at.saturating_add(1);
            }
            (Either::Left(_), _) => at = at.saturating_add(1),
            (Either::Right(row), Some(Expect::NoneCounted)) => {
                if read_value(&row, 0, Kind::Int)? != Value::Int(0) {
                    tally.blame(ROWS);
                }
            }
            (Either::Right(row), Some(Expect::Newest)) => {
                let newest: i64 = row.try_get(0).map_err(|error| failure(StoreErrorKind::Corrupt, error))?;
                tally.newest = newest.cast_unsigned();
            }
            (Either::Right(_), _) => {}
        }
    }
}

impl Tally {
    fn blame(&mut self, conflict: Conflict) {
        self.conflict = both(self.conflict, conflict);
    }
}

/// Rows as a JSON array of arrays.
fn json(cells: &[Value<'_>], width: usize) -> String {
    let mut out = String::with_capacity(cells.len().saturating_mul(16).saturating_add(2));
    out.push('[');
    for (at, row) in cells.chunks(width.max(1)).enumerate() {
        out.push_str(if at == 0 { "[" } else { ",[" });
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_json(&mut out, value);
        }
        out.push(']');
    }
    out.push(']');
    out
}

fn push_json(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Int(number) => _ = write!(out, "{number}"),
        Value::Id(id) => _ = write!(out, "\"{id:032x}\""),
        Value::Text(text) => {
            out.push('"');
            for part in text.split_inclusive(|c| c == '"' || c == '\\' || c < ' ') {
                let mut plain = part.chars();
                match plain.next_back() {
                    Some(special) if special == '"' || special == '\\' => {
                        out.push_str(plain.as_str());
                        out.extend(['\\', special]);
                    }
                    Some(control) if control < ' ' => {
                        out.push_str(plain.as_str());
                        _ = write!(out, "\\u{:04x}", u32::from(control));
                    }
                    _ => out.push_str(part),
                }
            }
            out.push('"');
        }
    }
}

/// What a failure says, before COMMIT was sent.
fn fault(error: &sqlx::Error) -> Fault {
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
    use StoreErrorKind::{Corrupt, Full, OutOfRange, ReadOnly, Retry, Schema, Unavailable};
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
        (_, 13) => Fault::Failed(Full),
        // NOTADB
        (_, 26) => Fault::Failed(Schema),
        // ERROR, CORRUPT, TOOBIG, CONSTRAINT, MISMATCH
        (_, 1 | 11 | 18 | 19 | 20) => Fault::Failed(Corrupt),
        _ => Fault::Failed(Unavailable),
    }
}

fn failed(error: sqlx::Error) -> StoreError {
    let kind = match fault(&error) {
        Fault::Failed(kind) => kind,
        Fault::Duplicate | Fault::Missing => StoreErrorKind::Corrupt,
    };
    failure(kind, error)
}

/// What a failed COMMIT says: that the file was busy, or nothing certain.
fn unknown(error: sqlx::Error) -> StoreError {
    match fault(&error) {
        Fault::Failed(StoreErrorKind::Retry) => failure(StoreErrorKind::Retry, error),
        _ => failure(StoreErrorKind::Unknown, error),
    }
}

fn is_full(error: &StoreError) -> bool {
    let Some(error) = error.source.downcast_ref::<sqlx::Error>() else { return false };
    fault(error) == Fault::Failed(StoreErrorKind::Full)
}
