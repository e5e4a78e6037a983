//! Looking at a store whole: is everything in it as it must be, and is it the same as another?

mod log;
mod names;
mod rows;
mod sold;
mod state_hash;
mod verify;

pub use log::{LogEntry, Tells};
pub use names::{ONE_NAME, called, misnamed, names_of};
pub use state_hash::{StateHash, state_hash};
pub use verify::{Broken, Counts, PROMISES, Proof, Verdict, verify};

use crate::{
    Offset, Reports, Store, StoreError, limits,
    report::{PageRequest, Row, Table},
};

/// Proves a store by reading its tables one after the other, then its log: what is written meanwhile looks broken.
pub(crate) async fn verify_tables(store: &(impl Reports + Store)) -> Result<Verdict, StoreError> {
    let mut proof = Proof::new();
    for table in Table::ALL {
        each_row(store, table, |row| proof.add(table, row)).await?;
    }
    let newest = each_event(store, |entry| proof.add_event(entry)).await?;
    if proof.end_log(newest) {
        each_row(store, Table::Commands, |row| proof.name_command(&row)).await?;
        each_event(store, |entry| proof.add_event(entry)).await?;
    }
    Ok(proof.finish())
}

/// Reads the log, event by event, and says where it ends.
async fn each_event(store: &impl Store, mut see: impl FnMut(LogEntry)) -> Result<Offset, StoreError> {
    let mut after = Offset::START;
    loop {
        let page = store.events(after, limits::EVENTS_PER_PAGE).await?;
        page.events.iter().map(|event| LogEntry::new(event.offset, &event.record)).for_each(&mut see);
        match page.events.last() {
            Some(last) => after = last.offset,
            None => return Ok(page.newest),
        }
    }
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
