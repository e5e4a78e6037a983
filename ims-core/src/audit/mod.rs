//! Looking at a store whole: is everything in it as it must be, and is it the same as another?

mod sold;
mod state_hash;
mod verify;

pub use state_hash::{StateHash, state_hash};
pub use verify::{Broken, Counts, Verdict, verify};

use crate::{
    Reports, StoreError,
    report::{PageRequest, Row, Table},
};

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
