//! What came of commands: made into objects when somebody looks.

use crate::{book::Book, failure::Failure, gate, give};
use ims_core::Receipt;
use pyo3::{exceptions::PyIndexError, intern, prelude::*, types::PyDict};
use std::sync::Arc;

/// What became of one command.
pub(crate) type Replied = Result<Arc<Receipt>, Failure>;

/// What became of commands, in their order.
#[pyclass(frozen, module = "ims._native")]
pub(crate) struct Replies(pub(crate) Vec<Replied>);

#[pymethods]
impl Replies {
    /// How many there are.
    fn count(&self) -> usize {
        self.0.len()
    }

    /// The receipt of a command, or the exception.
    fn at(&self, py: Python<'_>, place: usize) -> PyResult<Py<PyAny>> {
        let _inside = gate::enter(py);
        match self.0.get(place) {
            Some(Ok(receipt)) => show_receipt(py, receipt),
            Some(Err(failure)) => Ok(failure.to_exception(py).into_value(py).into_any()),
            None => Err(PyIndexError::new_err("there is no such command")),
        }
    }

    /// The exceptions, each with the place of its command.
    fn errors(&self, py: Python<'_>) -> Vec<(usize, Py<PyAny>)> {
        let _inside = gate::enter(py);
        let failures = self.0.iter().enumerate().filter_map(|(place, reply)| Some((place, reply.as_ref().err()?)));
        failures.map(|(place, failure)| (place, failure.to_exception(py).into_value(py).into_any())).collect()
    }
}

/// What a receipt tells, for the object that stands for it.
#[pyclass(frozen, module = "ims._native")]
pub(crate) struct Told(Arc<Receipt>);

#[pymethods]
impl Told {
    /// The receipt as an object that has all of its fields.
    fn whole(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let _inside = gate::enter(py);
        let book = Book::get(py)?;
        give::value(py, book, &book.named("Receipt")?, &self.0)
    }
}

/// Gives a receipt as an object. One that tells several things gets what they are made of (`ims._late`): most callers want
/// to know that a command was done, and a sale has a hundred values.
pub(crate) fn show_receipt(py: Python<'_>, receipt: &Arc<Receipt>) -> PyResult<Py<PyAny>> {
    let book = Book::get(py)?;
    let object = give::late(py, book, &book.named("Receipt")?, receipt)?;
    let fields = object.getattr(intern!(py, "__dict__"))?.cast_into::<PyDict>().map_err(PyErr::from)?;
    if fields.is_empty() {
        fields.set_item(intern!(py, "_told"), Told(Arc::clone(receipt)))?;
    }
    Ok(object.unbind())
}
