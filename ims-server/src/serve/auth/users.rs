//! Users, as an admin sees and changes them.

use super::{
    Gate, Name, Secret, User,
    accounts::ToMake,
    audit, nothing,
    user::{Email, Standing},
};
use crate::serve::{Problem, right::Role};
use axum::http::StatusCode;
use ims_core::{
    LocationId, Timestamp,
    report::{Page, PageRequest},
};
use serde::{Deserialize, Deserializer, Serialize};

/// A user as an admin makes one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// By which they sign in.
    pub(crate) name: Name,
    /// Their first password.
    pub(crate) password: Secret,
    /// What they are.
    pub(crate) role: Role,
    /// Where they can be written to.
    pub(crate) email: Option<Email>,
    /// The only site that they may work at.
    pub(crate) site: Option<LocationId>,
}

/// What is to be different about a user. What is not said stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    /// Whom it is about.
    pub(crate) user: Name,
    /// What they are.
    #[serde(default, deserialize_with = "said")]
    pub(crate) role: Option<Role>,
    /// Whether they may come in.
    #[serde(default, deserialize_with = "said")]
    pub(crate) standing: Option<Standing>,
    /// Where they can be written to; nowhere, if it is null.
    #[serde(default, deserialize_with = "said")]
    pub(crate) email: Option<Option<Email>>,
    /// The only site that they may work at; all, if it is null.
    #[serde(default, deserialize_with = "said")]
    pub(crate) site: Option<Option<LocationId>>,
}

/// A user as an admin sees them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UserShown {
    /// By which they sign in.
    pub(crate) name: Name,
    /// Where they can be written to.
    pub(crate) email: Option<Email>,
    /// What they are.
    pub(crate) role: Role,
    /// Whether they may come in.
    pub(crate) standing: Standing,
    /// The only site that they may work at.
    pub(crate) site: Option<LocationId>,
    /// When the user was made.
    pub(crate) made_at: Timestamp,
    /// When the password was set.
    pub(crate) password_set_at: Timestamp,
}

impl UserChange {
    /// Leaves a user as they are.
    pub(crate) fn nothing(user: Name) -> UserChange {
        UserChange { user, role: None, standing: None, email: None, site: None }
    }
}

impl UserShown {
    /// Leaves out what nobody may see.
    pub(crate) fn of(user: User) -> UserShown {
        let User { name, email, role, standing, site, made_at, password_set_at, .. } = user;
        UserShown { name, email, role, standing, site, made_at, password_set_at }
    }
}

impl Gate {
    /// Makes a user.
    pub(crate) async fn make_user(&self, by: &str, said: NewUser) -> Result<User, Problem> {
        let NewUser { name, password, role, email, site } = said;
        let user = self.ready(ToMake { name, password, email, role, site }).await?;
        self.add(&user, by).await?;
        Ok(user)
    }

    /// A user.
    pub(crate) async fn user(&self, name: &Name) -> Result<User, Problem> {
        let read = self.shared.records.get::<User>(name.as_str()).await?;
        Ok(read.ok_or_else(|| nothing("user", name.as_str()))?.record)
    }

    /// Users by name.
    pub(crate) async fn users(&self, page: &PageRequest) -> Result<Page<UserShown>, Problem> {
        let Page { rows, next } = self.shared.records.page::<User>(page).await?;
        Ok(Page { rows: rows.into_iter().map(UserShown::of).collect(), next })
    }

    /// Changes a user. The sessions of whoever is disabled end.
    ///
    /// # Errors
    /// `last_admin` for what would leave nobody who runs the server.
    pub(crate) async fn change_user(&self, by: &str, name: &Name, change: &UserChange) -> Result<User, Problem> {
        let before = self.user(name).await?;
        let demoted = change.role.is_some_and(|role| role != Role::Admin);
        let disabled = change.standing == Some(Standing::Disabled);
        if is_active_admin(&before) && (demoted || disabled) && !self.has_other_admin(name).await? {
            let detail = "this is the last admin: make another one first";
            return Err(Problem::new(StatusCode::CONFLICT, "last_admin", detail));
        }
        let changed = self.shared.records.change::<User>(name.as_str(), |user| {
            user.role = change.role.unwrap_or(user.role);
            user.standing = change.standing.unwrap_or(user.standing);
            user.email = change.email.clone().unwrap_or_else(|| user.email.clone());
            user.site = change.site.unwrap_or(user.site);
            if disabled {
                user.end_sessions();
            }
            Ok(())
        });
        let user = changed.await?.ok_or_else(|| nothing("user", name.as_str()))?;
        if disabled {
            self.forget_sessions(name).await?;
        }
        self.shared.users.forget(name.as_str());
        self.tell_of(name).await;
        if before.role != user.role {
            audit::user_changed(by, name, "role", &format!("{:?}", user.role));
        }
        if before.standing != user.standing {
            audit::user_changed(by, name, "standing", &format!("{:?}", user.standing));
        }
        if before.site != user.site {
            audit::user_changed(by, name, "site", &user.site.map_or("all".into(), |site| site.to_string()));
        }
        Ok(user)
    }

    /// Sets the password of a user who has forgotten it.
    pub(crate) async fn reset_password(&self, by: &str, name: &Name, password: Secret) -> Result<(), Problem> {
        self.set_password(by, name, password).await?;
        self.forget_sessions(name).await?;
        self.tell_of(name).await;
        Ok(())
    }

    async fn has_other_admin(&self, name: &Name) -> Result<bool, Problem> {
        let users = self.shared.records.beginning_with::<User>("").await?;
        Ok(users.iter().any(|user| is_active_admin(user) && user.name != *name))
    }
}

fn is_active_admin(user: &User) -> bool {
    user.role == Role::Admin && user.standing == Standing::Active
}

/// Reads a field that is there: null says something where it is a value, and is refused where it is none.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
