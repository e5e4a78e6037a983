//! What a request is answered.

use super::{Problem, caller::Costs, costs, turns::Turn};
use bytes::Bytes;
use ims_core::{Offset, Text, report::Page};
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
    /// Writes the answer down, without costs where they are hidden.
    pub(crate) fn of(costs: Costs, content: &impl Serialize) -> Result<Answer, Problem> {
        costs::json(costs, content).map(Answer::json)
    }

    /// Writes a page of a list down, without costs where they are hidden.
    pub(crate) fn page<T: Serialize>(costs: Costs, page: Page<T>) -> Result<Answer, Problem> {
        costs::page(costs, page).map(Answer::json)
    }

    /// Answers with JSON as it is.
    pub(crate) fn json(json: Vec<u8>) -> Answer {
        Answer { json, made: Made::Nothing, tag: None, offset: None, turn: None }
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
