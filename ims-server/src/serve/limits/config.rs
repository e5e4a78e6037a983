//! How much somebody may ask.

use super::proxies::Proxies;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often somebody may ask, and who they are told by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Whether there are limits at all.
    pub(crate) rate_limits: Switch,
    /// Proxies, as addresses or networks such as 10.0.0.0/8, that are believed when they say from where a request came
    /// (`Forwarded`, `X-Forwarded-For`).
    #[schemars(with = "Vec<String>")]
    pub(crate) trusted_proxies: Proxies,
    /// Requests of one address that may come at once: signing in, and all else that whoever reaches the server may do.
    pub(crate) sign_in_requests: u32,
    /// After which all of them are there again; they come back evenly.
    pub(crate) sign_in_window_ms: u64,
    /// Passwords that may be tried at once for one user's name, from whatever addresses.
    pub(crate) sign_in_name_requests: u32,
    /// After which all of them are there again; they come back evenly.
    pub(crate) sign_in_name_window_ms: u64,
    /// Requests of one address that may come at once with tokens or keys. Several people may be behind one address.
    pub(crate) address_requests: u32,
    /// After which all of them are there again; they come back evenly.
    pub(crate) address_window_ms: u64,
    /// Requests of one user or one key that may come at once: the server's own affairs.
    pub(crate) admin_requests: u32,
    /// After which all of them are there again; they come back evenly.
    pub(crate) admin_window_ms: u64,
    /// Requests of one user or one key that may come at once: everything else.
    pub(crate) caller_requests: u32,
    /// After which all of them are there again; they come back evenly.
    pub(crate) caller_window_ms: u64,
    /// Lists and reports of one user or one key that are worked on or sent at once; more of them wait behind each other.
    pub(crate) questions_at_once: u32,
    /// Addresses, names and callers that are counted at the same time; those beyond share one count.
    pub(crate) keys: usize,
}

/// So many requests in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    /// Requests that may come at once; they come back evenly over the window.
    pub(super) requests: u32,
    /// After which all of them are there again.
    pub(super) window_ms: u64,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Switch {
    /// It is.
    #[default]
    On,
    /// It is not.
    Off,
}

const MINUTE_MS: u64 = 60 * 1000;

impl Default for Config {
    fn default() -> Self {
        Config {
            rate_limits: Switch::On,
            trusted_proxies: Proxies::default(),
            sign_in_requests: 30,
            sign_in_window_ms: MINUTE_MS,
            sign_in_name_requests: 10,
            sign_in_name_window_ms: 5 * MINUTE_MS,
            address_requests: 60_000,
            address_window_ms: MINUTE_MS,
            admin_requests: 600,
            admin_window_ms: MINUTE_MS,
            caller_requests: 30_000,
            caller_window_ms: MINUTE_MS,
            questions_at_once: 1,
            keys: 100_000,
        }
    }
}
