//! A table in memory: found by key, read in the order of entry.

use crate::Version;
use indexmap::{IndexMap, map::Entry};
use rustc_hash::FxBuildHasher;
use std::hash::Hash;

/// Rows that are written and never removed.
#[derive(Debug)]
pub(super) struct Listed<K, R> {
    rows: IndexMap<K, (Version, R), FxBuildHasher>,
}

impl<K, R> Default for Listed<K, R> {
    fn default() -> Self {
        Listed { rows: IndexMap::default() }
    }
}

impl<K: Eq + Hash, R> Listed<K, R> {
    pub(super) fn get(&self, key: &K) -> Option<&R> {
        self.rows.get(key).map(|(_, row)| row)
    }

    pub(super) fn entry(&self, key: &K) -> Option<(Version, &R)> {
        self.rows.get(key).map(|(version, row)| (*version, row))
    }

    /// How often the row was written; 0 where there is none.
    pub(super) fn version(&self, key: &K) -> Version {
        self.rows.get(key).map_or(0, |(version, _)| *version)
    }

    /// Writes a row over whatever was there.
    pub(super) fn put(&mut self, key: K, row: R) {
        match self.rows.entry(key) {
            Entry::Occupied(mut there) => {
                let (version, old) = there.get_mut();
                *version = version.saturating_add(1);
                *old = row;
            }
            Entry::Vacant(place) => _ = place.insert((1, row)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &R)> {
        self.rows.iter().map(|(key, (_, row))| (key, row))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &R> {
        self.rows.values().map(|(_, row)| row)
    }

    /// Rows from a place in the order of entry on.
    pub(super) fn from(&self, place: usize) -> impl Iterator<Item = (&K, &R)> {
        // Skipped before they are mapped, which takes no time.
        self.rows.iter().skip(place).map(|(key, (_, row))| (key, row))
    }
}
