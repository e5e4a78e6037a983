//! What stands beside a message.

use crate::serve::{
    Problem,
    call::{Mode, Said},
};
use http::HeaderMap;
use ims_core::Offset;
use std::str::FromStr;

/// The offset of the log at which all that an answer tells is there.
pub(super) const OFFSET: &str = "ims-offset";

/// Says `true` with an answer that the same call had before.
pub(super) const REPLAYED: &str = "idempotent-replayed";

/// What is said beside a message.
pub(super) struct Beside {
    /// What is said of a command.
    pub(super) said: Said,
    /// The offset that the answer must not be older than.
    pub(super) min_offset: Option<Offset>,
}

/// Reads it.
pub(super) fn read(headers: &HeaderMap) -> Result<Beside, Problem> {
    let mode = match text(headers, "mode")? {
        None | Some("execute") => Mode::Execute,
        Some("simulate") => Mode::Simulate,
        Some(_) => return Err(Problem::malformed("mode is execute or simulate").field("at", "mode")),
    };
    let key = text(headers, "idempotency-key")?.map(str::to_owned);
    let said = Said {
        key,
        occurred_at: parsed(headers, "occurred-at", "write a time such as 2026-01-31T09:30:00Z")?,
        mode,
        ..Said::default()
    };
    Ok(Beside { said, min_offset: parsed(headers, "min-offset", "write a whole number of 0 or more")?.map(Offset) })
}

fn parsed<T: FromStr>(headers: &HeaderMap, name: &str, instead: &str) -> Result<Option<T>, Problem> {
    let Some(text) = text(headers, name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Problem::at(name, instead))
}

/// Reads an entry that is text and is there at most once.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(Problem::at(name, "this metadata is there twice"));
    }
    let unreadable = |_| Problem::at(name, "this metadata is not plain text");
    first.map(|value| value.to_str().map_err(unreadable)).transpose()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_there_once_and_is_text() {
        let key = |values: &[&'static [u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("idempotency-key", http::HeaderValue::from_bytes(value).unwrap());
            }
            read(&headers).map(|beside| beside.said.key)
        };
        assert_eq!(key(&[b"1"]).unwrap().as_deref(), Some("1"));
        for unfit in [[b"1".as_slice(), b"2"].as_slice(), &[b"\xff"]] {
            assert_eq!(key(unfit).unwrap_err().code(), "malformed");
        }
    }
}
