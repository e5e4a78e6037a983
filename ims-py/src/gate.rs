//! Who may use the interpreter while it ends.
//!
//! An interpreter that ends takes the next thread that asks for its lock out of the world, wherever that thread is: from
//! the middle of this library it would unwind through Rust, and the process would be aborted. So nothing in here may have
//! the lock by then but the thread that ends the interpreter. Whatever may hold it is counted. [`end`], which Python
//! calls at its exit, waits until nothing does; from then on whoever comes back waits for ever, as in Python.

use pyo3::prelude::*;
use std::{
    cell::Cell,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread::{self, Thread},
    time::{Duration, Instant},
};

/// How long the end waits for those inside: they make objects, and wait for nothing but the interpreter's lock.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How many are inside, below the id of the process: those of a parent are not there after a fork. No lock, which a fork
/// could leave locked.
static INSIDE: AtomicU64 = AtomicU64::new(0);
/// Whether the interpreter ends.
static ENDS: AtomicBool = AtomicBool::new(false);
/// The thread that waits for the last one to leave.
static WAITER: Mutex<Option<Thread>> = Mutex::new(None);

thread_local! {
    /// Whether this thread ends the interpreter: it goes on until nothing is left.
    static ENDS_IT: Cell<bool> = const { Cell::new(false) };
}

/// Something may hold the interpreter's lock, until this is dropped.
pub(crate) struct Inside(());

impl Inside {
    /// Does something without the interpreter's lock, and uncounted.
    pub(crate) fn outside<T: Send>(self, py: Python<'_>, work: impl FnOnce() -> T + Send) -> (Inside, T) {
        drop(self);
        py.detach(|| {
            let done = work();
            (pass(), done)
        })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        count(|inside| inside.saturating_sub(1));
        if ends()
            && let Some(waiter) = &*WAITER.lock().unwrap_or_else(PoisonError::into_inner)
        {
            waiter.unpark();
        }
    }
}

/// Counts a thread that comes from Python.
pub(crate) fn enter(py: Python<'_>) -> Inside {
    // Whoever is kept must not have the lock; as long as nothing ends, nobody is.
    if ends() { py.detach(pass) } else { pass() }
}

/// Comes in, or never returns. Either this sees that the interpreter ends, or [`end`] sees who came in.
pub(crate) fn pass() -> Inside {
    count(|inside| inside.saturating_add(1));
    let inside = Inside(());
    if !ends() || ENDS_IT.get() {
        return inside;
    }
    drop(inside);
    loop {
        thread::park();
    }
}

/// Whether the interpreter ends.
pub(crate) fn ends() -> bool {
    ENDS.load(SeqCst)
}

/// Says that the interpreter ends, and waits until no other thread can hold its lock in here.
#[pyfunction]
pub(crate) fn end(py: Python<'_>) {
    ENDS_IT.set(true);
    py.detach(|| {
        *WAITER.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current());
        ENDS.store(true, SeqCst);
        let began = Instant::now();
        // Who is not out by then is in a function of the program's own that does not return.
        while inside(INSIDE.load(SeqCst)) > 0 {
            let Some(left) = LONGEST_WAIT.checked_sub(began.elapsed()) else { return };
            thread::park_timeout(left);
        }
    });
}

fn count(step: impl Fn(u32) -> u32) {
    let process = u64::from(std::process::id()) << 32;
    // It always gives a number, so there is always one before it.
    let _ = INSIDE.fetch_update(SeqCst, SeqCst, |before| Some(process | u64::from(step(inside(before)))));
}

/// How many of this process are inside.
fn inside(counted: u64) -> u32 {
    let process = u64::from(std::process::id());
    if counted >> 32 == process { u32::try_from(counted & u64::from(u32::MAX)).unwrap_or(u32::MAX) } else { 0 }
}
