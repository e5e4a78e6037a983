//! Committing a change: everything that it depends on is asked for at once, compared, and then all of it is written.

use super::{
    catalog::Catalog,
    key, names,
    row::{self, Answered, Head},
    totals::Totals,
    transaction::{Asked, Transaction},
};
use ims_core::{
    ChangeSet, CheckedKey, Conflict, Hold, ItemId, Offset, Order, Outcome, StockKey, StoreError, Version, Write,
};
use serde::Serialize;
use std::collections::BTreeMap;

pub(super) async fn commit(transaction: Transaction, change: ChangeSet) -> Result<Outcome, StoreError> {
    let asked = Seen::ask(&transaction, &change)?;
    transaction.answered().await?;
    let head = row::head(&asked.head)?;
    let conflict = asked.conflict(head, &change)?;
    if conflict != Conflict::default() {
        return Ok(Outcome::Conflict(conflict));
    }
    match write(&transaction, &asked, head, &change) {
        Ok(Some(newest)) => transaction.commit().await.map(|()| Outcome::Done { newest, moved: false }),
        Ok(None) => Ok(Outcome::Done { newest: head.newest, moved: false }),
        Err(error) => {
            // Otherwise it would commit by itself what was written before this.
            transaction.abort();
            Err(error)
        }
    }
}

/// What is there of all that a change depends on.
struct Seen {
    head: Asked,
    catalog: Catalog,
    /// Rows, and the versions that they should have.
    rows: Vec<(Asked, Version)>,
    holds_gone: Vec<(Asked, Version)>,
    commands: Vec<Asked>,
    totals: Totals,
}

impl Seen {
    fn ask(transaction: &Transaction, change: &ChangeSet) -> Result<Self, StoreError> {
        let mut rows = Vec::new();
        let mut guard = |name: &str, key: String, seen: Version| -> Result<(), StoreError> {
            rows.push((transaction.get(name, &key)?, seen));
            Ok(())
        };
        for Write { over, row } in &change.series {
            guard(names::SERIES, row.code.to_string(), *over)?;
        }
        for Write { over, row } in &change.stock {
            guard(names::STOCK, key::stock(&row.key()), *over)?;
        }
        for Write { over, row } in &change.holds {
            guard(names::HOLDS, key::id(row.id.as_u128()), *over)?;
        }
        for Write { over, row } in &change.orders {
            guard(names::ORDERS, key::id(row.id.as_u128()), *over)?;
        }
        for Write { over, row } in &change.purchases {
            guard(names::PURCHASES, key::id(row.id.as_u128()), *over)?;
        }
        for check in &change.checks {
            let (name, key) = match &check.key {
                CheckedKey::Series(code) => (names::SERIES, code.to_string()),
                CheckedKey::Stock(stock) => (names::STOCK, key::stock(stock)),
                CheckedKey::Hold(id) => (names::HOLDS, key::id(id.as_u128())),
                CheckedKey::Order(id) => (names::ORDERS, key::id(id.as_u128())),
                CheckedKey::Purchase(id) => (names::PURCHASES, key::id(id.as_u128())),
            };
            guard(name, key, check.seen)?;
        }
        let mut holds_gone = Vec::with_capacity(change.holds_gone.len());
        for (id, seen) in &change.holds_gone {
            holds_gone.push((transaction.get(names::HOLDS, &key::id(id.as_u128()))?, *seen));
        }
        let commands = change.commands.iter().map(|record| key::id(record.id.as_u128()));
        Ok(Seen {
            head: transaction.head()?,
            catalog: Catalog::ask(transaction, change)?,
            rows,
            holds_gone,
            commands: transaction.get_each(names::COMMANDS, commands)?,
            totals: Totals::ask(transaction, change)?,
        })
    }

    /// What a change was decided on and is no longer so.
    fn conflict(&self, head: Head, change: &ChangeSet) -> Result<Conflict, StoreError> {
        let mut conflict = Conflict {
            catalog: head.catalog != change.catalog || self.catalog.conflicts(change)?,
            ..Conflict::default()
        };
        for (asked, seen) in self.rows.iter().chain(&self.holds_gone) {
            conflict.rows |= row::version(asked)? != *seen;
        }
        for asked in &self.commands {
            conflict.commands |= asked.text()?.is_some();
        }
        Ok(conflict)
    }
}

