//! A transaction: many requests, and one wait for all of them.
//!
//! The database answers the requests of a transaction in the order in which they were made, so that the answer to the
//! last one means that all are there. It commits by itself a transaction that asks for nothing more; between two steps
//! here only promises are waited for that the database itself settles, and so it stays open.

use super::{
    fault::{self, Phase},
    key, names,
    open::Connection,
    row,
};
use ims_core::{StoreError, store::Versioned};
use js_sys::{Array, JsString, Object, Promise, Reflect};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction};

#[wasm_bindgen]
extern "C" {
    /// The database once more: the third argument is behind a switch in web-sys.
    type Database;

    /// The transaction once more: web-sys calls its end deprecated.
    type Ending;

    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Database, names: &Array, mode: &str, options: &Object) -> Result<IdbTransaction, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn commit(this: &Ending) -> Result<(), JsValue>;
}

/// What a transaction may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

pub(super) struct Transaction {
    transaction: IdbTransaction,
    /// The request whose answer comes last.
    last: RefCell<Option<IdbRequest>>,
}

impl Transaction {
    pub(super) fn begin(connection: &Connection, access: Access) -> Result<Self, StoreError> {
        let names: Array = names::ALL.iter().map(|name| JsValue::from(*name)).collect();
        let options = Object::new();
        // On the disk before it is said to be done: the default leaves that to the browser.
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(fault::unavailable)?;
        let mode = match access {
            Access::Read => "readonly",
            Access::Write => "readwrite",
        };
        let database = connection.database.unchecked_ref::<Database>();
        let transaction = database.transaction(&names, mode, &options).map_err(fault::unavailable)?;
        Ok(Transaction { transaction, last: RefCell::default() })
    }

    fn store(&self, name: &str) -> Result<IdbObjectStore, StoreError> {
        self.transaction.object_store(name).map_err(fault::unavailable)
    }

    fn asked(&self, request: Result<IdbRequest, JsValue>) -> Result<IdbRequest, StoreError> {
        let request = request.map_err(fault::unavailable)?;
        self.last.replace(Some(request.clone()));
        Ok(request)
    }

    /// Asks for the row that tells about the whole store.
    pub(super) fn head(&self) -> Result<Asked, StoreError> {
        self.get(names::HEAD, key::ONLY)
    }

    pub(super) fn get(&self, name: &str, key: &str) -> Result<Asked, StoreError> {
        self.asked(self.store(name)?.get(&key.into())).map(Asked)
    }

    pub(super) fn get_each(&self, name: &str, keys: impl Iterator<Item = String>) -> Result<Vec<Asked>, StoreError> {
        let mut keys = keys.peekable();
        if keys.peek().is_none() {
            return Ok(Vec::new());
        }
        let store = self.store(name)?;
        keys.map(|key| self.asked(store.get(&key.into())).map(Asked)).collect()
    }

    /// Asks for the rows of a range of keys, at most so many.
    pub(super) fn range(&self, name: &str, keys: &IdbKeyRange, limit: Option<u32>) -> Result<AskedMany, StoreError> {
        let store = self.store(name)?;
        let request = match limit {
            Some(limit) => store.get_all_with_key_and_limit(keys, limit),
            None => store.get_all_with_key(keys),
        };
        self.asked(request).map(AskedMany)
    }

    /// Asks for the keys of a range, at most so many.
    pub(super) fn keys(&self, name: &str, keys: &IdbKeyRange, limit: u32) -> Result<AskedMany, StoreError> {
        self.asked(self.store(name)?.get_all_keys_with_key_and_limit(keys, limit)).map(AskedMany)
    }

    pub(super) fn all(&self, name: &str) -> Result<AskedMany, StoreError> {
        self.asked(self.store(name)?.get_all()).map(AskedMany)
    }

    pub(super) fn put(&self, name: &str, key: &str, value: &str) -> Result<(), StoreError> {
        self.put_at(name, &key.into(), value)
    }

    pub(super) fn put_at(&self, name: &str, key: &JsValue, value: &str) -> Result<(), StoreError> {
        self.asked(self.store(name)?.put_with_key(&value.into(), key)).map(drop)
    }

    pub(super) fn delete(&self, name: &str, key: &str) -> Result<(), StoreError> {
        self.asked(self.store(name)?.delete(&key.into())).map(drop)
    }

    /// Waits until all that was asked is answered.
    pub(super) async fn answered(&self) -> Result<(), StoreError> {
        let Some(last) = self.last.take() else { return Ok(()) };
        let answered = Promise::new(&mut |resolve, reject| {
            last.set_onsuccess(Some(&resolve));
            self.transaction.set_onabort(Some(&reject));
        });
        self.wait(answered, Phase::Read).await
    }

    /// Waits until all that was written is on the disk.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let committed = Promise::new(&mut |resolve, reject| {
            self.transaction.set_oncomplete(Some(&resolve));
            self.transaction.set_onabort(Some(&reject));
        });
        self.transaction.unchecked_ref::<Ending>().commit().map_err(fault::unavailable)?;
        self.wait(committed, Phase::Commit).await
    }

    /// Takes back what was written so far.
    pub(super) fn abort(self) {
        // It fails where the database has aborted the transaction itself.
        let _ = self.transaction.abort();
    }

    async fn wait(&self, promise: Promise, phase: Phase) -> Result<(), StoreError> {
        match JsFuture::from(promise).await {
            Ok(_) => Ok(()),
            Err(_) => Err(fault::aborted(self.transaction.error(), phase)),
        }
    }
}

/// A row that was asked for.
pub(super) struct Asked(IdbRequest);

impl Asked {
    /// What is there, once it is answered.
    pub(super) fn text(&self) -> Result<Option<String>, StoreError> {
        let value = self.0.result().map_err(fault::unavailable)?;
        if value.is_undefined() {
            return Ok(None);
        }
        value.as_string().map(Some).ok_or_else(|| fault::corrupt("a row is no text"))
    }

    pub(super) fn row<R: DeserializeOwned>(&self) -> Result<Option<R>, StoreError> {
        self.text()?.map(|text| row::read(&text)).transpose()
    }

    pub(super) fn versioned<R: DeserializeOwned>(&self) -> Result<Option<Versioned<R>>, StoreError> {
        self.text()?.map(|text| row::versioned(&text)).transpose()
    }
}

/// Rows that were asked for together.
pub(super) struct AskedMany(IdbRequest);

impl AskedMany {
    fn list(&self) -> Result<Array, StoreError> {
        Ok(self.0.result().map_err(fault::unavailable)?.unchecked_into())
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, StoreError> {
        let text = |value: JsValue| value.dyn_into::<JsString>().map(String::from);
        self.list()?.iter().map(|value| text(value).map_err(|_| fault::corrupt("a row is no text"))).collect()
    }

    pub(super) fn rows<R: DeserializeOwned>(&self) -> Result<Vec<R>, StoreError> {
        self.texts()?.iter().map(|text| row::read(text)).collect()
    }

    pub(super) fn versioned<R: DeserializeOwned>(&self) -> Result<Vec<Versioned<R>>, StoreError> {
        self.texts()?.iter().map(|text| row::versioned(text)).collect()
    }
}
