//! The clock of this machine beside that of the database, which all instances share. Tokens end and holds lapse by the clock
//! of whoever looks: where two differ, one refuses what the other has just given.

use super::{Ending, observe::Figures};
use crate::{
    failure::{Failure, Outcome},
    session::now,
};
use ims_core::Timestamp;
use ims_sqlx::Registry;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Between two looks at the clocks.
const EVERY: Duration = Duration::from_secs(60);

/// How the clocks were when they were last looked at. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Clocks {
    tolerance_ms: u64,
    /// By how many milliseconds this one is ahead; nothing where there is no other one, or it was not asked yet.
    ahead_ms: Arc<Mutex<Option<i64>>>,
}

impl Clocks {
    /// Knows nothing yet.
    pub(crate) fn new(tolerance_ms: u64) -> Clocks {
        Clocks { tolerance_ms, ahead_ms: Arc::default() }
    }

    /// What readiness tells of them. The server works with a wrong clock, so that it is no reason to be sent nothing.
    pub(crate) fn told(&self) -> Value {
        match *self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) {
            None => json!({"status": "unknown"}),
            Some(ahead_ms) if self.are_wrong(ahead_ms) => json!({"status": "wrong", "ahead_ms": ahead_ms}),
            Some(ahead_ms) => json!({"status": "ok", "ahead_ms": ahead_ms}),
        }
    }

    /// Looks at them now and then, until the server ends.
    pub(crate) async fn watch(self, registry: Registry, figures: Figures, ending: Ending) {
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = ending.begun() => return,
            }
            let before = now();
            // A store that is away is told of elsewhere.
            if let Ok(Some(database)) = registry.clock().await {
                self.note(ahead_ms(before, database, now()), &figures);
            }
        }
    }

    fn note(&self, ahead_ms: i64, figures: &Figures) {
        *self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead_ms);
        let apart = Duration::from_millis(ahead_ms.unsigned_abs());
        figures.note_clock(apart);
        if self.are_wrong(ahead_ms) {
            let side = if ahead_ms > 0 { "ahead of" } else { "behind" };
            tracing::warn!(
                ahead_ms,
                "the clock of this machine is {} s {side} that of the database: set it right; tokens are refused and holds \
                 lapse too early or too late",
                apart.as_secs()
            );
        }
    }

    fn are_wrong(&self, ahead_ms: i64) -> bool {
        ahead_ms.unsigned_abs() > self.tolerance_ms
    }
}

/// Says that a clock cannot be right where it shows a time before 1970: HTTP, encryption and tokens have no such time.
pub(super) fn check(now: Timestamp) -> Outcome {
    if now.micros() >= 0 {
        return Ok(());
    }
    let problem = format!("the clock of this machine shows {now}: no server can work before 1970");
    Err(Failure::usage("clock", problem).hint("set the clock, and start it again"))
}

/// By how many milliseconds this clock is ahead at least, where the database told its time somewhen between two looks.
fn ahead_ms(before: Timestamp, database: Timestamp, after: Timestamp) -> i64 {
    let since = |moment: Timestamp| moment.micros().saturating_sub(database.micros()) / 1_000;
    if since(before) > 0 { since(before) } else { since(after).min(0) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds.saturating_mul(1_000_000)).unwrap()
    }

    #[test]
    fn a_clock_before_1970_is_told_at_the_start() {
        assert!(check(at(0)).is_ok());
        let told = check(at(-86_400)).unwrap_err();
        assert_eq!(
            told.message(),
            "the clock of this machine shows 1969-12-31T00:00:00Z: no server can work before 1970"
        );
    }

    #[test]
    fn the_time_that_an_answer_takes_is_not_a_difference() {
        assert_eq!(ahead_ms(at(100), at(101), at(105)), 0);
        assert_eq!(ahead_ms(at(520), at(100), at(521)), 420_000, "seven minutes ahead");
        assert_eq!(ahead_ms(at(100), at(520), at(101)), -419_000);
    }

    #[test]
    fn a_clock_that_is_wrong_is_told_and_counted() {
        let (clocks, figures) = (Clocks::new(2_000), Figures::new());
        assert_eq!(clocks.told()["status"], "unknown");
        for (ahead_ms, status) in [(0, "ok"), (-2_000, "ok"), (420_000, "wrong"), (-420_000, "wrong")] {
            clocks.note(ahead_ms, &figures);
            assert_eq!(clocks.told(), json!({"status": status, "ahead_ms": ahead_ms}));
        }
        assert!(figures.text().unwrap().contains("ims_clock_difference_seconds{against=\"database\"} 420.0"));
    }
}
