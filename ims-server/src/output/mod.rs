//! Results on the standard output, in the form that was asked for; messages on the standard error.

mod bar;
mod costs;
mod listing;
mod show;
mod table;

pub(crate) use bar::bar;
pub(crate) use costs::Costs;
pub(crate) use listing::{Line, Listing};
pub(crate) use show::{Show, count, dash, percent, quantity, quantity_or_dash};
pub(crate) use table::{Column, Table, Tone};

use crate::{
    failure::Outcome,
    spreadsheet::{LineEnd, write_row},
};
use clap::ValueEnum;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// In which form results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// For scripts: exact, with all fields.
    Json,
    /// For spreadsheets.
    Csv,
}

/// Whether messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    Normal,
    Quiet,
}

/// Writes a line to the standard error. Where even that cannot be written, as on a full disk, there is nobody left to
/// tell, and the exit code has to do.
pub(crate) fn tell(line: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Where results and messages go.
#[derive(Clone, Debug)]
pub(crate) struct Out {
    pub(crate) format: Format,
    pub(crate) talk: Talk,
    pub(crate) costs: Costs,
}

impl Out {
    /// A message for a person who waits; never part of the result.
    pub(crate) fn say(&self, message: impl std::fmt::Display) {
        if self.talk == Talk::Normal {
            tell(message);
        }
    }

    /// Whether somebody may be watching the standard error.
    pub(crate) fn is_watched(&self) -> bool {
        self.talk == Talk::Normal && io::stderr().is_terminal()
    }

    /// Writes one result: a text for people, otherwise `value`. In CSV it is one row, so `value` must be flat.
    pub(crate) fn one(&self, text: &str, value: &impl Serialize) -> Outcome {
        match self.format {
            Format::Table => self.text(text),
            Format::Json => self.json(value),
            Format::Csv => {
                let (header, row) = self.costs.row(value).map_err(io::Error::from)?;
                self.rows([&header, &row])
            }
        }
    }

    /// Writes rows of CSV.
    pub(crate) fn rows<C: AsRef<str>>(&self, rows: impl IntoIterator<Item: IntoIterator<Item = C>>) -> Outcome {
        let mut written = Vec::new();
        rows.into_iter().for_each(|row| write_row(&mut written, row, LineEnd::Lf));
        let mut out = io::stdout().lock();
        out.write_all(&written)?;
        Ok(out.flush()?)
    }

    /// Writes text for people.
    pub(crate) fn text(&self, text: &str) -> Outcome {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        Ok(out.flush()?)
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> Outcome {
        let mut out = io::stdout().lock();
        out.write_all(&self.costs.json(value).map_err(io::Error::from)?)?;
        out.write_all(b"\n")?;
        Ok(out.flush()?)
    }

    /// Begins a list.
    pub(crate) fn listing<T: Line>(&self, show: &Show) -> Listing<T> {
        Listing::new(self.format, show.clone())
    }

    /// Writes a list that is there as a whole.
    pub(crate) fn list<T: Line>(&self, show: &Show, lines: Vec<T>) -> Outcome {
        let mut listing = self.listing(show);
        listing.add(lines)?;
        listing.end()
    }
}
