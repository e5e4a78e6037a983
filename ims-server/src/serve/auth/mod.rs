//! Who calls, and who may.
//!
//! People sign in with a name and a password and get an access token for minutes and a refresh token for days; programs
//! come with an API key. The [`Gate`] knows them all from the registry, which all instances share. What it read it believes
//! for some seconds (`auth.believed_ms`), so that what is ended at one instance is ended at all of them after that time.

mod accounts;
mod api_key;
mod audit;
mod changes;
mod config;
mod first_admin;
mod hashing;
mod invitation;
mod invitations;
mod keys;
mod password;
mod records;
mod remembered;
mod schemas;
mod secret;
mod session;
mod sessions;
mod token;
mod user;
mod users;

pub(crate) use accounts::{FirstAdmin, NewPassword, PASSWORD_WRONG, Register};
pub(crate) use changes::Watch;
pub(crate) use config::Config;
pub(crate) use invitations::{Accept, Invite};
pub(crate) use keys::MakeKey;
pub(crate) use schemas::SCHEMAS;
pub(crate) use secret::Secret;
pub(crate) use sessions::{Known, Peer, SIGN_IN_FAILED, SignIn};
pub(crate) use token::after;
pub(crate) use user::{Name, Standing, User};
pub(crate) use users::{NewUser, UserChange, UserShown};

use super::{Caller, Problem, caller::Proof};
use crate::{failure::Failure, session::now};
use api_key::ApiKey;
use axum::http::StatusCode;
use changes::{Listeners, Whose};
use ims_core::Timestamp;
use ims_sqlx::Registry;
use password::Passwords;
use records::Records;
use remembered::Remembered;
use session::Session;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Knows who may come in. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    records: Records,
    passwords: Passwords,
    tokens: token::Tokens,
    users: Remembered<User>,
    sessions: Remembered<Session>,
    keys: Remembered<ApiKey>,
    listeners: Listeners,
}

impl Gate {
    /// Opens the gate of a registry.
    ///
    /// # Errors
    /// Where the registry cannot be read, and for a signing key that is none.
    pub(crate) async fn open(registry: Registry, config: Config) -> Result<Gate, Failure> {
        let unready = |problem: Problem| Failure::store("auth", problem.detail().to_owned());
        Gate::new(registry, config).await.map_err(unready)
    }

    async fn new(registry: Registry, config: Config) -> Result<Gate, Problem> {
        let records = Records::new(registry);
        let believed = Duration::from_millis(config.believed_ms);
        let shared = Shared {
            passwords: Passwords::new(&config)?,
            tokens: token::Tokens::new(records.clone(), &config).await?,
            users: Remembered::new(records.clone(), believed),
            sessions: Remembered::new(records.clone(), believed),
            keys: Remembered::new(records.clone(), believed),
            listeners: Listeners::default(),
            records,
            config,
        };
        Ok(Gate { shared: Arc::new(shared) })
    }

    /// Tells who calls, from what stands in `Authorization`: `Bearer` with an access token or an API key.
    pub(crate) async fn caller(&self, authorization: Option<&str>) -> Result<Caller, Problem> {
        let given = authorization.ok_or_else(|| Problem::unauthenticated("sign in first"))?;
        let token = bearer(given).ok_or_else(|| Problem::unauthenticated("send `Authorization: Bearer …`"))?;
        match api_key::read(token) {
            Some((name, secret)) => self.caller_of_key(&name, &secret).await,
            None => self.caller_of_token(token).await,
        }
    }

    /// Signs with a new key from now on, and takes no token any more that was signed with another one.
    pub(crate) async fn replace_signing_keys(&self, caller: &Caller) -> Result<(), Problem> {
        self.shared.tokens.replace_keys().await?;
        self.tell(Whose::Everybody).await;
        audit::signing_keys_replaced(caller);
        Ok(())
    }

    /// Forgets what has ended.
    pub(crate) async fn sweep(&self) {
        if let Err(error) = self.shared.records.sweep().await {
            tracing::warn!(code = error.kind.code(), source = %error.source, "what has ended could not be swept");
        }
    }

