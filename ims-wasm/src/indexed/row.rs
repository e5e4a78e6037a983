//! Rows as text: JSON, with the version before the row where it has one: `[3,{…}]`.

use super::{fault, transaction::Asked};
use ims_core::{Answer, CommandId, CommandRecord, Offset, StoreError, Version, store::Versioned};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// What is true of the whole store.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Head {
    /// The catalogue's version.
    pub(super) catalog: Version,
    /// The offset of the newest event.
    pub(super) newest: Offset,
    /// How often anything was written: tells whether what was read is still so.
    pub(super) commits: u64,
}

/// The head that was asked for; a new store has none.
pub(super) fn head(asked: &Asked) -> Result<Head, StoreError> {
    Ok(asked.row()?.unwrap_or_default())
}

pub(super) fn read<R: DeserializeOwned>(text: &str) -> Result<R, StoreError> {
    serde_json::from_str(text).map_err(fault::corrupt)
}

pub(super) fn write(row: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(row).map_err(fault::corrupt)
}

/// Reads a row that has a version.
pub(super) fn versioned<R: DeserializeOwned>(text: &str) -> Result<Versioned<R>, StoreError> {
    let (version, row) = parts(text)?;
    Ok(Versioned { version, row: read(row)? })
}

/// The version of a row without the row; 0 where there is none.
pub(super) fn version(asked: &Asked) -> Result<Version, StoreError> {
    asked.text()?.map_or(Ok(0), |text| parts(&text).map(|(version, _)| version))
}

/// Parts a version from the text of its row.
fn parts(text: &str) -> Result<(Version, &str), StoreError> {
    let parts = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')?.split_once(','));
    let version = parts.and_then(|(version, row)| Some((version.parse().ok()?, row)));
    version.ok_or_else(|| fault::corrupt("a row has no version"))
}

/// A command's answer as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Answered {
    id: CommandId,
    /// In hexadecimal: 128 bits are no number of JSON.
    fingerprint: String,
    answer: Arc<Answer>,
}

impl Answered {
    pub(super) fn of(record: &CommandRecord) -> Self {
        let fingerprint = format!("{:032x}", record.fingerprint);
        Answered { id: record.id, fingerprint, answer: Arc::clone(&record.answer) }
    }

    pub(super) fn record(self) -> Result<CommandRecord, StoreError> {
        let fingerprint = u128::from_str_radix(&self.fingerprint, 16).map_err(fault::corrupt)?;
        Ok(CommandRecord { id: self.id, fingerprint, answer: self.answer })
    }
}
