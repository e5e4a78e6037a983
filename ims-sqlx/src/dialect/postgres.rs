//! PostgreSQL: many writers at once.
//!
//! A commit locks the rows that it will write in one order that every writer keeps to, compares their versions, writes
//! all tables in one statement, and takes the row of the log last: whoever has that row is alone until its COMMIT, so
//! offsets become visible in their order and without a gap. Rows travel as arrays, one for each column.

mod connect;
mod held;

use super::on_conflict::{Source, count_stale, statement};
use super::{
    Abandoned, Ask, Dialect, Effect, Fault, Hosts, Lent, Line, MISSING, OR_OVER_ENTRY, Purpose, Reading, Room, Texts,
    Transaction, Unanswered, count, failure, in_time, reach, shapes,
};
use crate::options::OpenOptions;
use crate::plan::{CatalogMay, MARK, Plan, Step};
use crate::record::events;
use crate::sql::{Lock, Piece, Place, Sql, beyond};
use crate::table::{CATALOG, Column, ROWS, both, list};
use crate::value::{Kind, Row, Value};
use connect::{hosts, migrate, pool, run_one};
use futures_util::TryStreamExt as _;
use held::HeldPostgres;
use ims_core::{Conflict, Connections, Offset, Outcome, StoreError, StoreErrorKind, limits};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgDatabaseError, PgPool, PgRow, PgSeverity};
use sqlx::types::Uuid;
use sqlx::{Arguments as _, AssertSqlSafe, Either, Executor as _, Row as _};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// Rows are always looked up by their keys. Left to itself the planner may read whole tables, as long as nobody has told
/// it how large they are; and these plans are kept.
const BY_KEY: &str =
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

const BEGIN_TO_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

type Connection = PoolConnection<sqlx::Postgres>;

/// What the row of the log says after a change.
#[derive(Clone, Copy, Debug, Default)]
struct Head {
    newest: Offset,
    /// How many versions the catalogue has had since the one that was seen, but for the change's own.
    missed: i64,
}

/// A PostgreSQL database.
#[derive(Clone, Debug)]
pub(crate) struct Postgres {
    pool: PgPool,
    reports: PgPool,
    /// One connection: whoever has a turn needs others to load what it is about.
    turns: PgPool,
    hosts: Hosts<sqlx::Postgres>,
    locks: Texts,
    locks_in_turns: Texts,
    writes: Texts,
    timeout: Duration,
    /// Begins a turn.
    begin_turn: Arc<str>,
}

impl Postgres {
    /// Connects to a database and brings its schema up to date.
    pub(crate) async fn open(url: &str, options: &OpenOptions) -> Result<Self, StoreError> {
        let hosts = hosts(url, options)?;
        let (mut first, target, connect) = hosts.connect().await?;
        let made = migrate(&mut first, options.missing).await;
        reach::close(first).await;
        made.map_err(|error| reach::where_none_is(error, &target))?;
        Ok(Postgres {
            pool: pool(connect.clone(), options.for_commands(), options, &hosts),
            reports: pool(connect.clone(), options.for_reports(), options, &hosts),
            turns: pool(connect, 1, options, &hosts),
            hosts,
            locks: Texts::default(),
            locks_in_turns: Texts::default(),
            writes: Texts::default(),
            timeout: options.statement_timeout,
            begin_turn: format!(
                "{BEGIN_TO_WRITE}; SET LOCAL idle_in_transaction_session_timeout = {}",
                options.stalled_turn().as_millis().max(1)
            )
            .into(),
        })
    }

    fn pools(&self) -> [&PgPool; 3] {
        [&self.pool, &self.turns, &self.reports]
    }

    /// Takes a connection from one of its pools.
    async fn acquire(&self, pool: &PgPool) -> Result<Connection, StoreError> {
        self.hosts.acquire(pool, &self.pools()).await
    }

