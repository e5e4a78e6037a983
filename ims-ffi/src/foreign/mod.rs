//! A store that is written in the other language, on whatever database the app has.
//!
//! The app keeps texts under keys, and one number that counts the writes. That is all it has to know: which rows there
//! are, what guards them and what a report says of them is done here.

mod commit;
mod key;
mod load;
mod report;
mod rows;
mod scan;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use store::ForeignStore;

use crate::StoreErrorKind;
use async_trait::async_trait;
use ims_core::StoreError;

/// Keeps rows in a database of the app's own: texts under keys, and a revision that counts the writes, 0 at first.
///
/// Keys are of printable ASCII and compared byte by byte. Both functions may be called from any thread. They are safe to
/// be cancelled if a write is one transaction. A call that has no end within 30 s is given up: while reading the store
/// counts as out of reach, while writing the outcome is unknown, and the command's id settles it.
#[uniffi::export(foreign)]
#[async_trait]
pub trait KeyedStore: Send + Sync {
    /// Reads the rows in each range, in ascending order of their keys, and the revision, all as of one moment.
    async fn read(&self, ranges: Vec<KeyRange>) -> Result<KeyedRows, KeyedStoreError>;

    /// Writes all or nothing, durably: if the revision is still the one that was seen, it becomes one more, the rows are
    /// put in place of those with the same keys, and those to be removed are removed. Otherwise nothing is written, and
    /// the answer is false.
    async fn write(&self, change: KeyedWrite) -> Result<bool, KeyedStoreError>;
}

/// The first rows of those with a key from `first` up to and including `last`.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KeyRange {
    /// The smallest key.
    pub first: String,
    /// The largest key; the same as `first` where one row is asked for.
    pub last: String,
    /// At most so many rows.
    pub limit: u32,
}

/// A text under a key.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KeyedRow {
    /// Its key.
    pub key: String,
    /// Its text.
    pub text: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct KeyedRows {
    /// How often the store has been written to.
    pub revision: u64,
    /// The rows of all ranges, one range after the other.
    pub rows: Vec<KeyedRow>,
}

/// What is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct KeyedWrite {
    /// The revision that was seen.
    pub seen: u64,
    /// Rows to be put in place of those with the same keys.
    pub put: Vec<KeyedRow>,
    /// Keys of rows to be removed.
    pub remove: Vec<String>,
}

/// What a store throws that cannot do what it was asked.
///
/// Whatever else it throws counts as out of reach while reading, and as an unknown outcome while writing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyedStoreError {
    /// It failed.
    #[error("{reason}")]
    Failed {
        /// Whether a retry can help, and whether anything may have been written.
        kind: StoreErrorKind,
        /// What went wrong.
        reason: String,
    },
    /// It threw something that it did not declare.
    #[error("{reason}")]
    Unexpected {
        /// What it threw.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyedStoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        KeyedStoreError::Unexpected { reason: error.reason }
    }
}

impl KeyedStoreError {
    pub(crate) fn while_reading(self) -> StoreError {
        self.or(ims_core::StoreErrorKind::Unavailable)
    }

    fn while_writing(self) -> StoreError {
        self.or(ims_core::StoreErrorKind::Unknown)
    }

    fn or(self, unexpected: ims_core::StoreErrorKind) -> StoreError {
        match self {
            KeyedStoreError::Failed { kind, reason } => StoreError::new(kind.into(), reason),
            KeyedStoreError::Unexpected { reason } => StoreError::new(unexpected, reason),
        }
    }
}
