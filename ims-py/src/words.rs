//! The names that Rust has, so that a test can tell which of them Python lacks.

use ims_core::{Command, Receipt, Rejection};
use pyo3::{exceptions::PyValueError, prelude::*};
use serde::{
    de::{
        self, IntoDeserializer,
        value::{MapDeserializer, StrDeserializer},
    },
};
use std::fmt::{self, Display};

/// Lists the names that Rust has of a kind: `commands`, `receipts` or `rejections`.
#[pyfunction]
pub(crate) fn words(kind: &str) -> PyResult<Vec<&'static str>> {
    Ok(match kind {
        "commands" => variants::<Command>(),
        "receipts" => variants::<Receipt>(),
        "rejections" => variants::<Rejection>(),
        other => return Err(PyValueError::new_err(format!("{other} is no kind of words"))),
    })
}

/// What a name is asked for by that nothing has.
const NO_SUCH_WORD: &str = "?";

fn variants<T: de::DeserializeOwned>() -> Vec<&'static str> {
    // Told apart by a word, or else by a tag.
    let word: StrDeserializer<'_, Expected> = NO_SUCH_WORD.into_deserializer();
    let tag = MapDeserializer::new(std::iter::once(("code", NO_SUCH_WORD)));
    let words = |outcome: Result<T, Expected>| outcome.err().map(|Expected(words)| words).unwrap_or_default();
    let found = words(T::deserialize(word));
    if found.is_empty() { words(T::deserialize(tag)) } else { found }
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
