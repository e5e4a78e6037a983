//! A store in IndexedDB, the database of a browser: durable, and shared by all pages and workers of one origin.
//!
//! A commit is one read-write transaction with durability `strict`. The database runs these one after the other,
//! whichever page they come from, so versions are read and rows written at one moment.

mod catalog;
mod commit;
mod fault;
mod key;
mod load;
mod mirror;
mod names;
mod open;
mod reports;
mod row;
mod scan;
mod totals;
mod transaction;

use ims_core::{
    ChangeSet, Event, EventPage, EventRecord, Offset, Outcome, Store, StoreError, limits,
    store::{Loaded, ReadSet},
};
use js_sys::{Function, Promise};
use mirror::Mirror;
use open::Connection;
use std::{cell::RefCell, rc::Rc};
use transaction::{Access, Transaction};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

/// Keeps a shop in IndexedDB. Clones share one connection.
#[derive(Clone, Debug)]
pub struct IndexedStore {
    connection: Rc<Connection>,
    /// What reports were last computed from.
    mirror: Rc<RefCell<Option<Mirror>>>,
}

impl IndexedStore {
    /// Opens the store of a name, and makes it where there is none.
    ///
    /// # Errors
    /// [`StoreError`] where there is no IndexedDB, or a newer version of this software has made the store.
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        let store = IndexedStore { connection: Rc::new(Connection::open(name).await?), mirror: Rc::default() };
        catalog::bring_names_up_to_date(store.begin(Access::Write)?).await?;
        Ok(store)
    }

    fn begin(&self, access: Access) -> Result<Transaction, StoreError> {
        Transaction::begin(&self.connection, access)
    }
}

impl Store for IndexedStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        load::load(&self.begin(Access::Read)?, keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        commit::commit(self.begin(Access::Write)?, change).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        let transaction = self.begin(Access::Read)?;
        let head = transaction.head()?;
        let limit = limit.min(limits::EVENTS_PER_PAGE);
        let texts = match limit {
            0 => None,
            limit => Some(transaction.range(names::EVENTS, &key::events_after(after)?, Some(limit))?),
        };
        transaction.answered().await?;
        let newest = row::head(&head)?.newest;
        let records = texts.map(|texts| texts.rows::<EventRecord>()).transpose()?.unwrap_or_default();
        let offsets = (after.0..).map(|offset| Offset(offset.saturating_add(1)));
        Ok(EventPage {
            events: offsets.zip(records).map(|(offset, record)| Event { offset, record }).collect(),
            newest,
        })
    }

    async fn pause(&self, attempt: u32) {
        // Chance is what two pages do not share. The bits in the middle of a random fraction are as random as any.
        let most_ms = 1_u64 << attempt.min(6);
        let chance = js_sys::Math::random().to_bits() >> 8;
        let wait_ms = chance.checked_rem(most_ms).and_then(|ms| i32::try_from(ms).ok()).unwrap_or_default();
        let passed = Promise::new(&mut |resolve, _| set_timeout(&resolve, wait_ms));
        // It is only a pause: nothing depends on how it ends.
        let _ = JsFuture::from(passed).await;
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, wait_ms: i32);
}
