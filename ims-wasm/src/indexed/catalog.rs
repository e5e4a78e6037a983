//! Writing the catalogue: rows, and the names that find them, each of which names one row.

use super::{
    key, names, row,
    transaction::{Asked, Transaction},
};
use super::{scan, transaction::AskedMany};
use ims_core::{
    ChangeSet, CommandId, Name, StoreError, Version, Write,
    audit::names_of,
    report::{Row, Table},
};
use serde::Serialize;
use std::{collections::BTreeMap, collections::BTreeSet, sync::Arc};

/// The tables whose rows have names, in the order in which they get them.
const NAMED: [Table; 4] = [Table::Locations, Table::Suppliers, Table::Customers, Table::Items];

/// Gives names to the rows of a store that an older version has made. Where two items have one name now, the one whose SKU
/// it is keeps it, then the one with the smaller id.
pub(super) async fn bring_names_up_to_date(transaction: Transaction) -> Result<(), StoreError> {
    let (names, places) = (transaction.all(names::NAMES)?, transaction.all(names::LOCATIONS)?);
    let rows: Vec<AskedMany> =
        NAMED.iter().map(|table| transaction.all(names::of(*table))).collect::<Result<_, _>>()?;
    transaction.answered().await?;
    if !names.texts()?.is_empty() || places.texts()?.is_empty() {
        return transaction.commit().await;
    }
    let mut codes: Vec<(Name, u128)> = Vec::new();
    let mut barcodes = Vec::new();
    for (table, rows) in NAMED.iter().zip(rows) {
        for text in rows.texts()? {
            let row = scan::read(*table, &text)?;
            let Some((id, names)) = names_of(&row) else { continue };
            match &row {
                Row::Item(item) => codes.push((Name::item(item.sku.as_str()), id)),
                _ => codes.extend(names.iter().map(|name| (name.clone(), id))),
            }
            barcodes.extend(names.into_iter().map(|name| (name, id)));
        }
    }
    let mut given: BTreeMap<Name, u128> = BTreeMap::new();
    for (name, id) in codes.into_iter().chain(barcodes) {
        given.entry(name).or_insert(id);
    }
    for (name, id) in given {
        transaction.put(names::NAMES, &key::name(&name), &row::write(&CommandId::from_u128(id))?)?;
    }
    transaction.commit().await
}

/// The catalogue rows of a change, and what was there before.
pub(super) struct Catalog {
    shop: Option<(Version, Asked)>,
    rows: Vec<Written>,
    /// What there is under the names that are given.
    taken: Vec<Asked>,
}

/// A row to be written.
struct Written {
    table: &'static str,
    key: String,
    over: Version,
    row: String,
    before: Asked,
}

impl Catalog {
    /// Asks for all that the change depends on.
    pub(super) fn ask(transaction: &Transaction, change: &ChangeSet) -> Result<Self, StoreError> {
        let shop = change.shop.as_ref();
        let shop = shop.map(|write| Ok((write.over, transaction.get(names::SHOP, key::ONLY)?))).transpose()?;
        let mut rows = Vec::new();
        ask_each(transaction, names::ITEMS, &change.items, |row| row.id.as_u128(), &mut rows)?;
        ask_each(transaction, names::LOCATIONS, &change.locations, |row| row.id.as_u128(), &mut rows)?;
        ask_each(transaction, names::SUPPLIERS, &change.suppliers, |row| row.id.as_u128(), &mut rows)?;
        ask_each(transaction, names::CUSTOMERS, &change.customers, |row| row.id.as_u128(), &mut rows)?;
        let taken = transaction.get_each(names::NAMES, change.names.iter().map(|row| key::name(&row.name)))?;
        Ok(Catalog { shop, rows, taken })
    }

    /// Whether a row has another version than was seen, or a name would be somebody's twice.
    pub(super) fn conflicts(&self, change: &ChangeSet) -> Result<bool, StoreError> {
        if let Some((over, asked)) = &self.shop
            && row::version(asked)? != *over
        {
            return Ok(true);
        }
        for row in &self.rows {
            if row::version(&row.before)? != row.over {
                return Ok(true);
            }
        }
        let mut given: BTreeSet<&Name> = BTreeSet::new();
        for (row, taken) in change.names.iter().zip(&self.taken) {
            let free = taken.text()?.is_none() || change.names_gone.contains(&row.name);
            if !free || !given.insert(&row.name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes the rows and their names.
    pub(super) fn write(&self, transaction: &Transaction, change: &ChangeSet) -> Result<(), StoreError> {
        if let Some(Write { over, row }) = &change.shop {
            transaction.put(names::SHOP, key::ONLY, &row::write(&(over.saturating_add(1), row))?)?;
        }
        for row in &self.rows {
            transaction.put(row.table, &row.key, &row.row)?;
        }
        for name in &change.names_gone {
            transaction.delete(names::NAMES, &key::name(name))?;
        }
        for row in &change.names {
            transaction.put(names::NAMES, &key::name(&row.name), &row::write(&CommandId::from_u128(row.id))?)?;
        }
        Ok(())
    }
}

fn ask_each<R: Serialize>(
    transaction: &Transaction,
    table: &'static str,
    writes: &[Write<Arc<R>>],
    id: impl Fn(&R) -> u128,
    rows: &mut Vec<Written>,
) -> Result<(), StoreError> {
    for Write { over, row } in writes {
        let key = key::id(id(row));
        let before = transaction.get(table, &key)?;
        rows.push(Written { table, over: *over, row: row::write(&(over.saturating_add(1), row))?, before, key });
    }
    Ok(())
}
