//! One call, tried again and again: how long it has, and what is known of what became of it.

use super::{backoff, fault::Fate};
use std::time::{Duration, Instant};

/// The tries of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tries {
    until: Instant,
    failed: u32,
    fate: Fate,
}

impl Tries {
    /// Begins a call that has so long for all of its tries.
    pub(super) fn begin(now: Instant, patience: Duration) -> Tries {
        Tries { until: now.checked_add(patience).unwrap_or(now), failed: 0, fate: Fate::NotDone }
    }

    /// How long is left.
    pub(super) fn left(&self, now: Instant) -> Duration {
        self.until.saturating_duration_since(now)
    }

    /// What is known after all tries: once one of them may have done it, it may have been done.
    pub(super) fn fate(&self) -> Fate {
        self.fate
    }

    /// A try failed. How long to wait before the next one, which is not earlier than the server asked for; nothing where
    /// there is no time for it.
    pub(super) fn again(&mut self, now: Instant, fate: Fate, at_least: Duration, chance: u32) -> Option<Duration> {
        self.note(fate);
        self.failed = self.failed.saturating_add(1);
        let pause = backoff::pause(self.failed, chance).max(at_least);
        (pause < self.left(now)).then_some(pause)
    }

    /// Notes what became of a try.
    pub(super) fn note(&mut self, fate: Fate) {
        self.fate = self.fate.max(fate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);
    const LUCKY: u32 = u32::MAX;

    fn ms(pause: Option<Duration>) -> Option<u128> {
        pause.map(|pause| pause.as_millis().next_multiple_of(10))
    }

    #[test]
    fn it_waits_longer_each_time_until_there_is_no_time_left() {
        let begun = Instant::now();
        let mut tries = Tries::begin(begun, PATIENCE);
        let mut now = begun;
        let mut pauses = Vec::new();
        while let Some(pause) = tries.again(now, Fate::NotDone, Duration::ZERO, LUCKY) {
            pauses.push(ms(Some(pause)));
            now += pause;
        }
        let expected = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000].map(Some);
        assert_eq!(pauses, expected);
        assert!(now < begun + PATIENCE);
    }

    #[test]
    fn it_waits_as_long_as_the_server_says_and_gives_up_where_that_is_too_long() {
        let now = Instant::now();
        let mut tries = Tries::begin(now, PATIENCE);
        assert_eq!(ms(tries.again(now, Fate::NotDone, Duration::from_secs(7), LUCKY)), Some(7000));
        assert_eq!(ms(tries.again(now, Fate::NotDone, Duration::from_secs(30), LUCKY)), None);
        assert_eq!(ms(tries.again(now, Fate::NotDone, Duration::from_secs(u64::MAX), LUCKY)), None);
    }

    #[test]
    fn what_one_try_may_have_done_may_have_been_done() {
        let now = Instant::now();
        let mut tries = Tries::begin(now, PATIENCE);
        tries.again(now, Fate::Open, Duration::ZERO, LUCKY);
        tries.again(now, Fate::NotDone, Duration::ZERO, LUCKY);
        assert_eq!(tries.fate(), Fate::Open);
    }
}