/// Writes all of a change; gives the offset of the newest event then, or nothing where there is nothing to write.
fn write(transaction: &Transaction, seen: &Seen, head: Head, change: &ChangeSet) -> Result<Option<Offset>, StoreError> {
    if is_empty(change) {
        return Ok(None);
    }
    // First what can fail.
    let sums = seen.totals.sums()?;
    seen.catalog.write(transaction, change)?;
    for write in &change.series {
        put_versioned(transaction, names::SERIES, &write.row.code, write)?;
    }
    for write in &change.stock {
        put_versioned(transaction, names::STOCK, &key::stock(&write.row.key()), write)?;
    }
    write_holds(transaction, seen, &change.holds)?;
    write_documents(transaction, change)?;
    write_costs(transaction, change)?;
    for movement in &change.movements {
        transaction.put(names::MOVEMENTS, &key::movement(&movement.key), &row::write(movement)?)?;
    }
    for (table, key, sum) in sums {
        transaction.put(table, key, &sum)?;
    }
    for record in &change.commands {
        transaction.put(names::COMMANDS, &key::id(record.id.as_u128()), &row::write(&Answered::of(record))?)?;
    }
    let mut newest = head.newest;
    for record in &change.events {
        newest = Offset(newest.0.saturating_add(1));
        transaction.put_at(names::EVENTS, &key::offset(newest), &row::write(record)?)?;
    }
    let catalog = head.catalog.saturating_add(u64::from(change.writes_catalog()));
    let head = Head { catalog, newest, commits: head.commits.saturating_add(1) };
    transaction.put(names::HEAD, key::ONLY, &row::write(&head)?)?;
    Ok(Some(newest))
}

/// Whether a change only checks.
fn is_empty(change: &ChangeSet) -> bool {
    let seen = || ChangeSet { catalog: change.catalog, uses: change.uses.clone(), ..ChangeSet::default() };
    *change == ChangeSet { checks: change.checks.clone(), ..seen() }
}

fn put_versioned<R: Serialize>(
    transaction: &Transaction,
    name: &str,
    key: &str,
    write: &Write<R>,
) -> Result<(), StoreError> {
    transaction.put(name, key, &row::write(&(write.over.saturating_add(1), &write.row))?)
}

fn write_holds(transaction: &Transaction, seen: &Seen, holds: &[Write<Hold>]) -> Result<(), StoreError> {
    for (asked, _) in &seen.holds_gone {
        let Some(hold) = asked.versioned::<Hold>()? else { continue };
        transaction.delete(names::HOLDS, &key::id(hold.row.id.as_u128()))?;
        transaction.delete(names::HOLDS_ON, &hold_on(&hold.row))?;
    }
    for write in holds {
        put_versioned(transaction, names::HOLDS, &key::id(write.row.id.as_u128()), write)?;
        put_versioned(transaction, names::HOLDS_ON, &hold_on(&write.row), write)?;
    }
    Ok(())
}

fn hold_on(hold: &Hold) -> String {
    key::of_stock(&StockKey { item: hold.item, site: hold.site }, hold.id.as_u128())
}

/// Writes orders, purchases and returns.
fn write_documents(transaction: &Transaction, change: &ChangeSet) -> Result<(), StoreError> {
    for write in &change.orders {
        let order = &write.row;
        put_versioned(transaction, names::ORDERS, &key::id(order.id.as_u128()), write)?;
        write_backorders(transaction, order, write.over)?;
        if write.over == 0 {
            let numbered = key::numbered(&order.series, order.number);
            transaction.put(names::ORDER_NUMBERS, &numbered, &row::write(&order.id)?)?;
        }
    }
    for write in &change.purchases {
        let purchase = &write.row;
        put_versioned(transaction, names::PURCHASES, &key::id(purchase.id.as_u128()), write)?;
        if write.over == 0 {
            let numbered = key::numbered(&purchase.series, purchase.number);
            transaction.put(names::PURCHASE_NUMBERS, &numbered, &row::write(&purchase.id)?)?;
        }
    }
    for goods in &change.returns {
        transaction.put(names::RETURNS, &key::id(goods.id.as_u128()), &row::write(goods)?)?;
    }
    Ok(())
}

/// Notes for which goods an order waits.
fn write_backorders(transaction: &Transaction, order: &Order, over: Version) -> Result<(), StoreError> {
    // Whether an item is waited for, in any of the lines that have it.
    let mut items: BTreeMap<ItemId, bool> = BTreeMap::new();
    for line in &order.lines {
        *items.entry(line.item).or_default() |= line.backordered.is_positive();
    }
    for (item, is_waited_for) in items {
        let place = key::of_stock(&StockKey { item, site: order.site }, order.id.as_u128());
        if is_waited_for {
            transaction.put(names::BACKORDERS, &place, &row::write(&order.id)?)?;
        } else if over > 0 {
            transaction.delete(names::BACKORDERS, &place)?;
        }
    }
    Ok(())
}

/// Writes cost layers, alerts, and what was undone of movements.
fn write_costs(transaction: &Transaction, change: &ChangeSet) -> Result<(), StoreError> {
    for layer in &change.layers_gone {
        transaction.delete(names::LAYERS, &key::layer(layer))?;
    }
    for layer in &change.layers {
        transaction.put(names::LAYERS, &key::layer(&layer.key), &row::write(layer)?)?;
    }
    for alert in &change.alerts {
        transaction.put(names::ALERTS, &key::stock(&alert.key()), &row::write(alert)?)?;
    }
    for undone in &change.undone {
        transaction.put(names::UNDONE, &key::movement(&undone.0), &row::write(undone)?)?;
    }
    Ok(())
}
