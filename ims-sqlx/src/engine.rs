//! What every database does in the same way: load, commit, read the log.

use crate::dialect::{Abandoned, Ask, Dialect, Effect, Line, Moment, Purpose, Reading, Unanswered, unwritable};
use crate::load::{self, Load};
use crate::log;
use crate::plan::{CatalogMay, Plan};
use crate::report::paging::Listing;
use crate::sql::Sql;
use crate::value::{Fields, Kind, Row};
use ims_core::{
    ChangeSet, Conflict, Connections, EventPage, Loaded, Offset, Outcome, ReadSet, StoreError, StoreErrorKind,
    Timestamp, limits,
};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Tries of what the database broke off and that may be made again: deadlocks, serialization failures, connections that
/// were lost while nobody used them.
const TRIES: u32 = 8;
/// The longest wait before another try.
const LONGEST_PAUSE_MS: u64 = 50;

/// A store on one kind of database.
#[derive(Clone, Debug)]
pub(crate) struct Engine<D> {
    dialect: D,
    /// How long locks of others are waited for.
    patience: Duration,
    beside: Beside,
}

/// Whether others write to the catalogue at this time: then it costs less to look at what they wrote than to be told again
/// and again that it was something. Counts the changes for which that is still expected.
#[derive(Clone, Debug, Default)]
struct Beside(Arc<AtomicU32>);

impl Beside {
    /// So many changes after others wrote to the catalogue it is not expected any more.
    const CHANGES: u32 = 64;

    fn catalog_may(&self) -> CatalogMay {
        if self.0.load(Ordering::Relaxed) > 0 { CatalogMay::Move } else { CatalogMay::Stay }
    }

    fn note(&self, outcome: &Result<Outcome, StoreError>) {
        match outcome {
            Ok(Outcome::Conflict(Conflict { catalog: true, .. })) => self.0.store(Self::CHANGES, Ordering::Relaxed),
            // Where it went well, somebody else may count down at the same time: one more or less does not matter.
            Ok(Outcome::Done { .. }) => {
                self.0.store(self.0.load(Ordering::Relaxed).saturating_sub(1), Ordering::Relaxed)
            }
            Ok(Outcome::Conflict(_)) | Err(_) => {}
        }
    }
}

impl<D: Ask> Engine<D> {
    /// Makes a store of an opened database.
    pub(crate) fn new(dialect: D) -> Self {
        Engine { dialect, patience: Duration::MAX, beside: Beside::default() }
    }

    /// Waits no longer than this for locks of others, over all tries.
    pub(crate) fn patient(self, patience: Duration) -> Self {
        Engine { patience, ..self }
    }

    /// Loads rows as of one moment.
    pub(crate) fn load(&self, keys: &ReadSet) -> impl Future<Output = Result<Loaded, StoreError>> + Send + use<D> {
        let (questions, reader) = Load::of(keys).split();
        let answers = self.ask(questions);
        async move { reader.read(answers.await?) }
    }

    /// Reads the log.
    pub(crate) async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        log::read(self.log_page(after, limit).await?)
    }

    /// Reads the log as it is stored. Where its events are large, a page has fewer of them.
    pub(crate) async fn log_page(&self, after: Offset, limit: u32) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut limit = limit.min(limits::EVENTS_PER_PAGE);
        loop {
            let reading = if limit > 1 { Reading::LOG } else { Reading::LOG.whole() };
            match self.answer(log::questions(after, limit), reading).await {
                Err(Unanswered::TooLarge) => limit = fewer(limit),
                answered => return Ok(answered?),
            }
        }
    }

    /// Asks questions as of one moment, on a connection of commands.
    pub(crate) fn ask(
        &self,
        questions: Vec<Sql>,
    ) -> impl Future<Output = Result<Vec<Vec<Row>>, StoreError>> + Send + use<D> {
        let answered = self.answer(questions, Reading::ROWS);
        async move { answered.await.map_err(StoreError::from) }
    }

    /// Asks one question on a connection of commands.
    pub(crate) async fn ask_one(&self, question: Sql) -> Result<Vec<Row>, StoreError> {
        Ok(self.ask(vec![question]).await?.pop().unwrap_or_default())
    }

    /// Asks for what is summed up, as of one moment, on a connection of reports.
    pub(crate) async fn report(&self, questions: Vec<Sql>) -> Result<Vec<Vec<Row>>, StoreError> {
        self.answer(questions, Reading::REPORT).await.map_err(StoreError::from)
    }

    /// Asks for a page of a list, as of one moment, on a connection of reports. Where its rows are large, it becomes a page
    /// of fewer rows.
    pub(crate) async fn list(
        &self,
        listing: &mut Listing,
        questions: impl Fn(&Listing) -> Vec<Sql>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        loop {
            let reading = if listing.rows() > 1 { Reading::REPORT } else { Reading::REPORT.whole() };
            match self.answer(questions(listing), reading).await {
                Err(Unanswered::TooLarge) => listing.shorten(),
                answered => return answered.map_err(StoreError::from),
            }
        }
    }

    /// Asks for a page of a list by one question.
    pub(crate) async fn list_one(
        &self,
        listing: &mut Listing,
        question: impl Fn(&Listing) -> Sql,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(self.list(listing, |listing| vec![question(listing)]).await?.pop().unwrap_or_default())
    }

    fn answer(
        &self,
        questions: Vec<Sql>,
        reading: Reading,
    ) -> impl Future<Output = Result<Vec<Vec<Row>>, Unanswered>> + Send + use<D> {
        let (dialect, patience) = (self.dialect.clone(), self.patience);
        // On the heap, as on a task of its own: whoever waits for it may be deep inside others.
        let answering = Box::pin(async move { again(patience, || dialect.ask(&questions, reading)).await });
        async move {
            if reading.line == Line::Reports && D::WITHOUT_ITS_ASKER == Abandoned::Ends {
                return answering.await;
            }
            let stopped = |stopped| Err(StoreError::new(StoreErrorKind::Unavailable, stopped).into());
            undropped(answering).await.unwrap_or_else(stopped)
        }
    }
}

