//! Which of several types of media a caller would rather have (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};
use std::cmp::Reverse;

/// How much a type is wanted. Of two that are wanted as much, it is the one that was said more precisely, and then the one
/// that was said first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wish {
    /// 0 where it is refused, or not named at all; 1000 where nothing is wanted more.
    thousandths: u16,
    /// How much of it was said: nothing (`*/*`), the first half or all.
    said: u8,
    at: Reverse<usize>,
}

impl Wish {
    /// What `Accept` says of a type such as `text/csv`.
    pub(crate) fn of(headers: &HeaderMap, kind: &str) -> Wish {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let ranges = values.flat_map(|value| value.split(',')).enumerate();
        let wishes = ranges.filter_map(|(at, range)| {
            let mut parts = range.split(';').map(str::trim);
            let said = precision(parts.next()?, kind)?;
            let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(Wish { thousandths: quality.map_or(Some(1_000), thousandths)?, said, at: Reverse(at) })
        });
        // What is said of the type itself counts, whatever is said of all.
        let nothing = Wish { thousandths: 0, said: 0, at: Reverse(usize::MAX) };
        wishes.max_by_key(|wish| (wish.said, *wish)).unwrap_or(nothing)
    }

    /// Whether this is to be sent and not the other, which is sent where nothing is said.
    pub(crate) fn is_before(self, other: Wish) -> bool {
        self.thousandths > 0 && self > other
    }
}

/// How much a range says of a type that it takes in.
fn precision(range: &str, kind: &str) -> Option<u8> {
    let first = kind.split('/').next().unwrap_or_default();
    match range.split_once('/')? {
        ("*", "*") => Some(0),
        (half, "*") if half.eq_ignore_ascii_case(first) => Some(1),
        _ if range.eq_ignore_ascii_case(kind) => Some(2),
        _ => None,
    }
}

/// Reads a weight: 0 to 1, with three decimals at most.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, part) {
        ("0", part) => Some(part),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn is_csv(values: &[&str]) -> bool {
        let headers = values.iter().map(|value| (header::ACCEPT, HeaderValue::from_str(value).unwrap())).collect();
        Wish::of(&headers, "text/csv").is_before(Wish::of(&headers, "application/json"))
    }

    #[test]
    fn the_type_that_is_wanted_most_is_sent() {
        for (values, csv) in [
            (&[][..], false),
            (&["text/csv"], true),
            (&["TEXT/CSV; charset=utf-8"], true),
            (&["text/*"], true),
            (&["*/*"], false),
            (&["text/csv, */*"], true),
            (&["application/json", "text/csv;q=0.9"], false),
            (&["text/csv;q=0.1, application/json"], false),
            (&["application/json;q=0.1, text/csv; q=0.100"], false),
            (&["text/csv;q=0.1, application/json;q=0.1"], true),
            (&["application/json;q=0.099, text/csv;Q=0.1"], true),
            (&["text/csv;q=0"], false),
            (&["text/csv;q=0, text/*, */*"], false),
            (&["application/json;q=0, */*;q=0.001"], true),
            (&["text/csv;q=0, application/json;q=0"], false),
            (&["text/html, application/xml;q=0.9, */*;q=0.8"], false),
            (&["text/csv;q=2"], false),
            (&["text/csv;q=1.001"], false),
            (&["text/csv;q=0.0001"], false),
            (&["text/csv;q="], false),
            (&["text/csv;q=x, text/*;q=0.5"], true),
            (&["csv, text, /, */csv"], false),
        ] {
            assert_eq!(is_csv(values), csv, "{values:?}");
        }
    }
}