    /// Does what a plan says and then keeps or drops it.
    async fn commit_on(&self, connection: &mut Connection, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let begun = begin(connection, BEGIN_TO_WRITE, Plans::ByKey);
        in_time(self.timeout, StoreErrorKind::Unavailable, begun).await?;
        self.end_on(connection, plan, Others::AreWaitedFor).await
    }

    /// Does what a plan says in a transaction that is open, and then keeps or drops it.
    async fn end_on(
        &self,
        connection: &mut Connection,
        plan: &Plan<'_>,
        others: Others,
    ) -> Result<Outcome, StoreError> {
        let run = self.run(connection, plan, others);
        let (conflict, head) = in_time(self.timeout, StoreErrorKind::Unavailable, run).await?;
        if conflict != Conflict::default() {
            in_time(self.timeout, StoreErrorKind::Unavailable, run_one(connection, "ROLLBACK")).await?;
            return Ok(Outcome::Conflict(conflict));
        }
        let end = async { connection.execute("COMMIT").await.map_err(at_commit) };
        in_time(self.timeout, StoreErrorKind::Unknown, end).await?;
        Ok(Outcome::Done { newest: head.newest, moved: head.missed != 0 })
    }

    /// Makes a statement that stands by itself. It is in a transaction nevertheless: a connection that was lost while
    /// nobody used it is then found out before anything was done.
    async fn write_on(&self, connection: &mut Connection, statement: &Sql) -> Result<Effect, StoreError> {
        let work = async {
            begin(connection, BEGIN_TO_WRITE, Plans::ByKey).await?;
            let (text, arguments) = render(statement)?;
            make(connection, text, arguments).await
        };
        let effect = in_time(self.timeout, StoreErrorKind::Unavailable, work).await?;
        let Some(effect) = effect else {
            in_time(self.timeout, StoreErrorKind::Unavailable, run_one(connection, "ROLLBACK")).await?;
            return Ok(Effect::default());
        };
        let end = async { connection.execute("COMMIT").await.map_err(at_commit) };
        in_time(self.timeout, StoreErrorKind::Unknown, end).await?;
        Ok(effect)
    }

    /// Everything before the COMMIT.
    async fn run(
        &self,
        connection: &mut PgConnection,
        plan: &Plan<'_>,
        others: Others,
    ) -> Result<(Conflict, Head), StoreError> {
        let conflict = self.lock(connection, plan, others).await?;
        if conflict != Conflict::default() {
            return Ok((conflict, Head::default()));
        }
        for wave in waves(&plan.steps) {
            let text = self.writes.get(shapes(wave, []), || write_text(wave));
            let mut arguments = PgArguments::default();
            wave.iter().try_for_each(|step| add_rows(&mut arguments, &step.columns(), &step.cells))?;
            if let Err(error) = connection.execute(sqlx::query_with(AssertSqlSafe(text), arguments)).await {
                return match fault(&error) {
                    Fault::Duplicate => Ok((blame(&error, wave), Head::default())),
                    Fault::Missing => Ok((MISSING, Head::default())),
                    Fault::Failed(kind) => Err(failure(kind, error)),
                };
            }
        }
        let Some(head) = take_head(connection, plan).await? else { return Ok((CATALOG, Head::default())) };
        if head.missed != 0 && used_otherwise(connection, plan, head).await? {
            return Ok((CATALOG, Head::default()));
        }
        Ok((check(connection, plan).await?, head))
    }

