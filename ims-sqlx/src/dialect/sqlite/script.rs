//! A change as one text, and what is to come of it.

use super::fault::fault;
use super::question::read_value;
use super::rows::{add, add_rows, bind, cell, column_cell};
use crate::dialect::on_conflict::{Source, count_stale, statement};
use crate::dialect::{Fault, MISSING, Shape, failure, shapes};
use crate::plan::{CatalogMay, MARK, Plan};
use crate::record::events;
use crate::table::{CATALOG, ROWS, both, list};
use crate::value::{Kind, Value};
use futures_util::TryStreamExt as _;
use ims_core::{Conflict, StoreError, StoreErrorKind, limits};
use sqlx::sqlite::{SqliteArguments, SqliteQueryResult, SqliteRow};
use sqlx::{AssertSqlSafe, Either, Executor as _, Row as _, SqliteConnection};
use std::fmt::Write as _;
use std::sync::Arc;

/// What came of a plan's statements.
pub(super) struct Tally {
    pub(super) conflict: Conflict,
    pub(super) newest: u64,
    /// The version that the catalogue has afterwards.
    pub(super) catalog: u64,
}

/// Whether a plan begins its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// It does.
    Now,
    /// It is in one.
    Before,
}

/// What is to come of a statement.
enum Expect {
    Anything,
    /// So many rows written.
    Rows(usize, Conflict),
    /// A count of zero.
    NoneCounted(Conflict),
    /// The offset of the newest event, and the version of the catalogue.
    Head,
}

/// How many statements stand before those of the steps.
const BEFORE_STEPS: usize = 2;

/// What the text of a plan depends on.
pub(super) fn shape(plan: &Plan<'_>, begin: Begin) -> Vec<Shape> {
    let begins = begin == Begin::Now;
    let around = Shape::Around { begins, catalog_may: plan.catalog_may, marks: !plan.marks.is_empty() };
    let mut shape = shapes(&plan.steps, &plan.checks);
    shape.push(around);
    shape
}

/// The text of a plan. Everything in it takes its rows from arguments, so that plans of one shape share one text.
pub(super) fn text(plan: &Plan<'_>, begin: Begin) -> String {
    let source = Source { from: "jsonb_each(?) AS v", cell: &column_cell };
    let mut text = String::from(match begin {
        Begin::Now => "BEGIN IMMEDIATE;",
        Begin::Before => "SELECT 1;",
    });
    let is_as_seen = match plan.catalog_may {
        CatalogMay::Stay => "=",
        CatalogMay::Move => ">=",
    };
    _ = write!(text, "UPDATE head SET newest = newest + ?, catalog = catalog + ? WHERE catalog {is_as_seen} ?;");
    for step in &plan.steps {
        text.push_str(&statement(step, &source));
        text.push(';');
    }
    for check in &plan.checks {
        text.push_str(&count_stale(check, &source));
        text.push(';');
    }
    let mark = cell("v.value", 0, Kind::Id);
    if plan.catalog_may == CatalogMay::Move {
        // Every version that was missed has a mark; if not, nobody knows what was written.
        _ = write!(
            text,
            "SELECT abs((SELECT catalog FROM head) - ? - count(DISTINCT version)) \
             + coalesce(sum(mark IN (SELECT {mark} FROM jsonb_each(?) AS v)), 0) \
             FROM catalog_changes WHERE version > ?;"
        );
    }
    if !plan.marks.is_empty() {
        _ = write!(
            text,
            "INSERT INTO catalog_changes (version, mark) SELECT h.catalog, {mark} FROM head h, jsonb_each(?) AS v; \
             DELETE FROM catalog_changes WHERE version <= (SELECT catalog FROM head) - {};",
            limits::CATALOG_VERSIONS_KNOWN
        );
    }
    let columns = events::TABLE.columns;
    let names = list(columns, |column| column.name.to_owned());
    let cells = columns.iter().enumerate().map(|(place, column)| column_cell(place, column));
    let cells = cells.collect::<Vec<_>>().join(", ");
    _ = write!(
        text,
        "INSERT INTO events (event_offset, {names}) SELECT h.newest - ? + 1 + v.key, {cells} \
         FROM head h, jsonb_each(?) AS v; SELECT newest, catalog FROM head"
    );
    text
}

