//! The suite that every store must pass, for stores of the other language.

use crate::{
    ImsError, KeyedStore,
    foreign::{ForeignStore, KeyedStoreError},
    runtime,
};
use ims_core::{
    StoreError,
    conformance::{self, StoreFactory},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Makes the stores that the suite works on.
#[uniffi::export(foreign)]
pub trait KeyedStores: Send + Sync {
    /// Opens the store of a name: an empty one where the name is new, otherwise the same rows once more, as another
    /// process would see them.
    fn open_store(&self, name: String) -> Result<Arc<dyn KeyedStore>, KeyedStoreError>;
}

/// What became of every case of the suite.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ConformanceReport {
    /// The cases that the store has passed.
    pub passed: Vec<String>,
    /// Those that it has not, and why.
    pub failed: Vec<String>,
}

/// Runs the suite that tells whether a store of the app keeps what a store promises. It takes a while.
#[uniffi::export]
pub async fn check_conformance(stores: Arc<dyn KeyedStores>) -> Result<ConformanceReport, ImsError> {
    runtime::on_own_thread(move || async move {
        let factory = Factory { stores, made: AtomicU64::new(0) };
        let report = conformance::run(&factory).await;
        ConformanceReport {
            passed: report.passed.into_iter().map(str::to_owned).collect(),
            failed: report.failed.iter().map(ToString::to_string).collect(),
        }
    })
    .await
}

/// Every case asks for one new store, once: the newest is the one that is opened again.
struct Factory {
    stores: Arc<dyn KeyedStores>,
    made: AtomicU64,
}

impl Factory {
    fn open(&self, number: u64) -> Result<ForeignStore, StoreError> {
        let store = self.stores.open_store(format!("store {number}")).map_err(KeyedStoreError::while_reading)?;
        Ok(ForeignStore::new(store))
    }
}

impl StoreFactory for Factory {
    type Store = ForeignStore;

    async fn fresh(&self) -> Result<ForeignStore, StoreError> {
        self.open(self.made.fetch_add(1, Ordering::Relaxed).saturating_add(1))
    }

    async fn reopen(&self, _: &ForeignStore) -> Result<ForeignStore, StoreError> {
        self.open(self.made.load(Ordering::Relaxed))
    }
}
