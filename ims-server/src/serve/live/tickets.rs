//! Tickets: what a browser opens a WebSocket with, since a page cannot send `Authorization` there and a token has no place
//! in an address. A ticket is good once, for a few seconds, at every instance.

use crate::serve::{
    Answer, Call, Caller, Problem,
    auth::{Secret, after},
    caller::Proof,
};
use ims_core::Timestamp;
use ims_sqlx::registry::{Expected, Registry, Written};
use serde::{Deserialize, Serialize};

/// What the registry calls them.
const KIND: &str = "event_ticket";

/// The tickets of a shop.
#[derive(Clone)]
pub(crate) struct Tickets {
    registry: Registry,
    good_ms: u64,
}

/// A ticket as the registry has it, under the digest of its text.
#[derive(Serialize, Deserialize)]
struct Kept {
    proof: Proof,
}

/// A ticket as its caller gets it.
#[derive(Serialize)]
struct Ticket {
    /// For `/v1/events/ws?ticket=…`.
    ticket: Secret,
    /// When it lapses.
    expires_at: Timestamp,
}

impl Tickets {
    /// Tickets that are good so long.
    pub(crate) fn new(registry: Registry, good_ms: u64) -> Tickets {
        Tickets { registry, good_ms }
    }

    /// Makes a ticket for a caller.
    async fn make(&self, caller: &Caller, now: Timestamp) -> Result<Ticket, Problem> {
        let ticket = Ticket { ticket: Secret::random()?, expires_at: after(now, self.good_ms) };
        let kept = serde_json::to_string(&Kept { proof: caller.proof.clone() })
            .map_err(|error| Problem::internal(format!("a ticket cannot be written: {error}")))?;
        let name = ticket.ticket.digest();
        match self.registry.put(KIND, name.expose(), Expected::Absent, &kept, Some(ticket.expires_at)).await? {
            Written::Done { .. } => Ok(ticket),
            Written::Conflict => Err(Problem::internal("a ticket was there before")),
        }
    }

    /// Takes a ticket in: who made it, and nobody a second time.
    ///
    /// # Errors
    /// `unauthenticated` for one that is not good.
    pub(crate) async fn take(&self, ticket: Secret, now: Timestamp) -> Result<Proof, Problem> {
        let name = ticket.digest();
        let entry = self.registry.get(KIND, name.expose()).await?;
        let entry = entry.filter(|entry| entry.expires_at.is_some_and(|end| now < end)).ok_or_else(no_good)?;
        match self.registry.delete(KIND, name.expose(), Expected::Version(entry.version)).await? {
            Written::Done { .. } => {}
            Written::Conflict => return Err(no_good()),
        }
        let kept: Kept = serde_json::from_str(&entry.body).map_err(|_| no_good())?;
        Ok(kept.proof)
    }
}

fn no_good() -> Problem {
    Problem::unauthenticated(
        "this ticket is not good, or not any more: each opens one WebSocket, soon after it was made",
    )
}

/// Answers with a ticket for the caller.
pub(crate) async fn ticket(call: Call<'_>) -> Result<Answer, Problem> {
    call.answer(&call.service.hub().tickets().make(call.caller, call.service.now()).await?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_ticket_is_good_once_and_not_for_long() {
        let tickets = Tickets::new(Registry::memory(), 1_000);
        let now = Timestamp::from_micros(1_000_000).unwrap();
        let make = async || tickets.make(&Caller::nobody(), now).await.unwrap().ticket;
        let ticket = make().await;
        assert_eq!(tickets.take(ticket.clone(), now).await.unwrap(), Proof::Nothing);
        assert_eq!(tickets.take(ticket, now).await.unwrap_err().code(), "unauthenticated");
        let lapsed = make().await;
        assert_eq!(tickets.take(lapsed, after(now, 1_000)).await.unwrap_err().code(), "unauthenticated");
        assert_eq!(tickets.take(Secret::new("guess"), now).await.unwrap_err().code(), "unauthenticated");
    }
}
