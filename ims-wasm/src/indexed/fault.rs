//! What the database says when it cannot, as a [`StoreError`].

use ims_core::{StoreError, StoreErrorKind};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// Nothing was written.
pub(super) fn unavailable(thrown: JsValue) -> StoreError {
    let exception = thrown.dyn_ref::<DomException>();
    StoreError::new(kind(exception), said(&thrown))
}

/// How far a transaction has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It reads.
    Read,
    /// All is written, and has to reach the disk.
    Commit,
}

/// A transaction was aborted. While it was committing, a failure of the disk may have come too late to undo it.
pub(super) fn aborted(exception: Option<DomException>, phase: Phase) -> StoreError {
    let kind = match kind(exception.as_ref()) {
        StoreErrorKind::Unavailable if phase == Phase::Commit => StoreErrorKind::Unknown,
        kind => kind,
    };
    let said = exception.map_or_else(|| "the transaction was aborted".to_owned(), |exception| said(&exception));
    StoreError::new(kind, said)
}

/// A row that cannot be read.
pub(super) fn corrupt(problem: impl std::fmt::Display) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, problem.to_string())
}

fn kind(exception: Option<&DomException>) -> StoreErrorKind {
    match exception.map(DomException::name).as_deref() {
        Some("QuotaExceededError") => StoreErrorKind::Full,
        Some("VersionError") => StoreErrorKind::Schema,
        _ => StoreErrorKind::Unavailable,
    }
}

fn said(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => format!("{}: {}", String::from(error.name()), String::from(error.message())),
        None => thrown.as_string().unwrap_or_else(|| "something was thrown that is no error".to_owned()),
    }
}
