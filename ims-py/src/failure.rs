//! What went wrong, as a Python exception.

use crate::{book::Book, give};
use ims_core::{Error, Rejection, StoreError};
use pyo3::{exceptions::PyRuntimeError, intern, prelude::*, types::PyType};
use std::any::Any;

/// Why there is no answer to show.
pub(crate) enum Failure {
    /// The engine said so.
    Engine(Error),
    /// A panic.
    Panicked(String),
}

impl Failure {
    /// Takes what a panic left.
    pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Failure {
        Failure::Panicked(panic_message(payload))
    }

    /// The exception that a caller gets.
    pub(crate) fn to_exception(&self, py: Python<'_>) -> PyErr {
        self.made(py).unwrap_or_else(|error| error)
    }

    fn made(&self, py: Python<'_>) -> PyResult<PyErr> {
        let book = Book::get(py)?;
        let error = match self {
            Failure::Engine(error) => error,
            Failure::Panicked(message) => {
                return exception(py, "InternalError", (format!("the engine panicked: {message}"),));
            }
        };
        let message = error.to_string();
        match error {
            Error::Rejected(rejection) => rejected(py, book, rejection),
            Error::IdReused { id } => exception(py, "IdReused", (message, id.to_string())),
            Error::Store(source) => exception(py, "StoreError", (message, source.kind.code())),
            Error::Contended { attempts } => exception(py, "Conflict", (message, *attempts)),
            Error::Stopped => exception(py, "Stopped", (message,)),
            Error::Internal { .. } => exception(py, "InternalError", (message,)),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Engine(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        // Whoever asked has it raised.
        log::debug!(target: "store", "{error}");
        Failure::Engine(error.into())
    }
}

/// What a panic said.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason was given".to_owned())
}

/// An exception of the class that stands for this rejection, with its fields.
pub(crate) fn rejected(py: Python<'_>, book: &Book, rejection: &Rejection) -> PyResult<PyErr> {
    let raised = give::value(py, book, &book.rejection(rejection.code())?, rejection)?.into_bound(py);
    raised.setattr(intern!(py, "args"), (rejection.to_string(),))?;
    Ok(PyErr::from_value(raised))
}

/// An exception of a class of `ims._errors`.
pub(crate) fn exception(
    py: Python<'_>,
    class: &str,
    arguments: impl for<'py> pyo3::call::PyCallArgs<'py>,
) -> PyResult<PyErr> {
    let class = py.import("ims._errors")?.getattr(class)?;
    let class = class.cast_into::<PyType>().map_err(|_| PyRuntimeError::new_err("an exception is a class"))?;
    Ok(PyErr::from_value(class.call1(arguments)?))
}
