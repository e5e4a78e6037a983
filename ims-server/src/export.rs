//! Every table of a store as files that other programs read.

mod columns;
mod file;

use crate::{
    failure::{Failure, Outcome},
    session::Session,
};
use columns::{Parts, parts_of};
use file::TableFile;
use ims_core::{
    Item, Offset, Reports, Store, Supplier, SupplierId, limits,
    report::{PageRequest, Row, Table},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{fs, path::Path, sync::Arc};

/// What the file with the log is called.
const EVENTS: &str = "events";

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Csv,
    JsonLines,
}

/// A file that was written.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Written {
    pub(crate) file: String,
    pub(crate) rows: u64,
}

/// Writes every table and the log of events into a folder.
pub(crate) async fn write(session: &Session, folder: &Path, form: Form) -> Outcome<Vec<Written>> {
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    let mut written = Vec::new();
    for table in Table::ALL {
        written.extend(write_table(session, folder, form, table).await?);
    }
    written.push(write_events(session, folder, form).await?);
    Ok(written)
}

/// Refuses a folder that has a file of a name that would be written.
pub(crate) fn check_free(folder: &Path, form: Form) -> Outcome {
    let is_there = |name: &&str| file::path_of(folder, form, name).symlink_metadata().is_ok();
    let names: Vec<&str> = names(form).filter(is_there).collect();
    let Some((first, others)) = names.split_first() else { return Ok(()) };
    let first = file::path_of(folder, form, first).display().to_string();
    let message = match others.len() {
        0 => format!("{first} is there already"),
        1 => format!("{first} and 1 other file are there already"),
        more => format!("{first} and {more} other files are there already"),
    };
    let next = "--replace writes over what an export writes; or name another folder";
    Err(Failure::usage("export_exists", message).field("file", first).hint(next))
}

/// What the files are called, without their ending.
fn names(form: Form) -> impl Iterator<Item = &'static str> {
    let tables = Table::ALL.into_iter().map(parts_of).flat_map(move |parts| {
        let inside = if form == Form::Csv { parts.inside } else { &[] };
        std::iter::once(parts.name).chain(inside.iter().map(|part| part.file))
    });
    tables.chain([EVENTS])
}

async fn write_table(session: &Session, folder: &Path, form: Form, table: Table) -> Outcome<Vec<Written>> {
    let parts = parts_of(table);
    let mut files = open_files(folder, form, &parts)?;
    let mut page = PageRequest::default();
    loop {
        let answer = session.store().scan(table, &page).await?;
        let suppliers = session.suppliers_with(answer.rows.iter().filter_map(supplier_of)).await?;
        for row in answer.rows {
            let supplier = supplier_of(&row).and_then(|id| suppliers.get(&id));
            write_row(&mut files, form, &parts, row_value(row, supplier))?;
        }
        match answer.next {
            Some(next) => page.after = Some(next),
            None => return files.into_iter().map(TableFile::finish).collect(),
        }
    }
}

async fn write_events(session: &Session, folder: &Path, form: Form) -> Outcome<Written> {
    let mut file = TableFile::create(folder, form, EVENTS, columns::EVENTS)?;
    let mut after = Offset::START;
    loop {
        let page = session.store().events(after, limits::EVENTS_PER_PAGE).await?;
        let Some(last) = page.events.last() else { return file.finish() };
        after = last.offset;
        for event in &page.events {
            file.row(&value(event))?;
        }
    }
}

fn open_files(folder: &Path, form: Form, parts: &Parts) -> Outcome<Vec<TableFile>> {
    let mut files = vec![TableFile::create(folder, form, parts.name, parts.columns)?];
    // In JSON a row has its lines inside.
    if form == Form::Csv {
        for part in parts.inside {
            files.push(TableFile::create(folder, form, part.file, part.columns)?);
        }
    }
    Ok(files)
}

