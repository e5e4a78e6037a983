//! Writes a backup: gzip, and in it one line for each row.

use super::cells;
use super::error::BackupError;
use super::format::{Header, Section, Trailer};
use super::{Existing, Summary};
use crate::table::Table;
use crate::value::Row;
use flate2::{Compression, write::GzEncoder};
use ims_core::Offset;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A backup that is being written. It has no name until it is finished, and is gone when it never is.
pub(super) struct Writer {
    out: GzEncoder<BufWriter<NamedTempFile>>,
    hash: Sha256,
    lines: Vec<u8>,
    table: &'static str,
    counts: BTreeMap<String, u64>,
    file: PathBuf,
    existing: Existing,
    header: Header,
}

impl Writer {
    /// Begins a file, in the folder where it will be.
    pub(super) fn create(file: &Path, existing: Existing, header: &Header) -> Result<Writer, BackupError> {
        let folder = folder_of(file);
        let temporary = tempfile::Builder::new().prefix(".ims-backup-").tempfile_in(folder);
        let temporary = temporary.map_err(|error| BackupError::of_io(file, error))?;
        let mut writer = Writer {
            // A backup holds a moment of the database for as long as it is written.
            out: GzEncoder::new(BufWriter::new(temporary), Compression::fast()),
            hash: Sha256::new(),
            lines: Vec::new(),
            table: "",
            counts: BTreeMap::new(),
            file: file.to_owned(),
            existing,
            header: header.clone(),
        };
        writer.line(header);
        writer.flush()?;
        Ok(writer)
    }

    /// Begins a table.
    pub(super) fn begin(&mut self, table: &'static Table) -> Result<(), BackupError> {
        let columns = table.columns.iter().map(|column| column.name.to_owned()).collect();
        self.line(&Section { table: table.name.to_owned(), columns });
        self.table = table.name;
        self.counts.insert(table.name.to_owned(), 0);
        self.flush()
    }

    /// Writes rows of the table.
    pub(super) fn rows(&mut self, rows: &[Row]) -> Result<(), BackupError> {
        for row in rows {
            cells::write(&mut self.lines, row);
        }
        let count = self.counts.entry(self.table.to_owned()).or_default();
        *count = count.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        self.flush()
    }

    /// Ends the file and gives it its name.
    pub(super) fn finish(mut self) -> Result<Summary, BackupError> {
        let rows = self.counts.values().copied().fold(0, u64::saturating_add);
        let tables = std::mem::take(&mut self.counts);
        let sha256 = hex(self.hash.clone().finalize().as_slice());
        self.line(&Trailer { rows, tables, sha256 });
        self.flush()?;
        let Writer { out, file, existing, header, .. } = self;
        let fail = |error: io::Error| BackupError::of_io(&file, error);
        let temporary = out.finish().and_then(|out| out.into_inner().map_err(io::IntoInnerError::into_error));
        let temporary = temporary.map_err(fail)?;
        temporary.as_file().sync_all().map_err(fail)?;
        check_name(&file)?;
        let named = match existing {
            Existing::Keep => temporary.persist_noclobber(&file),
            Existing::Replace => temporary.persist(&file),
        };
        named.map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists { file: file.clone() },
            _ => fail(error.error),
        })?;
        sync_name(folder_of(&file)).map_err(fail)?;
        Ok(Summary { rows, newest: Offset(header.newest), state_hash: header.state_hash })
    }

    /// Appends a line that is not a row.
    fn line(&mut self, line: &impl Serialize) {
        // A vector takes every byte, and there is nothing in these lines that JSON has no form for.
        let _ = serde_json::to_writer(&mut self.lines, line);
        self.lines.push(b'\n');
    }

    fn flush(&mut self) -> Result<(), BackupError> {
        self.hash.update(&self.lines);
        self.out.write_all(&self.lines).map_err(|error| BackupError::of_io(&self.file, error))?;
        self.lines.clear();
        Ok(())
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses a name that something other than a file has: a device or a link in whose place a file stood would be gone.
///
/// # Errors
/// [`BackupError::NotAFile`].
pub(super) fn check_name(file: &Path) -> Result<(), BackupError> {
    // What cannot be looked at is told of when the file is made.
    let Ok(found) = fs::symlink_metadata(file) else { return Ok(()) };
    if found.is_file() {
        return Ok(());
    }
    let what = if found.is_dir() {
        "a folder"
    } else if found.is_symlink() {
        "a symbolic link"
    } else {
        "a device, a pipe or a socket"
    };
    Err(BackupError::NotAFile { file: file.to_owned(), what })
}

/// The folder that a file is in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Waits until the new name is on the disk, where a folder can be asked for that.
fn sync_name(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
