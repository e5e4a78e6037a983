//! What stands beside a message.

use crate::serve::{
    Problem,
    call::{Mode, Said},
};
use http::HeaderMap;
use ims_core::Offset;
use std::{fmt::Display, str::FromStr};

/// The offset of the log at which all that an answer tells is there.
pub(super) const OFFSET: &str = "ims-offset";

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
    let said = Said { key, occurred_at: parsed(headers, "occurred-at")?, mode, ..Said::default() };
    Ok(Beside { said, min_offset: parsed(headers, "min-offset")?.map(Offset) })
}

fn parsed<T: FromStr<Err: Display>>(headers: &HeaderMap, name: &str) -> Result<Option<T>, Problem> {
    let Some(text) = text(headers, name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|error| Problem::malformed(format!("{name}: {error}")).field("at", name))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let unreadable = |_| Problem::malformed(format!("the metadata {name} is not plain text"));
    headers.get(name).map(|value| value.to_str().map_err(unreadable)).transpose()
}
