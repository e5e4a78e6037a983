//! Reading a table whole.

use super::{
    KeyRange,
    rows::{KeptAnswer, Rows},
};
use ims_core::{
    CustomerSalesKey, MovementKey, Sales, SalesKey, StoreError, Undone,
    report::{Cursor, Page, PageRequest, Row, Table},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How much of a movement has been undone, with the movement's key.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptUndone {
    pub(super) key: MovementKey,
    pub(super) undone: Undone,
}

/// Sales totals with their key.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptSales<K> {
    pub(super) key: K,
    pub(super) sales: Sales,
}

/// Names the texts of a page. The cursor is the key of the last row before it.
pub(super) fn range(table: Table, page: &PageRequest) -> KeyRange {
    // One more than is asked for tells whether there is another page.
    let all = KeyRange::of_table(table, page.rows().saturating_add(1));
    match &page.after {
        Some(Cursor(last)) => all.after(last),
        None => all,
    }
}

/// Gives the rows of a page.
pub(super) fn page(table: Table, page: &PageRequest, rows: &Rows) -> Result<Page<Row>, StoreError> {
    let limit = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    let range = range(table, page);
    let found = table_rows(table, rows, &range)?;
    let more = found.len() > limit;
    let last = found.get(limit.saturating_sub(1)).map(|(key, _)| Cursor(key.clone()));
    Ok(Page { rows: found.into_iter().take(limit).map(|(_, row)| row).collect(), next: last.filter(|_| more) })
}

/// Gives the rows of a table in a range, with their keys.
pub(super) fn table_rows(table: Table, rows: &Rows, range: &KeyRange) -> Result<Vec<(String, Row)>, StoreError> {
    match table {
        Table::Shop => each(rows, range, |row| Ok(Row::Shop(row))),
        Table::Items => each(rows, range, |row| Ok(Row::Item(row))),
        Table::Locations => each(rows, range, |row| Ok(Row::Location(row))),
        Table::Suppliers => each(rows, range, |row| Ok(Row::Supplier(row))),
        Table::Customers => each(rows, range, |row| Ok(Row::Customer(row))),
        Table::Series => each(rows, range, |row| Ok(Row::Series(row))),
        Table::Stock => each(rows, range, |row| Ok(Row::Stock(row))),
        Table::Layers => each(rows, range, |row| Ok(Row::Layer(row))),
        Table::Holds => each(rows, range, |row| Ok(Row::Hold(row))),
        Table::Orders => each(rows, range, |row| Ok(Row::Order(row))),
        Table::Purchases => each(rows, range, |row| Ok(Row::Purchase(row))),
        Table::Returns => each(rows, range, |row| Ok(Row::Return(row))),
        Table::Alerts => each(rows, range, |row| Ok(Row::Alert(row))),
        Table::Movements => each(rows, range, |row| Ok(Row::Movement(row))),
        Table::Undone => each(rows, range, |KeptUndone { key, undone }| Ok(Row::Undone(key, undone))),
        Table::Sales => each(rows, range, |KeptSales::<SalesKey> { key, sales }| Ok(Row::Sales(key, sales))),
        Table::CustomerSales => {
            each(rows, range, |KeptSales::<CustomerSalesKey> { key, sales }| Ok(Row::CustomerSales(key, sales)))
        }
        Table::Commands => each(rows, range, |kept: KeptAnswer| Ok(Row::Command(kept.record()?))),
    }
}

fn each<R: DeserializeOwned>(
    rows: &Rows,
    range: &KeyRange,
    make: impl Fn(R) -> Result<Row, StoreError>,
) -> Result<Vec<(String, Row)>, StoreError> {
    let found = rows.within(range).map(|row| {
        let (key, _, row) = row?;
        Ok((key.to_owned(), make(row)?))
    });
    found.collect()
}
