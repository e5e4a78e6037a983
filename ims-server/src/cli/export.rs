//! `ims export`

use crate::{
    export::{self, Form, Written},
    failure::Outcome,
    output::{self, Column, Format, Line, Show},
    session::Session,
};
use clap::Args;
use std::path::PathBuf;

/// Writes every table to a folder.
#[derive(Args, Debug)]
#[command(after_help = "\
With --format json every file has one JSON object a line, with all that a row
has. Otherwise the files are CSV: lines of orders, purchases and returns are
files of their own, and what has no column of its own is JSON in its cell.
Nothing is replaced unless --replace says so.")]
pub(super) struct Export {
    /// The folder; made where it is not there
    folder: PathBuf,
    /// Replace files of these names that are there already
    #[arg(long)]
    replace: bool,
}

impl Line for Written {
    const KEYS: &'static [&'static str] = &["file", "rows"];
    const COLUMNS: &'static [Column] = &[Column::text("File"), Column::number("Rows")];

    fn cells(&self, _: &Show) -> Vec<String> {
        vec![self.file.clone(), output::count(self.rows)]
    }
}

impl Export {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let form = if session.out.format == Format::Json { Form::JsonLines } else { Form::Csv };
        if !self.replace {
            export::check_free(&self.folder, form)?;
        }
        let written = export::write(session, &self.folder, form).await?;
        session.out.list(&session.show().await?, written)
    }
}
