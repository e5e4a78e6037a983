//! Signing in, staying signed in, signing out.

use super::{
    Gate, Name, Secret, User, audit, ended, from_now, nothing, session,
    session::{RefreshToken, Session},
    user::Standing,
};
use crate::{
    serve::{Problem, limits::are_neighbours},
    session::{new_uuid, now},
};
use axum::http::StatusCode;
use ims_core::Timestamp;
use ims_sqlx::registry::Written;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use uuid::Uuid;

/// From where a request came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Peer {
    /// The address of the client, as far as trusted proxies tell.
    pub(crate) address: Option<IpAddr>,
    /// What the client calls itself.
    pub(crate) agent: Option<String>,
}

/// Somebody says who they are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The user's name. Anything at all: what no user can be called is refused like a wrong password.
    pub(crate) name: String,
    /// The user's password.
    pub(crate) password: Secret,
    /// A refresh token of theirs that is still good, where they have one. It stays good, and it tells them from the
    /// strangers who guess at their password.
    pub(crate) refresh_token: Option<Secret>,
}

/// The code for somebody whose name or password is wrong.
pub(crate) const SIGN_IN_FAILED: &str = "sign_in_failed";

/// Whether whoever signs in is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// They are not.
    Not,
    /// The user has a session from where they are.
    Address,
    /// They have the refresh token of this session of the user.
    Device(Uuid),
}

/// What somebody gets who signed in, as OAuth 2 names it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Tokens {
    access_token: Secret,
    token_type: &'static str,
    /// Seconds that the access token is good for.
    expires_in: u64,
    /// Good once.
    refresh_token: Secret,
}

/// A session as its user sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SessionShown {
    id: Uuid,
    began_at: Timestamp,
    used_at: Timestamp,
    ends_at: Timestamp,
    address: Option<IpAddr>,
    agent: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
}

impl Gate {
    /// Signs somebody in.
    ///
    /// # Errors
    /// `sign_in_failed`, whatever was wrong.
    pub(crate) async fn sign_in(&self, said: &SignIn, peer: &Peer) -> Result<Tokens, Problem> {
        let user = match Name::new(&said.name) {
            Ok(name) => self.shared.records.get::<User>(name.as_str()).await?.map(|read| read.record),
            Err(_) => None,
        };
        let hash = user.as_ref().map(|user| &user.password);
        let is_right = self.shared.passwords.is_right(said.password.clone(), hash).await?;
        let Some(user) = user.filter(|user| is_right && user.standing == Standing::Active) else {
            audit::sign_in_failed(&said.name, peer.address);
            let detail = "the name or the password is wrong";
            return Err(Problem::new(StatusCode::UNAUTHORIZED, SIGN_IN_FAILED, detail));
        };
        audit::signed_in(&user.name, peer.address);
        self.begin_session(&user, peer).await
    }

    /// Tells whether somebody who wants to sign in is known already. It reads as much for names that nobody has.
    pub(crate) async fn knows(&self, said: &str, peer: &Peer, refresh: Option<&Secret>) -> Result<Known, Problem> {
        let Ok(name) = Name::new(said) else { return Ok(Known::Not) };
        let sessions = self.shared.records.beginning_with::<Session>(&session::of(&name)).await?;
        let user = self.shared.records.get::<User>(name.as_str()).await?;
        let epoch = user.filter(|user| user.record.standing == Standing::Active).map(|user| user.record.epoch);
        let sessions: Vec<Session> = sessions.into_iter().filter(|session| Some(session.epoch) == epoch).collect();
        let refresh = refresh.and_then(RefreshToken::read).filter(|refresh| refresh.user == name);
        let of_device = |session: &&Session| {
            refresh.as_ref().is_some_and(|shown| shown.session == session.id && shown.secret.matches(&session.refresh))
        };
        if let Some(session) = sessions.iter().find(of_device) {
            return Ok(Known::Device(session.id));
        }
        let near = |session: &Session| session.address.zip(peer.address).is_some_and(|(a, b)| are_neighbours(a, b));
        Ok(if sessions.iter().any(near) { Known::Address } else { Known::Not })
    }

    /// Signs a user in who has proved who they are.
    pub(super) async fn begin_session(&self, user: &User, peer: &Peer) -> Result<Tokens, Problem> {
        self.make_room(&user.name).await?;
        let config = &self.shared.config;
        let id = new_uuid();
        let refresh = RefreshToken::new(&user.name, id)?;
        let now = now();
        let session = Session {
            id,
            user: user.name.clone(),
            epoch: user.epoch,
            refresh: refresh.secret.digest(),
            began_at: now,
            used_at: now,
            ends_at: from_now(config.refresh_token_ms.min(config.session_ms)),
            address: peer.address,
            agent: peer.agent.as_deref().map(audit::said),
        };
        self.shared.records.set(&session).await?;
        self.tokens(&refresh).await
    }

