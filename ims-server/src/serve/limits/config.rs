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
    /// Of one address: signing in, and all else that whoever reaches the server may do.
    pub(crate) sign_in: Rate,
    /// For one user's name, from whatever addresses: passwords tried.
    pub(crate) sign_in_name: Rate,
    /// Of one address: all that comes with a token or a key. Several people may be behind one address.
    pub(crate) address: Rate,
    /// Of one user or one key: the server's own affairs.
    pub(crate) admin: Rate,
    /// Of one user or one key: everything else.
    pub(crate) caller: Rate,
    /// Addresses, names and callers that are counted at the same time; those beyond share one count.
    pub(crate) keys: usize,
}

/// So many requests in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rate {
    /// Requests that may come at once; they come back evenly over the window.
    pub(crate) requests: u32,
    /// After which all of them are there again.
    pub(crate) window_ms: u64,
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
            sign_in: Rate { requests: 30, window_ms: MINUTE_MS },
            sign_in_name: Rate { requests: 10, window_ms: 5 * MINUTE_MS },
            address: Rate { requests: 60_000, window_ms: MINUTE_MS },
            admin: Rate { requests: 600, window_ms: MINUTE_MS },
            caller: Rate { requests: 30_000, window_ms: MINUTE_MS },
            keys: 100_000,
        }
    }
}
