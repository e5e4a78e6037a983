//! A change as steps, each of which is one statement for all of its rows.

use crate::answer;
use crate::record::catalog::BARCODES_OF_ITEM;
use crate::record::{
    alerts, commands, customer_sales, customers, events, holds, item_barcodes, items, layers, locations, movements,
    names, order_lines, orders, purchase_lines, purchases, return_lines, returns, sales, series, shipments, shop,
    spellings, stock, suppliers, undone,
};
use crate::sql::{Keys, Sql};
use crate::table::{Column, Table};
use crate::value::{Kind, Value};
use ims_core::{ChangeSet, CheckedKey, Order, StoreError, Version, Write};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a step does with its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// Adds rows. One that is there already is a conflict.
    Insert,
    /// Replaces rows. In a table with versions a row that is not there, or not at the version before, is a conflict.
    Update,
    /// Adds rows, or replaces them.
    Put,
    /// Adds those rows that are not there yet.
    Append,
    /// Adds to the numbers in rows; a row that is not there starts from zero.
    Add,
    /// Deletes rows.
    Delete,
    /// Deletes rows at a version. A row that is not there, or at another version, is a conflict.
    DeleteSeen,
}

/// One statement.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) op: Op,
    pub(crate) table: &'static Table,
    /// The values of all rows, one row after the other.
    pub(crate) cells: Vec<Value<'a>>,
}

impl<'a> Step<'a> {
    /// How many values a row has.
    pub(crate) fn width(&self) -> usize {
        match self.op {
            Op::Delete => self.table.key_columns,
            Op::DeleteSeen => self.table.key_columns.saturating_add(1),
            _ => self.table.columns.len(),
        }
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.cells.len().checked_div(self.width()).unwrap_or(0)
    }

    /// The columns that its rows have values for.
    pub(crate) fn columns(&self) -> Vec<Column> {
        match self.op {
            Op::Delete => self.table.key().to_vec(),
            Op::DeleteSeen => self.table.key().iter().chain(self.table.columns.last()).copied().collect(),
            _ => self.table.columns.to_vec(),
        }
    }

    /// What its rows must be before it, where it is guarded.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn guard(&self) -> Guard<'a> {
        let seen = |version: &Value<'a>| match (self.op, version) {
            // An updated row has the version after the one that was seen.
            (Op::Update, Value::Int(next)) => Value::Int(next.wrapping_sub(1)),
            _ => version.clone(),
        };
        let key_columns = self.table.key_columns;
        let rows = self.cells.chunks(self.width().max(1));
        let cells = rows.flat_map(|row| row.iter().take(key_columns).cloned().chain(row.last().map(seen)));
        Guard { table: self.table, cells: cells.collect() }
    }

    /// Whether it is a conflict if fewer rows are affected than it has.
    pub(crate) fn is_guarded(&self) -> bool {
        self.op == Op::DeleteSeen || (self.op == Op::Update && self.table.is_versioned())
    }
}

/// Rows that must be at a version: a key each, and the version; 0 where there must be no such row.
#[derive(Debug)]
pub(crate) struct Guard<'a> {
    pub(crate) table: &'static Table,
    pub(crate) cells: Vec<Value<'a>>,
}

impl Guard<'_> {
    /// The key's columns, and the version.
    pub(crate) fn columns(&self) -> Vec<Column> {
        self.table.key().iter().chain(self.table.columns.last()).copied().collect()
    }
}

/// The one column of a mark.
pub(crate) const MARK: [Column; 1] = [Column { name: "mark", kind: Kind::Id }];

/// How the version of the catalogue is compared with the one that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CatalogMay {
    /// It must be that one, which costs nothing to find out.
    Stay,
    /// It may be a later one, if nothing was written since of all that was used: others write to the catalogue at this time.
    Move,
}

/// Everything that a change does to the database.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// The version of the catalogue that was seen.
    pub(crate) catalog: Version,
    /// What is added to it: 1 or 0.
    pub(crate) catalog_step: i64,
    /// What of the catalogue was used and is not written.
    pub(crate) uses: Vec<Value<'a>>,
    /// What is written to the catalogue.
    pub(crate) marks: Vec<Value<'a>>,
    /// How the version of the catalogue is compared.
    pub(crate) catalog_may: CatalogMay,
    /// The statements, in the order in which every writer makes them.
    pub(crate) steps: Vec<Step<'a>>,
    /// What is looked at and not written; to be compared once no other change can become visible any more.
    pub(crate) checks: Vec<Guard<'a>>,
    /// The values of the new events, without their offsets.
    pub(crate) events: Vec<Value<'a>>,
    /// How many events there are.
    pub(crate) event_count: i64,
}

