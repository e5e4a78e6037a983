//! Exactly once over HTTP: the `Idempotency-Key` is the command's id.

use super::Problem;
use axum::http::{HeaderName, StatusCode};
use ims_core::CommandId;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// Says `true` with an answer that the same request had before; it is not there with a first answer.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Characters of a key that is not a UUID.
pub(crate) const MOST_KEY_CHARS: usize = 255;
/// Keys that are not UUIDs become ids in this namespace.
const NAMESPACE: Uuid = Uuid::from_u128(0x4ba1_7cc0_52f3_4f0e_9a55_0c5d_8b2e_71a9);

/// Reads a key. A UUID is the command's id itself, so that a till's own ids stay what they are; any other text becomes an
/// id together with the name of its caller, so that two callers who count from 1 do not meet. The engine compares who gives
/// a command too: somebody else's id answers nothing.
pub(crate) fn command_id(caller: &str, key: &str) -> Result<CommandId, Problem> {
    let key = unquoted(key);
    if key.is_empty() || key.chars().count() > MOST_KEY_CHARS || key.chars().any(char::is_control) {
        let detail = format!("Idempotency-Key must have 1 to {MOST_KEY_CHARS} characters that can be seen");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_invalid", detail));
    }
    if let Ok(id) = key.parse() {
        return Ok(id);
    }
    let name = format!("{caller}\n{key}");
    Ok(CommandId::from_u128(Uuid::new_v5(&NAMESPACE, name.as_bytes()).as_u128()))
}

/// Whether a key is a command's id itself: then it may name anybody's command, and no other key can.
pub(crate) fn is_id(key: &str) -> bool {
    unquoted(key).parse::<CommandId>().is_ok()
}

/// Structured headers (RFC 8941) write a string in quotes.
fn unquoted(key: &str) -> &str {
    key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key)
}

/// Says that a write came without its key.
pub(crate) fn missing() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "idempotency_key_missing",
        "send an Idempotency-Key: a UUID made once for what you want done, and the same one when you send it again",
    )
}

/// The commands that are being done now.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight {
    ids: Arc<Mutex<HashSet<CommandId>>>,
}

/// A command that is being done. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Flight {
    id: CommandId,
    all: InFlight,
}

impl InFlight {
    /// Begins a command, unless it is being done already.
    pub(crate) fn begin(&self, id: CommandId) -> Result<Flight, Problem> {
        // A set of ids is whole, whoever panicked while holding it.
        let begun = self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        if begun {
            return Ok(Flight { id, all: self.clone() });
        }
        Err(in_flight())
    }

    /// Refuses to say what became of a command that is being done.
    pub(crate) fn must_have_ended(&self, id: CommandId) -> Result<(), Problem> {
        let begun = self.ids.lock().unwrap_or_else(PoisonError::into_inner).contains(&id);
        if begun { Err(in_flight()) } else { Ok(()) }
    }
}

fn in_flight() -> Problem {
    let detail = "a request with this Idempotency-Key is being done; send it again for its answer";
    Problem::new(StatusCode::CONFLICT, "in_flight", detail).retry_after(1)
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.all.ids.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_the_commands_id_whoever_sends_it() {
        let uuid = "0190f5a4-7e1b-7c3d-8f00-000000000001";
        assert_eq!(command_id("user:anna", uuid).unwrap().to_string(), uuid);
        assert_eq!(command_id("user:ben", &format!("\"{uuid}\"")).unwrap().to_string(), uuid);
    }

    #[test]
    fn any_other_key_belongs_to_its_caller() {
        let anna = command_id("user:anna", "order-1").unwrap();
        assert_eq!(anna, command_id("user:anna", "\"order-1\"").unwrap());
        assert_ne!(anna, command_id("user:ben", "order-1").unwrap());
        assert_eq!(command_id("user:anna", "").unwrap_err().code(), "idempotency_key_invalid");
    }

    #[test]
    fn a_command_is_done_once_at_a_time() {
        let all = InFlight::default();
        let id = CommandId::from_u128(7);
        let first = all.begin(id).unwrap();
        assert_eq!(all.begin(id).unwrap_err().code(), "in_flight");
        drop(first);
        assert!(all.begin(id).is_ok());
    }
}
