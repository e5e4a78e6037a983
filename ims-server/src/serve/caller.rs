//! Who calls.

use super::{Problem, Right, right::Role};
use ims_core::LocationId;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

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
}

/// Whether somebody sees what goods cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Costs {
    /// They do.
    Shown,
    /// They do not.
    #[default]
    Hidden,
}

impl Caller {
    /// Somebody who has proved nothing and has no right.
    pub(crate) fn nobody() -> Caller {
        Caller { name: "nobody".into(), role: Role::Viewer, rights: Arc::default(), site: None }
    }

    /// Refuses what the caller has no right to.
    pub(crate) fn must(&self, right: Right) -> Result<(), Problem> {
        if self.rights.contains(&right) { Ok(()) } else { Err(Problem::no_right(right)) }
    }

    /// Whether the caller sees what goods cost.
    pub(crate) fn costs(&self) -> Costs {
        if self.rights.contains(&Right::SeeCosts) { Costs::Shown } else { Costs::Hidden }
    }
}
