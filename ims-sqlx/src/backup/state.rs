//! What a whole shop adds up to, as of one moment.

use crate::dialect::Ask;
use crate::engine::Engine;
use crate::migrate::READ_VERSION;
use crate::sql::Sql;
use crate::value::{Field, Fields, Kind};
use ims_core::StoreError;
use ims_core::audit::StateHash;
use ims_core::report::{PageRequest, Table};

/// The hash of the shop's state.
pub(super) async fn hash<A: Ask>(moment: &Engine<A>) -> Result<String, StoreError> {
    let mut hash = StateHash::default();
    for table in Table::ALL {
        let mut page = PageRequest::default();
        loop {
            let answer = moment.scan(table, &page).await?;
            answer.rows.into_iter().for_each(|row| hash.add(table, row));
            match answer.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
    }
    Ok(hash.finish())
}

/// The version of the schema.
pub(super) async fn schema<A: Ask>(moment: &Engine<A>) -> Result<i64, StoreError> {
    number(moment, READ_VERSION).await
}

/// The offset of the newest event.
pub(super) async fn newest<A: Ask>(moment: &Engine<A>) -> Result<u64, StoreError> {
    number(moment, "SELECT newest FROM head").await
}

async fn number<A: Ask, N: Field>(moment: &Engine<A>, question: &'static str) -> Result<N, StoreError> {
    let row = moment.ask_one(Sql::new([Kind::Int], question)).await?.pop().unwrap_or_default();
    Fields::of("head", row).next("newest")
}
