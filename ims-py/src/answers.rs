//! Answers on their way to functions of Python.
//!
//! They wait in a queue until a thread of Python's own fetches them (`ims.aio._wait`). A thread of the runtime never calls
//! Python: it may be waited for by one that holds the interpreter's lock, and it would not survive the interpreter's end.

use crate::gate;
use pyo3::prelude::*;
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, PoisonError},
};

/// Makes the answer, once there is somebody who holds the interpreter's lock.
type Make = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// An answer, and the function that is to have it.
pub(crate) struct Waiting {
    function: Py<PyAny>,
    /// Makes the object, or else the exception.
    make: Make,
}

impl Waiting {
    pub(crate) fn new(
        function: Py<PyAny>,
        make: impl FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send + 'static,
    ) -> Waiting {
        Waiting { function, make: Box::new(make) }
    }

    /// Calls the function with what was made, or with an exception.
    pub(crate) fn call(self, py: Python<'_>) {
        let called = match (self.make)(py) {
            Ok(made) => self.function.call1(py, (made, py.None())),
            Err(error) => self.function.call1(py, (py.None(), error.into_value(py))),
        };
        if let Err(error) = called {
            error.write_unraisable(py, Some(self.function.bind(py)));
        }
    }
}

/// The answers of one process.
pub(crate) struct Answers {
    waiting: Mutex<VecDeque<Waiting>>,
    arrived: Condvar,
}

/// The queue and the process that it was made in: what waits when a process forks is the parent's to answer. Locked with
/// the interpreter's lock held, so never while Python forks.
static ANSWERS: Mutex<Option<(u32, &'static Answers)>> = Mutex::new(None);

impl Answers {
    /// Those of this process.
    pub(crate) fn here(_: Python<'_>) -> &'static Answers {
        let mut slot = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if let Some((maker, answers)) = *slot
            && maker == process
        {
            return answers;
        }
        let answers = Box::leak(Box::new(Answers { waiting: Mutex::default(), arrived: Condvar::new() }));
        *slot = Some((process, answers));
        answers
    }

    /// Has a function called.
    pub(crate) fn put(&self, answer: Waiting) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(answer);
        self.arrived.notify_one();
    }

    /// Waits until there are some, and takes them.
    fn take(&self) -> VecDeque<Waiting> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.arrived.wait_while(waiting, |waiting| waiting.is_empty());
        std::mem::take(&mut *waited.unwrap_or_else(PoisonError::into_inner))
    }
}

/// Waits for answers and calls their functions.
#[pyfunction]
pub(crate) fn give_answers(py: Python<'_>) {
    let answers = Answers::here(py);
    let (_inside, taken) = gate::enter(py).outside(py, || answers.take());
    for answer in taken {
        answer.call(py);
    }
}
