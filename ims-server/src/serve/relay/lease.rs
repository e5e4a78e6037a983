//! Who relays, and how far it has come: one entry of the registry for each relay.
//!
//! The one instance that holds the lease writes the entry again and again. Another one takes it over when it has seen the
//! same version for as long as a lease lasts: by its own clock, so that clocks need not agree. Every write names the
//! version that was seen, so an instance that has lost its lease learns it from its next write; and it publishes nothing
//! after its last write is older than a lease.

use super::sink::Trouble;
use ims_core::{Offset, StoreError, StoreErrorKind, Timestamp};
use ims_sqlx::registry::{Entry, Expected, Registry, Written};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

/// The kind of these entries.
pub(super) const KIND: &str = "relay";

/// How far a relay is, and how it does: the body of its entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The kind of its broker.
    pub(crate) kind: Cow<'static, str>,
    /// The last event that was acknowledged, or passed over.
    pub(crate) position: Offset,
    /// The instance that relays.
    pub(crate) holder: Option<String>,
    /// How it does.
    pub(crate) state: State,
    /// Why the last try failed.
    pub(crate) last_error: Option<Cow<'static, str>>,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// When the first of them was.
    pub(crate) failing_since: Option<Timestamp>,
}

/// How a relay does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It sends what comes.
    Running,
    /// Its broker does not take anything; it tries again.
    Failing,
    /// It failed for too long; it waits until somebody enables it again.
    Disabled,
}

impl Record {
    /// A relay that has sent nothing.
    pub(super) fn new(kind: &'static str, position: Offset) -> Record {
        Record {
            kind: kind.into(),
            position,
            holder: None,
            state: State::Running,
            last_error: None,
            failures: 0,
            failing_since: None,
        }
    }

    /// Reads an entry.
    pub(super) fn of(entry: &Entry) -> Result<Record, StoreError> {
        serde_json::from_str(&entry.body).map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error))
    }

    fn body(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error))
    }

    /// Notes that messages were taken.
    pub(super) fn succeed(&mut self, position: Offset) {
        *self = Record {
            position,
            state: State::Running,
            last_error: None,
            failures: 0,
            failing_since: None,
            kind: std::mem::take(&mut self.kind),
            holder: self.holder.take(),
        };
    }

    /// Notes that messages were not taken.
    pub(super) fn fail(&mut self, trouble: Trouble, now: Timestamp) {
        self.state = State::Failing;
        self.last_error = Some(trouble.code().into());
        self.failures = self.failures.saturating_add(1);
        self.failing_since.get_or_insert(now);
    }

    /// Begins again after it was disabled.
    pub(super) fn enable(&mut self) {
        self.succeed(self.position);
    }
}

/// The right to relay.
#[derive(Debug)]
pub(super) struct Lease {
    registry: Registry,
    name: String,
    version: u64,
    /// When the last write began that is known to have been done.
    renewed: Instant,
    length: Duration,
    /// What the entry says, or will say when it is written next.
    pub(super) record: Record,
}

/// Whether a lease is still held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// As before.
    Still,
    /// It is, but somebody has moved the position or the state meanwhile: what was to be written was not.
    Changed,
    /// Another instance has it.
    Lost,
}

/// An instance that looks for a lease to take.
#[derive(Debug)]
pub(super) struct Watch {
    /// The version that was seen last, and since when.
    seen: Option<(u64, Instant)>,
}

impl Watch {
    /// Has seen nothing yet.
    pub(super) fn new() -> Watch {
        Watch { seen: None }
    }

    /// Takes the lease if nobody has it, or if its holder has shown no sign of life for as long as it lasts. Where there is
    /// no entry yet, `new` tells what it begins with, or that there is to be none.
    pub(super) async fn take(
        &mut self,
        registry: &Registry,
        (name, me): (&str, &str),
        length: Duration,
        new: impl AsyncFnOnce() -> Result<Option<Record>, StoreError>,
    ) -> Result<Option<Lease>, StoreError> {
        let now = Instant::now();
        let (expected, mut record) = match registry.get(KIND, name).await? {
            None => match new().await? {
                Some(record) => (Expected::Absent, record),
                None => return Ok(None),
            },
            Some(entry) => {
                let record = Record::of(&entry)?;
                let is_mine_to_take = record.holder.is_none() || self.is_dead(entry.version, now, length);
                if !is_mine_to_take {
                    return Ok(None);
                }
                (Expected::Version(entry.version), record)
            }
        };
        record.holder = Some(me.to_owned());
        match registry.put(KIND, name, expected, &record.body()?, None).await? {
            Written::Conflict => Ok(None),
            Written::Done { version } => {
                self.seen = None;
                let registry = registry.clone();
                Ok(Some(Lease { registry, name: name.to_owned(), version, renewed: now, length, record }))
            }
        }
    }

