//! Counting the requests of many, each for themselves, by the generic cell rate algorithm.

use super::config::Rate;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};
use serde::Serialize;
use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Under which key those are counted for whom there is no room.
const OTHERS: &str = "others";

/// The counts of one policy.
pub(super) struct Buckets {
    pub(super) policy: &'static str,
    rate: Rate,
    quota: Quota,
    most: usize,
    buckets: Mutex<HashMap<String, Bucket>>,
}

/// The count of one address, name or caller.
struct Bucket {
    limiter: RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>,
    asked: u64,
    refused: u64,
    asked_at: Instant,
}

/// How things stand for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// By which policy.
    pub(crate) policy: &'static str,
    /// How many requests it gives.
    pub(crate) quota: u32,
    /// In how many seconds.
    pub(crate) window_s: u64,
    /// How many are left.
    pub(crate) remaining: u32,
    /// After how many seconds there are more.
    pub(crate) more_in_s: u64,
    /// Whether the request may go on.
    pub(crate) verdict: Verdict,
}

/// Whether a request may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may.
    Admitted,
    /// It may not.
    Refused,
}

/// Somebody who asks much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Busy {
    /// The address, name or caller.
    pub(crate) key: String,
    /// Requests since it was first seen.
    pub(crate) asked: u64,
    /// Those of them that were refused.
    pub(crate) refused: u64,
}

impl Buckets {
    /// Counts nobody yet.
    pub(super) fn new(policy: &'static str, rate: Rate, most: usize) -> Buckets {
        let requests = NonZeroU32::new(rate.requests).unwrap_or(NonZeroU32::MIN);
        let each = Duration::from_millis(rate.window_ms.max(1)).checked_div(requests.get()).unwrap_or_default();
        // More than one in a nanosecond is no limit.
        let quota = Quota::with_period(each.max(Duration::from_nanos(1))).unwrap_or(Quota::per_second(requests));
        let quota = quota.allow_burst(requests);
        Buckets { policy, rate, quota, most: most.max(1), buckets: Mutex::default() }
    }

    /// Counts a request.
    pub(super) fn ask(&self, key: &str) -> Standing {
        let mut buckets = self.lock();
        if !buckets.contains_key(key) && buckets.len() >= self.most {
            self.clear(&mut buckets);
        }
        let key = if buckets.contains_key(key) || buckets.len() < self.most { key } else { OTHERS };
        if !buckets.contains_key(key) {
            buckets.insert(key.to_owned(), Bucket::new(self.quota));
        }
        let standing = buckets.get_mut(key).map(|bucket| bucket.ask());
        let (verdict, remaining, more_in) = standing.unwrap_or((Verdict::Refused, 0, Duration::from_secs(1)));
        Standing {
            policy: self.policy,
            quota: self.rate.requests.max(1),
            window_s: self.rate.window_ms.div_ceil(1000),
            remaining,
            more_in_s: seconds(more_in),
            verdict,
        }
    }

    /// How much is counted, and the policy itself.
    pub(super) fn rate(&self) -> (Rate, usize) {
        (self.rate, self.lock().len())
    }

    /// Those who ask most, the busiest first.
    pub(super) fn busiest(&self, most: usize) -> Vec<Busy> {
        let buckets = self.lock();
        let mut busy: Vec<Busy> = buckets
            .iter()
            .map(|(key, bucket)| Busy { key: key.clone(), asked: bucket.asked, refused: bucket.refused })
            .collect();
        drop(buckets);
        busy.sort_unstable_by(|one, other| (other.asked, &one.key).cmp(&(one.asked, &other.key)));
        busy.truncate(most);
        busy
    }

    /// Forgets those who have not asked for a whole window: they have all their requests again.
    pub(super) fn sweep(&self) {
        self.clear(&mut self.lock());
    }

    fn clear(&self, buckets: &mut HashMap<String, Bucket>) {
        let window = Duration::from_millis(self.rate.window_ms);
        buckets.retain(|_, bucket| bucket.asked_at.elapsed() < window);
    }

    /// Counts are whole, whoever panicked while holding them.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    fn new(quota: Quota) -> Bucket {
        let limiter = RateLimiter::direct(quota).with_middleware::<StateInformationMiddleware>();
        Bucket { limiter, asked: 0, refused: 0, asked_at: Instant::now() }
    }

    /// Whether one more may go on, how many are left, and after how long there are more.
    fn ask(&mut self) -> (Verdict, u32, Duration) {
        self.asked = self.asked.saturating_add(1);
        self.asked_at = Instant::now();
        match self.limiter.check() {
            Ok(state) => (Verdict::Admitted, state.remaining_burst_capacity(), state.quota().replenish_interval()),
            Err(refused) => {
                self.refused = self.refused.saturating_add(1);
                (Verdict::Refused, 0, refused.wait_time_from(DefaultClock::default().now()))
            }
        }
    }
}

/// Whole seconds: never too few.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

impl std::fmt::Debug for Buckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Buckets").field("policy", &self.policy).field("rate", &self.rate).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: u64 = 3_600_000;

    #[test]
    fn each_has_their_own_requests() {
        let buckets = Buckets::new("test", Rate { requests: 2, window_ms: HOUR_MS }, 10);
        let one: Vec<Verdict> = (0..3).map(|_| buckets.ask("one").verdict).collect();
        assert_eq!(one, [Verdict::Admitted, Verdict::Admitted, Verdict::Refused]);
        assert_eq!(buckets.ask("other").remaining, 1);
        let refused = buckets.ask("one");
        assert_eq!((refused.remaining, refused.quota, refused.window_s), (0, 2, 3600));
        assert!((1..=1800).contains(&refused.more_in_s), "{refused:?}");
    }

    #[test]
    fn those_for_whom_there_is_no_room_share_a_count() {
        let buckets = Buckets::new("test", Rate { requests: 3, window_ms: HOUR_MS }, 2);
        buckets.ask("one");
        buckets.ask("two");
        let rest: Vec<Verdict> = ["a", "b", "c", "d"].map(|key| buckets.ask(key).verdict).to_vec();
        assert_eq!(rest, [Verdict::Admitted, Verdict::Admitted, Verdict::Admitted, Verdict::Refused]);
        assert!(buckets.rate().1 <= 3, "memory is bounded");
        assert_eq!(buckets.ask("one").verdict, Verdict::Admitted, "those who were there before keep theirs");
    }

    #[test]
    fn the_busiest_come_first() {
        let buckets = Buckets::new("test", Rate { requests: 1, window_ms: HOUR_MS }, 10);
        for key in ["one", "two", "two"] {
            buckets.ask(key);
        }
        let busiest = buckets.busiest(1);
        assert_eq!(busiest, [Busy { key: "two".into(), asked: 2, refused: 1 }]);
    }

    #[test]
    fn those_who_have_all_their_requests_again_are_forgotten() {
        let buckets = Buckets::new("test", Rate { requests: 1, window_ms: 0 }, 10);
        buckets.ask("one");
        buckets.sweep();
        assert_eq!(buckets.rate().1, 0);
    }
}
