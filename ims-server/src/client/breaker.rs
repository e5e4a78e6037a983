//! A circuit breaker: who is known to be away is not asked.

use std::time::{Duration, Instant};

/// Counts failures, and says whether to ask.
#[derive(Clone, Debug)]
pub(super) struct Breaker {
    most_failures: u32,
    away: Duration,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Everybody asks. So many failed in a row.
    Closed { failures: u32 },
    /// Nobody asks until then.
    Open { until: Instant },
    /// One asks, and the others wait for what becomes of it, until then at most.
    HalfOpen { until: Instant },
}

/// Whether to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ask,
    /// Not for so long.
    Away(Duration),
}

impl Breaker {
    /// Opens after so many failures in a row, for so long.
    pub(super) fn new(most_failures: u32, away: Duration) -> Breaker {
        Breaker { most_failures, away, state: State::Closed { failures: 0 } }
    }

    /// Whether to ask now. Whoever is told to ask after it was open is the one who tries.
    pub(super) fn ask(&mut self, now: Instant) -> Verdict {
        match self.state {
            State::Closed { .. } => Verdict::Ask,
            State::Open { until } | State::HalfOpen { until } if now < until => {
                Verdict::Away(until.duration_since(now))
            }
            State::Open { .. } | State::HalfOpen { .. } => {
                // The one who tries may never come back to tell: after that time another one tries.
                self.state = State::HalfOpen { until: now.checked_add(self.away).unwrap_or(now) };
                Verdict::Ask
            }
        }
    }

    /// Whether nobody asks now.
    pub(super) fn is_open(&self, now: Instant) -> bool {
        matches!(self.state, State::Open { until } if now < until)
    }

    /// An answer came.
    pub(super) fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// None came.
    pub(super) fn failed(&mut self, now: Instant) {
        let open = State::Open { until: now.checked_add(self.away).unwrap_or(now) };
        self.state = match self.state {
            State::Closed { failures } if failures.saturating_add(1) < self.most_failures => {
                State::Closed { failures: failures.saturating_add(1) }
            }
            State::Closed { .. } | State::HalfOpen { .. } => open,
            // A call that began before it opened tells nothing new.
            State::Open { until } => State::Open { until },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWAY: Duration = Duration::from_secs(30);

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::new(5, AWAY);
        for _ in 0..5 {
            assert_eq!(breaker.ask(now), Verdict::Ask);
            breaker.failed(now);
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_for_half_a_minute() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert!(breaker.is_open(now));
        assert_eq!(breaker.ask(now + Duration::from_secs(10)), Verdict::Away(Duration::from_secs(20)));
    }

    #[test]
    fn an_answer_in_between_begins_the_count_anew() {
        let now = Instant::now();
        let mut breaker = Breaker::new(5, AWAY);
        for _ in 0..4 {
            breaker.failed(now);
        }
        breaker.succeeded();
        breaker.failed(now);
        assert_eq!(breaker.ask(now), Verdict::Ask);
    }

    #[test]
    fn afterwards_one_asks_and_decides_for_all() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let later = now + AWAY;
        assert_eq!(breaker.ask(later), Verdict::Ask);
        assert_eq!(breaker.ask(later), Verdict::Away(AWAY), "one at a time");
        breaker.failed(later);
        assert_eq!(breaker.ask(later), Verdict::Away(AWAY), "open again");
        let later = later + AWAY;
        assert_eq!(breaker.ask(later), Verdict::Ask);
        breaker.succeeded();
        assert_eq!(breaker.ask(later), Verdict::Ask);
        assert_eq!(breaker.ask(later), Verdict::Ask);
    }
}