    /// Locks the rows that will be written, in their order, and tells whether one is not as it was seen.
    async fn lock(
        &self,
        connection: &mut PgConnection,
        plan: &Plan<'_>,
        others: Others,
    ) -> Result<Conflict, StoreError> {
        let guarded: Vec<&Step<'_>> = plan.steps.iter().filter(|step| step.is_guarded()).collect();
        if guarded.is_empty() {
            return Ok(Conflict::default());
        }
        let texts = match others {
            Others::AreWaitedFor => &self.locks,
            Others::AreInTheWay => &self.locks_in_turns,
        };
        let text = texts.get(shapes(guarded.iter().copied(), []), || lock_text(&guarded, others));
        let mut arguments = PgArguments::default();
        for step in &guarded {
            let guard = step.guard();
            add_rows(&mut arguments, &guard.columns(), &guard.cells)?;
        }
        let counts = connection.fetch_one(sqlx::query_with(AssertSqlSafe(text), arguments)).await.map_err(failed)?;
        let mut conflict = Conflict::default();
        for (at, step) in guarded.iter().enumerate() {
            let found: i64 = counts.try_get(at).map_err(damaged)?;
            if usize::try_from(found) != Ok(step.rows()) {
                conflict = both(conflict, step.table.blame());
            }
        }
        Ok(conflict)
    }
}

impl Ask for Postgres {
    const WITHOUT_ITS_ASKER: Abandoned = Abandoned::Ends;

    async fn ask(&self, questions: &[Sql], reading: Reading) -> Result<Vec<Vec<Row>>, Unanswered> {
        let pool = match reading.line {
            Line::Commands => &self.pool,
            Line::Reports => &self.reports,
        };
        let mut lent = Lent::of(self.acquire(pool).await?);
        let work = ask_on(&mut lent.connection, questions, Transaction::Own, reading.room);
        let answers = in_time(self.timeout, StoreErrorKind::Unavailable, work).await;
        lent.end(answers)
    }
}

impl Dialect for Postgres {
    type Held = HeldPostgres;
    type Turn = Lent<sqlx::Postgres>;

    async fn take_turn(&self, locks: &[Sql]) -> Result<Self::Turn, StoreError> {
        let mut lent = Lent::of(self.acquire(&self.turns).await?);
        let begun = begin(&mut lent.connection, &self.begin_turn, Plans::ByKey);
        in_time(self.timeout, StoreErrorKind::Unavailable, begun).await?;
        self.extend_turn(lent, locks).await
    }

    async fn extend_turn(&self, mut turn: Self::Turn, locks: &[Sql]) -> Result<Self::Turn, StoreError> {
        let work = ask_on(&mut turn.connection, locks, Transaction::Open, Room::All);
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await?;
        Ok(turn)
    }

    async fn commit_in(&self, mut turn: Self::Turn, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let outcome = self.end_on(&mut turn.connection, plan, Others::AreInTheWay).await;
        let outcome = turn.end(outcome);
        let Err(error) = outcome else { return outcome };
        Err(self.hosts.unwritten(error, &self.pools()).await)
    }

    async fn commit(&self, plan: &Plan<'_>) -> Result<Outcome, StoreError> {
        let mut connection = self.acquire(&self.pool).await?;
        let outcome = self.commit_on(&mut connection, plan).await;
        let Err(error) = outcome else { return outcome };
        // What is left of the transaction goes with the connection.
        connection.close_on_drop();
        drop(connection);
        Err(self.hosts.unwritten(error, &self.pools()).await)
    }

    async fn write(&self, statement: &Sql) -> Result<Effect, StoreError> {
        let mut connection = self.acquire(&self.pool).await?;
        let effect = self.write_on(&mut connection, statement).await;
        let Err(error) = effect else { return effect };
        connection.close_on_drop();
        drop(connection);
        Err(self.hosts.unwritten(error, &self.pools()).await)
    }

    const CLOCK: &'static str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)";

    async fn close(&self) {
        self.reports.close().await;
        self.turns.close().await;
        self.pool.close().await;
    }

    fn connections(&self) -> Connections {
        count(self.pools())
    }

