//! How long something took, and how fast it was.

use std::time::Instant;

/// Runs from when it is made.
pub(crate) struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    pub(crate) fn start() -> Stopwatch {
        Stopwatch { started: Instant::now() }
    }

    /// Milliseconds since it was started.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Milliseconds as a JSON number of seconds.
pub(crate) fn seconds(ms: u64) -> serde_json::Number {
    // Digits with a point in between are a number of JSON.
    format!("{}.{:03}", ms / 1_000, ms % 1_000).parse().unwrap_or_else(|_| ms.into())
}

/// How many a second.
pub(crate) fn per_second(count: u64, ms: u64) -> u64 {
    let per_second = u128::from(count).saturating_mul(1_000).checked_div(u128::from(ms.max(1)));
    per_second.and_then(|rate| u64::try_from(rate).ok()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_plain_number() {
        assert_eq!(seconds(12_034).to_string(), "12.034");
        assert_eq!(per_second(500, 250), 2_000);
        assert_eq!(per_second(5, 0), 5_000);
    }
}