impl<D: Dialect> Engine<D> {
    /// Writes a change whole or not at all.
    pub(crate) async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.write_change(None, change).await
    }

    /// Takes a turn for rows.
    pub(crate) async fn take_turn(&self, keys: &ReadSet) -> Result<D::Turn, StoreError> {
        let (dialect, patience, locks) = (self.dialect.clone(), self.patience, load::locks(keys));
        held(undropped(async move { again(patience, || dialect.take_turn(&locks)).await })).await
    }

    /// Locks more rows in a turn.
    pub(crate) async fn extend_turn(&self, turn: D::Turn, keys: &ReadSet) -> Result<D::Turn, StoreError> {
        let (dialect, locks) = (self.dialect.clone(), load::locks(keys));
        held(undropped(async move { dialect.extend_turn(turn, &locks).await })).await
    }

    /// Writes a change whole or not at all, in a turn, which ends with it.
    pub(crate) async fn commit_in(&self, turn: D::Turn, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.write_change(Some(turn), change).await
    }

    async fn write_change(&self, turn: Option<D::Turn>, change: ChangeSet) -> Result<Outcome, StoreError> {
        let (dialect, patience, beside) = (self.dialect.clone(), self.patience, self.beside.clone());
        undropped(async move {
            let plan = Plan::of(&change, beside.catalog_may())?;
            let in_turn = match turn {
                Some(turn) => Some(dialect.commit_in(turn, &plan).await),
                None => None,
            };
            let outcome = match in_turn {
                // Whatever broke it off, the turn is over; without one the change is still whole or not at all.
                Some(Err(error)) if error.may_pass() => again(patience, || dialect.commit(&plan)).await,
                Some(outcome) => outcome,
                None => again(patience, || dialect.commit(&plan)).await,
            };
            beside.note(&outcome);
            match outcome {
                Ok(Outcome::Conflict(conflict)) => Ok(Outcome::Conflict(tell_all(&dialect, &plan, conflict).await?)),
                outcome => outcome,
            }
        })
        .await
        .unwrap_or_else(|stopped| Err(StoreError::new(StoreErrorKind::Unknown, stopped)))
        .map_err(unwritable)
    }

    /// Makes a statement that stands by itself.
    pub(crate) async fn write(&self, statement: Sql) -> Result<Effect, StoreError> {
        let (dialect, patience) = (self.dialect.clone(), self.patience);
        undropped(async move { again(patience, || dialect.write(&statement)).await })
            .await
            .unwrap_or_else(|stopped| Err(StoreError::new(StoreErrorKind::Unknown, stopped)))
            .map_err(unwritable)
    }

    /// The file on this machine that the database is in, where it is in one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.dialect.file()
    }

    /// Counts its connections.
    pub(crate) fn connections(&self) -> Connections {
        self.dialect.connections()
    }

    /// Begins a transaction that is held open, to be asked as a store is.
    pub(crate) async fn hold(&self, purpose: Purpose) -> Result<Moment<D::Held>, StoreError> {
        again(self.patience, || self.dialect.hold(purpose)).await.map(Moment::of)
    }

    /// Tells the time by the clock of the database.
    pub(crate) async fn clock(&self) -> Result<Timestamp, StoreError> {
        let rows = self.ask_one(Sql::new([Kind::Int], D::CLOCK)).await?;
        let row = rows.into_iter().next().unwrap_or_default();
        Fields::of("clock", row).next("now")
    }

    /// Waits for what is being done, and closes all connections.
    pub(crate) async fn close(&self) {
        self.dialect.close().await;
    }
}

