//! A transaction that is held open over many statements: to read a whole shop as of one moment, or to write one.

use super::{Abandoned, Ask, Effect, Reading, Unanswered, unwritable};
use crate::plan::Step;
use crate::sql::Sql;
use crate::value::Row;
use ims_core::{StoreError, StoreErrorKind};
use std::future::Future;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A transaction. What was not committed is undone when it is dropped: its connection is not used again.
pub(crate) trait Held: Send + 'static {
    /// Answers questions.
    fn ask(&mut self, questions: &[Sql]) -> impl Future<Output = Result<Vec<Vec<Row>>, StoreError>> + Send;

    /// Makes a statement.
    fn write(&mut self, statement: &Sql) -> impl Future<Output = Result<Effect, StoreError>> + Send;

    /// Adds the rows of a step; tells how many there were.
    fn insert(&mut self, step: &Step<'_>) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Ends it and keeps what it did.
    fn commit(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A transaction that can be asked as a database can: all answers are of its moment.
pub(crate) struct Moment<H>(Arc<Mutex<H>>);

impl<H> Clone for Moment<H> {
    fn clone(&self) -> Self {
        Moment(Arc::clone(&self.0))
    }
}

impl<H: Held> Moment<H> {
    /// Makes it of a transaction.
    pub(crate) fn of(held: H) -> Self {
        Moment(Arc::new(Mutex::new(held)))
    }

    /// Makes a statement.
    pub(crate) async fn write(&self, statement: Sql) -> Result<Effect, StoreError> {
        self.0.lock().await.write(&statement).await.map_err(over).map_err(unwritable)
    }

    /// Adds the rows of a step; tells how many there were.
    pub(crate) async fn insert(&self, step: &Step<'_>) -> Result<u64, StoreError> {
        self.0.lock().await.insert(step).await.map_err(over).map_err(unwritable)
    }

    /// Ends the transaction and keeps what it did.
    pub(crate) async fn commit(&self) -> Result<(), StoreError> {
        self.0.lock().await.commit().await
    }
}

impl<H: Held> Ask for Moment<H> {
    const WITHOUT_ITS_ASKER: Abandoned = Abandoned::GoesOn;

    /// Whatever is read, it is read in the one transaction, and none of it can be left unread.
    async fn ask(&self, questions: &[Sql], _: Reading) -> Result<Vec<Vec<Row>>, Unanswered> {
        Ok(self.0.lock().await.ask(questions).await.map_err(over)?)
    }
}

/// A statement that failed cannot be made again in the same transaction, and whatever it did goes with it.
fn over(error: StoreError) -> StoreError {
    match error.kind {
        StoreErrorKind::Retry | StoreErrorKind::Unknown => StoreError::new(StoreErrorKind::Unavailable, error.source),
        _ => error,
    }
}
