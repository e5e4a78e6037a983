//! A panic in WebAssembly unwinds nothing: it ends with a trap that nobody in here can catch. JavaScript can.
//!
//! So every step of a future is called by way of JavaScript, where the trap becomes an exception, and the exception an
//! error that is given back. What the step was in the middle of stays as it is and is never touched again: it is leaked.

use crate::Failure;
use js_sys::Function;
use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    mem, panic,
    rc::Rc,
    sync::Once,
    task::{Context, Poll, Waker},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

thread_local! {
    /// What was said last by a panic.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

static LISTENING: Once = Once::new();

/// A panic has ended a future.
#[derive(Clone, Debug)]
pub struct Panicked(String);

impl From<Panicked> for Failure {
    fn from(Panicked(said): Panicked) -> Self {
        Failure::internal(said)
    }
}

/// What a step is given, and what it leaves.
struct Step<T> {
    waker: RefCell<Option<Waker>>,
    done: RefCell<Option<T>>,
}

/// Runs a future, and ends with an error where it panics.
pub(crate) fn contained<T: 'static>(
    future: impl Future<Output = T> + 'static,
) -> impl Future<Output = Result<T, Panicked>> {
    listen();
    let step = Rc::new(Step { waker: RefCell::default(), done: RefCell::new(None) });
    let inside = Rc::clone(&step);
    let mut future = Box::pin(future);
    let mut poll = Some(Closure::<dyn FnMut()>::new(move || {
        let Some(waker) = inside.waker.take() else { return };
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            inside.done.replace(Some(done));
        }
    }));
    poll_fn(move |context| {
        let Some(now) = poll.take() else { return Poll::Pending };
        step.waker.replace(Some(context.waker().clone()));
        if now.as_ref().unchecked_ref::<Function>().call0(&JsValue::UNDEFINED).is_err() {
            mem::forget(now);
            return Poll::Ready(Err(Panicked(SAID.with(RefCell::take))));
        }
        match step.done.take() {
            Some(done) => Poll::Ready(Ok(done)),
            None => {
                poll = Some(now);
                Poll::Pending
            }
        }
    })
}

/// Keeps what a panic says: the trap itself tells nothing.
fn listen() {
    LISTENING.call_once(|| {
        panic::set_hook(Box::new(|panic| {
            SAID.with(|said| {
                if let Ok(mut said) = said.try_borrow_mut() {
                    *said = panic.to_string();
                }
            });
        }));
    });
}
