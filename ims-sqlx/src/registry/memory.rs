//! A registry that is kept nowhere: what the one in a database means.

use super::{Entry, Expected, Written, nothing_there};
use ims_core::Timestamp;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// By kind and name.
type Map = BTreeMap<(String, String), Entry>;

/// The entries. All clones have the same ones.
#[derive(Clone, Default)]
pub(super) struct Entries(Arc<Mutex<Map>>);

impl Entries {
    /// The entries, nobody else writing. No writer stops halfway, so they are whole also after a panic elsewhere.
    fn lock(&self) -> MutexGuard<'_, Map> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, kind: &str, name: &str) -> Option<Entry> {
        self.lock().get(&key(kind, name)).cloned()
    }

    pub(super) fn list(&self, kind: &str, after: &str, limit: u32) -> Vec<Entry> {
        let entries = self.lock();
        let later = entries.range((Bound::Excluded(key(kind, after)), Bound::Unbounded));
        let of_kind = later.take_while(|((its_kind, _), _)| its_kind == kind);
        of_kind.zip(0..limit).map(|((_, entry), _)| entry.clone()).collect()
    }

    pub(super) fn put(
        &self,
        kind: &str,
        name: &str,
        expected: Expected,
        body: &str,
        expires_at: Option<Timestamp>,
    ) -> Written {
        let mut entries = self.lock();
        let there = entries.get(&key(kind, name)).map_or(0, |entry| entry.version);
        if !is_met(expected, there) {
            return Written::Conflict;
        }
        let version = there.saturating_add(1);
        let entry = Entry { name: name.to_owned(), version, body: body.to_owned(), expires_at };
        entries.insert(key(kind, name), entry);
        Written::Done { version }
    }

    pub(super) fn delete(&self, kind: &str, name: &str, expected: Expected) -> Written {
        let mut entries = self.lock();
        let Some(entry) = entries.get(&key(kind, name)) else { return nothing_there(expected) };
        if !is_met(expected, entry.version) {
            return Written::Conflict;
        }
        entries.remove(&key(kind, name));
        Written::Done { version: 0 }
    }

    pub(super) fn sweep(&self, now: Timestamp) -> u64 {
        let mut entries = self.lock();
        let before = entries.len();
        entries.retain(|_, entry| entry.expires_at.is_none_or(|expires_at| expires_at > now));
        u64::try_from(before.saturating_sub(entries.len())).unwrap_or(u64::MAX)
    }
}

fn key(kind: &str, name: &str) -> (String, String) {
    (kind.to_owned(), name.to_owned())
}

/// Whether a version, 0 for nothing, is what was expected.
fn is_met(expected: Expected, there: u64) -> bool {
    match expected {
        Expected::Absent => there == 0,
        Expected::Version(seen) => there != 0 && there == seen,
        Expected::Any => true,
    }
}
