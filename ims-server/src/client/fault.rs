//! Why a call to a server has no answer, in the words of the engine.

use super::Writes;
use crate::serve::STATUS_OF_DOCUMENT;
use ims_core::{CommandId, Error, Rejection, StoreError, StoreErrorKind};
use reqwest::StatusCode;
use serde_json::{Map, Value};
use std::{fmt, sync::Arc, time::Duration};

/// Why a call has no answer.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// The server said no, or that it cannot.
    Problem { code: String, detail: String, document: Map<String, Value> },
    /// No answer came.
    Lost { kind: StoreErrorKind, why: String },
}

impl Fault {
    /// The URL is not one of a server.
    pub(super) fn url(url: &str) -> Fault {
        let why = format!("{} is not the URL of a server, such as https://shop.example", crate::store_url::shown(url));
        Fault::lost(StoreErrorKind::Unavailable, why)
    }

    /// The connection failed. What was to be written may have been.
    pub(super) fn unreachable(error: &reqwest::Error, writes: Writes) -> Fault {
        let kind = match writes {
            Writes::Something if !error.is_connect() => StoreErrorKind::Unknown,
            _ => StoreErrorKind::Unavailable,
        };
        // The cause behind it says more than the error itself, which repeats the URL.
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Fault::lost(kind, format!("the server cannot be reached: {cause}"))
    }

    /// The deadline passed.
    pub(super) fn too_late(deadline: Duration, writes: Writes) -> Fault {
        let kind = match writes {
            Writes::Something => StoreErrorKind::Unknown,
            Writes::Nothing => StoreErrorKind::Unavailable,
        };
        Fault::lost(kind, format!("the server did not answer within {} s", deadline.as_secs()))
    }

    /// The server was not asked.
    pub(super) fn away(left: Duration) -> Fault {
        let seconds = left.as_secs().saturating_add(1);
        Fault::lost(StoreErrorKind::Unavailable, format!("the server is away, and is asked again in {seconds} s"))
    }

    /// The answer is not what a server of this version says.
    pub(super) fn answer(problem: &str) -> Fault {
        Fault::lost(StoreErrorKind::Schema, format!("the server's answer cannot be read: {problem}"))
    }

    /// What the server said instead of an answer.
    pub(super) fn said(status: StatusCode, body: &[u8]) -> Fault {
        match serde_json::from_slice(body) {
            Ok(problem @ Value::Object(_)) => Fault::problem(problem),
            _ => Fault::lost(StoreErrorKind::Unavailable, format!("something that is not an ims server said {status}")),
        }
    }

    /// A problem document.
    pub(super) fn problem(problem: Value) -> Fault {
        let Value::Object(document) = problem else { return Fault::answer("a problem that is no object") };
        let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Fault { kind: Kind::Problem { code: text("code"), detail: text("detail"), document } }
    }

    /// The same fault, for another command of the call.
    pub(super) fn shared(fault: &Arc<Fault>) -> Fault {
        Fault::clone(fault)
    }

    /// Its code.
    pub(super) fn code(&self) -> &str {
        match &self.kind {
            Kind::Problem { code, .. } => code,
            Kind::Lost { kind, .. } => kind.code(),
        }
    }

    /// Whether the server said that there is no such thing.
    pub(super) fn is_not_found(&self) -> bool {
        self.code().starts_with("unknown_") || self.code() == "not_found"
    }

    fn lost(kind: StoreErrorKind, why: String) -> Fault {
        Fault { kind: Kind::Lost { kind, why } }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Problem { detail, .. } => f.write_str(detail),
            Kind::Lost { why, .. } => f.write_str(why),
        }
    }
}

impl std::error::Error for Fault {}

/// Members of every problem document, which are no fields of a refusal.
const MEMBERS: [&str; 5] = ["type", "title", "status", "detail", "instance"];

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        if let Kind::Problem { code, document, .. } = &fault.kind {
            if Rejection::CODES.contains(&code.as_str()) {
                let mut fields = document.clone();
                fields.retain(|name, _| !MEMBERS.contains(&name.as_str()));
                if let Some(status) = fields.remove(STATUS_OF_DOCUMENT) {
                    fields.insert("status".to_owned(), status);
                }
                if let Ok(rejection) = serde_json::from_value::<Rejection>(Value::Object(fields)) {
                    return rejection.into();
                }
            }
            let id = || document.get("id")?.as_str()?.parse::<CommandId>().ok();
            match (code.as_str(), id()) {
                ("id_reused", Some(id)) => return Error::IdReused { id },
                ("stopped", _) => return Error::Stopped,
                _ => {}
            }
        }
        StoreError::from(fault).into()
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> StoreError {
        let known = |kind: &StoreErrorKind| kind.code() == fault.code();
        let kind = KINDS.into_iter().find(known).unwrap_or(StoreErrorKind::Unavailable);
        StoreError::new(kind, fault)
    }
}

/// What a store may fail by.
const KINDS: [StoreErrorKind; 8] = [
    StoreErrorKind::Retry,
    StoreErrorKind::Unknown,
    StoreErrorKind::Unavailable,
    StoreErrorKind::Full,
    StoreErrorKind::OutOfRange,
    StoreErrorKind::ReadOnly,
    StoreErrorKind::Schema,
    StoreErrorKind::Corrupt,
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_over_the_network_is_the_refusal_itself() {
        let problem = json!({
            "type": "urn:ims:problem:purchase_partly_received", "title": "Conflict", "status": 409,
            "code": "purchase_partly_received", "detail": "some of the purchase order has come",
        });
        let error = Error::from(Fault::problem(problem));
        assert!(matches!(error, Error::Rejected(refusal) if *refusal == Rejection::PurchasePartlyReceived));
        let problem = json!({
            "type": "urn:ims:problem:quantity_too_fine", "title": "Unprocessable Entity", "status": 422,
            "code": "quantity_too_fine", "detail": "…", "sku": "ROPE", "quantity": "0.05", "decimals": 1,
        });
        assert_eq!(Error::from(Fault::problem(problem)).code(), "quantity_too_fine");
        let problem = json!({"status": 409, "code": "order_ended", "detail": "…", "document_status": "cancelled"});
        let error = Error::from(Fault::problem(problem));
        assert!(matches!(error, Error::Rejected(refusal) if matches!(*refusal, Rejection::OrderEnded { .. })));
    }

    #[test]
    fn what_only_a_server_says_is_told_in_its_words() {
        let problem = json!({"code": "unauthenticated", "detail": "sign in first", "status": 401});
        let error = Error::from(Fault::problem(problem));
        assert!(error.to_string().contains("sign in first"), "{error}");
    }

    #[test]
    fn a_page_of_a_proxy_is_not_taken_for_an_answer() {
        let fault = Fault::said(StatusCode::BAD_GATEWAY, b"<html>");
        assert!(fault.to_string().contains("not an ims server"), "{fault}");
    }
}
