//! How long to wait before trying again.

use std::time::Duration;

/// Before the second try.
const FIRST_MS: u64 = 100;
/// Before any later one.
const LONGEST_MS: u64 = 5_000;

/// Waits between half of a time that doubles with every try, and all of it: `chance` says where, so that clients that
/// failed together do not come back together.
pub(super) fn pause(attempt: u32, chance: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let whole = FIRST_MS.saturating_mul(1 << doublings).min(LONGEST_MS);
    let half = whole / 2;
    // The chance is of 32 bits: shifted by as many, it is a part of one.
    let part = half.saturating_mul(u64::from(chance)) >> 32;
    Duration::from_millis(half.saturating_add(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_limit_and_is_not_the_same_for_everybody() {
        let most = |attempt| pause(attempt, u32::MAX).as_millis().next_multiple_of(10);
        assert_eq!([1, 2, 3, 4].map(most), [100, 200, 400, 800]);
        assert_eq!(most(u32::MAX), 5_000);
        assert_eq!(pause(1, 0).as_millis(), 50);
    }
}
