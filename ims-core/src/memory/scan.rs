//! Reading memory whole.

use super::{Tables, listed::Listed};
use crate::{
    audit::{self, LogEntry, Verdict},
    report::{Cursor, Page, PageRequest, Row, Table},
    *,
};
use futures_util::FutureExt;
use std::{hash::Hash, sync::Arc};

impl audit::Source for Tables {
    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        Ok(Tables::scan(self, table, page))
    }

    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        Ok(Tables::load(self, keys))
    }

    async fn log(&self, after: Offset) -> Result<(Vec<LogEntry>, Offset), StoreError> {
        let page = self.log_page(after, limits::EVENTS_PER_PAGE);
        Ok((page.events.into_iter().map(LogEntry::from).collect(), page.newest))
    }
}

impl Tables {
    /// Proves that everything adds up.
    pub(super) fn verify(&self) -> Result<Verdict, StoreError> {
        let never = || Err(StoreError::new(StoreErrorKind::Unavailable, "nothing in memory is waited for"));
        Ok(audit::prove(self).now_or_never().unwrap_or_else(never)?.verdict)
    }

    /// A page of a table. The cursor is the number of rows before it.
    pub(super) fn scan(&self, table: Table, page: &PageRequest) -> Page<Row> {
        match table {
            Table::Shop => paged(page, |_| self.shop.iter().map(|(_, row)| Row::Shop(Arc::clone(row)))),
            Table::Items => listed(page, &self.items, |_, row| Row::Item(Arc::clone(row))),
            Table::Locations => listed(page, &self.locations, |_, row| Row::Location(Arc::clone(row))),
            Table::Suppliers => listed(page, &self.suppliers, |_, row| Row::Supplier(Arc::clone(row))),
            Table::Customers => listed(page, &self.customers, |_, row| Row::Customer(Arc::clone(row))),
            Table::Series => listed(page, &self.series, |_, row| Row::Series(row.clone())),
            Table::Stock => listed(page, &self.stock, |_, row| Row::Stock(*row)),
            Table::Layers => {
                let mut layers: Vec<Layer> = self.layers.values().flat_map(|layers| layers.values()).copied().collect();
                layers.sort_by_key(|layer| layer.key);
                paged(page, |place| layers.into_iter().skip(place).map(Row::Layer))
            }
            Table::Holds => {
                let mut holds: Vec<Hold> = self.holds.values().map(|(_, row)| *row).collect();
                holds.sort_by_key(|hold| hold.id);
                paged(page, |place| holds.into_iter().skip(place).map(Row::Hold))
            }
            Table::Orders => listed(page, &self.orders, |_, row| Row::Order(Order::clone(row))),
            Table::Purchases => listed(page, &self.purchases, |_, row| Row::Purchase(Purchase::clone(row))),
            Table::Returns => listed(page, &self.returns, |_, row| Row::Return(row.clone())),
            Table::Alerts => listed(page, &self.alerts, |_, row| Row::Alert(row.clone())),
            Table::Movements => paged(page, |place| {
                self.movements.get(place..).unwrap_or_default().iter().map(|row| Row::Movement(row.clone()))
            }),
            Table::Undone => listed(page, &self.undone, |key, row| Row::Undone(*key, *row)),
            Table::Sales => listed(page, &self.sales, |key, row| Row::Sales(key.clone(), *row)),
            Table::CustomerSales => listed(page, &self.customer_sales, |key, row| Row::CustomerSales(*key, *row)),
            Table::Commands => listed(page, &self.commands, |_, row| Row::Command(row.clone())),
        }
    }
}

fn listed<K: Clone + Eq + Hash, R>(page: &PageRequest, rows: &Listed<K, R>, make: impl Fn(&K, &R) -> Row) -> Page<Row> {
    paged(page, |place| rows.from(place).map(|(key, row)| make(key, row)))
}

/// Takes a page of the rows that begin at a place.
pub(super) fn paged<T, I: Iterator<Item = T>>(page: &PageRequest, from: impl FnOnce(usize) -> I) -> Page<T> {
    let place = page.after.as_ref().and_then(|cursor| cursor.0.parse().ok()).unwrap_or(0_usize);
    let limit = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    let mut rows = from(place);
    let taken: Vec<T> = rows.by_ref().take(limit).collect();
    let next = rows.next().map(|_| Cursor(place.saturating_add(taken.len()).to_string()));
    Page { rows: taken, next }
}
