//! Reads a backup, and believes nothing that it has not checked.

use super::Summary;
use super::cells;
use super::error::BackupError;
use super::format::{BYTES_PER_PORTION, FORMAT, Header, LINE_BYTES, ROWS_PER_PORTION, Section, Trailer, Version};
use super::tables::TABLES;
use super::writer::hex;
use crate::table::Table;
use crate::value::Value;
use flate2::bufread::GzDecoder;
use ims_core::{FORM_VERSION, Offset};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A backup that is being read.
pub(super) struct Reader {
    lines: BufReader<GzDecoder<BufReader<File>>>,
    file: PathBuf,
    header: Header,
    hash: Sha256,
    /// How many lines were read.
    number: u64,
    line: Vec<u8>,
    /// The tables that are still to come.
    tables: std::iter::Copied<std::slice::Iter<'static, &'static Table>>,
    /// The one that is being read.
    table: Option<&'static Table>,
    counts: BTreeMap<String, u64>,
    total: u64,
}

/// Rows of a table.
pub(super) struct Portion {
    pub(super) table: &'static Table,
    /// The values of all rows, one row after the other.
    pub(super) cells: Vec<Value<'static>>,
    pub(super) rows: u64,
}

/// What a line is.
enum Line {
    Row(Vec<Value<'static>>),
    Table,
    End,
}

impl Reader {
    /// Opens a file and reads its first line.
    pub(super) fn open(file: &Path) -> Result<Reader, BackupError> {
        let opened = File::open(file).map_err(|error| BackupError::of_io(file, error))?;
        let mut reader = Reader {
            lines: BufReader::new(GzDecoder::new(BufReader::new(opened))),
            file: file.to_owned(),
            header: Header::default(),
            hash: Sha256::new(),
            number: 0,
            line: Vec::new(),
            tables: TABLES.iter().copied(),
            table: None,
            counts: BTreeMap::new(),
            total: 0,
        };
        let foreign = || BackupError::Foreign { file: file.to_owned() };
        reader.next_line().map_err(|error| match error {
            BackupError::Damaged { .. } => foreign(),
            error => error,
        })?;
        let version: Version = serde_json::from_slice(&reader.line).map_err(|_| foreign())?;
        if version.ims_backup > FORMAT {
            return Err(BackupError::Newer { file: file.to_owned(), by: version.by });
        }
        reader.header = serde_json::from_slice(&reader.line).map_err(|_| reader.damaged("its first line"))?;
        if reader.header.form > FORM_VERSION {
            return Err(BackupError::Newer { file: file.to_owned(), by: version.by });
        }
        reader.hash.update(&reader.line);
        Ok(reader)
    }

    /// Refuses rows of another schema than that of a database.
    pub(super) fn check_schema(&self, schema: i64) -> Result<(), BackupError> {
        let (file, by) = (self.file.clone(), self.header.by.clone());
        match self.header.schema.cmp(&schema) {
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => Err(BackupError::Newer { file, by }),
            std::cmp::Ordering::Less => Err(BackupError::Older { file, by }),
        }
    }

    /// Refuses a state that is not the one that was backed up.
    pub(super) fn check_state(&self, found: String) -> Result<(), BackupError> {
        let expected = self.header.state_hash.clone();
        if found == expected { Ok(()) } else { Err(BackupError::OtherState { expected, found }) }
    }

    /// Reads the next rows; nothing at the end, when the file was found to be whole.
    pub(super) fn portion(&mut self) -> Result<Option<Portion>, BackupError> {
        loop {
            let Some(mut portion) = self.table.map(|table| Portion { table, cells: Vec::new(), rows: 0 }) else {
                match self.read()? {
                    Line::Table => continue,
                    Line::End => return Ok(None),
                    Line::Row(_) => return Err(self.damaged("a row that belongs to no table")),
                }
            };
            let mut bytes: usize = 0;
            while portion.rows < u64::from(ROWS_PER_PORTION) && bytes < BYTES_PER_PORTION {
                if !self.row_follows()? {
                    self.table = None;
                    break;
                }
                let Line::Row(cells) = self.read()? else { return Err(self.damaged("a row was expected")) };
                bytes = bytes.saturating_add(self.line.len());
                portion.cells.extend(cells);
                portion.rows = portion.rows.saturating_add(1);
            }
            if portion.rows > 0 {
                return Ok(Some(portion));
            }
        }
    }

