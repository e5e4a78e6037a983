//! Looking at a store whole: is everything in it as it must be, and is it the same as another?

mod ledger;
mod log;
mod names;
mod rows;
mod state_hash;
mod sums;
mod told;
mod verify;

pub use log::LogEntry;
pub use names::{ONE_NAME, names_of};
pub use state_hash::{StateHash, state_hash};
pub use sums::TOLD;
pub use verify::{Broken, Counts, PROMISES, Proved, Source, Verdict, prove, verify};

use crate::{
    Reports, Store, StoreError,
    report::{PageRequest, Row, Table},
};

/// Proves a store by reading its tables one after the other, then its log: what is written meanwhile looks broken.
pub(crate) async fn verify_tables(store: &(impl Reports + Store)) -> Result<Verdict, StoreError> {
    Ok(prove(&verify::Live(store)).await?.verdict)
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
