//! Tags: whether a row is still what somebody saw.

use crate::{Rejection, Text};
use serde::Serialize;

/// A tag of a row as it is: the XXH3-128 of its JSON form, in 32 hexadecimal digits. Equal rows have equal tags in every
/// store and every language, which versions do not: how often a row was written depends on which commands went together.
///
/// ```
/// use ims_core::{TimeZone, tag_of};
///
/// assert_eq!(tag_of(&TimeZone::utc()), tag_of(&TimeZone::utc()));
/// assert_eq!(tag_of(&TimeZone::utc()).len(), 32);
/// ```
pub fn tag_of(row: &impl Serialize) -> Text {
    let mut json = Vec::new();
    // No row has a map with keys that are not strings, and a vector takes every byte.
    let _ = serde_json::to_writer(&mut json, row);
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(&json)).into()
}

/// Refuses to change a row that is not what the caller saw, where the caller says what that was: one tag, or several with
/// commas between them, of which one has to be the row's.
pub(crate) fn unchanged(row: &impl Serialize, seen: Option<&Text>) -> Result<(), Rejection> {
    let Some(seen) = seen else { return Ok(()) };
    let tag = tag_of(row);
    let is_seen = seen.split(',').any(|one| one.trim() == &*tag);
    if is_seen { Ok(()) } else { Err(Rejection::Changed { tag }) }
}
