//! The store in memory passes the suite that every store must pass.

#![allow(clippy::panic)] // That is how a test fails.

use futures_executor::block_on;
use ims_core::{
    MemoryStore, StoreError,
    conformance::{self, StoreFactory},
};

struct InMemory;

impl StoreFactory for InMemory {
    type Store = MemoryStore;

    async fn fresh(&self) -> Result<MemoryStore, StoreError> {
        Ok(MemoryStore::new())
    }

    async fn reopen(&self, store: &MemoryStore) -> Result<MemoryStore, StoreError> {
        Ok(store.clone())
    }
}

fn conforms(case: &str) {
    if let Err(failure) = block_on(conformance::run_case(&InMemory, case)) {
        panic!("{failure}");
    }
}

ims_core::conformance_tests!(conforms);
