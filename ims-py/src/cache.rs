//! Objects that were made lately: most rows have the zeros, prices and times of the row before.

use pyo3::{prelude::*, types::PyString};
use std::sync::Mutex;

/// Objects that are kept.
const SLOTS: usize = 512;

/// Keeps objects that never change by the text that they were made of.
pub(crate) struct Cache(Mutex<Vec<Slot>>);

/// A text and the object that stands for it.
type Slot = Option<(Box<str>, Py<PyAny>)>;

impl Cache {
    pub(crate) fn new() -> Cache {
        Cache(Mutex::new((0..SLOTS).map(|_| None).collect()))
    }

    /// Gives the object that stands for a text; makes it where it is not kept.
    ///
    /// What makes it may let another thread have the interpreter, so nothing is locked meanwhile.
    pub(crate) fn get<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        make: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let place = slot(text);
        if let Ok(slots) = self.0.try_lock()
            && let Some(Some((kept, object))) = slots.get(place)
            && **kept == *text
        {
            return Ok(object.bind(py).clone());
        }
        let made = make()?;
        let entry = Some((text.into(), made.clone().unbind()));
        // What it replaces is dropped after the lock is.
        let _replaced = match self.0.try_lock() {
            Ok(mut slots) => slots.get_mut(place).and_then(|slot| std::mem::replace(slot, entry)),
            Err(_) => None,
        };
        Ok(made)
    }
}

/// Keeps the text of the object that was read last: the commands of a batch often have one time.
#[derive(Default)]
pub(crate) struct Last(Mutex<Option<(Py<PyAny>, Py<PyString>)>>);

impl Last {
    /// Gives the text, where this very object was read last.
    pub(crate) fn get<'py>(&self, object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyString>> {
        let last = self.0.try_lock().ok()?;
        let (read, text) = last.as_ref()?;
        read.is(object).then(|| text.bind(object.py()).clone())
    }

    /// Keeps an object that never changes, and its text.
    pub(crate) fn put(&self, object: &Bound<'_, PyAny>, text: &Bound<'_, PyString>) {
        let entry = Some((object.clone().unbind(), text.clone().unbind()));
        // What it replaces is dropped after the lock is.
        let _replaced = self.0.try_lock().ok().and_then(|mut last| std::mem::replace(&mut *last, entry));
    }
}

/// Spreads texts over the slots (FNV-1a).
fn slot(text: &str) -> usize {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    usize::try_from((hash ^ (hash >> 32)) & 0xffff_ffff).unwrap_or_default() % SLOTS
}
