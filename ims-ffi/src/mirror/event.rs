//! What happened, in the order in which it became true.

use super::*;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its place in the log: 1 for the first, and no number is ever skipped.
    pub offset: u64,
    /// The command that caused it.
    pub command: CommandId,
    /// Who gave that command.
    pub actor: String,
    /// When it happened in the shop.
    pub occurred_at: Timestamp,
    /// When the shop was told.
    pub recorded_at: Timestamp,
    /// What happened.
    pub body: EventBody,
}

impl Mirror for Event {
    type Core = ims_core::Event;
}

const _: fn(&ims_core::Event) = |ims_core::Event { offset: _, record }| {
    let ims_core::EventRecord { command: _, actor: _, occurred_at: _, recorded_at: _, body: _ } = record;
};

mirror! {
    /// What happened.
    enum EventBody = ims_core::EventBody, "snake_case" {
        /// A command was done; this is the answer that its caller got. Always the first event of its command.
        Done(Receipt),
        /// Orders that were waiting for goods got some.
        BackordersFilled(Vec<Filled>),
        /// Stock sank to or below a threshold.
        AlertRaised(Alert),
        /// Stock recovered.
        AlertResolved(Alert),
    }

    /// Some events, oldest first.
    struct EventPage = ims_core::EventPage {
        /// The events after the offset that was asked for.
        events: Vec<Event>,
        /// The offset of the newest event in the log: how far a reader has to go.
        newest: u64,
    }
}
