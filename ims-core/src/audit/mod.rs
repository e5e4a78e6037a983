//! Looking at a store whole: is everything in it as it must be, and is it the same as another?

mod sold;
mod state_hash;
mod verify;

pub use state_hash::{StateHash, state_hash};
pub use verify::{Broken, Counts, PROMISES, Proof, Verdict, verify};

use crate::{
    Reports, StoreError,
    report::{PageRequest, Row, Table},
};

/// Proves a store by reading its tables one after the other: what is written meanwhile looks broken.
pub(crate) async fn verify_tables(reports: &impl Reports) -> Result<Verdict, StoreError> {
    let mut proof = Proof::new();
    for table in Table::ALL {
        each_row(reports, table, |row| proof.add(table, row)).await?;
    }
    Ok(proof.finish())
}

/// Reads a table, row by row.
async fn each_row(reports: &impl Reports, table: Table, mut see: impl FnMut(Row)) -> Result<(), StoreError> {
    let mut page = PageRequest::default();
    loop {
        let answer = reports.scan(table, &page).await?;
        answer.rows.into_iter().for_each(&mut see);
        match answer.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}
