//! Accounts that people make or keep themselves: the first admin, registering, one's own password.

use super::{
    Gate, Name, Secret, User, audit,
    first_admin::{self, FirstAdmin as Kept, Shown},
    invitation, name_taken, nothing,
    user::{Email, Standing},
};
use crate::{
    failure::Failure,
    serve::{Problem, right::Role},
    session::now,
};
use axum::http::StatusCode;
use ims_core::{LocationId, report::PageRequest};
use ims_sqlx::registry::Written;
use serde::Deserialize;
use uuid::Uuid;

/// The code for somebody who does not know their password.
pub(crate) const PASSWORD_WRONG: &str = "password_wrong";

/// Somebody has seen the server's terminal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstAdmin {
    /// The token that stood there.
    pub(crate) token: Secret,
    /// What the admin will be called.
    pub(crate) name: Name,
    /// Their password.
    pub(crate) password: Secret,
}

/// Somebody wants an account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Register {
    /// What they will be called.
    pub(crate) name: Name,
    /// Their password.
    pub(crate) password: Secret,
    /// Where they can be written to.
    pub(crate) email: Option<Email>,
}

/// Somebody wants another password.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The one they have.
    pub(crate) current: Secret,
    /// The one they want.
    pub(crate) new: Secret,
}

/// A user who is to be made.
pub(super) struct ToMake {
    pub(super) name: Name,
    pub(super) password: Secret,
    pub(super) email: Option<Email>,
    pub(super) role: Role,
    pub(super) site: Option<LocationId>,
}

impl Gate {
    /// Shows how the first admin is made, where there is no user yet. `page` is the page on which they are.
    ///
    /// # Errors
    /// Where the registry or the file does not answer.
    pub(crate) async fn announce_first_admin(&self, page: &str) -> Result<Option<String>, Failure> {
        let unready = |problem: Problem| Failure::store("registry", problem.detail().to_owned());
        if self.has_users().await.map_err(unready)? {
            return Ok(None);
        }
        let shown = Shown::of(&self.shared.config);
        let (token, kept) = first_admin::token(&self.shared.config).map_err(unready)?;
        if shown != Shown::Nowhere {
            self.shared.records.set(&kept).await.map_err(unready)?;
        }
        shown.show(&token, page, kept.expires_at).map(Some)
    }

    /// Makes the first admin.
    ///
    /// # Errors
    /// `token_invalid` where the token is wrong, was used, or has ended, and where there is a user already.
    pub(crate) async fn first_admin(&self, said: FirstAdmin) -> Result<User, Problem> {
        let kept = self.shared.records.get::<Kept>(first_admin::KEY).await?.ok_or_else(invitation::invalid)?;
        if !said.token.matches(&kept.record.token) || self.has_users().await? {
            return Err(invitation::invalid());
        }
        let user =
            self.ready(ToMake { name: said.name, password: said.password, email: None, role: Role::Admin, site: None });
        let user = user.await?;
        if self.shared.records.take::<Kept>(first_admin::KEY, kept.version).await? == Written::Conflict {
            return Err(invitation::invalid());
        }
        self.add(&user, "first admin").await?;
        if let Some(file) = &self.shared.config.first_admin_file {
            // It opens nothing any more.
            let _ = std::fs::remove_file(file);
        }
        Ok(user)
    }

    /// Makes an account for whoever asks, where the configuration lets everybody in.
    ///
    /// # Errors
    /// `registration_closed` where it does not.
    pub(crate) async fn register(&self, said: Register) -> Result<User, Problem> {
        let Register { name, password, email } = said;
        let closed = || {
            let detail = "accounts are made by an admin here; ask for an invitation";
            Problem::new(StatusCode::FORBIDDEN, "registration_closed", detail)
        };
        let role = self.shared.config.registration.role().ok_or_else(closed)?;
        let user = self.ready(ToMake { name, password, email, role, site: None }).await?;
        self.add(&user, "registration").await?;
        Ok(user)
    }

    /// Changes a password for somebody who knows it, and ends their other sessions.
    ///
    /// # Errors
    /// `password_wrong` where they do not know it.
    pub(crate) async fn change_password(
        &self,
        (name, session): (&Name, Uuid),
        said: &NewPassword,
    ) -> Result<(), Problem> {
        let read = self.shared.records.get::<User>(name.as_str()).await?;
        let user = read.ok_or_else(|| nothing("user", name.as_str()))?.record;
        if !self.shared.passwords.is_right(said.current.clone(), Some(&user.password)).await? {
            audit::refused("wrong_password", Some(name));
            return Err(Problem::new(StatusCode::FORBIDDEN, PASSWORD_WRONG, "this is not your password"));
        }
        self.set_password(&format!("user:{name}"), name, said.new.clone()).await?;
        self.go_on(name, session).await?;
        self.tell_of(name).await;
        Ok(())
    }

    /// Sets a password, and ends all sessions of its user.
    pub(super) async fn set_password(&self, by: &str, name: &Name, password: Secret) -> Result<(), Problem> {
        self.shared.passwords.check(name.as_str(), &password)?;
        let hash = self.shared.passwords.hash(password).await?;
        let set = self.shared.records.change::<User>(name.as_str(), |user| {
            user.password = hash.clone();
            user.password_set_at = now();
            user.end_sessions();
            Ok(())
        });
        set.await?.ok_or_else(|| nothing("user", name.as_str()))?;
        self.shared.users.forget(name.as_str());
        audit::password_changed(by, name);
        Ok(())
    }

    /// Makes a user ready to be added: everything that can be refused is refused here.
    pub(super) async fn ready(&self, make: ToMake) -> Result<User, Problem> {
        let ToMake { name, password, email, role, site } = make;
        self.shared.passwords.check(name.as_str(), &password)?;
        if self.shared.records.get::<User>(name.as_str()).await?.is_some() {
            return Err(name_taken(&name));
        }
        let password = self.shared.passwords.hash(password).await?;
        let standing = Standing::Active;
        let now = now();
        Ok(User { name, email, role, standing, site, password, epoch: 1, made_at: now, password_set_at: now })
    }

    /// Adds a user that was made ready.
    pub(super) async fn add(&self, user: &User, by: &str) -> Result<(), Problem> {
        if self.shared.records.add(user).await? == Written::Conflict {
            return Err(name_taken(&user.name));
        }
        audit::user_made(by, &user.name, user.role);
        Ok(())
    }

    async fn has_users(&self) -> Result<bool, Problem> {
        let first = PageRequest { limit: 1, ..PageRequest::default() };
        Ok(!self.shared.records.page::<User>(&first).await?.rows.is_empty())
    }
}
