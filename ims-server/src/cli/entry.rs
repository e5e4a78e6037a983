//! What `--id` and `--at` are about: what a command enters in the books.

use super::Command;
use crate::failure::{Failure, Outcome};

/// What a command enters in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Something that happened at some time, and is done once under its id.
    Made,
    /// Nothing.
    Nothing,
    /// Nothing, and how to look at another time is to be said otherwise.
    Looked(&'static str),
}

/// How a report tells what was at some time.
pub(super) const AS_OF: Entry = Entry::Looked("--as-of TIME tells it as it was then");
/// How a list is narrowed to some time.
pub(super) const PERIOD: Entry = Entry::Looked("--from and --until say of which time");

impl Entry {
    /// Refuses an id or a time that would say nothing.
    pub(super) fn check(self, id: Typed, at: Typed) -> Outcome {
        let leave_out = "leave it out";
        match (self, id, at) {
            (Entry::Nothing | Entry::Looked(_), _, Typed::Yes) => {
                let next = if let Entry::Looked(next) = self { next } else { leave_out };
                let message = "--at says when what is entered has happened, and this enters nothing in the books";
                Err(Failure::usage("at", message).hint(next))
            }
            (Entry::Nothing | Entry::Looked(_), Typed::Yes, _) => {
                let message = "--id is only for what enters something in the books, and this enters nothing";
                Err(Failure::usage("id", message).hint(leave_out))
            }
            _ => Ok(()),
        }
    }
}

/// Whether an option was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Yes,
    No,
}

impl Typed {
    pub(super) fn of<T>(option: Option<&T>) -> Typed {
        if option.is_some() { Typed::Yes } else { Typed::No }
    }
}

impl Command {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::Item(command) => command.entry(),
            Command::Site(command) => command.entry(),
            Command::Supplier(command) | Command::Customer(command) => command.entry(),
            Command::Hold(command) => command.entry(),
            Command::Order(command) => command.entry(),
            Command::Purchase(command) => command.entry(),
            Command::Alerts(command) => command.entry(),
            Command::Report(command) => command.entry(),
            Command::Movements(_) => PERIOD,
            Command::Init(_)
            | Command::Receive(_)
            | Command::SendBack(_)
            | Command::Adjust(_)
            | Command::Transfer(_)
            | Command::Cost(_)
            | Command::Period(_) => Entry::Made,
            Command::Stock(_)
            | Command::Events(_)
            | Command::Verify
            | Command::Export(_)
            | Command::Backup(_)
            | Command::Restore(_)
            | Command::Serve(_)
            | Command::User(_)
            | Command::Config(_)
            | Command::Completions { .. } => Entry::Nothing,
            // What is traded anew has ids and a clock of its own.
            Command::Replay(_) | Command::Demo(_) => Entry::Nothing,
        }
    }
}
