//! Until when a call may take: as its caller says in `grpc-timeout`, or as the server is set up.

use super::Grpc;
use http::HeaderMap;
use std::{cmp::min, time::Duration};

/// So much sooner the server gives up than its caller does, so that the caller hears of it: a tenth, and at most this.
const MOST_SOONER: Duration = Duration::from_millis(10);

/// The time that a call has.
pub(super) fn of(headers: &HeaderMap, config: &Grpc) -> Duration {
    let most = Duration::from_millis(config.request_timeout_ms);
    asked(headers).map_or(most, |asked| min(asked, most))
}

/// The time that the caller gives, less what the answer needs to come back.
pub(super) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let given = read(headers.get("grpc-timeout")?.to_str().ok()?)?;
    Some(given.saturating_sub(min(given.checked_div(10)?, MOST_SOONER)))
}

/// At most 8 digits and a unit, as the protocol has it.
fn read(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if number.len() > 8 {
        return None;
    }
    let number: u64 = number.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number.checked_mul(3600)?)),
        "M" => Some(Duration::from_secs(number.checked_mul(60)?)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_a_number_and_a_unit() {
        assert_eq!(read("250m"), Some(Duration::from_millis(250)));
        assert_eq!(read("2H"), Some(Duration::from_secs(7200)));
        for text in ["", "m", "1", "1x", "-1S", "123456789S", "1é"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_server_gives_up_before_its_caller() {
        let mut headers = HeaderMap::new();
        assert_eq!(asked(&headers), None);
        headers.insert("grpc-timeout", "1S".parse().unwrap());
        assert_eq!(asked(&headers), Some(Duration::from_millis(990)));
        headers.insert("grpc-timeout", "10m".parse().unwrap());
        assert_eq!(asked(&headers), Some(Duration::from_millis(9)));
    }
}
