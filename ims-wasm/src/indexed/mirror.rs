//! Tables in memory, as of one moment: what reports are computed from.
//!
//! The meaning of a report is the fold over rows in [`MemoryStore`]. Here the rows of the tables that a report needs are
//! read into one, and kept until something is committed, by whichever page.

use super::{IndexedStore, names, row, scan, transaction::Access};
use ims_core::{
    ChangeSet, MemoryStore, Outcome, Store, StoreError, StoreErrorKind, Write,
    report::{Row, Table},
};
use std::sync::Arc;

/// Some tables of the store.
#[derive(Debug)]
pub(super) struct Mirror {
    /// How often the store had been written then.
    commits: u64,
    tables: Vec<Table>,
    memory: MemoryStore,
}

impl IndexedStore {
    /// These tables as they are now.
    pub(super) async fn mirrored(&self, tables: &[Table]) -> Result<MemoryStore, StoreError> {
        let transaction = self.begin(Access::Read)?;
        let head = transaction.head()?;
        transaction.answered().await?;
        let commits = row::head(&head)?.commits;
        if let Some(mirror) = self.mirror.borrow().as_ref()
            && mirror.commits == commits
            && tables.iter().all(|table| mirror.tables.contains(table))
        {
            return Ok(mirror.memory.clone());
        }
        let mut asked = Vec::with_capacity(tables.len());
        for table in tables {
            asked.push((*table, transaction.all(names::of(*table))?));
        }
        transaction.answered().await?;
        let mut change = ChangeSet::default();
        for (table, rows) in asked {
            for text in rows.texts()? {
                add(&mut change, scan::read(table, &text)?);
            }
        }
        let memory = MemoryStore::new();
        match memory.commit(change).await? {
            Outcome::Done { .. } => {}
            Outcome::Conflict(conflict) => {
                let problem = format!("the rows contradict each other: {conflict:?}");
                return Err(StoreError::new(StoreErrorKind::Corrupt, problem));
            }
        }
        let mirror = Mirror { commits, tables: tables.to_vec(), memory: memory.clone() };
        self.mirror.replace(Some(mirror));
        Ok(memory)
    }
}

/// Adds a row to the first change of a store.
fn add(change: &mut ChangeSet, row: Row) {
    match row {
        Row::Shop(row) => change.shop = Some(first(row)),
        Row::Item(row) => change.items.push(first(row)),
        Row::Location(row) => change.locations.push(first(row)),
        Row::Supplier(row) => change.suppliers.push(first(row)),
        Row::Customer(row) => change.customers.push(first(row)),
        Row::Series(row) => change.series.push(first(row)),
        Row::Stock(row) => change.stock.push(first(row)),
        Row::Layer(row) => change.layers.push(row),
        Row::Hold(row) => change.holds.push(first(row)),
        Row::Order(row) => change.orders.push(first(Arc::new(row))),
        Row::Purchase(row) => change.purchases.push(first(Arc::new(row))),
        Row::Return(row) => change.returns.push(row),
        Row::Alert(row) => change.alerts.push(row),
        Row::Movement(row) => change.movements.push(row),
        Row::Undone(key, row) => change.undone.push((key, row)),
        Row::Sales(key, row) => change.sales.push((key, row)),
        Row::CustomerSales(key, row) => change.customer_sales.push((key, row)),
        Row::Command(row) => change.commands.push(row),
    }
}

fn first<R>(row: R) -> Write<R> {
    Write { over: 0, row }
}
