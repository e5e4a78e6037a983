//! The class that JavaScript sees. No method is `async`: a promise holds what it needs, and nothing stays borrowed.

use crate::{
    Door, Failure, IndexedStore, On,
    panics::contained,
    text::{parsed, text},
};
use ims_core::{AnyStore, Error, MemoryStore, Rejection};
use js_sys::Promise;
use std::{cell::RefCell, future::Future, rc::Rc};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

/// An engine on a store. Everything that it takes and gives is JSON text; what fails is told as JSON, too:
/// `{"code": …, "message": …}`.
#[wasm_bindgen]
pub struct Engine {
    /// Nothing, once it is closed.
    door: RefCell<Option<Rc<dyn Door>>>,
}

impl Engine {
    /// Opens a door to JavaScript.
    pub fn behind(door: impl Door + 'static) -> Self {
        Engine { door: RefCell::new(Some(Rc::new(door))) }
    }

    fn door(&self) -> Result<Rc<dyn Door>, Failure> {
        self.door.borrow().clone().ok_or_else(|| Error::Stopped.into())
    }
}

#[wasm_bindgen]
impl Engine {
    /// Makes an engine on a store in memory.
    #[wasm_bindgen(js_name = openMemory)]
    pub fn open_memory() -> Engine {
        Engine::behind(On::new(AnyStore::new(MemoryStore::new())))
    }

    /// Opens an engine on the IndexedDB database of a name, and makes it where there is none.
    pub fn open(name: &JsValue) -> Promise {
        let name = name.clone();
        promise(async move {
            let store = IndexedStore::open(&text("the name of the store", &name)?).await?;
            Ok(Engine::behind(On::new(AnyStore::new(store))))
        })
    }

    /// Has a command done, exactly once: takes a context and a command, gives `{"done": receipt}` or
    /// `{"refused": rejection}`.
    #[wasm_bindgen(js_name = executeJson)]
    pub fn execute_json(&self, context: &JsValue, command: &JsValue) -> Promise {
        let (door, context, command) = (self.door(), context.clone(), command.clone());
        promise(async move {
            let (context, command) = (parsed("the context", &context)?, parsed("the command", &command)?);
            door?.execute(context, command).await
        })
    }

    /// Tells what a command would do now, and changes nothing.
    #[wasm_bindgen(js_name = simulateJson)]
    pub fn simulate_json(&self, context: &JsValue, command: &JsValue) -> Promise {
        let (door, context, command) = (self.door(), context.clone(), command.clone());
        promise(async move {
            let (context, command) = (parsed("the context", &context)?, parsed("the command", &command)?);
            door?.simulate(context, command).await
        })
    }

    /// Has many commands done, in this order and together: takes a list of `[context, command]`, gives a list of
    /// answers, with `{"failed": failure}` for what got none.
    #[wasm_bindgen(js_name = executeManyJson)]
    pub fn execute_many_json(&self, commands: &JsValue) -> Promise {
        let (door, commands) = (self.door(), commands.clone());
        promise(async move { door?.execute_all(parsed("the list of commands", &commands)?).await })
    }

    /// Answers a question, such as `{"items": {"query": …, "page": …}}`.
    #[wasm_bindgen(js_name = askJson)]
    pub fn ask_json(&self, question: &JsValue) -> Promise {
        let (door, question) = (self.door(), question.clone());
        promise(async move { door?.ask(text("the question", &question)?).await })
    }

    /// Closes the engine: commands that were given before are still done, later ones are refused.
    pub fn close(&self) {
        self.door.replace(None);
    }
}

/// Says a rejection, given as JSON, in words. What is no rejection is given back as it is.
#[wasm_bindgen(js_name = messageOf)]
pub fn message_of(rejection: &str) -> String {
    serde_json::from_str::<Rejection>(rejection).map_or_else(|_| rejection.to_owned(), |said| said.to_string())
}

/// A promise of what some work gives; a panic in it is an error like any other.
fn promise<T: Into<JsValue> + 'static>(work: impl Future<Output = Result<T, Failure>> + 'static) -> Promise {
    future_to_promise(async move {
        match contained(work).await {
            Ok(given) => given.map(Into::into).map_err(JsValue::from),
            Err(panicked) => Err(Failure::from(panicked).into()),
        }
    })
}
