//! Who calls.

use super::{Problem, Right, auth::Name, right::Role};
use ims_core::LocationId;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// Somebody who has proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// As the log of the shop names them: `user:anna`, `key:till-2`.
    pub(crate) name: Arc<str>,
    /// What they are.
    pub(crate) role: Role,
    /// What they may do: the rights of the role, or those of them that an API key was given.
    pub(crate) rights: Arc<BTreeSet<Right>>,
    /// The only site that they may work at; all, where there is none.
    pub(crate) site: Option<LocationId>,
    /// How they have proved who they are.
    pub(crate) proof: Proof,
}

/// How somebody has proved who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Proof {
    /// Not at all.
    Nothing,
    /// They signed in.
    Session {
        /// As whom.
        user: Name,
        /// In which session.
        session: Uuid,
    },
    /// They have a key.
    Key {
        /// What it is called.
        key: Name,
    },
}

/// Whether somebody sees what goods cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Costs {
    /// They do.
    Shown,
    /// They do not.
    #[default]
    Hidden,
}

/// Whether somebody sees whom documents were made out to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Contacts {
    /// They do.
    Shown,
    /// They do not.
    #[default]
    Hidden,
}

/// What somebody sees of what answers and events tell: nothing that is hidden, unless it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// What goods cost.
    pub(crate) costs: Costs,
    /// Whom documents were made out to.
    pub(crate) contacts: Contacts,
}

impl Sight {
    /// All of it.
    pub(crate) const ALL: Sight = Sight { costs: Costs::Shown, contacts: Contacts::Shown };

    /// All but costs, which may be hidden.
    pub(crate) const fn with(costs: Costs) -> Sight {
        Sight { costs, ..Sight::ALL }
    }
}

impl Caller {
    /// Somebody who has proved nothing and has no right.
    pub(crate) fn nobody() -> Caller {
        Caller { name: "nobody".into(), role: Role::Viewer, rights: Arc::default(), site: None, proof: Proof::Nothing }
    }

    /// Somebody in a role.
    #[cfg(test)]
    pub(crate) fn in_role(role: Role) -> Caller {
        Caller { role, rights: Arc::new(role.rights().iter().copied().collect()), ..Caller::nobody() }
    }

    /// Refuses what the caller has no right to.
    pub(crate) fn must(&self, right: Right) -> Result<(), Problem> {
        if self.rights.contains(&right) { Ok(()) } else { Err(Problem::no_right(right)) }
    }

    /// Whether the caller has one of these rights.
    pub(crate) fn has_one(&self, rights: &[Right]) -> bool {
        rights.iter().any(|right| self.rights.contains(right))
    }

    /// The user who signed in, if it was one.
    pub(crate) fn user(&self) -> Option<&Name> {
        match &self.proof {
            Proof::Session { user, .. } => Some(user),
            Proof::Nothing | Proof::Key { .. } => None,
        }
    }

    /// The user and the session, which an API key has not.
    ///
    /// # Errors
    /// `not_for_keys`.
    pub(crate) fn signed_in(&self) -> Result<(&Name, Uuid), Problem> {
        match &self.proof {
            Proof::Session { user, session } => Ok((user, *session)),
            Proof::Nothing | Proof::Key { .. } => {
                let detail = "this is for people who sign in, and not for API keys";
                Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "not_for_keys", detail))
            }
        }
    }

    /// What the caller sees.
    pub(crate) fn sight(&self) -> Sight {
        Sight {
            costs: if self.rights.contains(&Right::SeeCosts) { Costs::Shown } else { Costs::Hidden },
            contacts: if self.rights.contains(&Right::ReadParties) { Contacts::Shown } else { Contacts::Hidden },
        }
    }
}
