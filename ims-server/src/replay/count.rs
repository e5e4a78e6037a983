//! How many commands were given, and which of them were refused.

use crate::failure::{Failure, Outcome, for_people};
use ims_core::{Error, Receipt, Reply};
use serde::Serialize;
use std::sync::Arc;

/// How many refusals are told apart; the rest is only counted.
const MOST_REPORTED: usize = 50;

/// Counts answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count {
    pub(crate) commands: u64,
    pub(crate) refused: u64,
    pub(crate) refusals: Vec<Refusal>,
}

/// A command that the rules refused.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refusal {
    /// Where it stands in the data.
    pub(crate) line: u64,
    /// Which document it was.
    pub(crate) document: String,
    /// The rejection's code.
    pub(crate) code: String,
    /// What the rules said.
    pub(crate) message: String,
}

impl Count {
    /// Counts an answer. Returns the receipt, if the command was done; `place` names where it stands in the data.
    pub(crate) fn take(
        &mut self,
        reply: Reply,
        place: impl FnOnce() -> (u64, String),
    ) -> Outcome<Option<Arc<Receipt>>> {
        self.commands = self.commands.saturating_add(1);
        match reply {
            Ok(receipt) => Ok(Some(receipt)),
            Err(Error::Rejected(rejection)) => {
                self.refused = self.refused.saturating_add(1);
                if self.refusals.len() < MOST_REPORTED {
                    let (line, document) = place();
                    let (code, message) = (rejection.code().to_owned(), for_people(&rejection));
                    self.refusals.push(Refusal { line, document, code, message });
                }
                Ok(None)
            }
            Err(error) => {
                Err(Failure::from(error)
                    .hint("start the replay again: it goes on where it stopped and does nothing twice"))
            }
        }
    }

    /// Fails where anything was refused.
    pub(crate) fn check(&self) -> Outcome {
        match self.refused {
            0 => Ok(()),
            refused => {
                let lines = self
                    .refusals
                    .iter()
                    .map(|Refusal { line, document, message, .. }| format!("line {line}, {document}: {message}"));
                Err(Failure::refused("refused", format!("{refused} commands were refused; the rest was done"))
                    .details(lines.collect())
                    .field("refused", refused))
            }
        }
    }
}
