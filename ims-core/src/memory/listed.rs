//! A table in memory: found by key, read in the order of entry.

use crate::Version;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Rows that are written and never removed.
#[derive(Debug)]
pub(super) struct Listed<K, R> {
    places: FxHashMap<K, usize>,
    rows: Vec<(K, Version, R)>,
}

impl<K, R> Default for Listed<K, R> {
    fn default() -> Self {
        Listed { places: FxHashMap::default(), rows: Vec::new() }
    }
}

impl<K: Clone + Eq + Hash, R> Listed<K, R> {
    pub(super) fn get(&self, key: &K) -> Option<&R> {
        self.entry(key).map(|(_, row)| row)
    }

    pub(super) fn entry(&self, key: &K) -> Option<(Version, &R)> {
        let (_, version, row) = self.rows.get(*self.places.get(key)?)?;
        Some((*version, row))
    }

    /// How often the row was written; 0 where there is none.
    pub(super) fn version(&self, key: &K) -> Version {
        self.entry(key).map_or(0, |(version, _)| version)
    }

    /// Writes a row over whatever was there.
    pub(super) fn put(&mut self, key: K, row: R) {
        match self.places.get(&key).and_then(|place| self.rows.get_mut(*place)) {
            Some((_, version, old)) => {
                *version = version.saturating_add(1);
                *old = row;
            }
            None => {
                self.places.insert(key.clone(), self.rows.len());
                self.rows.push((key, 1, row));
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &R)> {
        self.rows.iter().map(|(key, _, row)| (key, row))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &R> {
        self.rows.iter().map(|(_, _, row)| row)
    }

    /// Rows from a place in the order of entry on.
    pub(super) fn from(&self, place: usize) -> impl Iterator<Item = (&K, &R)> {
        self.rows.get(place..).unwrap_or_default().iter().map(|(key, _, row)| (key, row))
    }
}
