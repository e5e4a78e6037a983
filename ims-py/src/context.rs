//! What a command is given with: its id, who gives it, and when.

use crate::{
    book::{Book, Shape},
    take,
};
use ims_core::{CommandId, Context, Text, Timestamp};
use pyo3::prelude::*;
use std::{
    panic::AssertUnwindSafe,
    sync::Mutex,
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::{ContextV7, Uuid};

/// `(id, actor, now, occurred_at)`: no id makes a new one, no time asks the clock.
pub(crate) type Given<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Reads what a command is given with.
pub(crate) fn context(book: &Book, (id, actor, now, occurred_at): Given<'_>) -> PyResult<Context> {
    Ok(Context {
        id: optional(book, &Shape::Id, "id", id)?.unwrap_or_else(|| new_id(SystemTime::now())),
        actor: take::value::<Text>(book, &Shape::Text, "actor", actor)?,
        now: optional(book, &Shape::DateTime, "now", now)?.unwrap_or_else(clock),
        occurred_at: optional(book, &Shape::DateTime, "occurred_at", occurred_at)?,
        earliest: None,
    })
}

fn optional<T: serde::de::DeserializeOwned>(
    book: &Book,
    shape: &Shape,
    name: &'static str,
    value: Bound<'_, PyAny>,
) -> PyResult<Option<T>> {
    if value.is_none() { Ok(None) } else { take::value(book, shape, name, value).map(Some) }
}

/// The time now. The engine has no clock; this is where one is read.
pub(crate) fn clock() -> Timestamp {
    SystemTime::now().into()
}

/// An id that was never used: version 7, so that ids made later sort later. Such ids have no time before 1970: a clock that
/// shows less makes ids of 1970, which are told apart and sorted by what else is in them.
fn new_id(clock: SystemTime) -> CommandId {
    static MADE: Mutex<AssertUnwindSafe<ContextV7>> = Mutex::new(AssertUnwindSafe(ContextV7::new()));
    let since = clock.duration_since(UNIX_EPOCH).unwrap_or_default();
    let id = Uuid::new_v7(uuid::Timestamp::from_unix(&MADE, since.as_secs(), since.subsec_nanos()));
    CommandId::from_u128(id.as_u128())
}