/// The arguments of that text, in their order.
fn arguments(plan: &Plan<'_>) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    add(&mut arguments, plan.event_count)?;
    add(&mut arguments, plan.catalog_step)?;
    bind(&mut arguments, &Value::from(plan.catalog))?;
    for step in &plan.steps {
        add_rows(&mut arguments, &step.columns(), &step.cells)?;
    }
    for check in &plan.checks {
        add_rows(&mut arguments, &check.columns(), &check.cells)?;
    }
    if plan.catalog_may == CatalogMay::Move {
        let own = u64::try_from(plan.catalog_step).unwrap_or_default();
        bind(&mut arguments, &Value::from(plan.catalog.saturating_add(own)))?;
        add_rows(&mut arguments, &MARK, &plan.uses)?;
        bind(&mut arguments, &Value::from(plan.catalog))?;
    }
    if !plan.marks.is_empty() {
        add_rows(&mut arguments, &MARK, &plan.marks)?;
    }
    add(&mut arguments, plan.event_count)?;
    add_rows(&mut arguments, events::TABLE.columns, &plan.events)?;
    Ok(arguments)
}

fn expectations(plan: &Plan<'_>) -> Vec<Expect> {
    let begin = [Expect::Anything, Expect::Rows(1, CATALOG)];
    let steps = plan.steps.iter().map(|step| match step.is_guarded() {
        true => Expect::Rows(step.rows(), step.table.blame()),
        false => Expect::Anything,
    });
    let checks = plan.checks.iter().map(|_| Expect::NoneCounted(ROWS));
    let moved = (plan.catalog_may == CatalogMay::Move).then_some(Expect::NoneCounted(CATALOG));
    let marks = [Expect::Anything, Expect::Anything].into_iter().filter(|_| !plan.marks.is_empty());
    let end = [Expect::Anything, Expect::Head];
    begin.into_iter().chain(steps).chain(checks).chain(moved).chain(marks).chain(end).collect()
}

/// Makes the statements of a plan in one hop and compares what they did with what they should have done.
pub(super) async fn run(
    connection: &mut SqliteConnection,
    plan: &Plan<'_>,
    text: Arc<str>,
) -> Result<Tally, StoreError> {
    let expected = expectations(plan);
    let mut tally = Tally { conflict: Conflict::default(), newest: 0, catalog: 0 };
    let mut at: usize = 0;
    let mut results = connection.fetch_many(sqlx::query_with(AssertSqlSafe(text), arguments(plan)?));
    loop {
        match results.try_next().await {
            Ok(None) => return Ok(tally),
            Ok(Some(Either::Left(done))) => {
                tally.take_done(&done, expected.get(at));
                at = at.saturating_add(1);
            }
            Ok(Some(Either::Right(row))) => tally.take_row(&row, expected.get(at))?,
            Err(error) => {
                let step = at.checked_sub(BEFORE_STEPS).and_then(|step| plan.steps.get(step));
                tally.take_error(error, step.map_or(ROWS, |step| step.table.blame()))?;
                return Ok(tally);
            }
        }
    }
}

impl Tally {
    fn blame(&mut self, conflict: Conflict) {
        self.conflict = both(self.conflict, conflict);
    }

    fn take_done(&mut self, done: &SqliteQueryResult, expected: Option<&Expect>) {
        if let Some(Expect::Rows(rows, blame)) = expected
            && usize::try_from(done.rows_affected()) != Ok(*rows)
        {
            self.blame(*blame);
        }
    }

    fn take_row(&mut self, row: &SqliteRow, expected: Option<&Expect>) -> Result<(), StoreError> {
        match expected {
            Some(Expect::NoneCounted(blame)) if read_value(row, 0, Kind::Int)? != Value::Int(0) => self.blame(*blame),
            Some(Expect::Head) => {
                let number =
                    |at: usize| row.try_get::<i64, _>(at).map_err(|error| failure(StoreErrorKind::Corrupt, error));
                (self.newest, self.catalog) = (number(0)?.cast_unsigned(), number(1)?.cast_unsigned());
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes the error of a statement, and what it is to be blamed for if something was there already.
    fn take_error(&mut self, error: sqlx::Error, blame: Conflict) -> Result<(), StoreError> {
        match fault(&error) {
            Fault::Duplicate => self.blame(blame),
            Fault::Missing => self.blame(MISSING),
            // What was decided on something else need not fit.
            Fault::Failed(_) if self.conflict != Conflict::default() => {}
            Fault::Failed(kind) => return Err(failure(kind, error)),
        }
        Ok(())
    }
}
