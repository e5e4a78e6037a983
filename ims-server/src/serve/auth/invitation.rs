//! Invitations: an admin says what somebody will be, and they choose their own name and password.

use super::{
    Secret,
    records::Record,
    user::{Email, Name},
};
use crate::serve::{Problem, right::Role};
use ims_core::{LocationId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the tokens of invitations begin with.
const PREFIX: &str = "imsi_";

/// An invitation as the registry has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Invitation {
    /// Its own id.
    pub(super) id: Uuid,
    /// The digest of its token's secret.
    pub(super) secret: Secret,
    /// What the invited will be.
    pub(super) role: Role,
    /// The only site that they will work at.
    pub(super) site: Option<LocationId>,
    /// For whom it is.
    pub(super) email: Option<Email>,
    /// Who invited.
    pub(super) by: Name,
    /// When it ends.
    pub(super) expires_at: Timestamp,
}

impl Record for Invitation {
    const KIND: &'static str = "invitation";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// The token of an invitation.
pub(super) fn text(id: Uuid, secret: &Secret) -> Secret {
    Secret::new(format!("{PREFIX}{}_{}", id.simple(), secret.expose()))
}

/// Takes a token apart.
pub(super) fn read(token: &Secret) -> Result<(Uuid, Secret), Problem> {
    let parts = || {
        let (id, secret) = token.expose().strip_prefix(PREFIX)?.split_once('_')?;
        Some((Uuid::try_parse(id).ok()?, Secret::new(secret)))
    };
    parts().ok_or_else(invalid)
}

/// Says that a token opens nothing.
pub(super) fn invalid() -> Problem {
    let detail = "this token was used, or has ended, or was never given";
    Problem::new(axum::http::StatusCode::FORBIDDEN, "token_invalid", detail)
}
