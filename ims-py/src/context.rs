//! What a command is given with: its id, who gives it, and when.

use crate::{
    book::{Book, Shape},
    take,
};
use ims_core::{CommandId, Context, Text, Timestamp};
use pyo3::prelude::*;
use uuid::Uuid;

/// `(id, actor, now, occurred_at)`: no id makes a new one, no time asks the clock.
pub(crate) type Given<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Reads what a command is given with.
pub(crate) fn context(book: &Book, (id, actor, now, occurred_at): Given<'_>) -> PyResult<Context> {
    Ok(Context {
        id: optional(book, &Shape::Id, "id", id)?.unwrap_or_else(new_id),
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
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).ok().and_then(Timestamp::from_micros).unwrap_or(Timestamp::MAX)
}

/// An id that was never used: version 7, so that ids made later sort later.
fn new_id() -> CommandId {
    CommandId::from_u128(Uuid::now_v7().as_u128())
}
