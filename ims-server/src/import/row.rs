//! A row of a file, by the names of its columns.

use crate::spreadsheet::{Columns, Problems};
use csv::StringRecord;
use ims_core::Standing;
use serde::de::DeserializeOwned;
use std::{collections::HashMap, fmt::Display, str::FromStr};

/// A row, with the text of each column that it has.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) record: &'a StringRecord,
    pub(super) places: &'a HashMap<&'static str, usize>,
}

impl<'a> Row<'a> {
    /// The text of a column without blanks around it; nothing where there is none.
    pub(super) fn text(&self, column: &'static str) -> Option<&'a str> {
        let text = self.record.get(*self.places.get(column)?)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The text of a column that must be there.
    pub(super) fn needed(&self, column: &'static str, problems: &mut Problems) -> Option<&'a str> {
        let text = self.text(column);
        if text.is_none() {
            problems.add(self.line, format!("{column} is missing"));
        }
        text
    }

    /// The value of a column. One that cannot be read is a problem of this row.
    pub(super) fn value<T: FromStr<Err: Display>>(&self, column: &'static str, problems: &mut Problems) -> Option<T> {
        let text = self.text(column)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                problems.add(self.line, format!("{column} \"{text}\": {error}"));
                None
            }
        }
    }

    /// The word of a column, one of a few.
    pub(super) fn word<T: DeserializeOwned>(
        &self,
        column: &'static str,
        words: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.text(column)?;
        let word = serde_json::from_value(text.to_lowercase().into()).ok();
        if word.is_none() {
            problems.add(self.line, format!("{column} \"{text}\": it is {words}"));
        }
        word
    }

    /// Whether what it describes is in trade, as it is where nothing is said.
    pub(super) fn standing(&self, problems: &mut Problems) -> Standing {
        self.word("standing", "active or retired", problems).unwrap_or(Standing::Active)
    }

    /// Everything that it says, in a form that does not depend on the order of columns.
    pub(super) fn content(&self, columns: &Columns) -> String {
        let mut content = String::new();
        for column in columns.known {
            if let Some(text) = self.text(column) {
                content.push_str(column);
                content.push('\u{1f}');
                content.push_str(text);
                content.push('\u{1e}');
            }
        }
        content
    }
}