    async fn hold(&self, purpose: Purpose) -> Result<HeldPostgres, StoreError> {
        let (pool, sql) = match purpose {
            Purpose::Look => (&self.reports, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Purpose::Write => (&self.pool, BEGIN_TO_WRITE),
        };
        let mut connection = self.acquire(pool).await?;
        connection.close_on_drop();
        // A table that is read in pages is read by its key, however large the planner thinks that it is.
        let work = begin(&mut connection, sql, Plans::ByKey);
        in_time(self.timeout, StoreErrorKind::Unavailable, work).await?;
        Ok(HeldPostgres { connection, timeout: self.timeout })
    }
}

/// What it means that others have locked a row that is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    /// They are waited for: no row that comes later in the order of all writers is locked yet.
    AreWaitedFor,
    /// The row is not as it was seen. In a turn rows have been locked already, perhaps ones that come later: whoever waits
    /// then may wait for somebody who waits for him.
    AreInTheWay,
}

/// How statements are planned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plans {
    ByKey,
    Freely,
}

/// Begins a transaction. A connection that was lost while nobody used it is found out here, before anything was done.
async fn begin(connection: &mut PgConnection, sql: &str, plans: Plans) -> Result<(), StoreError> {
    let text = match plans {
        Plans::ByKey => AssertSqlSafe(format!("{sql}; {BY_KEY}")),
        Plans::Freely => AssertSqlSafe(sql.to_owned()),
    };
    connection.execute(sqlx::raw_sql(text)).await.map(|_| ()).map_err(|error| match error {
        sqlx::Error::Database(_) => failed(error),
        lost => failure(StoreErrorKind::Retry, lost),
    })
}

/// Asks questions, several in a transaction so that they see the same moment.
async fn ask_on(
    connection: &mut PgConnection,
    questions: &[Sql],
    transaction: Transaction,
    mut room: Room,
) -> Result<Vec<Vec<Row>>, Unanswered> {
    let together = questions.len() > 1 && transaction == Transaction::Own;
    if together {
        let by_key = questions.iter().any(Sql::has_keys);
        let plans = if by_key { Plans::ByKey } else { Plans::Freely };
        begin(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", plans).await?;
    }
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let (text, arguments) = render(question)?;
        let mut rows = connection.fetch(sqlx::query_with(AssertSqlSafe(text), arguments));
        let mut answer = Vec::new();
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            let row = read_row(&row, &question.shape)?;
            room.take(&row)?;
            answer.push(row);
        }
        answers.push(answer);
    }
    if together {
        run_one(connection, "COMMIT").await?;
    }
    Ok(answers)
}

