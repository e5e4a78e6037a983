//! Whether the store takes what is written, as far as that was seen: readiness says so, and asks only where nothing was seen.

use ims_core::{StoreError, StoreErrorKind};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What became of what was written last. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writes(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    /// When something was last written.
    done_at: Option<Instant>,
    /// Why nothing could be written since then.
    failed: Option<StoreErrorKind>,
    /// Since when each write is under way that has no answer yet.
    under_way: Vec<Instant>,
}

/// A write that is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Write {
    writes: Writes,
    began: Instant,
}

impl Writes {
    /// Begins to write.
    pub(crate) fn begin(&self) -> Write {
        let began = Instant::now();
        self.lock().under_way.push(began);
        Write { writes: self.clone(), began }
    }

    /// Whether something was written within this time, and nothing failed since.
    pub(crate) fn are_done_within(&self, limit: Duration) -> bool {
        let seen = self.lock();
        seen.failed.is_none() && seen.done_at.is_some_and(|at| at.elapsed() < limit)
    }

    /// Whether what was to be written last had no room.
    pub(crate) fn have_no_room(&self) -> bool {
        self.lock().failed == Some(StoreErrorKind::Full)
    }

    /// Whether something waits to be written for longer than this.
    pub(crate) fn wait_longer_than(&self, limit: Duration) -> bool {
        self.lock().under_way.iter().any(|began| began.elapsed() > limit)
    }

    /// What was seen is whole, whoever panicked while holding it.
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write {
    /// Notes what became of it.
    pub(crate) fn note<T>(&self, written: &Result<T, StoreError>) {
        let mut seen = self.writes.lock();
        match written {
            Ok(_) => (seen.done_at, seen.failed) = (Some(Instant::now()), None),
            // What cannot be written because of what it says tells nothing of the store.
            Err(error) if error.kind == StoreErrorKind::OutOfRange => {}
            Err(error) => seen.failed = Some(error.kind),
        }
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        let mut seen = self.writes.lock();
        if let Some(at) = seen.under_way.iter().position(|began| *began == self.began) {
            seen.under_way.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn failed(kind: StoreErrorKind) -> Result<(), StoreError> {
        Err(StoreError::new(kind, "planted"))
    }

    #[test]
    fn what_was_written_counts_until_something_fails() {
        let writes = Writes::default();
        assert!(!writes.are_done_within(LONG), "nothing was seen yet");
        writes.begin().note(&Ok(()));
        assert!(writes.are_done_within(LONG));
        assert!(!writes.are_done_within(Duration::ZERO));
        writes.begin().note(&failed(StoreErrorKind::OutOfRange));
        assert!(writes.are_done_within(LONG));
        writes.begin().note(&failed(StoreErrorKind::Full));
        assert!(!writes.are_done_within(LONG));
        assert!(writes.have_no_room());
        writes.begin().note(&Ok(()));
        assert!(writes.are_done_within(LONG));
        assert!(!writes.have_no_room());
    }

    #[test]
    fn what_has_no_answer_is_seen() {
        let writes = Writes::default();
        let write = writes.begin();
        assert!(writes.wait_longer_than(Duration::ZERO));
        assert!(!writes.wait_longer_than(LONG));
        drop(write);
        assert!(!writes.wait_longer_than(Duration::ZERO));
    }
}
