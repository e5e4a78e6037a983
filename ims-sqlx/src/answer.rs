//! The two things that are kept as JSON: what a command was answered, and what an event says that is not an answer.

use crate::record::ledger::{Answered, Logged};
use ims_core::audit::LogEntry;
use ims_core::{
    Answer, CommandRecord, Event, EventBody, EventRecord, FORM_VERSION, Offset, StoreError, StoreErrorKind,
};
use std::sync::Arc;

/// Writes an answer.
pub(crate) fn write(answer: &Answer) -> Result<String, StoreError> {
    serde_json::to_string(answer).map_err(corrupt)
}

/// Reads an answer.
pub(crate) fn read(row: Answered) -> Result<CommandRecord, StoreError> {
    Ok(CommandRecord { id: row.id, fingerprint: row.fingerprint, answer: Arc::new(parse(row.form, &row.answer)?) })
}

/// Writes the body of an event; nothing where it is what its command is answered in the same change.
pub(crate) fn write_body(event: &EventRecord, answered: Option<&Answer>) -> Result<Option<String>, StoreError> {
    if let (EventBody::Done(receipt), Some(Answer::Done(answer))) = (&event.body, answered)
        && (Arc::ptr_eq(receipt, answer) || receipt == answer)
    {
        return Ok(None);
    }
    serde_json::to_string(&event.body).map(Some).map_err(corrupt)
}

/// Reads an event, given what its command was answered: the version of its form, and the JSON.
pub(crate) fn read_event(offset: Offset, row: Logged, answered: Option<(u32, String)>) -> Result<Event, StoreError> {
    let body = match (row.body, answered) {
        (Some(body), _) => parse_body(&body)?,
        (None, Some((form, answer))) => match parse(form, &answer)? {
            Answer::Done(receipt) => EventBody::Done(receipt),
            Answer::Refused(_) => return Err(corrupt(format!("event {offset} says that a refused command was done"))),
        },
        (None, None) => return Err(corrupt(format!("event {offset} is about a command that was never answered"))),
    };
    let Logged { command, actor, occurred_at, recorded_at, .. } = row;
    Ok(Event { offset, record: EventRecord { command, actor, occurred_at, recorded_at, body } })
}

/// Reads an event as far as the proof asks: a receipt may be missing.
pub(crate) fn read_entry(offset: Offset, row: Logged, answered: Option<(u32, String)>) -> Result<LogEntry, StoreError> {
    let body = match (row.body, answered) {
        (Some(body), _) => Some(parse_body(&body)?),
        (None, Some((form, answer))) => match parse(form, &answer)? {
            Answer::Done(receipt) => Some(EventBody::Done(receipt)),
            Answer::Refused(_) => None,
        },
        (None, None) => None,
    };
    let Logged { command, actor, occurred_at, recorded_at, .. } = row;
    Ok(LogEntry { offset, command, actor, occurred_at, recorded_at, body })
}

fn parse(form: u32, answer: &str) -> Result<Answer, StoreError> {
    if form > FORM_VERSION {
        let newer = format!(
            "an answer has form {form} (column form of a row in table commands); this version of the software knows {FORM_VERSION}"
        );
        return Err(StoreError::new(StoreErrorKind::Schema, newer));
    }
    serde_json::from_str(answer).map_err(|error| corrupt(format!("column answer of a row in table commands: {error}")))
}

/// Reads the body of an event.
fn parse_body(body: &str) -> Result<EventBody, StoreError> {
    serde_json::from_str(body).map_err(|error| corrupt(format!("column body of a row in table events: {error}")))
}

fn corrupt(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, source)
}
