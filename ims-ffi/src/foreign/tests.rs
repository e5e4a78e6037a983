//! The conformance suite on a store of texts in memory; that a store in another language passes is tested there.

use super::{ForeignStore, KeyRange, KeyedRow, KeyedRows, KeyedStore, KeyedStoreError, KeyedWrite};
use async_trait::async_trait;
use ims_core::{
    StoreError,
    conformance::{self, StoreFactory},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What a database of an app would hold.
#[derive(Default)]
struct Texts {
    rows: BTreeMap<String, String>,
    revision: u64,
}

#[derive(Clone, Default)]
struct MapStore(Arc<Mutex<Texts>>);

impl MapStore {
    fn texts(&self) -> MutexGuard<'_, Texts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl KeyedStore for MapStore {
    async fn read(&self, ranges: Vec<KeyRange>) -> Result<KeyedRows, KeyedStoreError> {
        let texts = self.texts();
        let mut rows = Vec::new();
        for KeyRange { first, last, limit } in ranges {
            let found = texts.rows.range(first..=last).take(usize::try_from(limit).unwrap_or(usize::MAX));
            rows.extend(found.map(|(key, text)| KeyedRow { key: key.clone(), text: text.clone() }));
        }
        Ok(KeyedRows { revision: texts.revision, rows })
    }

    async fn write(&self, change: KeyedWrite) -> Result<bool, KeyedStoreError> {
        let mut texts = self.texts();
        if texts.revision != change.seen {
            return Ok(false);
        }
        texts.revision = texts.revision.saturating_add(1);
        texts.rows.extend(change.put.into_iter().map(|KeyedRow { key, text }| (key, text)));
        change.remove.iter().for_each(|key| _ = texts.rows.remove(key));
        Ok(true)
    }
}

/// Remembers the newest store: every case asks for one, and opens that again.
#[derive(Default)]
struct Factory(Mutex<MapStore>);

impl Factory {
    fn newest(&self) -> MutexGuard<'_, MapStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoreFactory for Factory {
    type Store = ForeignStore;

    async fn fresh(&self) -> Result<ForeignStore, StoreError> {
        let store = MapStore::default();
        *self.newest() = store.clone();
        Ok(ForeignStore::new(Arc::new(store)))
    }

    async fn reopen(&self, _: &ForeignStore) -> Result<ForeignStore, StoreError> {
        Ok(ForeignStore::new(Arc::new(self.newest().clone())))
    }
}

fn conforms(case: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.map(|runtime| runtime.block_on(conformance::run_case(&Factory::default(), case)));
    assert!(matches!(outcome, Ok(Ok(()))), "{outcome:?}");
}

ims_core::conformance_tests!(conforms);
