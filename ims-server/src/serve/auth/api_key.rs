//! API keys: what programs, tills and scanners come in with.

use super::{Secret, records::Record, user::Name};
use crate::serve::{Right, right::Role};
use ims_core::{LocationId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What API keys begin with, so that a scanner for secrets knows one.
const PREFIX: &str = "ims_";

/// A key as the registry has it. A name is not given twice, also when its key was revoked: it stands in the log of the
/// shop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ApiKey {
    /// By which it is listed, and by which the log of the shop names it.
    pub(super) name: Name,
    /// The digest of its secret.
    pub(super) secret: Secret,
    /// The user whose it is: it can do no more than they can.
    pub(super) owner: Name,
    /// What it may do, as far as its owner may.
    pub(super) scopes: BTreeSet<Right>,
    /// The only site that it may work at.
    pub(super) site: Option<LocationId>,
    /// When it was made.
    pub(super) made_at: Timestamp,
    /// When it ends, if it does.
    pub(super) expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub(super) revoked_at: Option<Timestamp>,
    /// When it was last used, to the hour.
    pub(super) used_at: Option<Timestamp>,
}

impl Record for ApiKey {
    const KIND: &'static str = "api_key";

    fn key(&self) -> String {
        self.name.to_string()
    }
}

impl ApiKey {
    /// Whether it opens anything at this moment.
    pub(super) fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| expires_at > now)
    }

    /// What it may do for an owner of this role.
    pub(super) fn rights(&self, owner: Role) -> BTreeSet<Right> {
        self.scopes.iter().copied().filter(|right| owner.has(*right)).collect()
    }
}

/// An hour in which a key was used, in microseconds: the last use is written down once in it.
const HOUR_MICROS: i64 = 60 * 60 * 1_000_000;

/// The beginning of the hour.
pub(super) fn hour(moment: Timestamp) -> Timestamp {
    let since = moment.micros().rem_euclid(HOUR_MICROS);
    Timestamp::from_micros(moment.micros().saturating_sub(since)).unwrap_or(Timestamp::MIN)
}

/// The text of a key: what its user sends.
pub(super) fn text(name: &Name, secret: &Secret) -> Secret {
    Secret::new(format!("{PREFIX}{name}_{}", secret.expose()))
}

/// Takes the text of a key apart.
pub(super) fn read(text: &str) -> Option<(Name, Secret)> {
    let (name, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    Some((Name::new(name).ok()?, Secret::new(secret)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let (name, secret) = (Name::new("till-2").unwrap(), Secret::random().unwrap());
        let (read_name, read_secret) = read(text(&name, &secret).expose()).unwrap();
        assert_eq!((read_name, read_secret), (name, secret));
        for bad in ["", "ims_", "ims_till-2", "imsr_till-2_x", "ims__x"] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_use_is_known_to_the_hour() {
        let at: Timestamp = "2026-01-31T09:30:01.5Z".parse().unwrap();
        assert_eq!(hour(at).to_string(), "2026-01-31T09:00:00Z");
    }
}
