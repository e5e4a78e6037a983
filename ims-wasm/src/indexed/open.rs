//! Opening the database.

use super::{fault, names};
use ims_core::{StoreError, StoreErrorKind};
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbFactory, IdbOpenDbRequest};

/// The version of the object stores. IndexedDB refuses to open a database of a newer one. Since version 2 there is one object
/// store of names.
const SCHEMA_VERSION: u32 = 2;

/// An open database, closed when it is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) database: IdbDatabase,
    /// Closes the database when another page wants to upgrade or delete it.
    _give_way: Closure<dyn FnMut(Event)>,
}

impl Connection {
    pub(super) async fn open(name: &str) -> Result<Self, StoreError> {
        let request = factory()?.open_with_u32(&format!("ims:{name}"), SCHEMA_VERSION).map_err(fault::unavailable)?;
        let opening = request.clone();
        let upgrade = Closure::once(move |_: Event| create(&opening));
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let opened = Promise::new(&mut |resolve, reject| {
            request.set_onsuccess(Some(&resolve));
            request.set_onerror(Some(&reject));
        });
        if JsFuture::from(opened).await.is_err() {
            let exception = request.error().ok().flatten();
            return Err(fault::aborted(exception, fault::Phase::Read));
        }
        let database: IdbDatabase = request.result().map_err(fault::unavailable)?.unchecked_into();
        let closing = database.clone();
        let give_way = Closure::new(move |_: Event| closing.close());
        database.set_onversionchange(Some(give_way.as_ref().unchecked_ref()));
        Ok(Connection { database, _give_way: give_way })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.set_onversionchange(None);
        // Transactions that are under way still end.
        self.database.close();
    }
}

fn factory() -> Result<IdbFactory, StoreError> {
    let there = Reflect::get(&js_sys::global(), &"indexedDB".into()).unwrap_or(JsValue::UNDEFINED);
    if there.is_object() {
        return Ok(there.unchecked_into());
    }
    Err(StoreError::new(StoreErrorKind::Unavailable, "there is no IndexedDB here"))
}

fn create(opening: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = opening.result()?.unchecked_into();
    let there = database.object_store_names();
    for name in names::ALL.iter().filter(|name| !there.contains(name)) {
        database.create_object_store(name)?;
    }
    for name in names::OF_VERSION_1.iter().filter(|name| there.contains(name)) {
        database.delete_object_store(name)?;
    }
    Ok(())
}