/// Makes a statement; nothing comes back where something that is to be unique was there already.
async fn make(
    connection: &mut PgConnection,
    text: String,
    arguments: PgArguments,
) -> Result<Option<Effect>, StoreError> {
    let mut effect = Effect::default();
    let mut results = connection.fetch_many(sqlx::query_with(AssertSqlSafe(text), arguments));
    loop {
        match results.try_next().await {
            Ok(None) => return Ok(Some(effect)),
            Ok(Some(Either::Left(done))) => effect.rows = done.rows_affected(),
            Ok(Some(Either::Right(row))) => {
                effect.version = row.try_get::<i64, _>(0).map_err(damaged)?.cast_unsigned();
            }
            Err(error) if fault(&error) == Fault::Duplicate => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
    }
}

fn render(question: &Sql) -> Result<(String, PgArguments), StoreError> {
    let mut text = String::new();
    let mut arguments = PgArguments::default();
    for piece in &question.pieces {
        match piece {
            Piece::Sql(sql) => text.push_str(sql),
            Piece::JoinEach => text.push_str(" JOIN "),
            Piece::Waits => text.push_str("l.item = k.c0 AND l.backordered > 0"),
            Piece::Sum(column) => _ = write!(text, "CAST(SUM({column}) AS bigint)"),
            Piece::SumOver(column, window) => _ = write!(text, "CAST(SUM({column}) OVER ({window}) AS bigint)"),
            Piece::Value(value) => {
                bind(&mut arguments, value)?;
                _ = write!(text, "${}", arguments.len());
            }
            Piece::Keys(keys) => {
                let columns: Vec<Column> = keys.kinds.iter().map(|kind| Column { name: "", kind: *kind }).collect();
                text.push_str(&unnest("k", arguments.len(), &columns));
                add_rows(&mut arguments, &columns, &keys.cells)?;
            }
            Piece::Beyond(Place { columns, direction }) => {
                // As one comparison of rows, so that an index finds the place even where many rows share the first value.
                let (mut names, mut marks) = (Vec::new(), Vec::new());
                for (name, value) in columns {
                    bind(&mut arguments, value)?;
                    names.push(name.as_str());
                    marks.push(format!("${}", arguments.len()));
                }
                _ = write!(text, "({}) {} ({})", names.join(", "), beyond(*direction), marks.join(", "));
            }
            Piece::Contains(column, needle) => {
                add(&mut arguments, needle.clone())?;
                _ = write!(text, "strpos({column}, ${}) > 0", arguments.len());
            }
            Piece::OrOverEntry => text.push_str(OR_OVER_ENTRY),
            Piece::Lock(Lock::Kept) => text.push_str(" FOR SHARE OF t"),
            Piece::Lock(Lock::Mine) => text.push_str(" FOR NO KEY UPDATE OF t"),
        }
    }
    Ok((text, arguments))
}

/// Arrays as a table with the columns `c0`, `c1`, …; `before` counts the arguments that were there already.
fn unnest(alias: &str, before: usize, columns: &[Column]) -> String {
    let (arrays, names) = arrays(before, columns);
    format!("unnest({arrays}) AS {alias}({names})")
}

/// An array for each column, and the names of the columns.
fn arrays(before: usize, columns: &[Column]) -> (String, String) {
    let arrays = columns.iter().zip(before.saturating_add(1)..).map(|(column, number)| match column.kind {
        Kind::Int => format!("${number}::bigint[]"),
        Kind::Text => format!("${number}::text[]"),
        Kind::Id => format!("${number}::uuid[]"),
    });
    let names = (0..columns.len()).map(|place| format!("c{place}"));
    (arrays.collect::<Vec<_>>().join(", "), names.collect::<Vec<_>>().join(", "))
}

/// Adds rows as one array for each column.
fn add_rows(arguments: &mut PgArguments, columns: &[Column], cells: &[Value<'_>]) -> Result<(), StoreError> {
    for (place, column) in columns.iter().enumerate() {
        let column_cells = cells.iter().skip(place).step_by(columns.len());
        match column.kind {
            Kind::Int => add(arguments, column_cells.map(int).collect::<Vec<Option<i64>>>())?,
            Kind::Text => add(arguments, column_cells.map(text).collect::<Vec<Option<&str>>>())?,
            Kind::Id => add(arguments, column_cells.map(id).collect::<Vec<Option<Uuid>>>())?,
        }
    }
    Ok(())
}

fn int(value: &Value<'_>) -> Option<i64> {
    let Value::Int(number) = value else { return None };
    Some(*number)
}

fn text<'a>(value: &'a Value<'_>) -> Option<&'a str> {
    let Value::Text(text) = value else { return None };
    Some(text)
}

fn id(value: &Value<'_>) -> Option<Uuid> {
    let Value::Id(id) = value else { return None };
    Some(Uuid::from_u128(*id))
}

fn bind(arguments: &mut PgArguments, value: &Value<'_>) -> Result<(), StoreError> {
    match value {
        Value::Null => add(arguments, None::<i64>),
        Value::Int(number) => add(arguments, *number),
        Value::Text(text) => add(arguments, &**text),
        Value::Id(id) => add(arguments, Uuid::from_u128(*id)),
    }
}

fn add<'t, T>(arguments: &mut PgArguments, value: T) -> Result<(), StoreError>
where
    T: sqlx::Encode<'t, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    arguments.add(value).map_err(|error| StoreError::new(StoreErrorKind::Unavailable, error))
}

fn read_row(row: &PgRow, shape: &[Kind]) -> Result<Row, StoreError> {
    shape.iter().enumerate().map(|(at, kind)| read_value(row, at, *kind).map_err(damaged)).collect()
}

fn read_value(row: &PgRow, at: usize, kind: Kind) -> Result<Value<'static>, sqlx::Error> {
    match kind {
        Kind::Int => row.try_get::<Option<i64>, _>(at).map(Value::from),
        Kind::Text => row.try_get::<Option<String>, _>(at).map(Value::from),
        Kind::Id => row.try_get::<Option<Uuid>, _>(at).map(|id| Value::from(id.map(|id| id.as_u128()))),
    }
}

