//! A shop in one file, taken while others go on selling, and put back into an empty database of any kind.
//!
//! [`back_up`] reads everything as of one moment: all tables, versions, answers to commands, the log, the registry.
//! [`restore`] writes it whole or not at all. [`read`] proves that a file is whole. What is in a file is in
//! `docs/adr/0011-a-backup-is-rows-in-one-file.md`.
//!
//! ```
//! # let folder = std::env::temp_dir().join(format!("ims-backup-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let in_folder = |name: &str| folder.join(name);
//! # let url = |name: &str| format!("sqlite:{}", in_folder(name).display());
//! # let (old, new, file) = (url("old.db"), url("new.db"), in_folder("shop.imsb"));
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
//! use ims_sqlx::backup::{Existing, back_up, restore};
//!
//! let shop = ims_sqlx::open(&old, Default::default()).await?;
//! let saved = back_up(&shop, &file, Existing::Keep).await?;
//! let restored = restore(&file, &new, Default::default()).await?;
//! assert_eq!(restored.state_hash, saved.state_hash);
//! # Ok::<(), ims_sqlx::backup::BackupError>(()) })?;
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cells;
mod error;
mod format;
mod own;
mod reader;
mod restore;
mod save;
mod state;
mod tables;
mod writer;

pub use error::{BackupError, IsBackup};
pub use format::FORMAT;

use crate::store::on_each;
use crate::{OpenOptions, SqlStore};
use ims_core::{Offset, Store as _};
use reader::Reader;
use std::path::Path;

/// What to do with a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Keep,
    /// It is replaced when the new one is whole. A folder, a symbolic link or a device is not: that is refused.
    Replace,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Rows of all tables.
    pub rows: u64,
    /// The newest event.
    pub newest: Offset,
    /// The hash of the shop's state, as `ims verify` tells it.
    pub state_hash: String,
}

/// Writes all that is in a store at this moment into a file. Others can go on writing meanwhile. The file appears under
/// its name when it is whole and on the disk; only its owner may read it. The store's own files are never replaced, by
/// whatever path they are named.
///
/// # Errors
/// [`BackupError`]; nothing has changed then.
pub async fn back_up(store: &SqlStore, file: &Path, existing: Existing) -> Result<Summary, BackupError> {
    on_each!(store, engine => save::save(engine, file, existing).await)
}

/// Reads a backup to its end and proves that it is whole.
///
/// # Errors
/// [`BackupError`] where it is not.
pub async fn read(file: &Path) -> Result<Summary, BackupError> {
    let file = file.to_owned();
    off((), move |()| Reader::open(&file)?.read_through()).await.map(|((), summary)| summary)
}

/// Fills the database that a URL names from a backup, whole or not at all. It has to be empty; where there is no SQLite
/// file yet, one is made. The file is read to its end before the database is opened.
///
/// # Errors
/// [`BackupError`]; the database is empty as it was then, but for [`StoreErrorKind::Unknown`](ims_core::StoreErrorKind):
/// then it may hold all of the backup.
pub async fn restore(file: &Path, url: &str, options: OpenOptions) -> Result<Summary, BackupError> {
    read(file).await?;
    let store = crate::open(url, options).await?;
    let done = on_each!(&store, engine => restore::restore(engine, file).await);
    store.close().await;
    done
}

/// Whether a file is a backup, of this version or a newer one. It need not be whole.
#[cfg(feature = "sqlite")]
pub(crate) fn is_backup(file: &Path) -> bool {
    matches!(Reader::open(file), Ok(_) | Err(BackupError::Newer { .. } | BackupError::Older { .. }))
}

/// Does work with a file where it may wait for the disk, and gives the file back.
async fn off<T: Send + 'static, R: Send + 'static>(
    mut file: T,
    work: impl FnOnce(&mut T) -> Result<R, BackupError> + Send + 'static,
) -> Result<(T, R), BackupError> {
    let worked = tokio::task::spawn_blocking(move || work(&mut file).map(|result| (file, result))).await;
    worked.unwrap_or_else(|stopped| Err(BackupError::Stopped(stopped.to_string())))
}
