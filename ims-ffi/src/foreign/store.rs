//! A store of texts as a store of rows.

use super::{KeyRange, KeyedRows, KeyedStore, KeyedStoreError, KeyedWrite, commit, key, load, rows::Rows};
use ims_core::{
    ChangeSet, Conflict, Event, EventPage, EventRecord, MemoryStore, Offset, Outcome, Store, StoreError,
    StoreErrorKind, limits,
    store::{Loaded, ReadSet},
};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::{sync::Mutex, time::timeout};

/// How long the app's store may take for one call. After that it counts as out of reach.
const CALL_TIMEOUT_S: u64 = 30;

/// How often a commit looks again because others have written in the meantime.
const LOOKS_PER_COMMIT: u32 = 20;

/// Rows in a store of the app's own. Clones share it.
#[derive(Clone)]
pub(crate) struct ForeignStore {
    texts: Arc<dyn KeyedStore>,
    /// The rows as of a revision, for the reports.
    pub(super) folded: Arc<Mutex<Option<(u64, MemoryStore)>>>,
}

impl ForeignStore {
    pub(crate) fn new(texts: Arc<dyn KeyedStore>) -> Self {
        ForeignStore { texts, folded: Arc::default() }
    }

    pub(super) async fn read(&self, ranges: Vec<KeyRange>) -> Result<Rows, StoreError> {
        let read: KeyedRows = in_time(self.texts.read(ranges), StoreErrorKind::Unavailable)
            .await?
            .map_err(KeyedStoreError::while_reading)?;
        Ok(Rows::of(read))
    }

    async fn write(&self, change: KeyedWrite) -> Result<bool, StoreError> {
        in_time(self.texts.write(change), StoreErrorKind::Unknown).await?.map_err(KeyedStoreError::while_writing)
    }
}

/// A store that does not answer must not stop the engine.
async fn in_time<T>(call: impl Future<Output = T>, late: StoreErrorKind) -> Result<T, StoreError> {
    let limit = Duration::from_secs(CALL_TIMEOUT_S);
    let too_late = |_| StoreError::new(late, format!("the app's store did not answer within {CALL_TIMEOUT_S} s"));
    timeout(limit, call).await.map_err(too_late)
}

impl Store for ForeignStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        let mut ranges = load::ranges(keys);
        if keys.newest_event {
            let newest = self.read(vec![KeyRange::one(key::HEAD.to_owned())]).await?.head()?.newest;
            ranges.push(KeyRange::one(key::event(newest)));
        }
        load::loaded(keys, &self.read(ranges).await?)
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        let ranges = commit::ranges(&change);
        for _ in 0..LOOKS_PER_COMMIT {
            let rows = self.read(ranges.clone()).await?;
            let conflict = commit::conflict(&change, &rows)?;
            if conflict != Conflict::default() {
                return Ok(Outcome::Conflict(conflict));
            }
            let (write, outcome) = commit::write(&change, &rows)?;
            if self.write(write).await? {
                return Ok(outcome);
            }
        }
        Err(StoreError::new(StoreErrorKind::Retry, "others wrote to the store every time"))
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        let limit = limit.min(limits::EVENTS_PER_PAGE);
        let range = KeyRange { first: key::event(after.0.saturating_add(1)), last: key::event(u64::MAX), limit };
        let rows = self.read(vec![KeyRange::one(key::HEAD.to_owned()), range.clone()]).await?;
        let mut events = Vec::new();
        for (found, offset) in rows.within::<EventRecord>(&range).zip(after.0..) {
            let (_, _, record) = found?;
            events.push(Event { offset: Offset(offset.saturating_add(1)), record });
        }
        Ok(EventPage { events, newest: Offset(rows.head()?.newest) })
    }
}
