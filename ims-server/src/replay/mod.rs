//! Real trade, entered again as a shop would have entered it: through commands of the public API, one after the other.

mod count;
mod ids;
pub(crate) mod northwind;
pub(crate) mod online_retail;
mod pipeline;

pub(crate) use count::{Count, Refusal};
pub(crate) use ids::ReplayIds;
pub(crate) use pipeline::Pipeline;

use crate::{
    failure::{Failure, Outcome},
    session::Session,
};

/// What is done when everything is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtEnd {
    Stop,
    /// Prove that everything adds up, and tell the state hash.
    Verify,
}

impl AtEnd {
    /// The state hash, if it is asked for.
    async fn state_hash(self, session: &Session) -> Outcome<Option<String>> {
        if self == AtEnd::Stop {
            return Ok(None);
        }
        let verdict = ims_core::audit::verify(session.store()).await?;
        if verdict.ok {
            return Ok(Some(verdict.state_hash));
        }
        Err(Failure::store("broken", "what was replayed does not add up")
            .hint("`ims verify` names the rows, if the store is kept"))
    }
}

/// Who enters what is replayed.
const ACTOR: &str = "replay";
