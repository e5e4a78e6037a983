//! What a command answers when it was done.

use crate::{failure::Outcome, output::Format, session::Session};
use ims_core::{CommandId, Receipt};
use serde::Serialize;
use serde_json::Value;

/// For scripts: the whole receipt.
#[derive(Serialize)]
struct Done<'a> {
    id: CommandId,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a str>,
    /// Whether the same command was done before, and nothing now.
    repeated: bool,
    receipt: &'a Receipt,
}

/// For spreadsheets: what fits into a row.
#[derive(Serialize)]
struct DoneRow<'a> {
    id: CommandId,
    done: String,
    document: &'a str,
    repeated: bool,
}

impl Session {
    /// Tells that this command was done: `text` to people, the receipt to scripts.
    pub(crate) fn done(&self, text: &str, document: Option<&str>, receipt: &Receipt) -> Outcome {
        self.done_as(self.id(), text, document, receipt)
    }

    /// Tells that a command of this id was done.
    pub(crate) fn done_as(&self, id: CommandId, text: &str, document: Option<&str>, receipt: &Receipt) -> Outcome {
        match self.out.format {
            Format::Csv => {
                let (done, document) = (name_of(receipt), document.unwrap_or_default());
                let row = DoneRow { id, done, document, repeated: self.was_repeated() };
                self.out.one(text, &row)
            }
            _ => self.out.one(&self.told(text), &Done { id, document, repeated: self.was_repeated(), receipt }),
        }
    }
}

/// The receipt's name in its JSON form, such as `stock_received`.
fn name_of(receipt: &Receipt) -> String {
    match serde_json::to_value(receipt) {
        Ok(Value::Object(object)) => object.into_iter().next().map(|(name, _)| name).unwrap_or_default(),
        _ => String::new(),
    }
}
