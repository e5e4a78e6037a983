//! What happened, in the order in which it became true.

use crate::{Alert, CommandId, Filled, Receipt, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The place of an event in the log of its store: 1 for the first, and no number is ever skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offset(pub u64);

impl Offset {
    /// Before the first event: where a new reader begins.
    pub const START: Offset = Offset(0);
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the log.
    pub offset: Offset,
    /// What it is.
    #[serde(flatten)]
    pub record: EventRecord,
}

/// An event as a command makes it, before the store gives it its place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// The command that caused it.
    pub command: CommandId,
    /// Who gave that command.
    pub actor: Text,
    /// When it happened in the shop.
    pub occurred_at: Timestamp,
    /// When the shop was told.
    pub recorded_at: Timestamp,
    /// What happened.
    pub body: EventBody,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventBody {
    /// A command was done; this is the answer that its caller got. Always the first event of its command.
    Done(Arc<Receipt>),
    /// Orders that were waiting for goods got some.
    BackordersFilled(Vec<Filled>),
    /// Stock sank to or below a threshold.
    AlertRaised(Alert),
    /// Stock recovered.
    AlertResolved(Alert),
}

/// Some events, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    /// The events after the offset that was asked for.
    pub events: Vec<Event>,
    /// The offset of the newest event in the log: how far a reader has to go.
    pub newest: Offset,
}
