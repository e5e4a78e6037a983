//! The statements of a change where the database knows `ON CONFLICT` and `UPDATE … FROM`.

use crate::plan::{Guard, Op, Step};
use crate::table::{Column, Table, list};

/// How a database names the rows that are handed to a statement.
pub(crate) struct Source<'a> {
    /// What stands after `FROM`; it has the alias `v`.
    pub(crate) from: &'a str,
    /// What stands for a column of it: its place, and what it holds.
    pub(crate) cell: &'a dyn Fn(usize, &Column) -> String,
}

impl Source<'_> {
    fn cells(&self, columns: &[Column]) -> String {
        let cells = columns.iter().enumerate().map(|(place, column)| (self.cell)(place, column));
        cells.collect::<Vec<_>>().join(", ")
    }

    fn equals(&self, table: &Table) -> String {
        let equal = |(place, column): (usize, &Column)| {
            format!("{}.{} = {}", table.name, column.name, (self.cell)(place, column))
        };
        table.key().iter().enumerate().map(equal).collect::<Vec<_>>().join(" AND ")
    }

    /// What stands for the version that was seen, where `last` is the version after it.
    fn version(&self, columns: &[Column]) -> Option<String> {
        let place = columns.len().checked_sub(1)?;
        columns.last().map(|column| (self.cell)(place, column))
    }
}

/// Writes a step.
pub(crate) fn statement(step: &Step<'_>, source: &Source<'_>) -> String {
    match step.op {
        Op::Insert | Op::Put | Op::Append | Op::Add => insert(step, source),
        Op::Update => update(step, source),
        Op::Delete | Op::DeleteSeen => delete(step, source),
    }
}

fn insert(step: &Step<'_>, source: &Source<'_>) -> String {
    let table = step.table;
    let names = list(table.columns, |column| column.name.to_owned());
    let key = list(table.key(), |column| column.name.to_owned());
    let cells = source.cells(table.columns);
    let then = match step.op {
        Op::Put => {
            format!(
                " ON CONFLICT ({key}) DO UPDATE SET {}",
                list(table.rest(), |c| format!("{0} = excluded.{0}", c.name))
            )
        }
        Op::Add => {
            let add = |c: &Column| format!("{1} = {0}.{1} + excluded.{1}", table.name, c.name);
            format!(" ON CONFLICT ({key}) DO UPDATE SET {}", list(table.rest(), add))
        }
        Op::Append => format!(" ON CONFLICT ({key}) DO NOTHING"),
        _ => String::new(),
    };
    // SQLite reads `… FROM v ON CONFLICT` as the beginning of a join's condition; `WHERE true` tells it otherwise.
    format!("INSERT INTO {} ({names}) SELECT {cells} FROM {} WHERE true{then}", table.name, source.from)
}

fn update(step: &Step<'_>, source: &Source<'_>) -> String {
    let table = step.table;
    let set = |(place, column): (usize, &Column)| format!("{} = {}", column.name, (source.cell)(place, column));
    let sets = table.columns.iter().enumerate().skip(table.key_columns).map(set).collect::<Vec<_>>().join(", ");
    let mut text = format!("UPDATE {} SET {sets} FROM {} WHERE {}", table.name, source.from, source.equals(table));
    if let (true, Some(version)) = (table.is_versioned(), source.version(table.columns)) {
        text.push_str(&format!(" AND {}.version = {version} - 1", table.name));
    }
    text
}

fn delete(step: &Step<'_>, source: &Source<'_>) -> String {
    let columns = step.columns();
    let names = list(&columns, |column| column.name.to_owned());
    format!(
        "DELETE FROM {} WHERE ({names}) IN (SELECT {} FROM {})",
        step.table.name,
        source.cells(&columns),
        source.from
    )
}

/// Counts the rows that are not at the version they should be at.
pub(crate) fn count_stale(guard: &Guard<'_>, source: &Source<'_>) -> String {
    let name = guard.table.name;
    let seen = source.version(&guard.columns()).unwrap_or_default();
    format!(
        "SELECT count(*) FROM {} LEFT JOIN {name} ON {} WHERE COALESCE({name}.version, 0) <> {seen}",
        source.from,
        source.equals(guard.table)
    )
}
