//! Lists: written page by page as they come, so that a long one takes no memory; a table waits for its last line.

use super::{Column, Format, Show, Table, Tone};
use crate::{
    failure::Outcome,
    spreadsheet::{LineEnd, write_row},
};
use serde::Serialize;
use std::io::{self, BufWriter, Stdout, Write};

/// A line of a list. Its JSON form is flat, so that it is a row of CSV too.
pub(crate) trait Line: Serialize {
    /// The names of its fields in JSON and CSV, in order.
    const KEYS: &'static [&'static str];
    /// The columns that people see.
    const COLUMNS: &'static [Column];

    /// What stands in these columns.
    fn cells(&self, show: &Show) -> Vec<String>;

    /// How loudly the line speaks.
    fn tone(&self) -> Tone {
        Tone::Plain
    }
}

/// A list that is being written.
pub(crate) struct Listing<T> {
    form: Form,
    show: Show,
    any: bool,
    lines: std::marker::PhantomData<T>,
}

enum Form {
    Table(Table),
    Json(BufWriter<Stdout>),
    Csv(BufWriter<Stdout>),
}

impl<T: Line> Listing<T> {
    pub(super) fn new(format: Format, show: Show) -> Self {
        let form = match format {
            Format::Table => Form::Table(Table::new(T::COLUMNS)),
            Format::Json => Form::Json(BufWriter::new(io::stdout())),
            Format::Csv => Form::Csv(BufWriter::new(io::stdout())),
        };
        Listing { form, show, any: false, lines: std::marker::PhantomData }
    }

    /// Adds lines.
    pub(crate) fn add(&mut self, lines: impl IntoIterator<Item = T>) -> Outcome {
        let show = &self.show;
        if let Form::Csv(out) = &mut self.form {
            let rows = show.costs.rows(lines).map_err(io::Error::from)?;
            let mut written = Vec::new();
            if !self.any && !rows.is_empty() {
                write_row(&mut written, T::KEYS, LineEnd::Lf);
                self.any = true;
            }
            rows.iter().skip(1).for_each(|row| write_row(&mut written, row, LineEnd::Lf));
            return Ok(out.write_all(&written)?);
        }
        for line in lines {
            match &mut self.form {
                Form::Table(table) => table.row(line.cells(show), line.tone()),
                Form::Json(out) => {
                    out.write_all(if self.any { b",\n" } else { b"[" })?;
                    out.write_all(&show.costs.json(&line).map_err(io::Error::from)?)?;
                }
                Form::Csv(_) => {}
            }
            self.any = true;
        }
        Ok(())
    }

    /// Sets a line of sums apart below a table; scripts sum for themselves.
    pub(crate) fn total(&mut self, cells: Vec<String>) {
        if let Form::Table(table) = &mut self.form
            && self.any
        {
            table.total(cells);
        }
    }

    /// Ends the list. An empty table says so in words that the caller chose.
    pub(crate) fn end_or(self, nothing: &str) -> Outcome {
        match self.form {
            Form::Table(_) if !self.any => {
                let mut out = io::stdout().lock();
                writeln!(out, "{nothing}")?;
                Ok(out.flush()?)
            }
            Form::Table(table) => table.print(),
            Form::Json(mut out) => {
                out.write_all(if self.any { b"]\n" } else { b"[]\n" })?;
                Ok(out.flush()?)
            }
            Form::Csv(mut out) => {
                if !self.any {
                    let mut header = Vec::new();
                    write_row(&mut header, T::KEYS, LineEnd::Lf);
                    out.write_all(&header)?;
                }
                Ok(out.flush()?)
            }
        }
    }

    /// Ends the list.
    pub(crate) fn end(self) -> Outcome {
        self.end_or("nothing")
    }
}