/// Locks each step's rows that are at the version they should be at, and counts them. The counts stand in the order of
/// the steps, and are made in it.
fn lock_text(guarded: &[&Step<'_>], others: Others) -> String {
    let skip = match others {
        Others::AreWaitedFor => "",
        Others::AreInTheWay => " SKIP LOCKED",
    };
    let (mut locks, mut counts, mut before) = (Vec::new(), Vec::new(), 0_usize);
    for (at, step) in guarded.iter().enumerate() {
        let columns = step.guard().columns();
        let key = step.table.key().iter().enumerate();
        let same = key.map(|(place, column)| format!("t.{} = v.c{place}", column.name)).collect::<Vec<_>>();
        let order = list(step.table.key(), |column| format!("t.{}", column.name));
        locks.push(format!(
            "l{at} AS (SELECT 1 FROM {} JOIN {} t ON {} AND t.version = v.c{} ORDER BY {order} \
             FOR NO KEY UPDATE OF t{skip})",
            unnest("v", before, &columns),
            step.table.name,
            same.join(" AND "),
            step.table.key_columns,
        ));
        counts.push(format!("(SELECT count(*) FROM l{at})"));
        before = before.saturating_add(columns.len());
    }
    format!("WITH {} SELECT {}", locks.join(", "), counts.join(", "))
}

/// Steps that can be made in one statement: all of them, but for those of the catalogue, which must come one after the
/// other, since a code or a barcode may go from one row to another.
fn waves<'p, 'a>(steps: &'p [Step<'a>]) -> impl Iterator<Item = &'p [Step<'a>]> {
    steps.chunk_by(|a, b| !a.table.blame().catalog && !b.table.blame().catalog)
}

