//! A connection that questions are asked on.

use sqlx::pool::PoolConnection;

/// A connection from a pool. It goes back only where its questions were answered: one whose asker has gone, or that failed
/// in the middle, may be inside a transaction, and what it is told next would join that.
#[derive(Debug)]
pub(crate) struct Lent<D: sqlx::Database> {
    pub(crate) connection: PoolConnection<D>,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Asking,
    Answered,
}

impl<D: sqlx::Database> Lent<D> {
    /// Takes a connection.
    pub(crate) fn of(connection: PoolConnection<D>) -> Self {
        Lent { connection, state: State::Asking }
    }

    /// Gives it back if all was answered.
    pub(crate) fn end<T, E>(mut self, answers: Result<T, E>) -> Result<T, E> {
        if answers.is_ok() {
            self.state = State::Answered;
        }
        answers
    }
}

impl<D: sqlx::Database> Drop for Lent<D> {
    fn drop(&mut self) {
        if self.state == State::Asking {
            self.connection.close_on_drop();
        }
    }
}
