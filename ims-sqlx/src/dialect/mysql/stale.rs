//! Which rows have changed since they were seen.

use super::literal::equal;
use crate::plan::{Guard, Plan};
use crate::sql::{Keys, Sql};
use crate::table::{CATALOG, ROWS, both};
use crate::value::{Kind, Row, Value};
use ims_core::Conflict;
use std::borrow::Cow;

/// Asks for everything that a change depends on, and what it means that one of the answers is not zero.
pub(super) fn questions(plan: &Plan<'_>) -> (Vec<Sql>, Vec<Conflict>) {
    let catalog = Sql::new([Kind::Int], "SELECT COUNT(*) FROM head WHERE catalog <> ").value(plan.catalog);
    let (mut questions, mut blames) = (vec![catalog], vec![CATALOG]);
    for step in plan.steps.iter().filter(|step| step.is_guarded()) {
        questions.push(count(&step.guard()));
        blames.push(step.table.blame());
    }
    for check in &plan.checks {
        questions.push(count(check));
        blames.push(ROWS);
    }
    (questions, blames)
}

/// Reads the answers: what had changed, if anything had.
pub(super) fn read(answers: &[Vec<Row>], blames: &[Conflict]) -> Option<Conflict> {
    let changed = |rows: &[Row]| rows.iter().flatten().any(|count| *count != Value::Int(0));
    let changed = answers.iter().zip(blames).filter(|(rows, _)| changed(rows)).map(|(_, blame)| *blame);
    changed.reduce(both)
}

/// Counts the rows that are not at the version they should be at.
fn count(guard: &Guard<'_>) -> Sql {
    let kinds = guard.columns().iter().map(|column| column.kind).collect();
    let cells = guard.cells.iter().map(owned).collect();
    let (name, key, seen) = (guard.table.name, equal(guard.table.key()), guard.table.key_columns);
    Sql::new([Kind::Int], "SELECT COUNT(*) FROM ")
        .keys(Keys { kinds, cells })
        .sql(format!(" LEFT JOIN {name} t ON {key} WHERE COALESCE(t.version, 0) <> k.c{seen}"))
}

fn owned(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Null => Value::Null,
        Value::Int(number) => Value::Int(*number),
        Value::Text(text) => Value::Text(Cow::Owned(text.clone().into_owned())),
        Value::Id(id) => Value::Id(*id),
    }
}
