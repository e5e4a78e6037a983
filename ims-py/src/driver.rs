//! Lets a caller that waits do the engine's work itself, instead of waking another thread to do it: on a store in memory,
//! waking it would take longer than the work.
//!
//! A task of the runtime polls the engine's worker whenever it is woken. A caller that is about to wait holds wake-ups
//! back, gives its command, polls the worker once, and passes on what is left to the task.

use futures_util::{
    future::{BoxFuture, poll_fn},
    task::AtomicWaker,
};
use std::{
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};
use tokio::runtime::Runtime;

/// A worker that a task and waiting callers drive.
pub(crate) struct Driver {
    /// Nothing once it has ended.
    worker: Mutex<Option<BoxFuture<'static, ()>>>,
    signal: Arc<Signal>,
}

/// Tells that the worker has to be polled.
struct Signal {
    /// Woken since it was polled last.
    woken: AtomicBool,
    /// Callers that are about to poll it.
    callers: AtomicUsize,
    task: AtomicWaker,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    /// Either this sees that there is no caller, or the last caller sees that it was woken.
    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, SeqCst);
        if self.callers.load(SeqCst) == 0 {
            self.task.wake();
        }
    }
}

impl Driver {
    /// Has a task drive a worker that does not panic.
    pub(crate) fn start(runtime: &Runtime, worker: impl Future<Output = ()> + Send + 'static) -> Arc<Driver> {
        let signal = Signal { woken: AtomicBool::new(false), callers: AtomicUsize::new(0), task: AtomicWaker::new() };
        let driver = Arc::new(Driver { worker: Mutex::new(Some(Box::pin(worker))), signal: Arc::new(signal) });
        let driven = Arc::clone(&driver);
        runtime.spawn(poll_fn(move |cx| {
            driven.signal.task.register(cx.waker());
            let mut worker = driven.worker.lock().unwrap_or_else(PoisonError::into_inner);
            driven.poll(&mut worker)
        }));
        driver
    }

    /// Polls what gives the worker something to do, with the worker, and gives what came of it.
    pub(crate) fn poll_with<T>(&self, mut poll: impl FnMut() -> Poll<T>) -> Poll<T> {
        self.signal.callers.fetch_add(1, SeqCst);
        let given = poll();
        if given.is_pending()
            && let Ok(mut worker) = self.worker.try_lock()
        {
            let _ = self.poll(&mut worker);
        }
        self.signal.callers.fetch_sub(1, SeqCst);
        if self.signal.woken.load(SeqCst) {
            self.signal.task.wake();
        }
        if given.is_pending() { poll() } else { given }
    }

    fn poll(&self, worker: &mut Option<BoxFuture<'static, ()>>) -> Poll<()> {
        let Some(work) = worker else { return Poll::Ready(()) };
        self.signal.woken.store(false, SeqCst);
        let waker = Waker::from(Arc::clone(&self.signal));
        let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
        if polled.is_ready() {
            *worker = None;
            self.signal.task.wake();
        }
        polled
    }
}
