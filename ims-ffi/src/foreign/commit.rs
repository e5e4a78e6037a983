//! What a change reads, whether it conflicts, and the texts that it writes.

use super::{
    KeyRange, KeyedRow, KeyedWrite, key,
    rows::{Head, KeptAnswer, Rows, written},
    scan::{KeptSales, KeptUndone},
};
use ims_core::{
    ChangeSet, CheckedKey, CommandId, Conflict, Hold, Name, Order, Outcome, Sales, StockKey, StoreError,
    StoreErrorKind, Version, Write,
};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

/// Names the texts that tell whether a change conflicts, and those that it adds to or replaces.
pub(super) fn ranges(change: &ChangeSet) -> Vec<KeyRange> {
    let mut keys: BTreeSet<String> = BTreeSet::from([key::HEAD.to_owned()]);
    keys.extend(guards(change).into_iter().map(|guard| guard.key));
    keys.extend(catalog_guards(change).into_iter().map(|guard| guard.key));
    keys.extend(change.names.iter().map(|row| key::name(&row.name)));
    keys.extend(change.commands.iter().map(|record| key::key("command", &[&record.id])));
    keys.extend(change.sales.iter().map(|(sales, _)| key::sales(sales)));
    keys.extend(change.customer_sales.iter().map(|(sales, _)| key::customer_sales(sales)));
    keys.into_iter().map(KeyRange::one).collect()
}

/// What a change was made on and is no longer so.
pub(super) fn conflict(change: &ChangeSet, rows: &Rows) -> Result<Conflict, StoreError> {
    let catalog =
        rows.head()?.catalog != change.catalog || any_stale(&catalog_guards(change), rows)? || any_taken(change, rows);
    let commands = change.commands.iter().any(|record| rows.has(&key::key("command", &[&record.id])));
    Ok(Conflict { catalog, rows: any_stale(&guards(change), rows)?, commands })
}

/// A row that must have been written so often.
struct Guard {
    key: String,
    seen: Version,
}

fn guards(change: &ChangeSet) -> Vec<Guard> {
    let mut guards = Vec::new();
    let mut add = |key: String, seen: Version| guards.push(Guard { key, seen });
    change.series.iter().for_each(|write| add(key::key("series", &[&write.row.code]), write.over));
    change.stock.iter().for_each(|write| add(key::stock(write.row.key()), write.over));
    change.holds.iter().for_each(|write| add(key::key("hold", &[&write.row.id]), write.over));
    change.holds_gone.iter().for_each(|(id, seen)| add(key::key("hold", &[id]), *seen));
    change.orders.iter().for_each(|write| add(key::key("order", &[&write.row.id]), write.over));
    change.purchases.iter().for_each(|write| add(key::key("purchase", &[&write.row.id]), write.over));
    change.checks.iter().for_each(|check| add(checked(&check.key), check.seen));
    guards
}

fn checked(checked: &CheckedKey) -> String {
    match checked {
        CheckedKey::Series(code) => key::key("series", &[code]),
        CheckedKey::Stock(stock) => key::stock(*stock),
        CheckedKey::Hold(id) => key::key("hold", &[id]),
        CheckedKey::Order(id) => key::key("order", &[id]),
        CheckedKey::Purchase(id) => key::key("purchase", &[id]),
    }
}

fn catalog_guards(change: &ChangeSet) -> Vec<Guard> {
    let mut guards = Vec::new();
    let mut add = |key: String, seen: Version| guards.push(Guard { key, seen });
    change.shop.iter().for_each(|write| add(key::SHOP.to_owned(), write.over));
    change.items.iter().for_each(|write| add(key::key("item", &[&write.row.id]), write.over));
    change.locations.iter().for_each(|write| add(key::key("location", &[&write.row.id]), write.over));
    change.suppliers.iter().for_each(|write| add(key::key("supplier", &[&write.row.id]), write.over));
    change.customers.iter().for_each(|write| add(key::key("customer", &[&write.row.id]), write.over));
    guards
}