    fn is_dead(&mut self, version: u64, now: Instant, length: Duration) -> bool {
        match self.seen {
            Some((seen, since)) if seen == version => now.duration_since(since) >= length,
            _ => {
                self.seen = Some((version, now));
                false
            }
        }
    }
}

impl Lease {
    /// Writes the record, which renews the lease.
    pub(super) async fn write(&mut self) -> Result<Held, StoreError> {
        let began = Instant::now();
        let body = self.record.body()?;
        match self.registry.put(KIND, &self.name, Expected::Version(self.version), &body, None).await? {
            Written::Done { version } => {
                self.version = version;
                self.renewed = began;
                Ok(Held::Still)
            }
            Written::Conflict => self.look_again(began).await,
        }
    }

    async fn look_again(&mut self, began: Instant) -> Result<Held, StoreError> {
        let Some(entry) = self.registry.get(KIND, &self.name).await? else { return Ok(Held::Lost) };
        let record = Record::of(&entry)?;
        if record.holder != self.record.holder {
            return Ok(Held::Lost);
        }
        self.version = entry.version;
        self.renewed = began;
        self.record = record;
        Ok(Held::Changed)
    }

    /// Gives the lease up, so that another instance need not wait.
    pub(super) async fn release(mut self) -> Result<(), StoreError> {
        // Renewed first: the position may have been moved meanwhile.
        if self.write().await? != Held::Lost {
            self.record.holder = None;
            let body = self.record.body()?;
            // A conflict now is left alone: the lease ends by itself.
            let _ = self.registry.put(KIND, &self.name, Expected::Version(self.version), &body, None).await?;
        }
        Ok(())
    }

    /// Whether it should be renewed now.
    pub(super) fn is_due(&self) -> bool {
        self.renewed.elapsed() >= self.renew_every()
    }

    /// How often it is renewed.
    pub(super) fn renew_every(&self) -> Duration {
        self.length.checked_div(3).unwrap_or_default()
    }

    /// For how long it is certain that no other instance has it.
    pub(super) fn left(&self) -> Duration {
        self.length.saturating_sub(self.renewed.elapsed())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    async fn take(watch: &mut Watch, registry: &Registry, me: &str, length: Duration) -> Option<Lease> {
        watch.take(registry, ("a", me), length, async || Ok(Some(Record::new("kafka", Offset(3))))).await.unwrap()
    }

    #[tokio::test]
    async fn one_of_two_instances_relays() {
        let registry = Registry::memory();
        let mut first = take(&mut Watch::new(), &registry, "one", LONG).await.unwrap();
        let mut other = Watch::new();
        assert!(take(&mut other, &registry, "two", LONG).await.is_none());
        first.record.position = Offset(7);
        assert_eq!(first.write().await.unwrap(), Held::Still);
        first.release().await.unwrap();
        let second = take(&mut other, &registry, "two", LONG).await.unwrap();
        assert_eq!(second.record.position, Offset(7));
    }

    #[tokio::test]
    async fn a_dead_instances_lease_is_taken_over_and_its_late_write_comes_to_nothing() {
        let registry = Registry::memory();
        let mut first = take(&mut Watch::new(), &registry, "one", Duration::ZERO).await.unwrap();
        let mut other = Watch::new();
        assert!(take(&mut other, &registry, "two", Duration::ZERO).await.is_none(), "it has to be watched first");
        let second = take(&mut other, &registry, "two", Duration::ZERO).await.unwrap();
        first.record.position = Offset(9);
        assert_eq!(first.write().await.unwrap(), Held::Lost);
        first.release().await.unwrap();
        assert_eq!(Record::of(&registry.get(KIND, "a").await.unwrap().unwrap()).unwrap(), second.record);
    }

    #[tokio::test]
    async fn a_sign_of_life_keeps_the_lease() {
        let registry = Registry::memory();
        let mut first = take(&mut Watch::new(), &registry, "one", Duration::ZERO).await.unwrap();
        let mut other = Watch::new();
        for _ in 0..3 {
            assert!(take(&mut other, &registry, "two", Duration::ZERO).await.is_none());
            assert_eq!(first.write().await.unwrap(), Held::Still);
        }
    }

    #[tokio::test]
    async fn a_position_that_was_moved_is_not_written_over() {
        let registry = Registry::memory();
        let mut lease = take(&mut Watch::new(), &registry, "one", LONG).await.unwrap();
        let entry = registry.get(KIND, "a").await.unwrap().unwrap();
        let moved = Record { position: Offset(1), ..Record::of(&entry).unwrap() };
        let written = registry.put(KIND, "a", Expected::Version(entry.version), &moved.body().unwrap(), None).await;
        assert_eq!(written.unwrap(), Written::Done { version: 2 });
        lease.record.position = Offset(9);
        assert_eq!(lease.write().await.unwrap(), Held::Changed);
        assert_eq!(lease.record.position, Offset(1));
    }
}
