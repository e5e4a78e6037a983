//! A file becomes a shop.

use super::error::BackupError;
use super::reader::Reader;
use super::tables::{HEAD, TABLES};
use super::{Summary, off, state};
use crate::dialect::{Ask, Dialect, Held, Moment, Purpose};
use crate::engine::Engine;
use crate::plan::{Op, Step};
use crate::sql::Sql;
use crate::value::{Kind, Value};
use ims_core::{StoreError, StoreErrorKind};
use std::path::Path;

/// Fills an empty database in one transaction. What is broken off in the middle leaves it empty.
pub(super) async fn restore<D: Dialect>(engine: &Engine<D>, file: &Path) -> Result<Summary, BackupError> {
    let moment = engine.hold(Purpose::Write).await?;
    // The row that every change takes last: from here on nobody else's change can become visible.
    moment.write(Sql::new([], "DELETE FROM head")).await?;
    let shop = Engine::new(moment.clone());
    if let Some(table) = first_with_rows(&shop).await? {
        return Err(BackupError::NotEmpty { table });
    }
    let file = file.to_owned();
    let ((), mut reader) = off((), move |()| Reader::open(&file)).await?;
    reader.check_schema(state::schema(&shop).await?)?;
    let summary = loop {
        let (back, portion) = off(reader, Reader::portion).await?;
        reader = back;
        let Some(portion) = portion else { break reader.summary() };
        let step = Step { op: Op::Insert, table: portion.table, cells: portion.cells };
        insert(&moment, &step, portion.rows).await?;
    };
    reader.check_state(state::hash(&shop).await?)?;
    moment.commit().await?;
    Ok(summary)
}

async fn insert<H: Held>(moment: &Moment<H>, step: &Step<'_>, rows: u64) -> Result<(), BackupError> {
    let written = moment.insert(step).await?;
    if written == rows {
        return Ok(());
    }
    let lost = format!("of {rows} rows of the table {} the database has written {written}", step.table.name);
    Err(StoreError::new(StoreErrorKind::Corrupt, lost).into())
}

/// A table that has a row.
async fn first_with_rows<A: Ask>(shop: &Engine<A>) -> Result<Option<&'static str>, StoreError> {
    for table in TABLES.iter().filter(|table| table.name != HEAD.name) {
        let count = format!("SELECT COUNT(*) FROM (SELECT 1 AS one FROM {} LIMIT 1) t", table.name);
        let rows = shop.ask_one(Sql::new([Kind::Int], count)).await?;
        if rows.iter().flatten().any(|count| *count != Value::Int(0)) {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}
