use ims_core::StoreError;
use std::io;
use std::path::{Path, PathBuf};

/// Why there is no backup, or why it was not restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be read or written.
    #[error("{}: {source}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The disk is full.
    #[error("there is no room for {}: {source}", file.display())]
    Full {
        /// Which file.
        file: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// There is a file of this name.
    #[error("{} is there already", file.display())]
    Exists {
        /// Which file.
        file: PathBuf,
    },
    /// It is a file of the store that was to be backed up.
    #[error("{} is a file of the store itself: a backup would write over the shop", file.display())]
    IsStore {
        /// Which file.
        file: PathBuf,
    },
    /// Something other than a file has this name.
    #[error("{} is {what} and no file of its own: it is left as it is", file.display())]
    NotAFile {
        /// Its name.
        file: PathBuf,
        /// What it is: `a folder`, `a symbolic link` and the like.
        what: &'static str,
    },
    /// It is a file of another kind.
    #[error("{} is not a backup of a shop", file.display())]
    Foreign {
        /// Which file.
        file: PathBuf,
    },
    /// It was written by a newer version of this software.
    #[error("{} was written by version {by}, which is newer than this one", file.display())]
    Newer {
        /// Which file.
        file: PathBuf,
        /// The version that wrote it.
        by: String,
    },
    /// It was written by an older version of this software, which kept rows in another form.
    #[error("{} was written by version {by}, which kept a shop in another form", file.display())]
    Older {
        /// Which file.
        file: PathBuf,
        /// The version that wrote it.
        by: String,
    },
    /// Its end is missing.
    #[error("{} is cut off: its end is missing", file.display())]
    CutOff {
        /// Which file.
        file: PathBuf,
    },
    /// It is not as it was written.
    #[error("{} is damaged at line {line}: {what}", file.display())]
    Damaged {
        /// Which file.
        file: PathBuf,
        /// Which line of what is packed in it, from 1.
        line: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// Something is in the store.
    #[error("the store is not empty: there are rows in its table {table}")]
    NotEmpty {
        /// A table that has rows.
        table: &'static str,
    },
    /// What was written does not add up to what was backed up. It was taken back.
    #[error("what was restored has the state hash {found}, and what was backed up had {expected}; it was taken back")]
    OtherState {
        /// The hash in the file.
        expected: String,
        /// The hash of what was written.
        found: String,
    },
    /// The work on the file was broken off.
    #[error("the work on the file was broken off: {0}")]
    Stopped(String),
}

/// A backup was to be opened as if it were a store: the source of a [`StoreError`].
#[derive(Debug, thiserror::Error)]
#[error("{} is a backup of a shop: restore it into an empty store, and open that", file.display())]
#[non_exhaustive]
pub struct IsBackup {
    /// Which file.
    pub file: PathBuf,
}

impl BackupError {
    /// Says that the operating system could not do something with a file.
    pub(super) fn of_io(file: &Path, source: io::Error) -> Self {
        let file = file.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BackupError::Full { file, source },
            _ => BackupError::File { file, source },
        }
    }

    /// A code for programs, that stays as it is.
    pub fn code(&self) -> &'static str {
        match self {
            BackupError::Store(error) => error.kind.code(),
            BackupError::File { .. } => "backup_file",
            BackupError::Full { .. } => "backup_full",
            BackupError::Exists { .. } => "backup_exists",
            BackupError::IsStore { .. } => "backup_is_store",
            BackupError::NotAFile { .. } => "backup_not_a_file",
            BackupError::Foreign { .. } => "backup_foreign",
            BackupError::Newer { .. } => "backup_newer",
            BackupError::Older { .. } => "backup_older",
            BackupError::CutOff { .. } => "backup_cut_off",
            BackupError::Damaged { .. } => "backup_damaged",
            BackupError::NotEmpty { .. } => "store_not_empty",
            BackupError::OtherState { .. } => "backup_other_state",
            BackupError::Stopped(_) => "backup_stopped",
        }
    }
}
