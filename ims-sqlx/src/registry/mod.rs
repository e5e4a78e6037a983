//! What a program around the shop has to remember: its users, keys, sessions, how far it has sent its messages.
//!
//! The engine never reads it and no rule depends on it. It is in the shop's database so that all instances of a program
//! share it, and so that a backup has it.

mod limits;
mod memory;
mod sql;

pub use limits::{BODY_BYTES, ENTRIES_PER_PAGE, KIND_BYTES, NAME_BYTES, Unfit};

use crate::SqlStore;
use crate::store::on_each;
use ims_core::{StoreError, StoreErrorKind, Timestamp};
use memory::Entries;
use std::fmt;

/// The registry of a database: entries with a kind and a name, each with a version. Cheap to clone: all clones are the
/// same registry, and one that belongs to a [`SqlStore`] uses its connections.
///
/// It has no clock: an entry whose time has come is there until [`sweep`](Registry::sweep) is called, and readers compare
/// [`Entry::expires_at`] themselves. It is not a part of the shop's state hash.
///
/// ```
/// use ims_sqlx::registry::{Expected, Registry, Written};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let registry = Registry::memory();
/// let first = registry.put("user", "ada", Expected::Absent, r#"{"role":"owner"}"#, None).await?;
/// assert_eq!(first, Written::Done { version: 1 });
/// let again = registry.put("user", "ada", Expected::Absent, r#"{"role":"clerk"}"#, None).await?;
/// assert_eq!(again, Written::Conflict, "she is there already");
/// # Ok::<(), ims_core::StoreError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Registry(Keeper);

/// Where the entries are.
#[derive(Clone)]
enum Keeper {
    Memory(Entries),
    Sql(SqlStore),
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, unique in its kind. Upper and lower case are different names.
    pub name: String,
    /// How often it was written: 1 at first. An entry that was deleted and is made anew begins with 1 again.
    pub version: u64,
    /// What it says: JSON by custom; the registry does not look into it.
    pub body: String,
    /// When it may be swept away; never where there is nothing.
    pub expires_at: Option<Timestamp>,
}

/// What a writer expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing of this name.
    Absent,
    /// The entry as it was seen.
    Version(u64),
    /// Whatever there is.
    Any,
}

/// What came of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a conflict is no error, and nothing was written then"]
pub enum Written {
    /// It is as it was told to be.
    Done {
        /// The version that is there now; 0 where nothing is.
        version: u64,
    },
    /// Something else was there than was expected. Nothing was written.
    Conflict,
}

impl Registry {
    /// Makes an empty registry that is kept nowhere, for stores that are kept nowhere.
    pub fn memory() -> Registry {
        Registry(Keeper::Memory(Entries::default()))
    }

    /// Reads an entry. There is none of a name that none can have.
    ///
    /// # Errors
    /// [`StoreError`] where the database cannot answer now.
    pub async fn get(&self, kind: &str, name: &str) -> Result<Option<Entry>, StoreError> {
        if limits::check_names(kind, name).is_err() {
            return Ok(None);
        }
        match &self.0 {
            Keeper::Memory(entries) => Ok(entries.get(kind, name)),
            Keeper::Sql(store) => sql::get(store, kind, name).await,
        }
    }

    /// Reads the entries of a kind whose names come after another, in the order of the bytes of their names: at most
    /// `limit`, and at most [`ENTRIES_PER_PAGE`].
    ///
    /// # Errors
    /// [`StoreError`] where the database cannot answer now.
    pub async fn list(&self, kind: &str, after: &str, limit: u32) -> Result<Vec<Entry>, StoreError> {
        if limits::check_names(kind, "").is_err() {
            return Ok(Vec::new());
        }
        let limit = limit.min(ENTRIES_PER_PAGE);
        match &self.0 {
            Keeper::Memory(entries) => Ok(entries.list(kind, after, limit)),
            Keeper::Sql(store) => sql::list(store, kind, after, limit).await,
        }
    }

    /// Writes an entry over what is expected. Of several writers that expect the same version, one is done.
    ///
    /// # Errors
    /// [`StoreErrorKind::OutOfRange`] with an [`Unfit`] for what is too long or has a NUL in it, and [`StoreError`] where
    /// the database cannot write now. With [`StoreErrorKind::Unknown`] it may have been written: read it to know.
    pub async fn put(
        &self,
        kind: &str,
        name: &str,
        expected: Expected,
        body: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<Written, StoreError> {
        limits::check(kind, name, body).map_err(|unfit| StoreError::new(StoreErrorKind::OutOfRange, unfit))?;
        match &self.0 {
            Keeper::Memory(entries) => Ok(entries.put(kind, name, expected, body, expires_at)),
            Keeper::Sql(store) => sql::put(store, kind, name, expected, body, expires_at).await,
        }
    }

    /// Takes an entry away. It is done, too, where nothing is there and nothing was expected.
    ///
    /// # Errors
    /// [`StoreError`] where the database cannot write now. With [`StoreErrorKind::Unknown`] it may be gone.
    pub async fn delete(&self, kind: &str, name: &str, expected: Expected) -> Result<Written, StoreError> {
        if limits::check_names(kind, name).is_err() {
            return Ok(nothing_there(expected));
        }
        match &self.0 {
            Keeper::Memory(entries) => Ok(entries.delete(kind, name, expected)),
            Keeper::Sql(store) => sql::delete(store, kind, name, expected).await,
        }
    }

    /// Tells the time by the clock of the database; nothing where there is no other clock than this program's.
    ///
    /// # Errors
    /// [`StoreError`] where the database cannot answer now.
    pub async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        match &self.0 {
            Keeper::Memory(_) => Ok(None),
            Keeper::Sql(store) => on_each!(store, engine => engine.clock().await).map(Some),
        }
    }

    /// Takes away all entries whose time has come: that expire at or before `now`. Tells how many there were.
    ///
    /// # Errors
    /// [`StoreError`] where the database cannot write now. With [`StoreErrorKind::Unknown`] they may be gone.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        match &self.0 {
            Keeper::Memory(entries) => Ok(entries.sweep(now)),
            Keeper::Sql(store) => sql::sweep(store, now).await,
        }
    }
}

/// What it means for a deletion that nothing is there.
fn nothing_there(expected: Expected) -> Written {
    match expected {
        Expected::Absent | Expected::Any => Written::Done { version: 0 },
        Expected::Version(_) => Written::Conflict,
    }
}

impl SqlStore {
    /// The registry in the same database, on the same connections.
    pub fn registry(&self) -> Registry {
        Registry(Keeper::Sql(self.clone()))
    }
}

impl fmt::Debug for Registry {
    /// Says nothing of the entries: some are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}
