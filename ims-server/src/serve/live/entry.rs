//! An event as it is sent: written once, shared by all who hear it.

use super::belongs::Belongs;
use crate::serve::{Problem, caller::Costs, costs};
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
    /// Without costs: written when the first listener needs it so.
    hidden: OnceLock<Result<Form, Unwritable>>,
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
        let json = costs::json(Costs::Shown, event)?;
        Ok(Entry { offset: event.offset, belongs, shown: Form::of(event.offset, &json), hidden: OnceLock::new() })
    }

    /// The event as JSON, on one line.
    ///
    /// # Errors
    /// `internal` where it cannot be written without costs.
    pub(crate) fn json(&self, costs: Costs) -> Result<&Bytes, Problem> {
        Ok(&self.form(costs)?.json)
    }

    /// The event as a stream has it.
    ///
    /// # Errors
    /// As [`Entry::json`].
    pub(crate) fn stream(&self, costs: Costs) -> Result<&Bytes, Problem> {
        Ok(&self.form(costs)?.stream)
    }

    fn form(&self, costs: Costs) -> Result<&Form, Problem> {
        match costs {
            Costs::Shown => Ok(&self.shown),
            Costs::Hidden => {
                let hidden = self.hidden.get_or_init(|| self.shown.without_costs(self.offset));
                hidden.as_ref().map_err(|Unwritable| Problem::internal("an event cannot be written without costs"))
            }
        }
    }

    /// About how many bytes it takes, in both forms.
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

    fn without_costs(&self, offset: Offset) -> Result<Form, Unwritable> {
        let mut value: Value = serde_json::from_slice(&self.json).map_err(|_| Unwritable)?;
        costs::hide(&mut value);
        Ok(Form::of(offset, &serde_json::to_vec(&value).map_err(|_| Unwritable)?))
    }
}
