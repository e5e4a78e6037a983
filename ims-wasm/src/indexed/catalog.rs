//! Writing the catalogue: rows that are found by SKU, barcode or code, each of which names one row.

use super::{
    key, names, row,
    transaction::{Asked, Transaction},
};
use ims_core::{ChangeSet, Customer, Item, Location, StoreError, Supplier, Version, Write, fold};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeSet, sync::Arc};

/// The catalogue rows of a change, and what was there before.
pub(super) struct Catalog {
    shop: Option<(Version, Asked)>,
    rows: Vec<Written>,
}

/// A row to be written, and the names that find it.
struct Written {
    table: &'static str,
    key: String,
    over: Version,
    row: String,
    /// Its id as the names keep it.
    id: String,
    names: Vec<Name>,
    before: Asked,
    /// The ids of the rows that have these names now.
    taken: Vec<Asked>,
    names_of: fn(&Asked) -> Result<Vec<Name>, StoreError>,
}

/// A place in a table of names, and its key there.
type Name = (&'static str, String);

/// A row of the catalogue.
trait Named: Serialize + DeserializeOwned {
    const TABLE: &'static str;
    fn id(&self) -> (u128, Result<String, StoreError>);
    fn names(&self) -> Vec<Name>;
}

impl Named for Item {
    const TABLE: &'static str = names::ITEMS;

    fn id(&self) -> (u128, Result<String, StoreError>) {
        (self.id.as_u128(), row::write(&self.id))
    }

    fn names(&self) -> Vec<Name> {
        let sku = (names::SKUS, self.sku.folded().as_str().to_owned());
        let barcodes = self.barcodes.iter().map(|barcode| (names::BARCODES, barcode.to_string()));
        std::iter::once(sku).chain(barcodes).collect()
    }
}

macro_rules! coded {
    ($($row:ty: $table:expr, $codes:expr;)*) => {$(
        impl Named for $row {
            const TABLE: &'static str = $table;

            fn id(&self) -> (u128, Result<String, StoreError>) {
                (self.id.as_u128(), row::write(&self.id))
            }

            fn names(&self) -> Vec<Name> {
                vec![($codes, fold(&self.code))]
            }
        }
    )*};
}

coded! {
    Location: names::LOCATIONS, names::LOCATION_CODES;
    Supplier: names::SUPPLIERS, names::SUPPLIER_CODES;
    Customer: names::CUSTOMERS, names::CUSTOMER_CODES;
}

impl Catalog {
    /// Asks for all that the change depends on.
    pub(super) fn ask(transaction: &Transaction, change: &ChangeSet) -> Result<Self, StoreError> {
        let shop = change.shop.as_ref();
        let shop = shop.map(|write| Ok((write.over, transaction.get(names::SHOP, key::ONLY)?))).transpose()?;
        let mut rows = Vec::new();
        ask_each(transaction, &change.items, &mut rows)?;
        ask_each(transaction, &change.locations, &mut rows)?;
        ask_each(transaction, &change.suppliers, &mut rows)?;
        ask_each(transaction, &change.customers, &mut rows)?;
        Ok(Catalog { shop, rows })
    }

    /// Whether a row has another version than was seen, or a name would be there twice.
    pub(super) fn conflicts(&self) -> Result<bool, StoreError> {
        if let Some((over, asked)) = &self.shop
            && row::version(asked)? != *over
        {
            return Ok(true);
        }
        let mut written: BTreeSet<(&str, &str)> = BTreeSet::new();
        written.extend(self.rows.iter().map(|row| (row.table, row.id.as_str())));
        let mut given: BTreeSet<&Name> = BTreeSet::new();
        for row in &self.rows {
            if row::version(&row.before)? != row.over {
                return Ok(true);
            }
            for (name, taken) in row.names.iter().zip(&row.taken) {
                // Another row that has the name may be about to give it away.
                let by = taken.text()?;
                let free = by.is_none_or(|by| written.contains(&(row.table, by.as_str())));
                if !free || !given.insert(name) {
                    return Ok(true);
                }
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
            for (table, name) in (row.names_of)(&row.before)? {
                transaction.delete(table, &name)?;
            }
        }
        for row in &self.rows {
            transaction.put(row.table, &row.key, &row.row)?;
            for (table, name) in &row.names {
                transaction.put(table, name, &row.id)?;
            }
        }
        Ok(())
    }
}

fn ask_each<R: Named>(
    transaction: &Transaction,
    writes: &[Write<Arc<R>>],
    rows: &mut Vec<Written>,
) -> Result<(), StoreError> {
    for Write { over, row } in writes {
        let (bits, id) = row.id();
        let (key, names) = (key::id(bits), row.names());
        let taken = names.iter().map(|(table, name)| transaction.get(table, name)).collect::<Result<_, _>>()?;
        rows.push(Written {
            table: R::TABLE,
            over: *over,
            row: row::write(&(over.saturating_add(1), row))?,
            id: id?,
            before: transaction.get(R::TABLE, &key)?,
            key,
            names,
            taken,
            names_of: names_before::<R>,
        });
    }
    Ok(())
}

fn names_before<R: Named>(before: &Asked) -> Result<Vec<Name>, StoreError> {
    Ok(before.versioned::<R>()?.map(|found| found.row.names()).unwrap_or_default())
}
