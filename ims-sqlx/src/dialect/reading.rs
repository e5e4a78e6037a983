//! What is read for whom, and how much of it.

use crate::value::{Row, Value};
use ims_core::{StoreError, StoreErrorKind, limits};

/// How questions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// On which connections.
    pub(crate) line: Line,
    /// How much they may be answered.
    pub(crate) room: Room,
}

/// Connections are kept apart, so that no command waits for a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Those of commands, and of what is found by its key.
    Commands,
    /// Those of lists and reports.
    Reports,
}

/// How many bytes of rows there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// For all that there are.
    All,
    /// For so many.
    Bytes(usize),
}

/// Why questions were not answered.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// There is no room for the answer.
    TooLarge,
    /// The database failed.
    Failed(StoreError),
}

impl Reading {
    /// What commands are decided on.
    pub(crate) const ROWS: Reading = Reading { line: Line::Commands, room: Room::All };
    /// A page of the log.
    pub(crate) const LOG: Reading = Reading { line: Line::Commands, room: Room::Bytes(limits::PAGE_BYTES) };
    /// A page of a list, or a report.
    pub(crate) const REPORT: Reading = Reading { line: Line::Reports, room: Room::Bytes(limits::PAGE_BYTES) };

    /// The same, however large the answer is.
    pub(crate) const fn whole(self) -> Reading {
        Reading { room: Room::All, ..self }
    }
}

impl Room {
    /// Takes the room that a row needs.
    ///
    /// # Errors
    /// [`Unanswered::TooLarge`].
    pub(crate) fn take(&mut self, row: &Row) -> Result<(), Unanswered> {
        let Room::Bytes(left) = self else { return Ok(()) };
        let needed = row.iter().map(bytes).fold(size_of::<Row>(), usize::saturating_add);
        *left = left.checked_sub(needed).ok_or(Unanswered::TooLarge)?;
        Ok(())
    }
}

/// Bytes that a value takes in memory.
fn bytes(value: &Value<'_>) -> usize {
    let text = match value {
        Value::Text(text) => text.len(),
        Value::Null | Value::Int(_) | Value::Id(_) => 0,
    };
    size_of::<Value<'_>>().saturating_add(text)
}

impl From<StoreError> for Unanswered {
    fn from(error: StoreError) -> Unanswered {
        Unanswered::Failed(error)
    }
}

impl From<Unanswered> for StoreError {
    fn from(unanswered: Unanswered) -> StoreError {
        match unanswered {
            Unanswered::Failed(error) => error,
            Unanswered::TooLarge => {
                let too_large = format!("an answer would have more than {} bytes", limits::PAGE_BYTES);
                StoreError::new(StoreErrorKind::OutOfRange, too_large)
            }
        }
    }
}
