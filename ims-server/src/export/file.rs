//! A file of an export. It has its name only once it is complete.

use super::{Form, Written};
use crate::{
    failure::{Failure, Outcome},
    spreadsheet::{LineEnd, write_row},
};
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Where the file of this name is.
pub(super) fn path_of(folder: &Path, form: Form, name: &str) -> PathBuf {
    let ending = if form == Form::Csv { "csv" } else { "jsonl" };
    folder.join(format!("{name}.{ending}"))
}

/// A file that is being written.
pub(super) struct TableFile {
    form: Form,
    columns: &'static [&'static str],
    path: PathBuf,
    unfinished: PathBuf,
    out: BufWriter<File>,
    rows: u64,
}

impl TableFile {
    pub(super) fn create(
        folder: &Path,
        form: Form,
        name: &str,
        columns: &'static [&'static str],
    ) -> Outcome<TableFile> {
        let path = path_of(folder, form, name);
        let mut unfinished = path.clone().into_os_string();
        unfinished.push(".part");
        let unfinished = PathBuf::from(unfinished);
        let file = File::create(&unfinished).map_err(|error| Failure::file(&unfinished, &error))?;
        let mut file = TableFile { form, columns, path, unfinished, out: BufWriter::new(file), rows: 0 };
        if form == Form::Csv {
            let header: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
            file.line(&header)?;
        }
        Ok(file)
    }

    pub(super) fn row(&mut self, row: &Value) -> Outcome {
        self.rows = self.rows.saturating_add(1);
        if self.form == Form::Csv {
            let cells: Vec<String> = self.columns.iter().map(|name| cell(row.get(*name))).collect();
            return self.line(&cells);
        }
        let written = serde_json::to_writer(&mut self.out, row).map_err(io::Error::from);
        written.and_then(|()| self.out.write_all(b"\n")).map_err(|error| Failure::file(&self.unfinished, &error))
    }

    fn line(&mut self, cells: &[String]) -> Outcome {
        let mut line = Vec::new();
        write_row(&mut line, cells, LineEnd::Lf);
        self.out.write_all(&line).map_err(|error| Failure::file(&self.unfinished, &error))
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> Outcome<Written> {
        let done = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        done.and_then(|()| fs::rename(&self.unfinished, &self.path))
            .map_err(|error| Failure::file(&self.path, &error))?;
        let file = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Written { file, rows: self.rows })
    }
}

/// A value in a cell: text as it is, nothing as nothing, several texts with | between them, everything else as JSON.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(texts)) if texts.iter().all(Value::is_string) => {
            texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|")
        }
        Some(other) => other.to_string(),
    }
}