fn write_text(wave: &[Step<'_>]) -> String {
    let (mut parts, mut before) = (Vec::new(), 0_usize);
    let cell = |place: usize, _: &Column| format!("v.c{place}");
    for (at, step) in wave.iter().enumerate() {
        let columns = step.columns();
        let source = Source { from: &unnest("v", before, &columns), cell: &cell };
        parts.push(format!("s{at} AS ({})", statement(step, &source)));
        before = before.saturating_add(columns.len());
    }
    format!("WITH {} SELECT 1", parts.join(", "))
}

/// Takes the row of the log, appends the events, and notes what is written to the catalogue.
fn take_head_text(catalog_may: CatalogMay, marks: bool) -> String {
    let columns = events::TABLE.columns;
    let (arrays, cells) = arrays(3, columns);
    let names = list(columns, |column| column.name.to_owned());
    let is_as_seen = match catalog_may {
        CatalogMay::Stay => "=",
        CatalogMay::Move => ">=",
    };
    let mut text = format!(
        "WITH h AS (UPDATE head SET newest = newest + $1, catalog = catalog + $2 WHERE catalog {is_as_seen} $3 \
         RETURNING newest, catalog), \
         e AS (INSERT INTO events (event_offset, {names}) SELECT h.newest - $1 + v.place, {cells} \
         FROM h, unnest({arrays}) WITH ORDINALITY AS v({cells}, place))"
    );
    if marks {
        let place = columns.len().saturating_add(4);
        _ = write!(
            text,
            ", c AS (INSERT INTO catalog_changes (version, mark) SELECT h.catalog, m FROM h, unnest(${place}::uuid[]) m), \
             d AS (DELETE FROM catalog_changes WHERE version <= (SELECT catalog FROM h) - {})",
            limits::CATALOG_VERSIONS_KNOWN
        );
    }
    text.push_str(" SELECT newest, catalog FROM h");
    text
}

/// Nothing comes back where the catalogue may not have the version that it has.
async fn take_head(connection: &mut PgConnection, plan: &Plan<'_>) -> Result<Option<Head>, StoreError> {
    let mut arguments = PgArguments::default();
    add(&mut arguments, plan.event_count)?;
    add(&mut arguments, plan.catalog_step)?;
    bind(&mut arguments, &Value::from(plan.catalog))?;
    add_rows(&mut arguments, events::TABLE.columns, &plan.events)?;
    if !plan.marks.is_empty() {
        add_rows(&mut arguments, &MARK, &plan.marks)?;
    }
    let text = take_head_text(plan.catalog_may, !plan.marks.is_empty());
    let row = connection.fetch_optional(sqlx::query_with(AssertSqlSafe(text), arguments)).await.map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let newest = row.try_get::<i64, _>(0).map_err(damaged)?.cast_unsigned();
    let catalog = row.try_get::<i64, _>(1).map_err(damaged)?;
    let own = plan.catalog.cast_signed().saturating_add(plan.catalog_step);
    Ok(Some(Head { newest: Offset(newest), missed: catalog.saturating_sub(own) }))
}

/// Whether something was written to the catalogue since it was seen that was used. Every version that was missed has a mark;
/// if not, nobody knows what was written.
async fn used_otherwise(connection: &mut PgConnection, plan: &Plan<'_>, head: Head) -> Result<bool, StoreError> {
    let text = "SELECT count(DISTINCT version), count(*) FILTER (WHERE mark = ANY($1)) FROM catalog_changes \
         WHERE version > $2 AND version <= $2 + $3";
    let mut arguments = PgArguments::default();
    add_rows(&mut arguments, &MARK, &plan.uses)?;
    bind(&mut arguments, &Value::from(plan.catalog))?;
    add(&mut arguments, head.missed)?;
    let row = connection.fetch_one(sqlx::query_with(AssertSqlSafe(text), arguments)).await.map_err(failed)?;
    let versions: i64 = row.try_get(0).map_err(damaged)?;
    let used: i64 = row.try_get(1).map_err(damaged)?;
    Ok(versions != head.missed || used > 0)
}

/// Compares what was looked at and not written. Nothing else can become visible while the row of the log is ours.
async fn check(connection: &mut PgConnection, plan: &Plan<'_>) -> Result<Conflict, StoreError> {
    let cell = |place: usize, _: &Column| format!("v.c{place}");
    for check in &plan.checks {
        let columns = check.columns();
        let text = count_stale(check, &Source { from: &unnest("v", 0, &columns), cell: &cell });
        let mut arguments = PgArguments::default();
        add_rows(&mut arguments, &columns, &check.cells)?;
        let row = connection.fetch_one(sqlx::query_with(AssertSqlSafe(text), arguments)).await.map_err(failed)?;
        if row.try_get::<i64, _>(0).map_err(damaged)? > 0 {
            return Ok(ROWS);
        }
    }
    Ok(Conflict::default())
}

/// What was there already when a statement failed.
fn blame(error: &sqlx::Error, wave: &[Step<'_>]) -> Conflict {
    let table = error.as_database_error().and_then(|error| error.table());
    wave.iter().find(|step| Some(step.table.name) == table).map_or(ROWS, |step| step.table.blame())
}

/// What a failure says, before COMMIT was sent.
fn fault(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::Database(error) => fault_of(error.code().as_deref().unwrap_or_default()),
        // The connection was there a moment ago; another one may be better.
        sqlx::Error::Io(_) => Fault::Failed(StoreErrorKind::Retry),
        _ => Fault::Failed(StoreErrorKind::Unavailable),
    }
}

/// What a SQLSTATE says (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn fault_of(state: &str) -> Fault {
    use StoreErrorKind::{Corrupt, Denied, Full, Missing, OutOfRange, ReadOnly, Retry, Schema, Unavailable};
    match (state, state.get(..2).unwrap_or_default()) {
        // unique_violation
        ("23505", _) => Fault::Duplicate,
        // foreign_key_violation
        ("23503", _) => Fault::Missing,
        // lock_not_available; idle_in_transaction_session_timeout; admin_shutdown, crash_shutdown; serialization_failure,
        // deadlock_detected
        ("55P03" | "25P03" | "57P01" | "57P02", _) | (_, "40") => Fault::Failed(Retry),
        // numeric_value_out_of_range
        ("22003", _) => Fault::Failed(OutOfRange),
        // disk_full
        ("53100", _) => Fault::Failed(Full),
        // read_only_sql_transaction
        ("25006", _) => Fault::Failed(ReadOnly),
        // insufficient_privilege; invalid_authorization_specification, invalid_password
        ("42501", _) | (_, "28") => Fault::Failed(Denied),
        // invalid_catalog_name: the database; invalid_schema_name
        ("3D000" | "3F000", _) => Fault::Failed(Missing),
        // integrity constraint violation, data exception, internal error such as data_corrupted
        (_, "22" | "23" | "XX") => Fault::Failed(Corrupt),
        // undefined table, column and the like
        (_, "42") => Fault::Failed(Schema),
        _ => Fault::Failed(Unavailable),
    }
}

