//! What stores have to say, for Python's `logging`.
//!
//! Records wait in a queue until a thread of Python's own fetches them: a thread that works on a store never waits for
//! the interpreter's lock, and one that holds the lock and waits for a store is never waited for.

use crate::gate;
use log::{LevelFilter, Log, Metadata, Record};
use pyo3::{exceptions::PyRuntimeError, prelude::*};
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, Once, PoisonError},
    time::Duration,
};

/// Records that wait; the oldest are dropped where nobody fetches them.
const MOST_WAITING: usize = 10_000;

/// A record: its logger, its level as Python numbers them, its text.
type Entry = (String, u8, String);

/// Keeps records until they are fetched.
struct Queue {
    waiting: Mutex<VecDeque<Entry>>,
    arrived: Condvar,
}

static QUEUE: Queue = Queue { waiting: Mutex::new(VecDeque::new()), arrived: Condvar::new() };
static INSTALLED: Once = Once::new();

impl Log for Queue {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let level = match record.level() {
            log::Level::Error => 40,
            log::Level::Warn => 30,
            log::Level::Info => 20,
            log::Level::Debug => 10,
            log::Level::Trace => 5,
        };
        let logger = format!("ims.{}", record.target().replace("::", "."));
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() == MOST_WAITING {
            waiting.pop_front();
        }
        waiting.push_back((logger, level, record.args().to_string()));
        self.arrived.notify_one();
    }

    fn flush(&self) {}
}

/// Says from which level on records are kept, as Python numbers levels.
#[pyfunction]
pub(crate) fn log_level(level: u8) -> PyResult<()> {
    let mut installed = Ok(());
    INSTALLED.call_once(|| installed = log::set_logger(&QUEUE));
    installed.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    log::set_max_level(match level {
        0..10 => LevelFilter::Trace,
        10..20 => LevelFilter::Debug,
        20..30 => LevelFilter::Info,
        30..40 => LevelFilter::Warn,
        40..50 => LevelFilter::Error,
        50.. => LevelFilter::Off,
    });
    Ok(())
}

/// Waits for records, at most so long, and gives them.
#[pyfunction]
pub(crate) fn log_records(py: Python<'_>, timeout_ms: u64) -> Vec<Entry> {
    let (_inside, records) = gate::enter(py).outside(py, || {
        let waiting = QUEUE.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let empty = |waiting: &mut VecDeque<Entry>| waiting.is_empty();
        let waited = QUEUE.arrived.wait_timeout_while(waiting, Duration::from_millis(timeout_ms), empty);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        waiting.drain(..).collect()
    });
    records
}
