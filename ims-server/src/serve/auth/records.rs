//! What the gate remembers, in the registry: one kind of entry for each type.

use crate::{serve::Problem, session::now};
use ims_core::{
    StoreError, Timestamp,
    report::{Cursor, Page, PageRequest},
};
use ims_sqlx::{
    Registry,
    registry::{ENTRIES_PER_PAGE, Entry, Expected, Written},
};
use serde::{Serialize, de::DeserializeOwned};

/// Tries of a change that meets other writers.
const MOST_TRIES: u32 = 20;
/// Rows of a page where no number is asked for.
const ROWS: u32 = 100;

/// Something that is remembered.
pub(super) trait Record: Serialize + DeserializeOwned {
    /// What the registry calls its kind.
    const KIND: &'static str;

    /// Its name, unique in its kind.
    fn key(&self) -> String;

    /// When it is forgotten, if it is.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
}

/// A record as it was read.
#[derive(Clone, Debug)]
pub(super) struct Read<T> {
    /// What it says.
    pub(super) record: T,
    /// Which version of it that is.
    pub(super) version: u64,
}

/// All records.
#[derive(Clone, Debug)]
pub(super) struct Records {
    registry: Registry,
}

impl Records {
    /// The records of a registry.
    pub(super) fn new(registry: Registry) -> Records {
        Records { registry }
    }

    /// Reads a record, unless its time has come.
    pub(super) async fn get<T: Record>(&self, key: &str) -> Result<Option<Read<T>>, Problem> {
        let found = self.registry.get(T::KIND, key).await?;
        found.filter(is_alive).map(read).transpose()
    }

    /// Reads a page of the records, by name.
    pub(super) async fn page<T: Record>(&self, page: &PageRequest) -> Result<Page<T>, Problem> {
        let after = page.after.as_ref().map_or("", |Cursor(after)| after);
        let limit = if page.limit == 0 { ROWS } else { page.limit.min(ENTRIES_PER_PAGE) };
        let entries = self.registry.list(T::KIND, after, limit).await?;
        let is_full = u32::try_from(entries.len()).is_ok_and(|entries| entries >= limit);
        let next = entries.last().filter(|_| is_full).map(|last| Cursor(last.name.clone()));
        let alive = entries.into_iter().filter(is_alive);
        let rows = alive.map(|entry| Ok(read(entry)?.record)).collect::<Result<_, Problem>>()?;
        Ok(Page { rows, next })
    }

    /// Reads the records whose names begin with a text.
    pub(super) async fn beginning_with<T: Record>(&self, prefix: &str) -> Result<Vec<T>, Problem> {
        let mut records = Vec::new();
        let mut after = prefix.to_owned();
        loop {
            let entries = self.registry.list(T::KIND, &after, ENTRIES_PER_PAGE).await?;
            let Some(last) = entries.last() else { return Ok(records) };
            after.clone_from(&last.name);
            for entry in entries {
                if !entry.name.starts_with(prefix) {
                    return Ok(records);
                }
                if is_alive(&entry) {
                    records.push(read(entry)?.record);
                }
            }
        }
    }

    /// Writes a record of a name that nothing has. `Conflict` where something has it.
    pub(super) async fn add<T: Record>(&self, record: &T) -> Result<Written, Problem> {
        self.put(record, Expected::Absent).await
    }

    /// Writes a record in place of the version that was read.
    pub(super) async fn replace<T: Record>(&self, record: &T, version: u64) -> Result<Written, Problem> {
        self.put(record, Expected::Version(version)).await
    }

    /// Writes a record, whatever is there.
    pub(super) async fn set<T: Record>(&self, record: &T) -> Result<(), Problem> {
        match self.put(record, Expected::Any).await? {
            Written::Done { .. } => Ok(()),
            Written::Conflict => Err(busy()),
        }
    }

    /// Changes a record, again if others change it at the same time. `None` where there is none.
    pub(super) async fn change<T: Record>(
        &self,
        key: &str,
        mut change: impl FnMut(&mut T) -> Result<(), Problem>,
    ) -> Result<Option<T>, Problem> {
        for _ in 0..MOST_TRIES {
            let Some(Read { mut record, version }) = self.get::<T>(key).await? else { return Ok(None) };
            change(&mut record)?;
            if self.replace(&record, version).await? != Written::Conflict {
                return Ok(Some(record));
            }
        }
        Err(busy())
    }

    /// Forgets a record.
    pub(super) async fn forget<T: Record>(&self, key: &str) -> Result<(), Problem> {
        match self.registry.delete(T::KIND, key, Expected::Any).await? {
            Written::Done { .. } => Ok(()),
            Written::Conflict => Err(busy()),
        }
    }

    /// Takes a record that may be used once: of several takers, one has it.
    pub(super) async fn take<T: Record>(&self, key: &str, version: u64) -> Result<Written, Problem> {
        Ok(self.registry.delete(T::KIND, key, Expected::Version(version)).await?)
    }

    /// Forgets all whose time has come.
    pub(super) async fn sweep(&self) -> Result<u64, StoreError> {
        self.registry.sweep(now()).await
    }

    async fn put<T: Record>(&self, record: &T, expected: Expected) -> Result<Written, Problem> {
        let body = serde_json::to_string(record)
            .map_err(|error| Problem::internal(format!("a {} cannot be written: {error}", T::KIND)))?;
        Ok(self.registry.put(T::KIND, &record.key(), expected, &body, record.expires_at()).await?)
    }
}

fn is_alive(entry: &Entry) -> bool {
    entry.expires_at.is_none_or(|expires_at| expires_at > now())
}

fn read<T: Record>(entry: Entry) -> Result<Read<T>, Problem> {
    let record = serde_json::from_str(&entry.body).map_err(|_| {
        // What it says may be a secret.
        tracing::error!(kind = T::KIND, name = ?entry.name, "an entry of the registry cannot be read");
        Problem::internal("the server cannot read what it remembered")
    })?;
    Ok(Read { record, version: entry.version })
}

fn busy() -> Problem {
    let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
    Problem::new(status, "contended", "others keep changing the same; send the request again").retry_after(1)
}