fn any_stale(guards: &[Guard], rows: &Rows) -> Result<bool, StoreError> {
    for guard in guards {
        if rows.version(&guard.key)? != guard.seen {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a name would be somebody's twice.
fn any_taken(change: &ChangeSet, rows: &Rows) -> bool {
    let gone: BTreeSet<&Name> = change.names_gone.iter().collect();
    let mut given = BTreeSet::new();
    let mut names = change.names.iter().map(|row| &row.name);
    names.any(|name| !given.insert(name) || (rows.has(&key::name(name)) && !gone.contains(name)))
}

/// The texts that a change writes, and what comes of it.
pub(super) fn write(change: &ChangeSet, rows: &Rows) -> Result<(KeyedWrite, Outcome), StoreError> {
    let mut texts = Texts { rows, changed: BTreeMap::new() };
    texts.catalog(change)?;
    texts.documents(change)?;
    texts.holds(change)?;
    texts.ledger(change)?;
    let head = texts.log(change)?;
    let newest = ims_core::Offset(head.newest);
    let (mut put, mut remove) = (Vec::new(), Vec::new());
    for (key, text) in texts.changed {
        match text {
            Some(text) => put.push(KeyedRow { key, text }),
            None => remove.push(key),
        }
    }
    Ok((KeyedWrite { seen: rows.revision, put, remove }, Outcome::Done { newest, moved: false }))
}

/// Texts to be written, and keys to be removed.
struct Texts<'a> {
    rows: &'a Rows,
    changed: BTreeMap<String, Option<String>>,
}

impl Texts<'_> {
    fn put(&mut self, key: String, version: Version, row: impl Serialize) -> Result<(), StoreError> {
        self.changed.insert(key, Some(written(version, row)?));
        Ok(())
    }

    /// Puts a row over the version that was seen.
    fn put_over<R: Serialize>(&mut self, key: String, write: &Write<R>) -> Result<(), StoreError> {
        self.put(key, write.over.saturating_add(1), &write.row)
    }

    fn remove(&mut self, key: String) {
        self.changed.insert(key, None);
    }

    fn catalog(&mut self, change: &ChangeSet) -> Result<(), StoreError> {
        if let Some(write) = &change.shop {
            self.put_over(key::SHOP.to_owned(), write)?;
        }
        for write in &change.items {
            self.put_over(key::key("item", &[&write.row.id]), write)?;
        }
        for write in &change.locations {
            self.put_over(key::key("location", &[&write.row.id]), write)?;
        }
        for write in &change.suppliers {
            self.put_over(key::key("supplier", &[&write.row.id]), write)?;
        }
        for write in &change.customers {
            self.put_over(key::key("customer", &[&write.row.id]), write)?;
        }
        change.names_gone.iter().for_each(|name| self.remove(key::name(name)));
        for row in &change.names {
            self.put(key::name(&row.name), 1, CommandId::from_u128(row.id))?;
        }
        Ok(())
    }

    fn documents(&mut self, change: &ChangeSet) -> Result<(), StoreError> {
        for write in &change.series {
            self.put_over(key::key("series", &[&write.row.code]), write)?;
        }
        for write in &change.stock {
            self.put_over(key::stock(write.row.key()), write)?;
        }
        for write in &change.orders {
            self.put_over(key::key("order", &[&write.row.id]), write)?;
            self.backorders(&write.row)?;
        }
        for write in &change.purchases {
            self.put_over(key::key("purchase", &[&write.row.id]), write)?;
        }
        for row in &change.returns {
            self.put(key::key("return", &[&row.id]), 1, row)?;
        }
        Ok(())
    }

    /// Notes which stocks an order waits for. Its lines never change their item, so that no other note is left.
    fn backorders(&mut self, order: &Order) -> Result<(), StoreError> {
        for line in &order.lines {
            let note = key::key("backorder", &[&line.item, &order.site, &order.id]);
            if order.lines.iter().any(|other| other.item == line.item && other.backordered.is_positive()) {
                self.put(note, 1, order.id)?;
            } else {
                self.remove(note);
            }
        }
        Ok(())
    }

    fn holds(&mut self, change: &ChangeSet) -> Result<(), StoreError> {
        for (id, _) in &change.holds_gone {
            let kept = key::key("hold", &[id]);
            if let Some(hold) = self.rows.get::<Hold>(&kept)? {
                self.remove(key::held_on(hold.item, hold.site, &hold.id));
            }
            self.remove(kept);
        }
        for write in &change.holds {
            self.put_over(key::held_on(write.row.item, write.row.site, &write.row.id), write)?;
            self.put_over(key::key("hold", &[&write.row.id]), write)?;
        }
        Ok(())
    }

    fn ledger(&mut self, change: &ChangeSet) -> Result<(), StoreError> {
        change.layers_gone.iter().for_each(|layer| self.remove(key::layer(*layer)));
        for layer in &change.layers {
            self.put(key::layer(layer.key), 1, layer)?;
        }
        for alert in &change.alerts {
            self.put(key::alert(StockKey { item: alert.item, site: alert.site }), 1, alert)?;
        }
        for (key, undone) in &change.undone {
            self.put(key::movement("undone", *key), 1, KeptUndone { key: *key, undone: *undone })?;
        }
        for movement in &change.movements {
            self.put(key::movement("movement", movement.key), 1, movement)?;
        }
        for (sales, more) in &change.sales {
            self.add(key::sales(sales), sales.clone(), *more)?;
        }
        for (sales, more) in &change.customer_sales {
            self.add(key::customer_sales(sales), *sales, *more)?;
        }
        Ok(())
    }

    fn add<K: Serialize + DeserializeOwned>(&mut self, text: String, key: K, more: Sales) -> Result<(), StoreError> {
        let before = self.rows.get::<KeptSales<K>>(&text)?.map(|kept| kept.sales).unwrap_or_default();
        let sales = before.checked_add(more).ok_or_else(|| {
            StoreError::new(StoreErrorKind::OutOfRange, "the sales of one day would be larger than can be kept exactly")
        })?;
        self.put(text, 1, KeptSales { key, sales })
    }

    /// Writes answers and events, and counts.
    fn log(&mut self, change: &ChangeSet) -> Result<Head, StoreError> {
        for record in &change.commands {
            self.put(key::key("command", &[&record.id]), 1, KeptAnswer::of(record))?;
        }
        let Head { mut catalog, mut newest } = self.rows.head()?;
        for event in &change.events {
            newest = newest.saturating_add(1);
            self.put(key::event(newest), 1, event)?;
        }
        if change.writes_catalog() {
            catalog = catalog.saturating_add(1);
        }
        let head = Head { catalog, newest };
        self.put(key::HEAD.to_owned(), 1, head)?;
        Ok(head)
    }
}
