//! An event as it is sent: written once, shared by all who hear it.

use super::belongs::Belongs;
use crate::serve::{
    Problem,
    caller::{Contacts, Costs, Sight},
    costs,
};
use bytes::Bytes;
use ims_core::{Event, Offset};
use serde_json::Value;
use std::sync::OnceLock;

/// What ends an event of a stream.
const END: &[u8] = b"\n\n";

/// An event as it is sent.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its place in the log.
    pub(crate) offset: Offset,
    /// What it belongs to.
    pub(crate) belongs: Belongs,
    shown: Form,
    /// Without costs, without contacts, and without both: each written when the first listener needs it so.
    hidden: [OnceLock<Result<Form, Unwritable>>; 3],
}

/// An event of a stream (`id: 7`, `data: {…}`), with its JSON inside it.
#[derive(Clone, Debug)]
struct Form {
    stream: Bytes,
    json: Bytes,
}

/// An event that cannot be written.
#[derive(Clone, Copy, Debug)]
struct Unwritable;

impl Entry {
    /// Writes an event.
    ///
    /// # Errors
    /// `internal` where it cannot be written as JSON.
    pub(crate) fn of(event: &Event, belongs: Belongs) -> Result<Entry, Problem> {
        let json = costs::json(Sight::ALL, event)?;
        Ok(Entry { offset: event.offset, belongs, shown: Form::of(event.offset, &json), hidden: Default::default() })
    }

    /// The event as JSON, on one line.
    ///
    /// # Errors
    /// `internal` where it cannot be written without what is hidden.
    pub(crate) fn json(&self, sight: Sight) -> Result<&Bytes, Problem> {
        Ok(&self.form(sight)?.json)
    }

    /// The event as a stream has it.
    ///
    /// # Errors
    /// As [`Entry::json`].
    pub(crate) fn stream(&self, sight: Sight) -> Result<&Bytes, Problem> {
        Ok(&self.form(sight)?.stream)
    }

    fn form(&self, sight: Sight) -> Result<&Form, Problem> {
        let [no_costs, no_contacts, neither] = &self.hidden;
        let hidden = match (sight.costs, sight.contacts) {
            (Costs::Shown, Contacts::Shown) => return Ok(&self.shown),
            (Costs::Hidden, Contacts::Shown) => no_costs,
            (Costs::Shown, Contacts::Hidden) => no_contacts,
            (Costs::Hidden, Contacts::Hidden) => neither,
        };
        let form = hidden.get_or_init(|| self.shown.seen(sight, self.offset));
        form.as_ref().map_err(|Unwritable| Problem::internal("an event cannot be written without what is hidden"))
    }

    /// About how many bytes it takes, in the forms that most listeners need.
    pub(crate) fn bytes(&self) -> usize {
        let forms = self.shown.stream.len().saturating_mul(2);
        forms.saturating_add(self.belongs.bytes()).saturating_add(size_of::<Entry>())
    }
}

impl Form {
    fn of(offset: Offset, json: &[u8]) -> Form {
        let begin = format!("id: {offset}\ndata: ");
        let stream = Bytes::from([begin.as_bytes(), json, END].concat());
        let json = stream.slice(begin.len()..stream.len().saturating_sub(END.len()));
        Form { stream, json }
    }

    fn seen(&self, sight: Sight, offset: Offset) -> Result<Form, Unwritable> {
        let mut value: Value = serde_json::from_slice(&self.json).map_err(|_| Unwritable)?;
        costs::hide(sight, &mut value);
        Ok(Form::of(offset, &serde_json::to_vec(&value).map_err(|_| Unwritable)?))
    }
}
