use super::each_row;
use crate::{
    Alert, Answer, Receipt, Reports, StoreError, Timestamp,
    report::{Row, Table},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The hash of the whole business state of a store: 64 hexadecimal digits.
///
/// Two stores have the same hash if and only if the same things happened in them: it covers every row of [`Table::ALL`],
/// and nothing that depends on when or where a command was run (when it was recorded, when an alert was noticed, by
/// whom, the versions of rows, the log of events). Rows are hashed one by one (SHA-256 of the table's name and the row's JSON form) and the hashes added up
/// modulo 2²⁵⁶, so the order in which a store keeps its rows does not matter.
///
/// # Errors
/// [`StoreError`] where the store cannot be read.
pub async fn state_hash(reports: &impl Reports) -> Result<String, StoreError> {
    let mut hash = StateHash::default();
    for table in Table::ALL {
        each_row(reports, table, |row| hash.add(table, row)).await?;
    }
    Ok(hash.finish())
}

/// Adds rows up, for those who have them one by one: [`state_hash`] of the store that has all of them, in any order.
#[derive(Debug, Default)]
pub struct StateHash {
    sum: [u8; 32],
    json: Vec<u8>,
}

impl StateHash {
    /// Adds a row of a table.
    pub fn add(&mut self, table: Table, row: Row) {
        self.json.clear();
        write(&mut self.json, row);
        let hash = Sha256::new().chain_update(table.name()).chain_update([0]).chain_update(&self.json).finalize();
        add(&mut self.sum, &hash);
    }

    /// The hash of all rows: 64 hexadecimal digits.
    pub fn finish(&self) -> String {
        self.sum.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Writes what of a row is business state.
fn write(json: &mut Vec<u8>, row: Row) {
    match row {
        Row::Shop(row) => form(json, &*row),
        Row::Item(row) => form(json, &*row),
        Row::Location(row) => form(json, &*row),
        Row::Supplier(row) => form(json, &*row),
        Row::Customer(row) => form(json, &*row),
        Row::Series(row) => form(json, &row),
        Row::Stock(row) => form(json, &row),
        Row::Layer(row) => form(json, &row),
        Row::Hold(row) => form(json, &row),
        Row::Order(row) => form(json, &row),
        Row::Purchase(row) => form(json, &row),
        Row::Return(row) => form(json, &row),
        Row::Alert(row) => form(json, &undated(row)),
        Row::Movement(mut row) => {
            row.recorded_at = row.occurred_at;
            form(json, &row);
        }
        Row::Undone(key, row) => form(json, &(key, row)),
        Row::Sales(key, row) => form(json, &(key, row)),
        Row::CustomerSales(key, row) => form(json, &(key, row)),
        Row::Command(row) => match &*row.answer {
            Answer::Done(receipt) => match &**receipt {
                Receipt::AlertAcknowledged(alert) => {
                    form(json, &(row.id, Receipt::AlertAcknowledged(undated(alert.clone()))));
                }
                receipt => form(json, &(row.id, receipt)),
            },
            Answer::Refused(rejection) => form(json, &(row.id, rejection)),
        },
    }
}

/// An alert with whether things happened to it, and not when: that is when the shop was told.
fn undated(alert: Alert) -> Alert {
    let once = |at: Option<Timestamp>| at.map(|_| Timestamp::MIN);
    let (acknowledged_at, resolved_at) = (once(alert.acknowledged_at), once(alert.resolved_at));
    Alert { raised_at: Timestamp::MIN, acknowledged_at, resolved_at, ..alert }
}

fn form(json: &mut Vec<u8>, row: &impl Serialize) {
    // No row has a map whose keys are not strings, and a vector takes every byte.
    let _ = serde_json::to_writer(json, row);
}

/// Adds modulo 2²⁵⁶.
fn add(sum: &mut [u8; 32], hash: &[u8]) {
    let mut carry = 0_u16;
    for (sum, hash) in sum.iter_mut().zip(hash).rev() {
        let [high, low] = carry.saturating_add(u16::from(*sum)).saturating_add(u16::from(*hash)).to_be_bytes();
        *sum = low;
        carry = u16::from(high);
    }
}
