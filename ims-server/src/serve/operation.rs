//! What can be asked over the network: one list for REST, gRPC, the OpenAPI document and the table of rights.

use super::{Answer, Call, Problem, Right, answer::Made, operations};
use ims_core::{CommandId, report::List};
use std::{future::Future, pin::Pin};

/// An answer that is being found.
pub(crate) type Answering<'a> = Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + 'a>>;
/// Finds an answer.
pub(crate) type Ask = for<'a> fn(Call<'a>) -> Answering<'a>;

/// Those that read much and are no lists. `events` takes turns for as long as it reads and not while it waits.
pub(crate) const READS_MUCH: &[&str] = &["value", "search", "lookup", operations::proof::NAME];

/// Something that can be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    /// Its name, such as `create_item`: the `operationId` of the document, and in gRPC `CreateItem`.
    pub(crate) name: &'static str,
    /// How it is asked by HTTP.
    pub(crate) verb: Verb,
    /// Where; a part in braces is a field.
    pub(crate) path: &'static str,
    /// Who may ask it.
    pub(crate) access: Access,
    /// What is done.
    pub(crate) work: Work,
}

/// Who may ask an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever reaches the server: signing in.
    Everybody,
    /// Whoever has signed in; what is asked in detail is judged by rights of its own.
    SignedIn,
    /// Those who have this right.
    With(Right),
}

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verb {
    /// Reads.
    Get,
    /// Adds, or does.
    Post,
    /// Sets whole.
    Put,
    /// Changes a part.
    Patch,
    /// Ends.
    Delete,
}

/// What an operation does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// Has the engine do the command of the operation's name.
    Command(Makes),
    /// Answers a question.
    Question(Question),
    /// Does something of the server's own, such as adding a user.
    Task(Task),
    /// Has many commands done, each judged for itself.
    Batch,
    /// Has done what a file asks for.
    Import(Import),
}

/// A file that is taken in, as it is documented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Import {
    /// Does it.
    pub(crate) run: Ask,
    /// What it does, in a line.
    pub(crate) summary: &'static str,
    /// The fields that may be said in the query, each with what it does.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    /// Which columns the file has.
    pub(crate) file: &'static str,
    /// A file, as it is sent by the story of examples.
    pub(crate) example: &'static str,
    /// The schema of the answer.
    pub(crate) answer: &'static str,
}

/// Something of the server's own, as it is asked and as it is documented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    /// Does it.
    pub(crate) run: Ask,
    /// What it does, in a line.
    pub(crate) summary: &'static str,
    /// The schema of its body, where it has one.
    pub(crate) body: Option<&'static str>,
    /// The schema of the answer.
    pub(crate) answer: &'static str,
    /// Whether it must come with an idempotency key.
    pub(crate) key: Key,
}

/// Whether a write must come with an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// It must: done twice would be something else than done once.
    Needed,
    /// It need not: sent twice, it is as if it had been sent once.
    Without,
}

/// What a command makes, where it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Makes {
    /// Nothing that is read alone.
    Nothing,
    /// A row whose id is the command's, read at this path and that id.
    Under(&'static str),
    /// What is read at this path.
    At(&'static str),
    /// Something that is read as a part of something else.
    Something,
}

impl Makes {
    /// What is there now that was not, where the command with this id was done.
    pub(crate) fn made(self, id: CommandId) -> Made {
        match self {
            Makes::Nothing => Made::Nothing,
            Makes::Under(path) => Made::At(format!("{path}/{id}")),
            Makes::At(path) => Made::At(path.to_owned()),
            Makes::Something => Made::Something,
        }
    }
}

/// A question, as it is asked and as it is documented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// Finds the answer.
    pub(crate) ask: Ask,
    /// What it answers, in a line.
    pub(crate) summary: &'static str,
    /// The fields that may be said, beside those in the path, each with what it does.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    /// The schema of the answer.
    pub(crate) answer: &'static str,
    /// Whether the answer comes in pages.
    pub(crate) length: Length,
}

/// Whether an answer comes in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// One thing.
    One,
    /// One row, with a tag that tells its versions apart.
    Row,
    /// A list of these rows, in pages.
    Pages,
    /// A list of these rows, in pages, that comes in several orders.
    Sorted(List),
}

impl Length {
    /// Whether it comes in pages.
    pub(crate) fn is_list(self) -> bool {
        !matches!(self, Length::One | Length::Row)
    }

    /// The list of the engine that it is, where it comes in several orders.
    pub(crate) fn sorted(self) -> Option<List> {
        match self {
            Length::Sorted(list) => Some(list),
            Length::One | Length::Row | Length::Pages => None,
        }
    }
}

impl Operation {
    /// Has a command done.
    pub(crate) const fn command(
        name: &'static str,
        verb: Verb,
        path: &'static str,
        right: Right,
        makes: Makes,
    ) -> Operation {
        Operation { name, verb, path, access: Access::With(right), work: Work::Command(makes) }
    }

    /// Answers a question.
    pub(crate) const fn question(
        name: &'static str,
        path: &'static str,
        right: Right,
        question: Question,
    ) -> Operation {
        Operation { name, verb: Verb::Get, path, access: Access::With(right), work: Work::Question(question) }
    }

    /// Does something of the server's own.
    pub(crate) const fn task(
        name: &'static str,
        verb: Verb,
        path: &'static str,
        access: Access,
        task: Task,
    ) -> Operation {
        Operation { name, verb, path, access, work: Work::Task(task) }
    }

    /// Whether it changes something.
    pub(crate) const fn writes(&self) -> bool {
        !matches!(self.work, Work::Question(_))
    }

    /// Whether it reads much: a list, or one of the others that do. Of these, a caller has few at once.
    pub(crate) fn reads_much(&self) -> bool {
        let is_list = matches!(self.work, Work::Question(question) if question.length.is_list());
        is_list || READS_MUCH.contains(&self.name)
    }

    /// Whether it is a question whose answer has a tag.
    pub(crate) fn has_tag(&self) -> bool {
        matches!(self.work, Work::Question(Question { length: Length::Row, .. }))
    }

    /// Whether it may take as long as it needs: its caller ends it by going away.
    pub(crate) fn takes_its_time(&self) -> bool {
        self.name == operations::proof::NAME
    }

    /// The operation of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Operation> {
        Operation::all().find(|operation| operation.name == name)
    }

    /// The fields that its path names.
    pub(crate) fn fields_of_path(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
