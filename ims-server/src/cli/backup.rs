//! `ims backup` and `ims restore`

use crate::{
    failure::{Failure, Outcome},
    output::{self, Out},
    store_url::{self, Purpose},
};
use clap::Args;
use ims_core::{Store as _, StoreErrorKind};
use ims_sqlx::{
    OpenOptions,
    backup::{self, BackupError, Existing, Summary},
};
use serde::Serialize;
use std::path::PathBuf;

/// Writes a whole shop into one file.
#[derive(Args, Debug)]
#[command(after_help = "\
The file has everything as of one moment, also while others go on selling, and
only its owner may read it. `ims restore` puts it into an empty store of any
kind: this is how a shop goes from SQLite to PostgreSQL, too.")]
pub(super) struct Backup {
    /// The file to write
    file: PathBuf,
    /// Replace the file if it is there already, when the new one is whole
    #[arg(long)]
    replace: bool,
}

/// Fills an empty store from a backup.
#[derive(Args, Debug)]
#[command(after_help = "\
The store must be empty; a SQLite file is made where there is none. It is filled
whole or not at all: after an interruption it is empty, and the same command can
be given again.")]
pub(super) struct Restore {
    /// The file that `ims backup` wrote
    file: PathBuf,
}

/// What to do where a backup does not fit.
const RESTORE_AGAIN: &str = "make room, and give the same command again: the store is empty as it was before";

/// What was backed up or restored.
#[derive(Serialize)]
struct Done {
    file: String,
    rows: u64,
    events: u64,
    state_hash: String,
}

impl Backup {
    pub(super) async fn run(self, store: &str, out: &Out) -> Outcome {
        let existing = if self.replace { Existing::Replace } else { Existing::Keep };
        let store = store_url::open_database(store, Purpose::Use).await?;
        out.say("Writing everything …");
        let done = backup::back_up(&store, &self.file, existing).await;
        store.close().await;
        let summary = done?;
        tell(out, "backed up", &self.file, summary)
    }
}

impl Restore {
    pub(super) async fn run(self, store: &str, out: &Out) -> Outcome {
        store_url::check_database(store)?;
        out.say("Reading the backup, and writing what is in it …");
        let summary = backup::restore(&self.file, store, OpenOptions::default()).await?;
        tell(out, "restored", &self.file, summary)
    }
}

fn tell(out: &Out, done: &str, file: &std::path::Path, summary: Summary) -> Outcome {
    let Summary { rows, newest, state_hash, .. } = summary;
    let file = file.display().to_string();
    let (row_count, event_count) = (output::count(rows), output::count(newest.0));
    let text = format!("{done}: {row_count} rows, {event_count} events, {file}\nstate hash {state_hash}");
    out.one(&text, &Done { file, rows, events: newest.0, state_hash })
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Failure {
        let (code, message) = (error.code(), error.to_string());
        match error {
            BackupError::Store(error) => Failure::from(error).hint_at(StoreErrorKind::Full.code(), RESTORE_AGAIN),
            BackupError::NotEmpty { table } => Failure::refused(code, message)
                .field("table", table)
                .hint("name a new store with --store: a backup is never mixed with what is there"),
            BackupError::OtherState { .. } | BackupError::Stopped(_) => Failure::store(code, message),
            BackupError::Exists { .. } => Failure::usage(code, message).hint("--replace writes over it"),
            BackupError::IsStore { .. } | BackupError::NotAFile { .. } => {
                Failure::usage(code, message).hint("name another file")
            }
            BackupError::Full { .. } => Failure::usage(code, message).hint("make room, or name a file on another disk"),
            BackupError::CutOff { .. } | BackupError::Damaged { .. } => {
                Failure::usage(code, message).hint("copy it again, or take another backup; nothing was changed")
            }
            BackupError::Newer { .. } => Failure::usage(code, message).hint("use a newer version of ims"),
            BackupError::Older { by, .. } => Failure::usage(code, message)
                .hint(format!("restore it with version {by} of ims, and go on with this one on the same store")),
            _ => Failure::usage(code, message),
        }
    }
}
