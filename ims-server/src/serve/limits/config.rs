//! How much somebody may ask.

use super::proxies::{AddressHeader, Proxies};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often somebody may ask, and who they are told by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Whether there are limits at all.
    pub(crate) rate_limits: Switch,
    /// Proxies, as addresses or networks such as 10.0.0.0/8, that are believed when they say from where a request came.
    #[schemars(with = "Vec<String>")]
    pub(crate) trusted_proxies: Proxies,
    /// The header in which they say it: `X-Forwarded-For`, `Forwarded`, or one of their own such as `X-Real-IP`. No other one
    /// is read, since a proxy hands on what a stranger wrote into headers that it does not know.
    #[schemars(with = "String")]
    pub(crate) address_header: AddressHeader,
    /// Requests of one address that may come at once: signing in, and all else that whoever reaches the server may do.
    pub(crate) sign_in_requests: u32,
    /// After which all of them are there again; they come back evenly.
    pub(crate) sign_in_window_ms: u64,
    /// Passwords of one name that may be wrong from one address. Somebody who has a session there, or shows a refresh token
    /// of theirs, then waits for their turn; others are sent away.
    pub(crate) sign_in_failures: u32,
    /// After which all of them are forgotten; they are forgotten evenly.
    pub(crate) sign_in_failures_window_ms: u64,
    /// Passwords that may be wrong from one address, of whatever names.
    pub(crate) sign_in_address_failures: u32,
    /// After which all of them are forgotten; they are forgotten evenly.
    pub(crate) sign_in_address_failures_window_ms: u64,
    /// Passwords of one name that may be wrong, from whatever addresses, before those wait for their turn who are not known
    /// by a session from their address or by a refresh token. Nobody is sent away for that.
    pub(crate) sign_in_name_failures: u32,
    /// After which all of them are forgotten; they are forgotten evenly.
    pub(crate) sign_in_name_failures_window_ms: u64,
    /// How long those who wait for their turn wait, one after the other.
    pub(crate) sign_in_pause_ms: u64,
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
            address_header: AddressHeader::default(),
            sign_in_requests: 30,
            sign_in_window_ms: MINUTE_MS,
            sign_in_failures: 10,
            sign_in_failures_window_ms: 5 * MINUTE_MS,
            sign_in_address_failures: 50,
            sign_in_address_failures_window_ms: 30 * MINUTE_MS,
            sign_in_name_failures: 20,
            sign_in_name_failures_window_ms: 10 * MINUTE_MS,
            sign_in_pause_ms: 2_000,
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
