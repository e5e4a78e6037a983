//! What a request is answered.

use super::{Problem, caller::Costs, costs};
use ims_core::{Offset, Text};
use serde::Serialize;

/// An answer: JSON, and what goes into headers beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The JSON that is sent.
    pub(crate) json: Vec<u8>,
    /// Whether something is there now that was not there before, and where.
    pub(crate) made: Made,
    /// The tag of the one row that was asked for.
    pub(crate) tag: Option<Text>,
    /// An offset of the log at which all that this answer tells is there.
    pub(crate) offset: Option<Offset>,
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
        let json = costs::json(costs, content)?;
        Ok(Answer { json, made: Made::Nothing, tag: None, offset: None })
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