impl<'a> Plan<'a> {
    /// Plans a change.
    pub(crate) fn of(change: &'a ChangeSet, catalog_may: CatalogMay) -> Result<Self, StoreError> {
        let marks = if change.writes_catalog() { change.catalog_marks() } else { Vec::new() };
        let mut plan = Plan {
            catalog: change.catalog,
            catalog_step: i64::from(change.writes_catalog()),
            uses: change.uses.iter().map(|mark| Value::Id(mark.0)).collect(),
            marks: marks.iter().map(|mark| Value::Id(mark.0)).collect(),
            catalog_may,
            steps: Vec::with_capacity(24),
            checks: checks(&change.checks),
            events: events_of(change)?,
            event_count: i64::try_from(change.events.len()).unwrap_or(i64::MAX),
        };
        plan.write_catalog(change);
        plan.write_stock(change);
        plan.write_documents(change);
        plan.write_ledger(change)?;
        Ok(plan)
    }

    /// A question whose answer is not empty if one of its commands is recorded.
    pub(crate) fn witness(&self) -> Option<Sql> {
        let step = self.steps.iter().find(|step| step.table.name == commands::TABLE.name)?;
        let ids = step.cells.chunks(step.width().max(1)).filter_map(|row| match row.first() {
            Some(Value::Id(id)) => Some(*id),
            _ => None,
        });
        let question = Sql::new([Kind::Id], "SELECT t.id FROM ").keys(Keys::of(ids)).join_each();
        Some(question.sql("commands t ON t.id = k.c0"))
    }

    fn step(&mut self, op: Op, table: &'static Table, cells: Vec<Value<'a>>) {
        if !cells.is_empty() {
            self.steps.push(Step { op, table, cells });
        }
    }

    /// Appends all rows of a list as one step.
    fn step_each<R>(
        &mut self,
        op: Op,
        table: &'static Table,
        rows: &'a [R],
        write: impl Fn(&mut Vec<Value<'a>>, &'a R),
    ) {
        let mut cells = Vec::with_capacity(rows.len().saturating_mul(table.columns.len()));
        rows.iter().for_each(|row| write(&mut cells, row));
        self.step(op, table, cells);
    }

    /// Replaces the rows that are there, then adds those that are not.
    fn write_rows<R>(
        &mut self,
        table: &'static Table,
        rows: &'a [Write<R>],
        write: impl Fn(&mut Vec<Value<'a>>, &'a R),
    ) {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for row in rows {
            let cells = if row.over == 0 { &mut new } else { &mut old };
            write(cells, &row.row);
            cells.push(Value::from(row.over.saturating_add(1)));
        }
        self.step(Op::Update, table, old);
        self.step(Op::Insert, table, new);
    }

    /// Suppliers stand before the items that name them.
    fn write_catalog(&mut self, change: &'a ChangeSet) {
        self.write_rows(&suppliers::TABLE, &change.suppliers, |cells, row| suppliers::write(cells, row));
        self.write_rows(&customers::TABLE, &change.customers, |cells, row| customers::write(cells, row));
        self.write_rows(&locations::TABLE, &change.locations, |cells, row| locations::write(cells, row));
        self.write_rows(&items::TABLE, &change.items, |cells, row| items::write(cells, row));
        let known = change.items.iter().filter(|item| item.over > 0);
        self.step(Op::Delete, &BARCODES_OF_ITEM, known.map(|item| Value::from(item.row.id)).collect());
        self.step_each(Op::Insert, &item_barcodes::TABLE, &change.items, |cells, item| {
            for (place, barcode) in (0..).zip(&item.row.barcodes) {
                item_barcodes::write(cells, item.row.id, place, barcode);
            }
        });
        // What one row gives up another one may get in the same change.
        let gone = change.names_gone.iter().flat_map(|name| [Value::from(name.kind()), Value::from(name.key())]);
        self.step(Op::Delete, &names::TABLE, gone.collect());
        self.step_each(Op::Insert, &names::TABLE, &change.names, names::write);
        let typed = change.items.iter().flat_map(|item| [&item.row.brand, &item.row.category]);
        let mut spelt = Vec::new();
        typed.collect::<BTreeSet<_>>().into_iter().for_each(|typed| spellings::write(&mut spelt, typed));
        self.step(Op::Append, &spellings::TABLE, spelt);
        self.write_rows(&shop::TABLE, change.shop.as_slice(), |cells, row| shop::write(cells, row));
    }

    fn write_stock(&mut self, change: &'a ChangeSet) {
        self.write_rows(&series::TABLE, &change.series, series::write);
        self.write_rows(&stock::TABLE, &change.stock, stock::write);
        self.write_rows(&holds::TABLE, &change.holds, holds::write);
        let gone = change.holds_gone.iter().flat_map(|(id, seen)| [Value::from(*id), Value::from(*seen)]);
        self.step(Op::DeleteSeen, &holds::TABLE, gone.collect());
    }

