//! Making API keys, listing and revoking them.

use super::{
    Gate, Name, Secret,
    api_key::{self, ApiKey},
    audit, name_taken, nothing,
};
use crate::{
    serve::{Caller, Problem, Right},
    session::now,
};
use axum::http::StatusCode;
use ims_core::{
    LocationId, Timestamp,
    report::{Page, PageRequest},
};
use ims_sqlx::registry::Written;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Somebody makes a key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeKey {
    /// What it will be called; no other key has ever been called so.
    pub(crate) name: Name,
    /// What it may do: rights of its maker.
    pub(crate) scopes: BTreeSet<Right>,
    /// The only site that it may work at: a till's own.
    pub(crate) site: Option<LocationId>,
    /// When it ends, if it does.
    pub(crate) expires_at: Option<Timestamp>,
}

/// A key as it is listed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct KeyShown {
    name: Name,
    owner: Name,
    scopes: BTreeSet<Right>,
    site: Option<LocationId>,
    made_at: Timestamp,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    /// To the hour.
    used_at: Option<Timestamp>,
}

/// A key that was just made.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NewKey {
    #[serde(flatten)]
    shown: KeyShown,
    /// What its user sends. It is shown this once.
    key: Secret,
}

impl KeyShown {
    fn of(key: ApiKey) -> KeyShown {
        let ApiKey { name, owner, scopes, site, made_at, expires_at, revoked_at, used_at, .. } = key;
        KeyShown { name, owner, scopes, site, made_at, expires_at, revoked_at, used_at }
    }
}

impl NewKey {
    /// What it is called.
    pub(crate) fn name(&self) -> &Name {
        &self.shown.name
    }
}

impl Gate {
    /// Makes a key for a user.
    ///
    /// # Errors
    /// `scope_too_wide` for a right that its maker has not, and `name_taken`.
    pub(crate) async fn make_key(&self, caller: &Caller, owner: &Name, said: MakeKey) -> Result<NewKey, Problem> {
        let MakeKey { name, scopes, site, expires_at } = said;
        if let Some(right) = scopes.iter().find(|right| !caller.rights.contains(right)) {
            let detail = format!("you do not have the right {} yourself", right.word());
            return Err(Problem::new(StatusCode::FORBIDDEN, "scope_too_wide", detail).field("right", right.word()));
        }
        if scopes.contains(&Right::OwnAccount) {
            let detail = "an account belongs to a person: a key cannot have the right account";
            return Err(Problem::new(StatusCode::FORBIDDEN, "scope_too_wide", detail).field("right", "account"));
        }
        if caller.site.is_some() && site.is_some() && site != caller.site {
            return Err(nothing("site", &site.map(|site| site.to_string()).unwrap_or_default()));
        }
        if expires_at.is_some_and(|expires_at| expires_at <= now()) {
            return Err(Problem::malformed("expires_at has passed already").field("at", "expires_at"));
        }
        let secret = Secret::random()?;
        let key = ApiKey {
            name,
            secret: secret.digest(),
            owner: owner.clone(),
            scopes,
            site: site.or(caller.site),
            made_at: now(),
            expires_at,
            revoked_at: None,
            used_at: None,
        };
        if self.shared.records.add(&key).await? == Written::Conflict {
            return Err(name_taken(&key.name));
        }
        let words: Vec<&str> = key.scopes.iter().map(|right| right.word()).collect();
        audit::key_made(caller, &key.name, &words.join(" "));
        Ok(NewKey { key: api_key::text(&key.name, &secret), shown: KeyShown::of(key) })
    }

    /// Keys by name: an admin sees all, or those of their one site, everybody else their own.
    pub(crate) async fn keys(&self, caller: &Caller, page: &PageRequest) -> Result<Page<KeyShown>, Problem> {
        let Page { rows, next } = self.shared.records.page::<ApiKey>(page).await?;
        let seen = rows.into_iter().filter(|key| may_see(caller, key));
        Ok(Page { rows: seen.map(KeyShown::of).collect(), next })
    }

    /// A key that the caller may see.
    pub(crate) async fn key(&self, caller: &Caller, name: &Name) -> Result<KeyShown, Problem> {
        Ok(KeyShown::of(self.seen_key(caller, name).await?))
    }

    /// Revokes a key, at all instances.
    pub(crate) async fn revoke_key(&self, caller: &Caller, name: &Name) -> Result<KeyShown, Problem> {
        self.seen_key(caller, name).await?;
        let changed = self.shared.records.change::<ApiKey>(name.as_str(), |key| {
            key.revoked_at = key.revoked_at.or(Some(now()));
            Ok(())
        });
        let key = changed.await?.ok_or_else(|| nothing("API key", name.as_str()))?;
        self.shared.keys.forget(name.as_str());
        self.tell_of(&key.owner).await;
        audit::key_changed(caller, name, "revoked");
        Ok(KeyShown::of(key))
    }

    /// Makes a key the caller's own, so that it outlives the account of whoever made it.
    pub(crate) async fn take_key_over(&self, caller: &Caller, by: &Name, name: &Name) -> Result<KeyShown, Problem> {
        let mut before = by.clone();
        let changed = self.shared.records.change::<ApiKey>(name.as_str(), |key| {
            before = std::mem::replace(&mut key.owner, by.clone());
            Ok(())
        });
        let key = changed.await?.ok_or_else(|| nothing("API key", name.as_str()))?;
        self.shared.keys.forget(name.as_str());
        self.tell_of(&before).await;
        audit::key_changed(caller, name, "taken over");
        Ok(KeyShown::of(key))
    }

    async fn seen_key(&self, caller: &Caller, name: &Name) -> Result<ApiKey, Problem> {
        let read = self.shared.records.get::<ApiKey>(name.as_str()).await?;
        let key = read.map(|read| read.record).filter(|key| may_see(caller, key));
        key.ok_or_else(|| nothing("API key", name.as_str()))
    }
}

/// Whether a key is the caller's business: an admin's of one site are those of that site.
fn may_see(caller: &Caller, key: &ApiKey) -> bool {
    let is_theirs = caller.site.is_none() || caller.site == key.site;
    caller.rights.contains(&Right::Administer) && is_theirs || caller.user() == Some(&key.owner)
}
