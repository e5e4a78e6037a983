//! Ends a question whose asker has gone: SQLite works on its own thread, and would read on to the end.

use super::fault::failed;
use ims_core::StoreError;
use sqlx::SqliteConnection;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Steps of SQLite's machine between two looks at whether somebody still waits: some tens of microseconds.
const STEPS: i32 = 10_000;

/// Interrupts what a connection is asked where this is dropped before the answer is there.
#[derive(Debug, Default)]
pub(super) struct Interrupt {
    /// Whether nobody waits any more.
    gone: Arc<AtomicBool>,
    asked: Asked,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Waiting,
    Answered,
}

impl Interrupt {
    /// Watches a connection.
    pub(super) async fn watch(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let gone = Arc::clone(&self.gone);
        let mut handle = connection.lock_handle().await.map_err(failed)?;
        handle.set_progress_handler(STEPS, move || !gone.load(Ordering::Relaxed));
        Ok(())
    }

    /// Leaves the connection to whoever asks next.
    pub(super) fn answered(mut self) {
        self.asked = Asked::Answered;
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        if self.asked == Asked::Waiting {
            self.gone.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::dialect::sqlite::Sqlite;
    use crate::engine::Engine;
    use crate::options::OpenOptions;
    use crate::sql::Sql;
    use crate::value::{Kind, Value};
    use std::time::Duration;

    fn endless() -> Vec<Sql> {
        let count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        vec![Sql::new([Kind::Int], count)]
    }

    #[tokio::test]
    async fn a_question_ends_with_its_asker_and_its_connection_is_free() {
        // One connection for reports: whoever is next gets it only when the question has ended.
        let options = OpenOptions { connections: 2, ..OpenOptions::default() };
        let engine = Engine::new(Sqlite::open("sqlite::memory:", &options).await.unwrap());
        for _ in 0..3 {
            let given_up = tokio::time::timeout(Duration::from_millis(20), engine.report(endless())).await;
            assert!(given_up.is_err(), "it has no end");
            let one = engine.report(vec![Sql::new([Kind::Int], "SELECT 1")]).await.unwrap();
            assert_eq!(one, [[[Value::Int(1)]]]);
        }
    }

    #[tokio::test]
    async fn what_takes_too_long_is_ended_and_keeps_no_command_waiting() {
        let options =
            OpenOptions { connections: 2, statement_timeout: Duration::from_millis(50), ..OpenOptions::default() };
        let engine = Engine::new(Sqlite::open("sqlite::memory:", &options).await.unwrap());
        let report = tokio::spawn({
            let engine = engine.clone();
            async move { engine.report(endless()).await }
        });
        let one = engine.ask_one(Sql::new([Kind::Int], "SELECT 1")).await.unwrap();
        assert_eq!(one, [[Value::Int(1)]]);
        assert!(report.await.unwrap().is_err());
        assert!(engine.report(vec![Sql::new([Kind::Int], "SELECT 1")]).await.is_ok());
    }
}
