//! What a case says of a store that fails it.

use crate::{Error, StoreError};
use std::fmt::{Debug, Display};
use std::str::FromStr;

/// How much of a value a finding shows.
const SHOWN_CHARS: usize = 2_000;

/// A case that a store has not passed.
#[derive(Debug, thiserror::Error)]
#[error("{case}: {finding}")]
pub struct Failure {
    /// The name of the case.
    pub case: &'static str,
    /// Why it failed.
    #[source]
    pub finding: Finding,
}

/// Why a case failed.
#[derive(Debug, thiserror::Error)]
pub enum Finding {
    /// The store gave an error where it should have worked.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// The engine had no answer to a command.
    #[error("a command was not done: {0}")]
    Engine(#[from] Error),
    /// The store did something else than it should.
    #[error("{0}")]
    Wrong(String),
}

/// Ends a case with what is wrong.
pub(super) fn wrong<T>(finding: impl Into<String>) -> Result<T, Finding> {
    Err(Finding::Wrong(finding.into()))
}

/// Ends a case unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($finding:tt)+) => {
        if !$condition {
            return $crate::conformance::finding::wrong(format!($($finding)+));
        }
    };
}
pub(super) use ensure;

/// Ends a case unless something is as expected.
pub(super) fn equal<T: PartialEq + Debug>(what: &str, found: &T, expected: &T) -> Result<(), Finding> {
    if found == expected {
        return Ok(());
    }
    wrong(format!("{what}: found {}, expected {}", shown(found), shown(expected)))
}

/// Ends a case unless a list has the expected rows in the expected order; names the first one that it has not.
pub(super) fn equal_lists<T: PartialEq + Debug>(what: &str, found: &[T], expected: &[T]) -> Result<(), Finding> {
    let place = found.iter().zip(expected).position(|(found, expected)| found != expected);
    let place = place.unwrap_or_else(|| found.len().min(expected.len()));
    let of = |list: &[T]| list.get(place).map_or_else(|| "no more".to_owned(), shown);
    if place == found.len() && place == expected.len() {
        return Ok(());
    }
    let (many, wanted) = (found.len(), expected.len());
    wrong(format!("{what}: {many} found, {wanted} expected; at {place} found {}, expected {}", of(found), of(expected)))
}

fn shown<T: Debug>(value: &T) -> String {
    let text = format!("{value:?}");
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Reads a value of the suite's own samples.
pub(super) fn read<T: FromStr<Err: Display>>(text: &str) -> Result<T, Finding> {
    text.parse().map_err(|error| Finding::Wrong(format!("a sample of the suite is wrong: {text:?}: {error}")))
}
