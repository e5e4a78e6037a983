//! The names that Rust has, so that a test can tell which of them Python lacks.

use ims_core::{Command, Error, Receipt, Rejection, StoreErrorKind};
use pyo3::{exceptions::PyValueError, prelude::*};
use serde::de::{self, IntoDeserializer, value::StrDeserializer};
use std::fmt::{self, Display};

/// Lists the names that Rust has of a kind: `commands`, `receipts`, `rejections`, `errors` or
/// `store errors`.
#[pyfunction]
pub(crate) fn words(kind: &str) -> PyResult<Vec<&'static str>> {
    Ok(match kind {
        "commands" => variants::<Command>(),
        "receipts" => variants::<Receipt>(),
        "rejections" => Rejection::CODES.to_vec(),
        "errors" => Error::CODES.to_vec(),
        "store errors" => StoreErrorKind::CODES.to_vec(),
        other => return Err(PyValueError::new_err(format!("{other} is no kind of words"))),
    })
}

/// What a name is asked for by that nothing has.
const NO_SUCH_WORD: &str = "?";

fn variants<T: de::DeserializeOwned>() -> Vec<&'static str> {
    let word: StrDeserializer<'_, Expected> = NO_SUCH_WORD.into_deserializer();
    T::deserialize(word).err().map(|Expected(words)| words).unwrap_or_default()
}

/// What was expected instead.
#[derive(Debug)]
struct Expected(Vec<&'static str>);

impl Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Expected {}

impl de::Error for Expected {
    fn custom<T: Display>(_: T) -> Self {
        Expected(Vec::new())
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Expected(expected.to_vec())
    }
}
