//! Work that Python waits for: with the interpreter's lock released, and so that Ctrl-C works.

use crate::{
    answers::{Answers, Waiting},
    driver::Driver,
    failure::Failure,
    gate::{self, Inside},
};
use futures_util::FutureExt;
use pyo3::prelude::*;
use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// How soon Ctrl-C is noticed.
const SIGNAL_CHECK: Duration = Duration::from_millis(50);

/// Where the outcome of some work goes.
pub(crate) enum Caller {
    /// To the thread that asks, which waits for it, and meanwhile drives what has to do it, if there is a driver.
    Waits(Option<Arc<Driver>>),
    /// To a function that is called with what was made, or else with an exception, from a thread of Python's own.
    IsCalled(Py<PyAny>),
}

impl Caller {
    /// A caller that waits if it has no function.
    pub(crate) fn new(function: Option<Py<PyAny>>, driver: Option<&Arc<Driver>>) -> Self {
        function.map_or_else(|| Caller::Waits(driver.map(Arc::clone)), Caller::IsCalled)
    }
}

impl From<Option<Py<PyAny>>> for Caller {
    fn from(function: Option<Py<PyAny>>) -> Self {
        Caller::new(function, None)
    }
}

/// Does some work on the runtime and shows Python what came of it. A panic becomes an exception.
pub(crate) fn answer<T: Send + 'static>(
    py: Python<'_>,
    inside: Inside,
    runtime: &'static Runtime,
    caller: Caller,
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    show: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
) -> PyResult<Py<PyAny>> {
    let work = AssertUnwindSafe(work).catch_unwind().map(|outcome| match outcome {
        Ok(outcome) => outcome,
        Err(payload) => Err(Failure::panicked(payload.as_ref())),
    });
    match caller {
        Caller::Waits(driver) => {
            let (_inside, outcome) = wait(py, inside, runtime, driver.as_deref(), work);
            show_outcome(py, outcome?, show)
        }
        // The thread that gives answers is gone by now, and so is everybody else.
        Caller::IsCalled(function) if gate::ends() => {
            let (_inside, outcome) = wait(py, inside, runtime, None, work);
            let outcome = outcome?;
            Waiting::new(function, |py| show_outcome(py, outcome, show)).call(py);
            Ok(py.None())
        }
        Caller::IsCalled(function) => {
            let answers = Answers::here(py);
            runtime.spawn(async move {
                let outcome = work.await;
                answers.put(Waiting::new(function, |py| show_outcome(py, outcome, show)));
            });
            Ok(py.None())
        }
    }
}

/// Polls on the calling thread, which sleeps in between. A timer of the runtime would do as well, but setting one wakes a
/// thread of the runtime, and that takes longer than most commands.
fn wait<T: Send>(
    py: Python<'_>,
    mut inside: Inside,
    runtime: &Runtime,
    driver: Option<&Driver>,
    work: impl Future<Output = T> + Send,
) -> (Inside, PyResult<T>) {
    let mut work = pin!(work);
    let waker = Waker::from(Arc::new(Sleeper(thread::current())));
    loop {
        let work = work.as_mut();
        let outcome;
        (inside, outcome) = inside.outside(py, || poll_for_a_while(runtime, driver, work, &waker));
        if let Some(outcome) = outcome {
            return (inside, Ok(outcome));
        }
        if let Err(error) = py.check_signals() {
            return (inside, Err(error));
        }
    }
}

/// Polls until there is an outcome, or until signals have to be looked at.
fn poll_for_a_while<T>(
    runtime: &Runtime,
    mut driver: Option<&Driver>,
    mut work: Pin<&mut impl Future<Output = T>>,
    waker: &Waker,
) -> Option<T> {
    let _entered = runtime.enter();
    let began = Instant::now();
    loop {
        let mut poll = || work.as_mut().poll(&mut Context::from_waker(waker));
        // The worker has to be given the work only once.
        let polled = match driver.take() {
            Some(driver) => driver.poll_with(poll),
            None => poll(),
        };
        if let Poll::Ready(outcome) = polled {
            return Some(outcome);
        }
        let left = SIGNAL_CHECK.checked_sub(began.elapsed())?;
        thread::park_timeout(left);
    }
}

/// A thread that sleeps until there is something to do.
struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

fn show_outcome<T>(
    py: Python<'_>,
    outcome: Result<T, Failure>,
    show: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>>,
) -> PyResult<Py<PyAny>> {
    let made = outcome.map_err(|failure| failure.to_exception(py))?;
    std::panic::catch_unwind(AssertUnwindSafe(|| show(py, made)))
        .unwrap_or_else(|payload| Err(Failure::panicked(payload.as_ref()).to_exception(py)))
}
