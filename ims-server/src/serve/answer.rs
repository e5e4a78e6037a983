//! What a request is answered.

use super::{Problem, caller::Sight, costs, turns::Turn};
use bytes::Bytes;
use ims_core::{CommandId, Novelty, Offset, Receipt, Text, report::Page};
use serde::Serialize;

/// An answer: JSON, and what goes into headers beside it.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The JSON that is sent.
    pub(crate) json: Vec<u8>,
    /// Whether something is there now that was not there before, and where.
    pub(crate) made: Made,
    /// The tag of the one row that was asked for.
    pub(crate) tag: Option<Text>,
    /// An offset of the log at which all that this answer tells is there.
    pub(crate) offset: Option<Offset>,
    /// The turn that it was made in, where it had to wait for one.
    pub(crate) turn: Option<Turn>,
    /// The command that was done, where one was.
    pub(crate) command: Option<Command>,
    /// Whether the same request was answered so before.
    pub(crate) novelty: Novelty,
}

/// The command that an answer tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its id.
    pub(crate) id: CommandId,
    /// What its receipt is called, such as `item_created`: the JSON of the answer is what that holds.
    pub(crate) receipt: String,
}

/// JSON and the turn that it was made in.
struct Written {
    json: Vec<u8>,
    _turn: Turn,
}

impl AsRef<[u8]> for Written {
    fn as_ref(&self) -> &[u8] {
        &self.json
    }
}

/// Whether something new is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// Nothing new.
    Nothing,
    /// Something, at this path.
    At(String),
    /// Something that has no path of its own.
    Something,
}

impl Answer {
    /// Writes the answer down, without what is hidden.
    pub(crate) fn of(sight: Sight, content: &impl Serialize) -> Result<Answer, Problem> {
        costs::json(sight, content).map(Answer::json)
    }

    /// Writes a page of a list down, without what is hidden.
    pub(crate) fn page<T: Serialize>(sight: Sight, page: Page<T>) -> Result<Answer, Problem> {
        costs::page(sight, page).map(Answer::json)
    }

    /// Answers with JSON as it is.
    pub(crate) fn json(json: Vec<u8>) -> Answer {
        let (made, novelty) = (Made::Nothing, Novelty::New);
        Answer { json, made, tag: None, offset: None, turn: None, command: None, novelty }
    }

    /// Writes down what a command made or changed: what its receipt holds, without costs where they are hidden.
    pub(crate) fn of_command(sight: Sight, id: CommandId, receipt: &Receipt) -> Result<Answer, Problem> {
        let answer = Answer::of(sight, receipt)?;
        let unlike = || Problem::internal("a receipt is an object with one field");
        let (name, json) = only_field(&answer.json).ok_or_else(unlike)?;
        let command = Command { id, receipt: name.to_owned() };
        Ok(Answer { json: json.to_vec(), command: Some(command), tag: tag(sight, receipt)?, ..answer })
    }

    /// Ends the turn that it was made in for others. Until it is sent, it still counts as its caller's: nobody has more
    /// answers in memory than they may have turns.
    pub(crate) fn made_in(mut self, turn: Turn) -> Answer {
        self.turn = Some(turn.made());
        self
    }

    /// What is sent. The turn is over when all of it is.
    pub(crate) fn into_bytes(self) -> Bytes {
        match self.turn {
            Some(_turn) => Bytes::from_owner(Written { json: self.json, _turn }),
            None => Bytes::from(self.json),
        }
    }

    /// Says the tag of the row that this is.
    pub(crate) fn tag(mut self, tag: Text) -> Answer {
        self.tag = Some(tag);
        self
    }

    /// Says whether the same request was answered so before.
    pub(crate) fn novelty(mut self, novelty: Novelty) -> Answer {
        self.novelty = novelty;
        self
    }

    /// Says what there is now.
    pub(crate) fn made(mut self, made: Made) -> Answer {
        self.made = made;
        self
    }

    /// Says at which offset of the log all that it tells is there.
    pub(crate) fn offset(mut self, offset: Offset) -> Answer {
        self.offset = Some(offset);
        self
    }
}

/// The tag of the row that a command made or changed, where it is one that `If-Match` is asked of.
fn tag(sight: Sight, receipt: &Receipt) -> Result<Option<Text>, Problem> {
    let tag = match receipt {
        Receipt::ItemCreated(item) | Receipt::ItemUpdated(item) => costs::tag(sight, item),
        Receipt::LocationCreated(location) | Receipt::LocationUpdated(location) => costs::tag(sight, location),
        Receipt::SupplierCreated(supplier) | Receipt::SupplierUpdated(supplier) => costs::tag(sight, supplier),
        Receipt::CustomerCreated(customer) | Receipt::CustomerUpdated(customer) => costs::tag(sight, customer),
        _ => return Ok(None),
    };
    tag.map(Some)
}

/// The name and the value of the one field of an object that was written without spaces, by a name without escapes.
fn only_field(json: &[u8]) -> Option<(&str, &[u8])> {
    let inside = json.strip_prefix(b"{\"")?.strip_suffix(b"}")?;
    let end = inside.iter().position(|byte| *byte == b'"')?;
    let (name, value) = inside.split_at_checked(end)?;
    Some((std::str::from_utf8(name).ok()?, value.strip_prefix(b"\":")?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ims_core::Date;

    #[test]
    fn a_command_is_answered_with_what_its_receipt_holds() {
        let until: Date = "2026-01-31".parse().unwrap();
        let id = CommandId::from_u128(7);
        let receipt = Receipt::PeriodClosed { until, reopened_from: None, reason: None };
        let answer = Answer::of_command(Sight::ALL, id, &receipt).unwrap();
        assert_eq!(answer.json, br#"{"until":"2026-01-31"}"#);
        assert_eq!(answer.command, Some(Command { id, receipt: "period_closed".to_owned() }));
    }

    #[test]
    fn what_is_no_object_with_one_field_is_none() {
        assert_eq!(only_field(br#"{"a":{"b":1}}"#), Some(("a", br#"{"b":1}"#.as_slice())));
        for other in ["{}", "[]", "\"a\"", "{\"a", ""] {
            assert_eq!(only_field(other.as_bytes()), None, "{other}");
        }
    }
}
