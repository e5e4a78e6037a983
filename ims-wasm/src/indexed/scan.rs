//! Reading tables whole, in the order of their keys.

use super::{
    key, names,
    row::{self, Answered},
    transaction::Transaction,
};
use ims_core::{
    StoreError,
    report::{Cursor, Page, PageRequest, Row, Table},
};
use serde::de::DeserializeOwned;

/// A page of a table. The cursor is the key of the last row before it.
pub(super) async fn scan(transaction: &Transaction, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
    let after = page.after.as_ref().map_or("", |cursor| cursor.0.as_str());
    let (range, limit) = (key::after(after)?, page.rows());
    let rows = transaction.range(names::of(table), &range, Some(limit))?;
    // One more than is wanted tells whether there is a next page.
    let keys = transaction.keys(names::of(table), &range, limit.saturating_add(1))?;
    transaction.answered().await?;
    let mut keys = keys.texts()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = keys.len() > limit;
    keys.truncate(limit);
    let next = keys.pop().filter(|_| more).map(Cursor);
    let rows = rows.texts()?.iter().map(|text| read(table, text)).collect::<Result<_, _>>()?;
    Ok(Page { rows, next })
}

/// Reads a row of a table.
pub(super) fn read(table: Table, text: &str) -> Result<Row, StoreError> {
    Ok(match table {
        Table::Shop => Row::Shop(versioned(text)?),
        Table::Items => Row::Item(versioned(text)?),
        Table::Locations => Row::Location(versioned(text)?),
        Table::Suppliers => Row::Supplier(versioned(text)?),
        Table::Customers => Row::Customer(versioned(text)?),
        Table::Series => Row::Series(versioned(text)?),
        Table::Stock => Row::Stock(versioned(text)?),
        Table::Layers => Row::Layer(row::read(text)?),
        Table::Holds => Row::Hold(versioned(text)?),
        Table::Orders => Row::Order(versioned(text)?),
        Table::Purchases => Row::Purchase(versioned(text)?),
        Table::Returns => Row::Return(row::read(text)?),
        Table::Alerts => Row::Alert(row::read(text)?),
        Table::Movements => Row::Movement(row::read(text)?),
        Table::Undone => {
            let (key, undone) = row::read(text)?;
            Row::Undone(key, undone)
        }
        Table::Sales => {
            let (key, sales) = row::read(text)?;
            Row::Sales(key, sales)
        }
        Table::CustomerSales => {
            let (key, sales) = row::read(text)?;
            Row::CustomerSales(key, sales)
        }
        Table::Commands => Row::Command(row::read::<Answered>(text)?.record()?),
    })
}

fn versioned<R: DeserializeOwned>(text: &str) -> Result<R, StoreError> {
    row::versioned(text).map(|found| found.row)
}
