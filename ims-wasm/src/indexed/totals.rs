//! Sales totals: what is there, and what is added to it.

use super::{
    names, row,
    transaction::{Asked, Transaction},
};
use ims_core::{ChangeSet, Sales, StoreError, StoreErrorKind};
use serde::{Serialize, de::IgnoredAny};

/// The totals that a change adds to.
pub(super) struct Totals(Vec<Total>);

struct Total {
    table: &'static str,
    /// The JSON of the key: nothing else about it matters than which one it is.
    key: String,
    part: Sales,
    before: Asked,
}

impl Totals {
    pub(super) fn ask(transaction: &Transaction, change: &ChangeSet) -> Result<Self, StoreError> {
        let mut totals = Vec::with_capacity(change.sales.len());
        for (key, part) in &change.sales {
            totals.push(Total::ask(transaction, names::SALES, key, *part)?);
        }
        for (key, part) in &change.customer_sales {
            totals.push(Total::ask(transaction, names::CUSTOMER_SALES, key, *part)?);
        }
        Ok(Totals(totals))
    }

    /// The rows after the change, by table and key.
    ///
    /// # Errors
    /// [`StoreErrorKind::OutOfRange`] where one would not fit.
    pub(super) fn sums(&self) -> Result<Vec<(&'static str, &str, String)>, StoreError> {
        self.0.iter().map(|total| Ok((total.table, total.key.as_str(), total.sum()?))).collect()
    }
}

impl Total {
    fn ask(
        transaction: &Transaction,
        table: &'static str,
        key: &impl Serialize,
        part: Sales,
    ) -> Result<Self, StoreError> {
        let key = row::write(key)?;
        let before = transaction.get(table, &key)?;
        Ok(Total { table, key, part, before })
    }

    /// The row after the change: key and total.
    fn sum(&self) -> Result<String, StoreError> {
        let before = self.before.row::<(IgnoredAny, Sales)>()?.map(|(_, total)| total).unwrap_or_default();
        let sum = before.checked_add(self.part).ok_or_else(too_large)?;
        Ok(format!("[{},{}]", self.key, row::write(&sum)?))
    }
}

fn too_large() -> StoreError {
    StoreError::new(StoreErrorKind::OutOfRange, "the sales of one day would be larger than can be kept exactly")
}
