//! Rows as texts.

use super::{KeyRange, KeyedRow, KeyedRows, key};
use ims_core::{Answer, CommandId, CommandRecord, StoreError, StoreErrorKind, Version};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, ops::Bound, sync::Arc};

/// A row as it is kept: with how often it has been written.
#[derive(Serialize, Deserialize)]
struct Kept<R> {
    version: Version,
    row: R,
}

/// What the row [`key::HEAD`] counts.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) catalog: Version,
    pub(super) newest: u64,
}

/// An answer to a command as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptAnswer {
    id: CommandId,
    fingerprint: String,
    answer: Arc<Answer>,
}

impl KeptAnswer {
    pub(super) fn of(record: &CommandRecord) -> Self {
        let CommandRecord { id, fingerprint, answer } = record;
        KeptAnswer { id: *id, fingerprint: format!("{fingerprint:032x}"), answer: Arc::clone(answer) }
    }

    pub(super) fn record(self) -> Result<CommandRecord, StoreError> {
        let fingerprint = u128::from_str_radix(&self.fingerprint, 16).map_err(corrupt)?;
        Ok(CommandRecord { id: self.id, fingerprint, answer: self.answer })
    }
}

/// Rows of one moment by key.
pub(super) struct Rows {
    pub(super) revision: u64,
    texts: BTreeMap<String, String>,
}

impl Rows {
    pub(super) fn of(read: KeyedRows) -> Self {
        let texts = read.rows.into_iter().map(|KeyedRow { key, text }| (key, text)).collect();
        Rows { revision: read.revision, texts }
    }

    pub(super) fn head(&self) -> Result<Head, StoreError> {
        Ok(self.get(key::HEAD)?.unwrap_or_default())
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    pub(super) fn get<R: DeserializeOwned>(&self, key: &str) -> Result<Option<R>, StoreError> {
        Ok(self.versioned(key)?.map(|(_, row)| row))
    }

    /// How often a row was written; 0 where there is none.
    pub(super) fn version(&self, key: &str) -> Result<Version, StoreError> {
        Ok(self.versioned::<serde::de::IgnoredAny>(key)?.map_or(0, |(version, _)| version))
    }

    pub(super) fn versioned<R: DeserializeOwned>(&self, key: &str) -> Result<Option<(Version, R)>, StoreError> {
        self.texts.get(key).map(|text| read(text)).transpose()
    }

    /// The rows in a range, with their keys and versions.
    pub(super) fn within<'a, R: DeserializeOwned>(
        &'a self,
        range: &KeyRange,
    ) -> impl Iterator<Item = Result<(&'a str, Version, R), StoreError>> + use<'a, R> {
        let bounds = (Bound::Included(range.first.as_str()), Bound::Included(range.last.as_str()));
        self.texts.range::<str, _>(bounds).map(|(key, text)| {
            let (version, row) = read(text)?;
            Ok((key.as_str(), version, row))
        })
    }
}

fn read<R: DeserializeOwned>(text: &str) -> Result<(Version, R), StoreError> {
    let Kept { version, row } = serde_json::from_str(text).map_err(corrupt)?;
    Ok((version, row))
}

/// Writes a row as the text that is kept.
pub(super) fn written<R: Serialize>(version: Version, row: R) -> Result<String, StoreError> {
    serde_json::to_string(&Kept { version, row }).map_err(corrupt)
}

pub(super) fn corrupt(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, error)
}