/// A database tells the first thing that had changed. Whether a command was answered already is worth knowing beside it:
/// then its answer can be loaded and nothing has to be decided again.
async fn tell_all(dialect: &impl Dialect, plan: &Plan<'_>, conflict: Conflict) -> Result<Conflict, StoreError> {
    let Some(question) = plan.witness().filter(|_| !conflict.commands) else { return Ok(conflict) };
    let answered = dialect.ask(&[question], Reading::ROWS).await?;
    Ok(Conflict { commands: !answered.iter().all(Vec::is_empty), ..conflict })
}

/// Does what the database broke off once more, a few times. Where that was because others hold a lock, it is waited for
/// `patience` and no longer: whoever holds it for so long may hold it for ever.
async fn again<T, E: MayPass, F: Future<Output = Result<T, E>>>(
    patience: Duration,
    mut work: impl FnMut() -> F,
) -> Result<T, E> {
    let (mut attempt, began): (u32, Instant) = (0, Instant::now());
    loop {
        attempt = attempt.saturating_add(1);
        match work().await {
            Err(error) if error.may_pass() && began.elapsed() >= patience => return Err(error.kept_locked(patience)),
            Err(error) if error.may_pass() && attempt < TRIES => pause(attempt).await,
            outcome => return outcome,
        }
    }
}

/// Whether the same may be done once more.
trait MayPass {
    fn may_pass(&self) -> bool;

    /// Says that others keep a lock, and have done so for this long.
    fn kept_locked(self, patience: Duration) -> Self;
}

impl MayPass for StoreError {
    fn may_pass(&self) -> bool {
        self.kind == StoreErrorKind::Retry
    }

    fn kept_locked(self, patience: Duration) -> Self {
        let waited_ms = patience.as_millis();
        let why = format!("somebody else has kept a lock for {waited_ms} ms (lock_timeout): {}", self.source);
        StoreError::new(StoreErrorKind::Unavailable, why)
    }
}

impl MayPass for Unanswered {
    fn may_pass(&self) -> bool {
        matches!(self, Unanswered::Failed(error) if error.may_pass())
    }

    fn kept_locked(self, patience: Duration) -> Self {
        match self {
            Unanswered::Failed(error) => Unanswered::Failed(error.kept_locked(patience)),
            other => other,
        }
    }
}

/// So many rows, where as many as that are too large: a quarter, and one at least.
pub(crate) fn fewer(rows: u32) -> u32 {
    (rows / 4).max(1)
}

/// Waits for a turn. One that nobody waits for any more is dropped, and over with that.
async fn held<T>(turn: tokio::task::JoinHandle<Result<T, StoreError>>) -> Result<T, StoreError> {
    let stopped = |stopped| Err(StoreError::new(StoreErrorKind::Unavailable, stopped));
    turn.await.unwrap_or_else(stopped).map_err(unwritable)
}

/// Runs work where its caller cannot drop it: a caller that gives up in the middle of a transaction would otherwise hand
/// a connection back that is still inside it, and the next one's statements would join it.
fn undropped<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
    tokio::spawn(work)
}

/// Waits longer for later attempts, and not equally long for two writers.
pub(crate) async fn pause(attempt: u32) {
    let longest_ms = 1_u64.checked_shl(attempt).unwrap_or(LONGEST_PAUSE_MS).min(LONGEST_PAUSE_MS);
    tokio::time::sleep(Duration::from_micros(fastrand::u64(..=longest_ms.saturating_mul(1_000)))).await;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What comes of work that the database breaks off each time, and how often it was tried.
    async fn tried(patience: Duration) -> (StoreError, u32) {
        let mut tries: u32 = 0;
        let work = || {
            tries = tries.saturating_add(1);
            async { Err::<(), _>(StoreError::new(StoreErrorKind::Retry, "database is locked")) }
        };
        let error = again(patience, work).await.unwrap_err();
        (error, tries)
    }

    #[tokio::test]
    async fn a_lock_of_others_is_waited_for_once() {
        let (error, tries) = tried(Duration::ZERO).await;
        assert_eq!((error.kind, tries), (StoreErrorKind::Unavailable, 1), "the engine does not wait for it again");
        let said = error.to_string();
        assert!(said.contains("lock_timeout") && said.contains("database is locked"), "{said}");
    }

    #[tokio::test]
    async fn what_is_broken_off_at_once_is_tried_a_few_times() {
        let (error, tries) = tried(Duration::MAX).await;
        assert_eq!((error.kind, tries), (StoreErrorKind::Retry, TRIES));
    }
}