    /// Reads to the end.
    pub(super) fn read_through(mut self) -> Result<Summary, BackupError> {
        while self.portion()?.is_some() {}
        Ok(self.summary())
    }

    /// What was read.
    pub(super) fn summary(&self) -> Summary {
        Summary { rows: self.total, newest: Offset(self.header.newest), state_hash: self.header.state_hash.clone() }
    }

    /// Whether the next line is a row.
    fn row_follows(&mut self) -> Result<bool, BackupError> {
        match self.lines.fill_buf() {
            Ok(bytes) => Ok(bytes.first() == Some(&b'[')),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Reads a line and understands it.
    fn read(&mut self) -> Result<Line, BackupError> {
        self.next_line()?;
        let read = if self.line.first() == Some(&b'[') { self.row() } else { self.next_table() }?;
        if !matches!(read, Line::End) {
            self.hash.update(&self.line);
        }
        Ok(read)
    }

    fn row(&mut self) -> Result<Line, BackupError> {
        let table = self.table.ok_or_else(|| self.damaged("a row that belongs to no table"))?;
        let cells = cells::read(&self.line, table).ok_or_else(|| self.damaged("a row that its table cannot have"))?;
        let count = self.counts.entry(table.name.to_owned()).or_default();
        *count = count.saturating_add(1);
        self.total = self.total.saturating_add(1);
        Ok(Line::Row(cells))
    }

    fn next_table(&mut self) -> Result<Line, BackupError> {
        let Some(table) = self.tables.next() else { return self.end() };
        let section: Section = serde_json::from_slice(&self.line).map_err(|_| self.damaged("the name of a table"))?;
        if section.table != table.name || !section.columns.iter().eq(table.columns.iter().map(|column| column.name)) {
            return Err(self.damaged("another table, or other columns, than there should be"));
        }
        self.counts.insert(section.table, 0);
        self.table = Some(table);
        Ok(Line::Table)
    }

    fn end(&mut self) -> Result<Line, BackupError> {
        let trailer: Trailer = serde_json::from_slice(&self.line).map_err(|_| self.damaged("its last line"))?;
        if trailer.sha256 != hex(self.hash.clone().finalize().as_slice()) {
            return Err(self.damaged("its checksum is that of another content"));
        }
        if trailer.rows != self.total || trailer.tables != self.counts {
            return Err(self.damaged("there are more or fewer rows than it counts"));
        }
        // Only at its end is the packing checked, too.
        let more = self.lines.fill_buf().map(|bytes| !bytes.is_empty()).map_err(|error| self.failed(error))?;
        let packed = self.lines.get_mut().get_mut();
        let more = more || packed.fill_buf().map(|bytes| !bytes.is_empty()).map_err(|error| self.failed(error))?;
        if more { Err(self.damaged("something follows its end")) } else { Ok(Line::End) }
    }

    /// Reads a line, with the newline that ends it.
    fn next_line(&mut self) -> Result<(), BackupError> {
        self.line.clear();
        self.number = self.number.saturating_add(1);
        let read = (&mut self.lines).take(LINE_BYTES).read_until(b'\n', &mut self.line);
        read.map_err(|error| self.failed(error))?;
        if self.line.last() == Some(&b'\n') {
            return Ok(());
        }
        if u64::try_from(self.line.len()) == Ok(LINE_BYTES) {
            return Err(self.damaged("a line without an end"));
        }
        Err(BackupError::CutOff { file: self.file.clone() })
    }

    fn damaged(&self, what: &'static str) -> BackupError {
        BackupError::Damaged { file: self.file.clone(), line: self.number, what }
    }

    /// What it means that no more can be read.
    fn failed(&self, error: io::Error) -> BackupError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => BackupError::CutOff { file: self.file.clone() },
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => self.damaged("it cannot be unpacked"),
            _ => BackupError::of_io(&self.file, error),
        }
    }
}
