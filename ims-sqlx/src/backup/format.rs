//! The lines of a backup that are not rows.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format of backups.
pub const FORMAT: u32 = 1;

/// Rows that are written or read at once.
pub(super) const ROWS_PER_PORTION: u32 = 500;
/// Bytes of rows after which a portion is closed.
pub(super) const BYTES_PER_PORTION: usize = 1024 * 1024;
/// Bytes of the longest line. No row comes near it: it bounds what a file that is no backup can make of memory.
pub(super) const LINE_BYTES: u64 = 64 * 1024 * 1024;

/// What every version has to understand of the first line.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    /// The version of the format.
    pub(super) ims_backup: u32,
    /// The version of the software.
    #[serde(default)]
    pub(super) by: String,
}

/// The first line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Header {
    /// The version of the format.
    pub(super) ims_backup: u32,
    /// The version of the software that wrote it.
    pub(super) by: String,
    /// The version of the schema that the rows are of.
    pub(super) schema: i64,
    /// The version of the JSON of answers and events.
    pub(super) form: u32,
    /// The offset of the newest event.
    pub(super) newest: u64,
    /// The hash of the shop's state.
    pub(super) state_hash: String,
}

/// The line before the rows of a table.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Section {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trailer {
    /// Rows of all tables.
    pub(super) rows: u64,
    /// Rows of each table.
    pub(super) tables: BTreeMap<String, u64>,
    /// SHA-256 of all bytes before this line, in hexadecimal.
    pub(super) sha256: String,
}
