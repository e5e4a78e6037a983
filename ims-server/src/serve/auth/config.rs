//! How people and programs sign in.

use super::Secret;
use crate::serve::right::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use std::path::PathBuf;

/// Who may come in, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// How long an access token is good.
    pub(crate) access_token_ms: u64,
    /// How long a refresh token is good, if it is not used. Each use gives a new one.
    pub(crate) refresh_token_ms: u64,
    /// How long somebody stays signed in, however often the token is refreshed.
    pub(crate) session_ms: u64,
    /// For how long an instance believes what it read of users, sessions and keys: after this time, at the latest, what was
    /// ended at one instance is ended at all.
    pub(crate) believed_ms: u64,
    /// How often an instance looks for what was ended or changed at others, so that whoever listens to events there hears no
    /// more of them.
    pub(crate) changes_poll_ms: u64,
    /// Sessions that a user may have; the oldest ends when there is one more.
    pub(crate) sessions_per_user: usize,
    /// Who issues the tokens, as they say in `iss`.
    pub(crate) issuer: String,
    /// For whom the tokens are, as they say in `aud`.
    pub(crate) audience: String,
    /// What tokens are signed with, in base64, 32 bytes at least. Where none is given, the server makes keys of its own,
    /// keeps them in the store, and changes them every `signing_key_ms`.
    #[serde(serialize_with = "hidden")]
    #[schemars(with = "Option<String>")]
    pub(crate) signing_key: Option<Secret>,
    /// The key before that one: tokens signed with it are still taken.
    #[serde(serialize_with = "hidden")]
    #[schemars(with = "Option<String>")]
    pub(crate) previous_signing_key: Option<Secret>,
    /// How long tokens are signed with the same key of the server's own.
    pub(crate) signing_key_ms: u64,
    /// Characters that a password must have.
    pub(crate) password_chars: usize,
    /// Passwords that are hashed at the same time; each takes 19 MiB and one core.
    pub(crate) hashes_at_once: usize,
    /// Sign-ins that may wait for that; the next one is sent away.
    pub(crate) hashes_waiting: usize,
    /// How long an invitation can be accepted.
    pub(crate) invitation_ms: u64,
    /// How long the first admin can be made with the token that the server prints at its first start.
    pub(crate) first_admin_ms: u64,
    /// Where that token is written if nobody watches the terminal, readable for the server's own user alone.
    pub(crate) first_admin_file: Option<PathBuf>,
    /// Whether whoever reaches the server may make an account: `closed`, or the role that they get.
    pub(crate) registration: Registration,
    /// Open holds of one user or one key.
    pub(crate) open_holds: usize,
}

/// Whether whoever reaches the server may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Registration {
    /// Nobody may: an admin makes accounts, or invites.
    #[default]
    Closed,
    /// Everybody may, and becomes a viewer.
    Viewer,
    /// Everybody may, and becomes a clerk.
    Clerk,
}

impl Registration {
    /// What somebody becomes who registers, where that is possible.
    pub(super) const fn role(self) -> Option<Role> {
        match self {
            Registration::Closed => None,
            Registration::Viewer => Some(Role::Viewer),
            Registration::Clerk => Some(Role::Clerk),
        }
    }
}

const MINUTE_MS: u64 = 60 * 1000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

impl Default for Config {
    fn default() -> Self {
        Config {
            access_token_ms: 15 * MINUTE_MS,
            refresh_token_ms: 30 * DAY_MS,
            session_ms: 90 * DAY_MS,
            believed_ms: 5_000,
            changes_poll_ms: 1_000,
            sessions_per_user: 50,
            issuer: "ims".into(),
            audience: "ims".into(),
            signing_key: None,
            previous_signing_key: None,
            signing_key_ms: 30 * DAY_MS,
            password_chars: 10,
            hashes_at_once: 2,
            hashes_waiting: 32,
            invitation_ms: 7 * DAY_MS,
            first_admin_ms: 60 * MINUTE_MS,
            first_admin_file: None,
            registration: Registration::Closed,
            open_holds: 500,
        }
    }
}

/// Says that there is a secret, and not which.
fn hidden<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(|_| "***").serialize(serializer)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_signing_key_is_never_written_out() {
        let config = Config { signing_key: Some(Secret::new("swordfish")), ..Config::default() };
        let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
        assert!(!shown.contains("swordfish"), "{shown}");
    }
}
