//! The log of events.

use crate::answer;
use crate::record::{events, ledger::Logged};
use crate::sql::Sql;
use crate::value::{Fields, Kind, Row};
use ims_core::audit::LogEntry;
use ims_core::{EventPage, Offset, StoreError};

/// The offset of the newest event.
const NEWEST: &str = "SELECT newest FROM head";

/// Asks for the newest offset, and for the events after another.
pub(crate) fn questions(after: Offset, limit: u32) -> Vec<Sql> {
    let shape = [Kind::Int].into_iter().chain(events::TABLE.kinds()).chain([Kind::Int, Kind::Text]);
    let columns = events::TABLE.list("e");
    let page = Sql::new(
        shape,
        format!(
            "SELECT e.event_offset, {columns}, c.form, c.answer FROM events e LEFT JOIN commands c ON c.id = e.command \
             WHERE e.event_offset > "
        ),
    )
    .value(i64::try_from(after.0).unwrap_or(i64::MAX))
    .sql(format!(" ORDER BY e.event_offset LIMIT {limit}"));
    vec![Sql::new([Kind::Int], NEWEST), page]
}

/// Reads a page of events as far as the proof asks, and the newest offset: an answer that is missing does not hide what
/// follows.
pub(crate) fn read_entries(mut answers: Vec<Vec<Row>>) -> Result<(Vec<LogEntry>, Offset), StoreError> {
    let events = answers.pop().unwrap_or_default();
    let newest = newest(answers)?;
    let entry = |row| {
        let (offset, logged, answered) = read_fields(row)?;
        answer::read_entry(offset, logged, answered)
    };
    Ok((events.into_iter().map(entry).collect::<Result<_, StoreError>>()?, newest))
}

/// Reads a page of events.
pub(crate) fn read(mut answers: Vec<Vec<Row>>) -> Result<EventPage, StoreError> {
    let events = answers.pop().unwrap_or_default();
    let newest = newest(answers)?;
    let events = events.into_iter().map(read_event).collect::<Result<_, _>>()?;
    Ok(EventPage { events, newest })
}

/// Reads the newest offset, which is asked for first.
fn newest(mut answers: Vec<Vec<Row>>) -> Result<Offset, StoreError> {
    let head = answers.pop().and_then(|rows| rows.into_iter().next()).unwrap_or_default();
    Ok(Offset(Fields::of("head", head).next("newest")?))
}

fn read_event(row: Row) -> Result<ims_core::Event, StoreError> {
    let (offset, logged, answered) = read_fields(row)?;
    answer::read_event(offset, logged, answered)
}

/// What a command was answered: the version of the form, and the JSON.
type Answered = (u32, String);

/// Reads an event as it is stored, and what its command was answered.
fn read_fields(row: Row) -> Result<(Offset, Logged, Option<Answered>), StoreError> {
    let mut fields = Fields::of("events", row);
    let offset = Offset(fields.next("event_offset")?);
    let logged = events::read(&mut fields)?;
    let form: Option<u32> = fields.next("form")?;
    let answered: Option<String> = fields.next("answer")?;
    Ok((offset, logged, form.zip(answered)))
}
