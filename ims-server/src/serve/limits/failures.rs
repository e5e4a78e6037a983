//! Counting what failed, by the generic cell rate algorithm: looking whether one more may be tried counts nothing.

use super::{
    Policy,
    bucket::{Busy, Standing, Verdict},
    config::Rate,
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Under which key those are counted for whom there is no room.
const OTHERS: &str = "others";

/// The failures of many, each for themselves.
#[derive(Debug)]
pub(super) struct Failures {
    pub(super) policy: &'static str,
    rate: Rate,
    most_keys: usize,
    counts: Mutex<HashMap<String, Count>>,
}

/// The failures of one.
#[derive(Debug)]
struct Count {
    /// When all of them are forgotten.
    forgotten_at: Instant,
    failed: u64,
    refused: u64,
}

impl Failures {
    /// Counts nobody yet.
    pub(super) fn new(policy: &'static str, rate: Rate, most_keys: usize) -> Failures {
        Failures { policy, rate, most_keys: most_keys.max(1), counts: Mutex::default() }
    }

    /// How long one failure is remembered, so that they are forgotten evenly over the window.
    fn each(&self) -> Duration {
        Duration::from_millis(self.rate.window_ms).checked_div(self.rate.requests.max(1)).unwrap_or_default()
    }

    /// Whether somebody may try once more.
    pub(super) fn standing(&self, key: &str) -> Standing {
        let now = Instant::now();
        let mut counts = self.lock();
        let key = self.place(&mut counts, key);
        let count = counts.get_mut(key);
        let remembered =
            count.as_ref().map_or(Duration::ZERO, |count| count.forgotten_at.saturating_duration_since(now));
        let room = self.each().saturating_mul(self.rate.requests.saturating_sub(1));
        let more_in = remembered.saturating_sub(room);
        let verdict = if more_in.is_zero() { Verdict::Admitted } else { Verdict::Refused };
        if let Some(count) = count.filter(|_| verdict == Verdict::Refused) {
            count.refused = count.refused.saturating_add(1);
        }
        let left = Duration::from_millis(self.rate.window_ms).saturating_sub(remembered).as_nanos();
        let remaining = left.checked_div(self.each().as_nanos()).unwrap_or_default();
        Standing {
            policy: self.policy,
            quota: self.rate.requests.max(1),
            window_s: self.rate.window_ms.div_ceil(1000),
            remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
            more_in_s: more_in.as_secs().saturating_add(u64::from(more_in.subsec_nanos() > 0)),
            verdict,
        }
    }

    /// Notes that somebody failed.
    pub(super) fn note(&self, key: &str) {
        let now = Instant::now();
        let mut counts = self.lock();
        let key = self.place(&mut counts, key);
        let count = counts.entry(key.to_owned()).or_insert(Count { forgotten_at: now, failed: 0, refused: 0 });
        count.failed = count.failed.saturating_add(1);
        let from = count.forgotten_at.max(now);
        count.forgotten_at = from.checked_add(self.each()).unwrap_or(from);
    }

    /// Forgets the failures of somebody who has done it.
    pub(super) fn forget(&self, key: &str) {
        self.lock().remove(key);
    }

    /// Forgets those of whom nothing counts any more.
    pub(super) fn sweep(&self) {
        sweep(&mut self.lock());
    }

    /// The policy, and who failed most.
    pub(super) fn policy(&self, most: usize) -> Policy {
        let counts = self.lock();
        let mut busiest: Vec<Busy> = counts
            .iter()
            .map(|(key, count)| Busy { key: key.clone(), asked: count.failed, refused: count.refused })
            .collect();
        busiest.sort_unstable_by(|one, other| (other.asked, &one.key).cmp(&(one.asked, &other.key)));
        busiest.truncate(most);
        let Rate { requests, window_ms } = self.rate;
        Policy { policy: self.policy, requests, window_ms, counted: counts.len(), busiest }
    }

    /// Under which key somebody is counted.
    fn place<'k>(&self, counts: &mut HashMap<String, Count>, key: &'k str) -> &'k str {
        if !counts.contains_key(key) && counts.len() >= self.most_keys {
            sweep(counts);
        }
        if counts.contains_key(key) || counts.len() < self.most_keys { key } else { OTHERS }
    }

    /// Counts are whole, whoever panicked while holding them.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sweep(counts: &mut HashMap<String, Count>) {
    let now = Instant::now();
    counts.retain(|_, count| count.forgotten_at > now);
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: u64 = 3_600_000;

    fn failures(requests: u32, window_ms: u64, most_keys: usize) -> Failures {
        Failures::new("test", Rate { requests, window_ms }, most_keys)
    }

    #[test]
    fn each_has_their_own_failures_and_looking_is_none() {
        let failures = failures(2, HOUR_MS, 10);
        for _ in 0..5 {
            assert_eq!(failures.standing("one").verdict, Verdict::Admitted);
        }
        failures.note("one");
        assert_eq!(failures.standing("one").verdict, Verdict::Admitted);
        failures.note("one");
        let refused = failures.standing("one");
        assert_eq!((refused.verdict, refused.remaining, refused.quota), (Verdict::Refused, 0, 2));
        assert!((1..=1800).contains(&refused.more_in_s), "{refused:?}");
        assert_eq!(failures.standing("other").verdict, Verdict::Admitted);
        failures.forget("one");
        assert_eq!(failures.standing("one").verdict, Verdict::Admitted);
    }

    #[test]
    fn those_for_whom_there_is_no_room_share_a_count() {
        let failures = failures(1, HOUR_MS, 2);
        ["one", "two", "a", "b"].into_iter().for_each(|key| failures.note(key));
        assert_eq!(failures.standing("c").verdict, Verdict::Refused);
        assert!(failures.policy(10).counted <= 3, "memory is bounded");
    }

    #[test]
    fn who_failed_long_ago_is_forgotten() {
        let failures = failures(1, 0, 10);
        failures.note("one");
        assert_eq!(failures.standing("one").verdict, Verdict::Admitted);
        failures.sweep();
        assert_eq!(failures.policy(10).counted, 0);
    }
}
