//! A shop becomes a file.

use super::error::BackupError;
use super::format::{FORMAT, Header, ROWS_PER_PORTION};
use super::own::is_of_store;
use super::tables::TABLES;
use super::writer::{Writer, check_name};
use super::{Existing, Summary, off, state};
use crate::dialect::{Dialect, Purpose};
use crate::engine::Engine;
use ims_core::FORM_VERSION;
use ims_core::report::PageRequest;
use std::path::Path;

/// Writes what is in a database at this moment into a file.
pub(super) async fn save<D: Dialect>(
    engine: &Engine<D>,
    file: &Path,
    existing: Existing,
) -> Result<Summary, BackupError> {
    if engine.file().is_some_and(|store| is_of_store(file, store)) {
        return Err(BackupError::IsStore { file: file.to_owned() });
    }
    // Both are looked at again when the file gets its name; here that saves the work.
    check_name(file)?;
    if existing == Existing::Keep && file.exists() {
        return Err(BackupError::Exists { file: file.to_owned() });
    }
    let moment = Engine::new(engine.hold(Purpose::Look).await?);
    let header = Header {
        ims_backup: FORMAT,
        by: env!("CARGO_PKG_VERSION").to_owned(),
        schema: state::schema(&moment).await?,
        form: FORM_VERSION,
        newest: state::newest(&moment).await?,
        state_hash: state::hash(&moment).await?,
    };
    let file = file.to_owned();
    let ((), mut writer) = off((), move |()| Writer::create(&file, existing, &header)).await?;
    for table in TABLES {
        (writer, _) = off(writer, |writer| writer.begin(table)).await?;
        let mut page = PageRequest { limit: ROWS_PER_PORTION, ..PageRequest::default() };
        loop {
            let answer = moment.stored(table, &page).await?;
            (writer, _) = off(writer, move |writer| writer.rows(&answer.rows)).await?;
            match answer.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
    }
    off((), move |()| writer.finish()).await.map(|((), summary)| summary)
}
