//! The package with more exports, for its tests: the conformance suite on IndexedDB, and a store that panics.
#![cfg(target_family = "wasm")]
#![allow(clippy::panic, reason = "a planted one is what this is for")]

use ims_core::{
    AnyStore, ChangeSet, EventPage, MemoryStore, Offset, Outcome, Store, StoreError,
    conformance::{CASES, StoreFactory, run_case},
    store::{Loaded, ReadSet},
};
use ims_wasm::{Engine, IndexedStore, On};
use std::{cell::Cell, cell::RefCell};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Names the cases of the suite.
#[wasm_bindgen(js_name = conformanceCases)]
pub fn conformance_cases() -> Vec<String> {
    CASES.iter().map(|case| (*case).to_owned()).collect()
}

/// Runs a case of the suite on databases whose names begin like this.
///
/// # Errors
/// What the case says of the store.
#[wasm_bindgen(js_name = runCase)]
pub async fn run(case: String, name: String) -> Result<(), JsValue> {
    let stores = Stores { name, made: Cell::default(), newest: RefCell::default() };
    run_case(&stores, &case).await.map_err(|failure| failure.to_string().into())
}

/// Opens an engine whose store panics in the middle of a commit that an actor called `panic` asks for.
#[wasm_bindgen(js_name = openPanicking)]
pub fn open_panicking() -> Engine {
    let rows = MemoryStore::new();
    Engine::behind(On::new(AnyStore::of_parts(Panicking(rows.clone()), rows)))
}

/// Makes databases one after the other. The last one made is the one that a case opens again.
struct Stores {
    name: String,
    made: Cell<u32>,
    newest: RefCell<String>,
}

impl StoreFactory for Stores {
    type Store = IndexedStore;

    async fn fresh(&self) -> Result<IndexedStore, StoreError> {
        let number = self.made.get();
        self.made.set(number.saturating_add(1));
        let name = format!("{} {number}", self.name);
        self.newest.replace(name.clone());
        IndexedStore::open(&name).await
    }

    async fn reopen(&self, _: &IndexedStore) -> Result<IndexedStore, StoreError> {
        let name = self.newest.borrow().clone();
        IndexedStore::open(&name).await
    }
}

/// Memory with a planted panic.
struct Panicking(MemoryStore);

impl Store for Panicking {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.0.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        if change.events.iter().any(|event| &*event.actor == "panic") {
            panic!("this panic was planted");
        }
        self.0.commit(change).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.0.events(after, limit).await
    }
}
