//! Sessions: somebody is signed in, and stays so by refresh tokens of which each is used once.

use super::{Secret, records::Record, user::Name};
use crate::serve::Problem;
use ims_core::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use uuid::Uuid;

/// What refresh tokens begin with, so that a scanner for secrets knows one.
const PREFIX: &str = "imsr_";

/// A session as the registry has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Session {
    /// Its own id. Later ones come later.
    pub(super) id: Uuid,
    /// Whose it is.
    pub(super) user: Name,
    /// The user's number of that time.
    pub(super) epoch: u64,
    /// The digest of the one refresh token that is good.
    pub(super) refresh: Secret,
    /// When they signed in.
    pub(super) began_at: Timestamp,
    /// When a token was last made.
    pub(super) used_at: Timestamp,
    /// When it ends, if it is not refreshed before.
    pub(super) ends_at: Timestamp,
    /// From where a token was last made for them.
    pub(super) address: Option<IpAddr>,
    /// What they signed in with, as it calls itself.
    pub(super) agent: Option<String>,
}

impl Record for Session {
    const KIND: &'static str = "session";

    fn key(&self) -> String {
        key(&self.user, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.ends_at)
    }
}

/// What the registry calls a session: those of one user stand together, oldest first.
pub(super) fn key(user: &Name, id: Uuid) -> String {
    format!("{}{id}", of(user))
}

/// What the names of a user's sessions begin with.
pub(super) fn of(user: &Name) -> String {
    // No name has a slash in it.
    format!("{user}/")
}

/// A refresh token, taken apart. Whoever holds it learns nothing from it that they have not said themselves.
#[derive(Clone, Debug)]
pub(super) struct RefreshToken {
    pub(super) user: Name,
    pub(super) session: Uuid,
    pub(super) secret: Secret,
}

impl RefreshToken {
    /// Makes one for a session.
    pub(super) fn new(user: &Name, session: Uuid) -> Result<RefreshToken, Problem> {
        Ok(RefreshToken { user: user.clone(), session, secret: Secret::random()? })
    }

    /// Takes a token apart.
    pub(super) fn read(token: &Secret) -> Option<RefreshToken> {
        let (rest, secret) = token.expose().strip_prefix(PREFIX)?.split_once('_')?;
        let (session, user) = rest.split_at_checked(uuid::fmt::Simple::LENGTH)?;
        let session = Uuid::try_parse(session).ok()?;
        let user = Name::new(user.strip_prefix('.')?).ok()?;
        Some(RefreshToken { user, session, secret: Secret::new(secret) })
    }

    /// The token as it is given out.
    pub(super) fn text(&self) -> Secret {
        Secret::new(format!("{PREFIX}{}.{}_{}", self.session.simple(), self.user, self.secret.expose()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_read_as_it_was_written() {
        let token = RefreshToken::new(&Name::new("anna.b").unwrap(), Uuid::from_u128(7)).unwrap();
        let read = RefreshToken::read(&token.text()).unwrap();
        assert_eq!((read.user, read.session, read.secret), (token.user, token.session, token.secret));
        for bad in ["", "imsr_", "imsr_x.anna_s", "imsr_00000000000000000000000000000007anna_s", "ims_till_s"] {
            assert!(RefreshToken::read(&Secret::new(bad)).is_none(), "{bad}");
        }
    }
}