    fn write_documents(&mut self, change: &'a ChangeSet) {
        self.write_rows(&orders::TABLE, &change.orders, |cells, row| orders::write(cells, row));
        // Lines of a known order are all there already, and so are those of its shipments that are not new.
        self.write_order_parts(Op::Put, Op::Append, change.orders.iter().filter(|order| order.over > 0));
        self.write_order_parts(Op::Insert, Op::Insert, change.orders.iter().filter(|order| order.over == 0));
        self.write_rows(&purchases::TABLE, &change.purchases, |cells, row| purchases::write(cells, row));
        self.step_each(Op::Put, &purchase_lines::TABLE, &change.purchases, |cells, purchase| {
            for (place, line) in (0..).zip(&purchase.row.lines) {
                purchase_lines::write(cells, purchase.row.id, place, line);
            }
        });
    }

    fn write_order_parts(
        &mut self,
        lines_op: Op,
        shipments_op: Op,
        orders: impl Iterator<Item = &'a Write<Arc<Order>>>,
    ) {
        let (mut lines, mut shipped) = (Vec::new(), Vec::new());
        for order in orders {
            for (place, line) in (0..).zip(&order.row.lines) {
                order_lines::write(&mut lines, order.row.id, place, line);
            }
            for (place, shipment) in (0..).zip(&order.row.shipments) {
                shipments::write(&mut shipped, order.row.id, place, shipment);
            }
        }
        self.step(lines_op, &order_lines::TABLE, lines);
        self.step(shipments_op, &shipments::TABLE, shipped);
    }

    fn write_ledger(&mut self, change: &'a ChangeSet) -> Result<(), StoreError> {
        self.step_each(Op::Put, &layers::TABLE, &change.layers, layers::write);
        let gone = change
            .layers_gone
            .iter()
            .flat_map(|key| [Value::from(key.item), key.site.into(), key.acquired_at.into(), key.number.into()]);
        self.step(Op::Delete, &layers::TABLE, gone.collect());
        self.step_each(Op::Put, &alerts::TABLE, &change.alerts, alerts::write);
        self.step_each(Op::Put, &undone::TABLE, &change.undone, |cells, (key, row)| undone::write(cells, key, row));
        self.step_each(Op::Insert, &movements::TABLE, &change.movements, movements::write);
        self.step_each(Op::Insert, &returns::TABLE, &change.returns, returns::write);
        self.step_each(Op::Insert, &return_lines::TABLE, &change.returns, |cells, goods| {
            for (place, line) in (0..).zip(&goods.lines) {
                return_lines::write(cells, goods.id, place, line);
            }
        });
        self.step_each(Op::Add, &sales::TABLE, &change.sales, |cells, (key, row)| sales::write(cells, key, row));
        self.step_each(Op::Add, &customer_sales::TABLE, &change.customer_sales, |cells, (key, row)| {
            customer_sales::write(cells, key, row);
        });
        let mut answers = Vec::with_capacity(change.commands.len().saturating_mul(commands::TABLE.columns.len()));
        for record in &change.commands {
            commands::write(&mut answers, record, answer::write(&record.answer)?);
        }
        self.step(Op::Insert, &commands::TABLE, answers);
        Ok(())
    }
}

fn events_of(change: &ChangeSet) -> Result<Vec<Value<'_>>, StoreError> {
    let mut cells = Vec::with_capacity(change.events.len().saturating_mul(events::TABLE.columns.len()));
    for event in &change.events {
        let answered = change.commands.binary_search_by_key(&event.command, |record| record.id);
        let answered = answered.ok().and_then(|at| change.commands.get(at)).map(|record| &*record.answer);
        events::write(&mut cells, event, answer::write_body(event, answered)?);
    }
    Ok(cells)
}

fn checks(checks: &[ims_core::Check]) -> Vec<Guard<'_>> {
    let mut guards: Vec<Guard<'_>> = Vec::new();
    for check in checks {
        let (table, key) = checked(&check.key);
        let guard = match guards.iter_mut().position(|guard| guard.table.name == table.name) {
            Some(at) => guards.get_mut(at),
            None => {
                guards.push(Guard { table, cells: Vec::new() });
                guards.last_mut()
            }
        };
        if let Some(guard) = guard {
            guard.cells.extend(key);
            guard.cells.push(Value::from(check.seen));
        }
    }
    guards
}

fn checked(key: &CheckedKey) -> (&'static Table, Vec<Value<'_>>) {
    match key {
        CheckedKey::Series(code) => (&series::TABLE, vec![Value::from(code)]),
        CheckedKey::Stock(key) => (&stock::TABLE, vec![Value::from(key.item), Value::from(key.site)]),
        CheckedKey::Hold(id) => (&holds::TABLE, vec![Value::from(*id)]),
        CheckedKey::Order(id) => (&orders::TABLE, vec![Value::from(*id)]),
        CheckedKey::Purchase(id) => (&purchases::TABLE, vec![Value::from(*id)]),
    }
}