    async fn caller_of_token(&self, token: &str) -> Result<Caller, Problem> {
        let Some(claims) = self.shared.tokens.verify(token).await? else {
            audit::refused("bad_token", None);
            return Err(ended());
        };
        self.caller_of_session(&claims.sub, claims.sid).await
    }

    /// Tells what somebody is now who proved who they are a while ago.
    ///
    /// # Errors
    /// `unauthenticated` where what they proved it with has ended.
    pub(crate) async fn again(&self, proof: &Proof) -> Result<Caller, Problem> {
        match proof {
            Proof::Nothing => Err(ended()),
            Proof::Session { user, session } => self.caller_of_session(user, *session).await,
            Proof::Key { key } => {
                let known = self.shared.keys.get(key.as_str()).await?.ok_or_else(ended)?;
                self.owned(&known).await?.ok_or_else(ended)
            }
        }
    }

    async fn caller_of_session(&self, name: &Name, session: Uuid) -> Result<Caller, Problem> {
        let user = self.shared.users.get(name.as_str()).await?;
        let session = self.shared.sessions.get(&session::key(name, session)).await?;
        let (Some(user), Some(session)) = (user, session) else { return Err(ended()) };
        let goes_on = session.epoch == user.epoch && session.ends_at > now();
        if user.standing != Standing::Active || !goes_on {
            audit::refused("session_ended", Some(name));
            return Err(ended());
        }
        Ok(Caller {
            name: format!("user:{}", user.name).into(),
            role: user.role,
            rights: Arc::new(user.role.rights().iter().copied().collect()),
            site: user.site,
            proof: Proof::Session { user: user.name.clone(), session: session.id },
        })
    }

    async fn caller_of_key(&self, name: &Name, secret: &Secret) -> Result<Caller, Problem> {
        let refused = |why| {
            audit::refused(why, Some(name));
            Problem::unauthenticated("this API key opens nothing: it is wrong, or it has ended")
        };
        let Some(key) = self.shared.keys.get(name.as_str()).await? else { return Err(refused("unknown_key")) };
        if !secret.matches(&key.secret) {
            return Err(refused("wrong_key"));
        }
        let Some(caller) = self.owned(&key).await? else { return Err(refused("ended_key")) };
        self.note_use(&key).await;
        Ok(caller)
    }

    /// Who calls with a key, unless it or its owner has ended.
    async fn owned(&self, key: &ApiKey) -> Result<Option<Caller>, Problem> {
        let owner = self.shared.users.get(key.owner.as_str()).await?;
        let owner = owner.filter(|owner| owner.standing == Standing::Active && key.is_good(now()));
        Ok(owner.map(|owner| Caller {
            name: format!("key:{}", key.name).into(),
            role: owner.role,
            rights: Arc::new(key.rights(owner.role)),
            // Where its owner may work at one site alone, so may it.
            site: owner.site.or(key.site),
            proof: Proof::Key { key: key.name.clone() },
        }))
    }

    /// Writes down in which hour a key was used: once in each, and not at all where that does not work at once.
    async fn note_use(&self, key: &ApiKey) {
        let hour = api_key::hour(now());
        if key.used_at == Some(hour) {
            return;
        }
        let noted = self.shared.records.change::<ApiKey>(key.name.as_str(), |key| {
            key.used_at = Some(hour);
            Ok(())
        });
        if noted.await.is_err() {
            tracing::warn!(key = %key.name, "the last use of a key could not be written down");
        }
        self.shared.keys.forget(key.name.as_str());
    }
}

/// The credential that stands behind `Bearer`.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Says that somebody is not signed in any more, or never was: nobody learns which.
fn ended() -> Problem {
    Problem::unauthenticated("this token is not good, or not any more: sign in, or refresh it")
}

/// A name that somebody or something has already.
fn name_taken(name: &Name) -> Problem {
    Problem::new(StatusCode::CONFLICT, "name_taken", format!("the name {name} is taken")).field("name", name.as_str())
}

/// Something that is not there, or not the caller's.
fn nothing(what: &str, name: &str) -> Problem {
    Problem::not_found(format!("there is no {what} {name}"))
}

/// The moment after which something new ends.
fn from_now(ms: u64) -> Timestamp {
    token::after(now(), ms)
}
