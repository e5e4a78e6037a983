//! Inviting, and accepting.

use super::{
    Gate, Name, Secret, User,
    accounts::ToMake,
    audit, from_now,
    invitation::{self, Invitation},
    nothing,
    user::Email,
};
use crate::{
    serve::{Caller, Problem, right::Role},
    session::new_uuid,
};
use ims_core::{
    LocationId, Timestamp,
    report::{Page, PageRequest},
};
use ims_sqlx::registry::Written;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An admin invites somebody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invite {
    /// What they will be.
    pub(crate) role: Role,
    /// The only site that they will work at.
    pub(crate) site: Option<LocationId>,
    /// For whom it is.
    pub(crate) email: Option<Email>,
}

/// Somebody accepts an invitation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// The token that they were given.
    pub(crate) token: Secret,
    /// What they will be called.
    pub(crate) name: Name,
    /// Their password.
    pub(crate) password: Secret,
}

/// An invitation as an admin sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Invited {
    id: Uuid,
    role: Role,
    site: Option<LocationId>,
    email: Option<Email>,
    by: Name,
    expires_at: Timestamp,
    /// What the invited send back. It is shown once, when the invitation is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Secret>,
}

impl Invited {
    fn of(invitation: Invitation, token: Option<Secret>) -> Invited {
        let Invitation { id, role, site, email, by, expires_at, .. } = invitation;
        Invited { id, role, site, email, by, expires_at, token }
    }
}

impl Gate {
    /// Invites somebody.
    pub(crate) async fn invite(&self, caller: &Caller, by: &Name, said: Invite) -> Result<Invited, Problem> {
        let Invite { role, site, email } = said;
        let secret = Secret::random()?;
        let invitation = Invitation {
            id: new_uuid(),
            secret: secret.digest(),
            role,
            site,
            email,
            by: by.clone(),
            expires_at: from_now(self.shared.config.invitation_ms),
        };
        self.shared.records.set(&invitation).await?;
        audit::invitation(caller, "made", role);
        let token = invitation::text(invitation.id, &secret);
        Ok(Invited::of(invitation, Some(token)))
    }

    /// Invitations that nobody has accepted yet, oldest first.
    pub(crate) async fn invitations(&self, page: &PageRequest) -> Result<Page<Invited>, Problem> {
        let Page { rows, next } = self.shared.records.page::<Invitation>(page).await?;
        Ok(Page { rows: rows.into_iter().map(|invitation| Invited::of(invitation, None)).collect(), next })
    }

    /// Takes an invitation back.
    pub(crate) async fn withdraw(&self, caller: &Caller, id: Uuid) -> Result<(), Problem> {
        let read = self.shared.records.get::<Invitation>(&id.to_string()).await?;
        let invitation = read.ok_or_else(|| nothing("invitation", &id.to_string()))?.record;
        self.shared.records.forget::<Invitation>(&id.to_string()).await?;
        audit::invitation(caller, "withdrawn", invitation.role);
        Ok(())
    }

    /// Makes the account that an invitation promises.
    ///
    /// # Errors
    /// `token_invalid` where it was accepted or withdrawn, has ended, or was never made.
    pub(crate) async fn accept(&self, said: Accept) -> Result<User, Problem> {
        let Accept { token, name, password } = said;
        let (id, secret) = invitation::read(&token)?;
        let read = self.shared.records.get::<Invitation>(&id.to_string()).await?;
        let read = read.filter(|read| secret.matches(&read.record.secret)).ok_or_else(invitation::invalid)?;
        let Invitation { role, site, email, .. } = read.record.clone();
        let user = self.ready(ToMake { name, password, email, role, site }).await?;
        if self.shared.records.take::<Invitation>(&id.to_string(), read.version).await? == Written::Conflict {
            return Err(invitation::invalid());
        }
        let added = self.add(&user, "invitation").await;
        if added.is_err() {
            // Somebody took the name at the same moment: the invited choose another one.
            self.shared.records.set(&read.record).await?;
        }
        added.map(|()| user)
    }
}