    /// Gives new tokens for a refresh token, which ends. One that was used before was copied: then its session ends too.
    pub(crate) async fn refresh(&self, token: &Secret, peer: &Peer) -> Result<Tokens, Problem> {
        let refresh = RefreshToken::read(token).ok_or_else(ended)?;
        let key = session::key(&refresh.user, refresh.session);
        let read = self.shared.records.get::<Session>(&key).await?.ok_or_else(ended)?;
        let mut session = read.record;
        if !refresh.secret.matches(&session.refresh) {
            return Err(self.end_copied(&session, peer).await?);
        }
        let user = self.shared.records.get::<User>(refresh.user.as_str()).await?.ok_or_else(ended)?.record;
        if user.standing != Standing::Active || user.epoch != session.epoch {
            self.end_one(&session).await?;
            return Err(ended());
        }
        let config = &self.shared.config;
        let next = RefreshToken::new(&refresh.user, refresh.session)?;
        session.refresh = next.secret.digest();
        session.used_at = now();
        session.address = peer.address;
        session.ends_at =
            from_now(config.refresh_token_ms).min(super::token::after(session.began_at, config.session_ms));
        match self.shared.records.replace(&session, read.version).await? {
            Written::Done { .. } => self.tokens(&next).await,
            // Somebody else used it at the same moment.
            Written::Conflict => Err(self.end_copied(&session, peer).await?),
        }
    }

    /// Ends a session of a user.
    ///
    /// # Errors
    /// `not_found` where they have no such session.
    pub(crate) async fn end_session(&self, user: &Name, id: Uuid) -> Result<(), Problem> {
        let read = self.shared.records.get::<Session>(&session::key(user, id)).await?;
        let session = read.ok_or_else(|| nothing("session", &id.to_string()))?.record;
        self.end_one(&session).await?;
        self.tell_of(user).await;
        audit::signed_out(user, "one");
        Ok(())
    }

    /// Ends all sessions of a user, at all instances.
    pub(crate) async fn end_sessions(&self, user: &Name) -> Result<(), Problem> {
        let ended = self.shared.records.change::<User>(user.as_str(), |user| {
            user.end_sessions();
            Ok(())
        });
        ended.await?.ok_or_else(|| nothing("user", user.as_str()))?;
        self.forget_sessions(user).await?;
        self.tell_of(user).await;
        audit::signed_out(user, "all");
        Ok(())
    }

    /// The sessions of a user, oldest first.
    pub(crate) async fn sessions(&self, user: &Name, current: Option<Uuid>) -> Result<Vec<SessionShown>, Problem> {
        let epoch = self.shared.users.get(user.as_str()).await?.map(|user| user.epoch);
        let sessions = self.shared.records.beginning_with::<Session>(&session::of(user)).await?;
        let goes_on = sessions.into_iter().filter(|session| Some(session.epoch) == epoch);
        Ok(goes_on.map(|session| SessionShown::of(session, current)).collect())
    }

    /// Ends all sessions of a user but one: it goes on with the user's new number.
    pub(super) async fn go_on(&self, name: &Name, id: Uuid) -> Result<(), Problem> {
        let epoch = self.user(name).await?.epoch;
        let key = session::key(name, id);
        let changed = self.shared.records.change::<Session>(&key, |session| {
            session.epoch = epoch;
            Ok(())
        });
        changed.await?;
        self.shared.sessions.forget(&key);
        for session in self.shared.records.beginning_with::<Session>(&session::of(name)).await? {
            if session.id != id {
                self.end_one(&session).await?;
            }
        }
        Ok(())
    }

    /// Takes the sessions of a user away, which have ended already.
    pub(super) async fn forget_sessions(&self, user: &Name) -> Result<(), Problem> {
        self.shared.users.forget(user.as_str());
        for session in self.shared.records.beginning_with::<Session>(&session::of(user)).await? {
            self.end_one(&session).await?;
        }
        Ok(())
    }

    /// Ends the oldest sessions of a user who would have too many.
    async fn make_room(&self, user: &Name) -> Result<(), Problem> {
        let sessions = self.shared.records.beginning_with::<Session>(&session::of(user)).await?;
        let most = self.shared.config.sessions_per_user.max(1);
        let too_many = sessions.len().saturating_add(1).saturating_sub(most);
        for session in sessions.iter().take(too_many) {
            self.end_one(session).await?;
        }
        if too_many > 0 {
            self.tell_of(user).await;
        }
        Ok(())
    }

    async fn end_one(&self, session: &Session) -> Result<(), Problem> {
        let key = session::key(&session.user, session.id);
        self.shared.records.forget::<Session>(&key).await?;
        self.shared.sessions.forget(&key);
        Ok(())
    }

    /// Ends a session whose refresh token somebody else has too.
    async fn end_copied(&self, session: &Session, peer: &Peer) -> Result<Problem, Problem> {
        self.end_one(session).await?;
        self.tell_of(&session.user).await;
        audit::refresh_reused(&session.user, peer.address);
        Ok(ended())
    }

    async fn tokens(&self, refresh: &RefreshToken) -> Result<Tokens, Problem> {
        Ok(Tokens {
            access_token: self.shared.tokens.sign(&refresh.user, refresh.session).await?,
            token_type: "Bearer",
            expires_in: self.shared.config.access_token_ms / 1000,
            refresh_token: refresh.text(),
        })
    }
}

impl SessionShown {
    fn of(session: Session, current: Option<Uuid>) -> SessionShown {
        let Session { id, began_at, used_at, ends_at, address, agent, .. } = session;
        SessionShown { id, began_at, used_at, ends_at, address, agent, current: current == Some(id) }
    }
}
