//! A row of any table as JSON, and back.

use ims_core::{
    Answer, CommandId, CommandRecord,
    report::{Row, Table},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Why a row cannot be read: the server is of another version.
#[derive(Debug, thiserror::Error)]
#[error("a row of {table} cannot be read: {source}")]
pub(crate) struct Unreadable {
    table: &'static str,
    source: serde_json::Error,
}

/// A command's answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Command {
    id: CommandId,
    /// 32 hexadecimal digits: JSON has no integers of this size.
    fingerprint: String,
    answer: Arc<Answer>,
}

/// The table of this name.
pub(crate) fn table_named(name: &str) -> Option<Table> {
    Table::ALL.into_iter().find(|table| table.name() == name)
}

/// Writes a row. Where a row has its key beside it, they are a list of two.
pub(crate) fn write(row: &Row) -> Result<Value, serde_json::Error> {
    match row {
        Row::Shop(row) => serde_json::to_value(row),
        Row::Item(row) => serde_json::to_value(row),
        Row::Location(row) => serde_json::to_value(row),
        Row::Supplier(row) => serde_json::to_value(row),
        Row::Customer(row) => serde_json::to_value(row),
        Row::Series(row) => serde_json::to_value(row),
        Row::Stock(row) => serde_json::to_value(row),
        Row::Layer(row) => serde_json::to_value(row),
        Row::Hold(row) => serde_json::to_value(row),
        Row::Order(row) => serde_json::to_value(row),
        Row::Purchase(row) => serde_json::to_value(row),
        Row::Return(row) => serde_json::to_value(row),
        Row::Alert(row) => serde_json::to_value(row),
        Row::Movement(row) => serde_json::to_value(row),
        Row::Undone(key, row) => serde_json::to_value((key, row)),
        Row::Sales(key, row) => serde_json::to_value((key, row)),
        Row::CustomerSales(key, row) => serde_json::to_value((key, row)),
        Row::Command(CommandRecord { id, fingerprint, answer }) => serde_json::to_value(Command {
            id: *id,
            fingerprint: format!("{fingerprint:032x}"),
            answer: Arc::clone(answer),
        }),
    }
}

/// Reads a row of a table.
pub(crate) fn read(table: Table, row: Value) -> Result<Row, Unreadable> {
    let read = match table {
        Table::Shop => serde_json::from_value(row).map(Row::Shop),
        Table::Items => serde_json::from_value(row).map(Row::Item),
        Table::Locations => serde_json::from_value(row).map(Row::Location),
        Table::Suppliers => serde_json::from_value(row).map(Row::Supplier),
        Table::Customers => serde_json::from_value(row).map(Row::Customer),
        Table::Series => serde_json::from_value(row).map(Row::Series),
        Table::Stock => serde_json::from_value(row).map(Row::Stock),
        Table::Layers => serde_json::from_value(row).map(Row::Layer),
        Table::Holds => serde_json::from_value(row).map(Row::Hold),
        Table::Orders => serde_json::from_value(row).map(Row::Order),
        Table::Purchases => serde_json::from_value(row).map(Row::Purchase),
        Table::Returns => serde_json::from_value(row).map(Row::Return),
        Table::Alerts => serde_json::from_value(row).map(Row::Alert),
        Table::Movements => serde_json::from_value(row).map(Row::Movement),
        Table::Undone => serde_json::from_value(row).map(|(key, row)| Row::Undone(key, row)),
        Table::Sales => serde_json::from_value(row).map(|(key, row)| Row::Sales(key, row)),
        Table::CustomerSales => serde_json::from_value(row).map(|(key, row)| Row::CustomerSales(key, row)),
        Table::Commands => serde_json::from_value(row).and_then(command),
    };
    read.map_err(|source| Unreadable { table: table.name(), source })
}

fn command(Command { id, fingerprint, answer }: Command) -> Result<Row, serde_json::Error> {
    let fingerprint = u128::from_str_radix(&fingerprint, 16).map_err(serde::de::Error::custom)?;
    Ok(Row::Command(CommandRecord { id, fingerprint, answer }))
}
