//! What a command comes with: who gives it, and when.

use crate::{CommandId, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// Says which command this is, who gives it and when. The engine has no clock and makes no ids: its caller does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Made by the caller, once for each thing it wants done, and sent again unchanged until there is an answer.
    pub id: CommandId,
    /// Who gives the command.
    pub actor: Text,
    /// The time now: when the shop is told.
    pub now: Timestamp,
    /// When it happened, where that was earlier than `now`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
    /// The earliest moment that `occurred_at` may say: for callers who enter what happened, and do not keep the books.
    /// Where there is none, any moment may be said whose books are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Timestamp>,
}

impl Context {
    /// A command given now by `actor`.
    pub fn new(id: CommandId, actor: impl Into<Text>, now: Timestamp) -> Self {
        Context { id, actor: actor.into(), now, occurred_at: None, earliest: None }
    }

    /// When it happened: `occurred_at`, or `now`.
    pub fn moment(&self) -> Timestamp {
        self.occurred_at.unwrap_or(self.now)
    }
}
