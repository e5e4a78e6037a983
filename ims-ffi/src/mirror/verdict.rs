//! What an audit found.

use super::*;
use std::collections::HashMap;

/// What a look at the whole store found.
#[derive(Clone, Debug, PartialEq, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Whether nothing is broken.
    pub ok: bool,
    /// The state hash of what was verified: equal for the same commands, in every language and every store.
    pub state_hash: String,
    /// How many rows there are, by table.
    pub counts: HashMap<String, u64>,
    /// What is broken.
    pub broken: Vec<Broken>,
}

/// A promise that a row breaks.
#[derive(Clone, Debug, PartialEq, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// Which promise.
    pub promise: String,
    /// Which row.
    pub row: String,
    /// What it has, and what it should have.
    pub finding: String,
}