fn failed(error: sqlx::Error) -> StoreError {
    failure(kind_of(&error), error)
}

/// What kind of failure a statement's is, where nothing is to be unique.
fn kind_of(error: &sqlx::Error) -> StoreErrorKind {
    match fault(error) {
        Fault::Failed(kind) => kind,
        Fault::Duplicate | Fault::Missing => StoreErrorKind::Corrupt,
    }
}

fn damaged(error: sqlx::Error) -> StoreError {
    failure(StoreErrorKind::Corrupt, error)
}

/// What a failed COMMIT says. Where the server itself refuses it, the transaction is undone; where the connection or the
/// server went away instead of answering, nobody knows.
fn at_commit(error: sqlx::Error) -> StoreError {
    let refused = match &error {
        sqlx::Error::Database(error) => {
            let severity = error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::severity);
            let state = error.code().unwrap_or_default();
            severity == Some(PgSeverity::Error) && !matches!(state.get(..2), Some("08" | "57" | "58"))
        }
        _ => false,
    };
    if refused { failed(error) } else { failure(StoreErrorKind::Unknown, error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_tried_again_is_told_from_what_cannot() {
        for (state, fault) in [
            ("40001", Fault::Failed(StoreErrorKind::Retry)),
            ("40P01", Fault::Failed(StoreErrorKind::Retry)),
            ("55P03", Fault::Failed(StoreErrorKind::Retry)),
            ("25P03", Fault::Failed(StoreErrorKind::Retry)),
            ("23505", Fault::Duplicate),
            ("23514", Fault::Failed(StoreErrorKind::Corrupt)),
            ("25006", Fault::Failed(StoreErrorKind::ReadOnly)),
            ("42501", Fault::Failed(StoreErrorKind::Denied)),
            ("28P01", Fault::Failed(StoreErrorKind::Denied)),
            ("3D000", Fault::Failed(StoreErrorKind::Missing)),
            ("53100", Fault::Failed(StoreErrorKind::Full)),
            ("22003", Fault::Failed(StoreErrorKind::OutOfRange)),
            ("57P01", Fault::Failed(StoreErrorKind::Retry)),
            ("57P03", Fault::Failed(StoreErrorKind::Unavailable)),
            ("", Fault::Failed(StoreErrorKind::Unavailable)),
        ] {
            assert_eq!(fault_of(state), fault, "{state}");
        }
    }
}