fn write_row(files: &mut [TableFile], form: Form, parts: &Parts, mut row: Value) -> Outcome {
    let (Some((file, others)), Some(object)) = (files.split_first_mut(), row.as_object_mut()) else { return Ok(()) };
    if form == Form::Csv {
        let id = object.get("id").cloned().unwrap_or(Value::Null);
        for (part, file) in parts.inside.iter().zip(others) {
            let Some(Value::Array(lines)) = object.remove(part.field) else { continue };
            for (number, mut line) in (0_u64..).zip(lines) {
                if let Some(line) = line.as_object_mut() {
                    line.insert(part.parent.to_owned(), id.clone());
                    line.insert("line".to_owned(), json!(number));
                }
                file.row(&line)?;
            }
        }
    }
    // What a row has nothing of is empty in it, and not missing.
    for column in parts.columns {
        object.entry(*column).or_insert(Value::Null);
    }
    file.row(&row)
}

fn value(row: &impl Serialize) -> Value {
    // Rows are plain values with strings for keys: there is nothing in them that JSON has no form for.
    serde_json::to_value(row).unwrap_or(Value::Null)
}

/// Who usually supplies an item.
fn supplier_of(row: &Row) -> Option<SupplierId> {
    match row {
        Row::Item(item) => item.supplier,
        _ => None,
    }
}

/// A row with all its fields, as JSON. `supplier` is that of an item.
fn row_value(row: Row, supplier: Option<&Arc<Supplier>>) -> Value {
    match row {
        Row::Shop(row) => value(&row),
        Row::Item(row) => joined(value(&row), item_parts(&row, supplier)),
        Row::Location(row) => value(&row),
        Row::Supplier(row) => with_fields_of("contact", value(&row)),
        Row::Customer(row) => with_fields_of("contact", value(&row)),
        Row::Series(row) => value(&row),
        Row::Stock(row) => value(&row),
        Row::Layer(row) => value(&row),
        Row::Hold(row) => value(&row),
        Row::Order(row) => flat(value(&row)),
        Row::Purchase(row) => flat(value(&row)),
        Row::Return(row) => flat(value(&row)),
        Row::Alert(row) => value(&row),
        Row::Movement(row) => value(&row),
        Row::Undone(key, row) => joined(value(&key), value(&row)),
        Row::Sales(key, row) => joined(value(&key), value(&row)),
        Row::CustomerSales(key, row) => joined(value(&key), value(&row)),
        Row::Command(row) => {
            json!({ "id": row.id, "fingerprint": format!("{:032x}", row.fingerprint), "answer": &*row.answer })
        }
    }
}

/// What an import reads of an item in fields of its own.
fn item_parts(item: &Item, supplier: Option<&Arc<Supplier>>) -> Value {
    json!({
        "unit": item.unit.code(),
        "unit_decimals": item.unit.decimals(),
        "supplier_code": supplier.map(|supplier| &*supplier.code),
    })
}

/// A document with whom it was made out to and what it has come to as fields of its own: `party_name`, `amount_cancelled`, `to_pay`.
fn flat(row: Value) -> Value {
    let Value::Object(mut row) = row else { return row };
    for (part, prefix) in [("party", "party_"), ("amounts", "amount_")] {
        let Some(Value::Object(inside)) = row.remove(part) else { continue };
        row.extend(inside.into_iter().map(|(name, value)| {
            let name = if name == "to_pay" { name } else { format!("{prefix}{name}") };
            (name, value)
        }));
    }
    Value::Object(row)
}

/// Lifts the fields of a part into the row.
fn with_fields_of(part: &str, row: Value) -> Value {
    let Value::Object(mut row) = row else { return row };
    let inside = row.remove(part).unwrap_or(Value::Null);
    joined(Value::Object(row), inside)
}

/// A row of the fields of both.
fn joined(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(mut first), Value::Object(second)) => {
            first.extend(second);
            Value::Object(first)
        }
        (first, _) => first,
    }
}
