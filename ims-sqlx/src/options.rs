//! How a database is opened.

use std::time::Duration;

/// When a change counts as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When it is on the disk: it survives a power cut.
    #[default]
    Full,
    /// SQLite: when the operating system has it. It survives a crash of the program; a power cut may take the last
    /// changes, and leaves the store whole. Servers keep to their own settings.
    Normal,
}

/// What becomes of a shop that is not there yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Its file and its tables are made.
    #[default]
    Create,
    /// Nothing is made: it is [`Missing`](ims_core::StoreErrorKind::Missing). The tables of an older version are still
    /// brought up to date.
    Refuse,
}

/// What [`crate::open`] may be told beside the URL.
///
/// ```
/// use std::time::Duration;
///
/// let mut options = ims_sqlx::OpenOptions::default();
/// options.connections = 16;
/// options.statement_timeout = Duration::from_secs(5);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OpenOptions {
    /// At most so many connections; 8 unless told, and 2 at least. Half of them are for lists and reports alone, so that no
    /// command waits for one. There is one more: for writing, and on PostgreSQL for rows that other processes write as well.
    pub connections: u32,
    /// How long a caller waits for a free connection; 30 s unless told.
    pub acquire_timeout: Duration,
    /// How long another writer's locks are waited for (SQLite: for the file), over all tries; 10 s unless told. After that
    /// the store is [`Unavailable`](ims_core::StoreErrorKind::Unavailable), and says so.
    pub lock_timeout: Duration,
    /// How long one load, commit or question may take altogether; 60 s unless told. A commit that has no answer by then
    /// is [`Unknown`](ims_core::StoreErrorKind::Unknown).
    pub statement_timeout: Duration,
    /// When a change counts as written.
    pub durability: Durability,
    /// What becomes of a shop that is not there yet.
    pub missing: Missing,
}

impl OpenOptions {
    /// How long a turn may last in which nothing is done: whoever stands still with one, such as a program that was stopped
    /// or a machine that sleeps, loses it before others have waited for their time.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn stalled_turn(&self) -> Duration {
        self.lock_timeout.checked_div(2).unwrap_or_default()
    }

    /// Connections for lists and reports.
    pub(crate) fn for_reports(&self) -> u32 {
        (self.connections / 2).max(1)
    }

    /// Connections for all else.
    pub(crate) fn for_commands(&self) -> u32 {
        self.connections.saturating_sub(self.for_reports()).max(1)
    }
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions {
            connections: 8,
            acquire_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(60),
            durability: Durability::default(),
            missing: Missing::default(),
        }
    }
}
