//! What was read of the registry a moment ago, so that not every request reads it.

use super::records::{Record, Records};
use crate::serve::Problem;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Records that are kept in mind.
const MOST_REMEMBERED: usize = 10_000;

/// Records of one type that were read lately. Nothing is remembered of what was not there.
#[derive(Debug)]
pub(super) struct Remembered<T> {
    records: Records,
    believed: Duration,
    seen: Mutex<HashMap<String, Seen<T>>>,
}

#[derive(Debug)]
struct Seen<T> {
    record: Arc<T>,
    at: Instant,
}

impl<T: Record> Remembered<T> {
    /// Remembers nothing yet, and each record for this long.
    pub(super) fn new(records: Records, believed: Duration) -> Remembered<T> {
        Remembered { records, believed, seen: Mutex::default() }
    }

    /// The record of a name.
    pub(super) async fn get(&self, key: &str) -> Result<Option<Arc<T>>, Problem> {
        if let Some(seen) = self.lock().get(key).filter(|seen| seen.at.elapsed() < self.believed) {
            return Ok(Some(Arc::clone(&seen.record)));
        }
        // Taken before the reading: what is changed meanwhile is believed no longer than it should be.
        let at = Instant::now();
        let Some(read) = self.records.get::<T>(key).await? else {
            self.forget(key);
            return Ok(None);
        };
        let record = Arc::new(read.record);
        let mut seen = self.lock();
        if seen.len() >= MOST_REMEMBERED {
            seen.retain(|_, seen| seen.at.elapsed() < self.believed);
        }
        if seen.len() >= MOST_REMEMBERED {
            seen.clear();
        }
        seen.insert(key.to_owned(), Seen { record: Arc::clone(&record), at });
        Ok(Some(record))
    }

    /// Reads a record anew the next time: it was changed here.
    pub(super) fn forget(&self, key: &str) {
        self.lock().remove(key);
    }

    /// Reads those anew the next time of which this is so.
    pub(super) fn forget_where(&self, is_one: impl Fn(&T) -> bool) {
        self.lock().retain(|_, seen| !is_one(&seen.record));
    }

    /// A map is whole, whoever panicked while holding it.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Seen<T>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
