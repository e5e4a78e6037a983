//! Why a call to a server has no answer, in the server's own words where it said something.

use super::Writes;
use crate::{
    failure::{Exit, Failure},
    serve::STATUS_OF_DOCUMENT,
};
use ims_core::{CommandId, Error, Offset, Rejection, StoreError, StoreErrorKind};
use reqwest::StatusCode;
use serde_json::{Map, Value};
use std::{fmt, time::Duration};

/// Why a call has no answer. Where the engine has a word for it, it becomes that one; otherwise it is the source of a
/// [`StoreError`], and [`Failure`] tells it from there.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    kind: Kind,
    fate: Fate,
}

/// Whether what was to be done may have been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// It was not.
    NotDone,
    /// Nobody knows: the same command, sent again, tells.
    Open,
}

/// Whether a call came with an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    WithKey,
    WithoutKey,
}

#[derive(Clone, Debug)]
enum Kind {
    /// The server said no, or that it cannot.
    Problem { status: StatusCode, code: String, detail: String, fields: Map<String, Value>, signed: Signed },
    /// Somebody answered who is not an ims server.
    Stranger { status: StatusCode, why: String },
    /// Whoever is there cannot prove to be the server.
    Untrusted { why: String },
    /// No answer came.
    Lost { kind: StoreErrorKind, why: String },
}

/// An answer that is none, as it came.
pub(super) struct Response<'a> {
    pub(super) status: StatusCode,
    pub(super) body: &'a [u8],
    /// Where else the server says that it is.
    pub(super) location: Option<&'a str>,
    /// Until when not to ask again.
    pub(super) retry_after_s: Option<u64>,
    pub(super) signed: Signed,
}

/// Members of every problem document, which are no fields of a refusal.
const MEMBERS: [&str; 6] = ["type", "title", "status", "detail", "instance", "code"];
/// The field in which a program finds how long to wait.
const RETRY_AFTER: &str = "retry_after_s";

impl Fault {
    /// The connection failed. What was to be written may have been.
    pub(super) fn unreachable(base: &str, error: &reqwest::Error, writes: Writes) -> Fault {
        if let Some(refused) = certificate_refused(error) {
            let why = format!("the server at {base} cannot be trusted: {refused}");
            return Fault { kind: Kind::Untrusted { why }, fate: Fate::NotDone };
        }
        let fate = if error.is_connect() || error.is_builder() { Fate::NotDone } else { writes.fate() };
        // The cause behind it says more than the error itself, which repeats the URL.
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Fault::lost(StoreErrorKind::Unavailable, format!("the server at {base} cannot be reached: {cause}")).at(fate)
    }

    /// The deadline passed.
    pub(super) fn too_late(base: &str, after: Duration, writes: Writes) -> Fault {
        let why = format!("the server at {base} did not answer within {} s", after.as_secs());
        Fault::lost(StoreErrorKind::Unavailable, why).at(writes.fate())
    }

    /// The server was not asked.
    pub(super) fn away(base: &str, left: Duration) -> Fault {
        let seconds = left.as_secs().saturating_add(1);
        let why = format!("the server at {base} is away, and is asked again in {seconds} s");
        Fault::lost(StoreErrorKind::Unavailable, why)
    }

    /// The answer is not what a server of this version says.
    pub(super) fn answer(problem: &str, writes: Writes) -> Fault {
        Fault::lost(StoreErrorKind::Schema, format!("the server's answer cannot be read: {problem}")).at(writes.fate())
    }

    /// What came instead of an answer.
    pub(super) fn said(response: &Response<'_>, writes: Writes) -> Fault {
        if let Ok(Value::Object(mut document)) = serde_json::from_slice(response.body)
            && document.get("code").is_some_and(Value::is_string)
        {
            if let Some(seconds) = response.retry_after_s {
                document.insert(RETRY_AFTER.to_owned(), seconds.into());
            }
            return Fault::problem(response.status, document, response.signed, writes);
        }
        let status = response.status;
        let why = match response.location {
            Some(location) => {
                let location = crate::store_url::shown(location);
                format!("the server answers {status} and names another address, which is not followed: {location}")
            }
            None => format!("something that is not an ims server answers {status}"),
        };
        // A gateway that got no answer does not know what became of the request.
        let fate = if status.is_server_error() { writes.fate() } else { Fate::NotDone };
        Fault { kind: Kind::Stranger { status, why }, fate }
    }

    /// The problem document of one command of a batch.
    pub(super) fn of_command(document: Value, signed: Signed) -> Fault {
        let Value::Object(document) = document else {
            return Fault::answer("a problem that is no object", Writes::Something);
        };
        let status = document.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Fault::problem(status, document, signed, Writes::Something)
    }

    fn problem(status: StatusCode, document: Map<String, Value>, signed: Signed, writes: Writes) -> Fault {
        let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (code, detail) = (text("code"), text("detail"));
        let fate = match code.as_str() {
            "in_flight" | "stopped" | "store_unknown" | "timed_out" | "internal" => writes.fate(),
            _ => Fate::NotDone,
        };
        let mut fields = document;
        fields.retain(|name, _| !MEMBERS.contains(&name.as_str()));
        if let Some(status) = fields.remove(STATUS_OF_DOCUMENT) {
            fields.insert("status".to_owned(), status);
        }
        Fault { kind: Kind::Problem { status, code, detail, fields, signed }, fate }
    }

    /// The fault that a failure of the store stands for, where it is a server's.
    pub(crate) fn of(error: &StoreError) -> Option<&Fault> {
        error.source.downcast_ref()
    }

    /// Whether what was to be done may have been done.
    pub(crate) fn fate(&self) -> Fate {
        self.fate
    }

    /// The same, where an earlier try may have done it.
    pub(super) fn at_least(self, fate: Fate) -> Fault {
        let fate = self.fate.max(fate);
        self.at(fate)
    }

    /// Whether nothing has this name.
    pub(super) fn is_unknown_name(&self) -> bool {
        self.code() == "unknown_name"
    }

    /// Whether fewer commands at once may be taken.
    pub(super) fn is_too_large(&self) -> bool {
        matches!(self.code(), "batch_too_large" | "body_too_large")
    }

    /// Whether the same call may do better later.
    pub(super) fn is_passing(&self) -> bool {
        match &self.kind {
            Kind::Lost { kind, .. } => *kind == StoreErrorKind::Unavailable,
            Kind::Problem { status: StatusCode::CONFLICT, code, .. } => {
                matches!(code.as_str(), "in_flight" | "offset_not_reached")
            }
            Kind::Problem { status, .. } | Kind::Stranger { status, .. } => {
                *status == StatusCode::TOO_MANY_REQUESTS || is_passing(*status)
            }
            Kind::Untrusted { .. } => false,
        }
    }

    /// Whether the server was not there, or could not do its work. Who says no, or not yet, is there.
    pub(super) fn is_outage(&self) -> bool {
        match &self.kind {
            Kind::Lost { kind, .. } => *kind == StoreErrorKind::Unavailable,
            Kind::Problem { status, .. } | Kind::Stranger { status, .. } => is_passing(*status),
            Kind::Untrusted { .. } => true,
        }
    }

    /// How long the server asks to wait.
    pub(super) fn retry_after(&self) -> Duration {
        Duration::from_secs(self.retry_after_s().unwrap_or_default())
    }

    /// The offset of the newest event, where the log was asked for what comes after it: as a store has it, that is nothing.
    pub(super) fn newest_of_log(&self) -> Option<Offset> {
        match &self.kind {
            Kind::Problem { code, fields, .. } if code == "resync" => fields.get("offset")?.as_u64().map(Offset),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match &self.kind {
            Kind::Problem { fields, .. } => fields.get(RETRY_AFTER)?.as_u64(),
            Kind::Stranger { .. } | Kind::Untrusted { .. } | Kind::Lost { .. } => None,
        }
    }

    /// Its code.
    fn code(&self) -> &str {
        match &self.kind {
            Kind::Problem { code, .. } => code,
            Kind::Untrusted { .. } => "untrusted",
            Kind::Stranger { .. } | Kind::Lost { .. } if self.fate == Fate::Open => StoreErrorKind::Unknown.code(),
            Kind::Stranger { .. } => StoreErrorKind::Unavailable.code(),
            Kind::Lost { kind, .. } => kind.code(),
        }
    }

    /// What a store would call it.
    fn kind(&self) -> StoreErrorKind {
        let known = |kind: &StoreErrorKind| kind.code() == self.code();
        match (KINDS.into_iter().find(known), self.fate) {
            (_, Fate::Open) => StoreErrorKind::Unknown,
            (Some(kind), Fate::NotDone) => kind,
            (None, Fate::NotDone) if self.is_passing() => StoreErrorKind::Retry,
            (None, Fate::NotDone) if self.is_of_order() => StoreErrorKind::Question,
            (None, Fate::NotDone) => StoreErrorKind::Unavailable,
        }
    }

    /// Whether the list does not come in the order that was asked for, or the cursor is of another one.
    fn is_of_order(&self) -> bool {
        let Kind::Problem { code, fields, .. } = &self.kind else { return false };
        let at_sort = || fields.get("at").and_then(Value::as_str) == Some("sort");
        code == "bad_cursor" || (code == "malformed" && at_sort())
    }

    fn exit(&self) -> Exit {
        match &self.kind {
            Kind::Problem { .. } if self.is_passing() => Exit::Store,
            Kind::Problem { status, .. } => match *status {
                StatusCode::BAD_REQUEST
                | StatusCode::METHOD_NOT_ALLOWED
                | StatusCode::PAYLOAD_TOO_LARGE
                | StatusCode::UNSUPPORTED_MEDIA_TYPE => Exit::Usage,
                status if status.is_client_error() => Exit::Refused,
                _ => Exit::Store,
            },
            Kind::Stranger { .. } | Kind::Untrusted { .. } | Kind::Lost { .. } => Exit::Store,
        }
    }

    /// What its reader may do next.
    fn next_step(&self) -> Option<String> {
        let Kind::Problem { code, fields, signed, .. } = &self.kind else {
            return Some(match &self.kind {
                Kind::Lost { kind: StoreErrorKind::Schema, .. } => {
                    "check the --store URL, or use the version of ims that the server has".to_owned()
                }
                Kind::Untrusted { .. } => {
                    "check the --store URL; SSL_CERT_FILE names a file with the authorities that are trusted".to_owned()
                }
                _ => "check the --store URL, and that the server is running".to_owned(),
            });
        };
        Some(match (code.as_str(), signed, self.retry_after_s()) {
            ("unauthenticated", Signed::WithoutKey, _) => {
                "set IMS_API_KEY to an API key; `POST /v1/keys` at the server makes one".to_owned()
            }
            ("unauthenticated", Signed::WithKey, _) => {
                "the server does not take this API key: it may be another server's, revoked, or out of date".to_owned()
            }
            ("no_right", ..) => match fields.get("right").and_then(Value::as_str) {
                Some(right) => format!("it takes an API key that has {right} among its scopes"),
                None => return None,
            },
            ("not_for_keys", ..) => {
                "put the access token of an admin who signed in into IMS_API_KEY; `POST /v1/tokens` gives one"
                    .to_owned()
            }
            ("not_at_one_site", ..) => "it takes an API key that is not of one site alone".to_owned(),
            (_, _, Some(seconds)) if self.is_passing() => format!("try again in {seconds} s"),
            _ if self.is_passing() => "try again later".to_owned(),
            _ => return None,
        })
    }

    fn lost(kind: StoreErrorKind, why: String) -> Fault {
        Fault { kind: Kind::Lost { kind, why }, fate: Fate::NotDone }
    }

    fn at(self, fate: Fate) -> Fault {
        Fault { fate, ..self }
    }
}

impl Writes {
    /// What is known of a call whose answer is lost.
    fn fate(self) -> Fate {
        match self {
            Writes::Nothing => Fate::NotDone,
            Writes::Something => Fate::Open,
        }
    }
}

/// Why a certificate was refused, where that is among the causes.
fn certificate_refused<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    // An I/O error does not name what is inside of it as its cause, but only what is behind that.
    let behind = |error: &'a (dyn std::error::Error + 'static)| match error.downcast_ref::<std::io::Error>() {
        Some(error) => error.get_ref().map(|inside| inside as &(dyn std::error::Error + 'static)),
        None => error.source(),
    };
    let mut causes = std::iter::successors(Some(error), |error| behind(*error));
    let refused = causes.find_map(|error| error.downcast_ref::<rustls::Error>());
    refused.filter(|error| matches!(error, rustls::Error::InvalidCertificate(_)))
}

/// Whether a status says that the server is away for a while.
fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Problem { detail, .. } => f.write_str(detail),
            Kind::Stranger { why, .. } | Kind::Untrusted { why } | Kind::Lost { why, .. } => f.write_str(why),
        }
    }
}

impl std::error::Error for Fault {}

impl From<&Fault> for Failure {
    fn from(fault: &Fault) -> Failure {
        let mut failure = Failure::new(fault.exit(), fault.code().to_owned(), fault.to_string());
        if let Kind::Problem { fields, .. } = &fault.kind {
            for (name, value) in fields {
                failure = failure.field(name, value.clone());
            }
        }
        match fault.next_step() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::from(&fault)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        if let Kind::Problem { code, fields, .. } = &fault.kind {
            if let Some(rejection) = rejection(code, fields) {
                return rejection.into();
            }
            let id = || fields.get("id")?.as_str()?.parse::<CommandId>().ok();
            let attempts = || fields.get("attempts")?.as_u64().and_then(|attempts| u32::try_from(attempts).ok());
            match code.as_str() {
                "id_reused" => {
                    if let Some(id) = id() {
                        return Error::IdReused { id };
                    }
                }
                "contended" => {
                    if let Some(attempts) = attempts() {
                        return Error::Contended { attempts };
                    }
                }
                _ => {}
            }
        }
        StoreError::from(fault).into()
    }
}

/// The refusal that a problem tells of, where the engine's rules said no.
fn rejection(code: &str, fields: &Map<String, Value>) -> Option<Rejection> {
    if !Rejection::CODES.contains(&code) {
        return None;
    }
    let mut fields = fields.clone();
    fields.insert("code".to_owned(), code.into());
    serde_json::from_value(Value::Object(fields)).ok()
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> StoreError {
        StoreError::new(fault.kind(), fault)
    }
}

/// What a store may fail by.
const KINDS: [StoreErrorKind; 12] = [
    StoreErrorKind::Retry,
    StoreErrorKind::Unknown,
    StoreErrorKind::Unavailable,
    StoreErrorKind::Full,
    StoreErrorKind::OutOfRange,
    StoreErrorKind::ReadOnly,
    StoreErrorKind::Denied,
    StoreErrorKind::Missing,
    StoreErrorKind::Address,
    StoreErrorKind::Schema,
    StoreErrorKind::Corrupt,
    StoreErrorKind::Question,
];

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;
    use serde_json::json;

    fn command(problem: Value) -> Fault {
        Fault::of_command(problem, Signed::WithKey)
    }

    fn said(status: u16, body: &str) -> Fault {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        let signed = Signed::WithoutKey;
        let response = Response { status, body: body.as_bytes(), location: None, retry_after_s: Some(7), signed };
        Fault::said(&response, Writes::Something)
    }

    #[test]
    fn a_refusal_over_the_network_is_the_refusal_itself() {
        let problem = json!({
            "type": "urn:ims:problem:purchase_partly_received", "title": "Conflict", "status": 409,
            "code": "purchase_partly_received", "detail": "some of the purchase order has come",
        });
        let error = Error::from(command(problem));
        assert!(matches!(error, Error::Rejected(refusal) if *refusal == Rejection::PurchasePartlyReceived));
        let problem = json!({
            "type": "urn:ims:problem:quantity_too_fine", "title": "Unprocessable Entity", "status": 422,
            "code": "quantity_too_fine", "detail": "…", "sku": "ROPE", "quantity": "0.05", "decimals": 1,
        });
        assert_eq!(Error::from(command(problem)).code(), "quantity_too_fine");
        let problem = json!({"status": 409, "code": "order_ended", "detail": "…", "document_status": "cancelled"});
        let error = Error::from(command(problem));
        assert!(matches!(error, Error::Rejected(refusal) if matches!(*refusal, Rejection::OrderEnded { .. })));
        let problem = json!({"status": 503, "code": "contended", "detail": "…", "attempts": 8});
        assert!(matches!(Error::from(command(problem)), Error::Contended { attempts: 8 }));
    }

    #[test]
    fn what_only_a_server_says_is_told_in_its_words() {
        let body = r#"{"code": "no_right", "detail": "this needs the right admin", "status": 403, "right": "admin"}"#;
        let failure = Failure::from(StoreError::from(said(403, body)));
        assert_eq!(failure.exit, Exit::Refused);
        let json = failure.to_json();
        assert_eq!(json["error"]["code"], "no_right");
        assert_eq!(json["error"]["message"], "this needs the right admin");
        assert_eq!(json["error"]["right"], "admin");
        assert_eq!(json["error"]["hint"], "it takes an API key that has admin among its scopes");
        assert_eq!(json["error"].get("status"), None, "it is no field of the problem");
    }

    #[test]
    fn each_problem_ends_as_it_should() {
        for (status, code, exit) in [
            (401, "unauthenticated", Exit::Refused),
            (403, "not_at_one_site", Exit::Refused),
            (404, "not_found", Exit::Refused),
            (409, "name_taken", Exit::Refused),
            (409, "in_flight", Exit::Store),
            (409, "offset_not_reached", Exit::Store),
            (413, "body_too_large", Exit::Usage),
            (422, "too_many_keys", Exit::Refused),
            (429, "rate_limited", Exit::Store),
            (400, "malformed", Exit::Usage),
            (500, "internal", Exit::Store),
            (503, "not_ready", Exit::Store),
            (504, "timed_out", Exit::Store),
        ] {
            let body = json!({"code": code, "detail": "…", "status": status}).to_string();
            let failure = Failure::from(StoreError::from(said(status, &body)));
            assert_eq!((failure.exit, &failure.to_json()["error"]["code"]), (exit, &json!(code)));
        }
    }

    #[test]
    fn a_list_in_no_order_of_its_own_is_a_matter_of_the_question() {
        for (code, at, kind) in [
            ("malformed", "sort", StoreErrorKind::Question),
            ("bad_cursor", "cursor", StoreErrorKind::Question),
            ("malformed", "limit", StoreErrorKind::Unavailable),
        ] {
            let body = json!({"code": code, "detail": "…", "status": 400, "at": at}).to_string();
            assert_eq!(StoreError::from(said(400, &body)).kind, kind, "{code} at {at}");
        }
    }

    #[test]
    fn who_is_told_to_wait_is_told_how_long() {
        let fault = said(429, r#"{"code": "rate_limited", "detail": "too many", "violated_policies": ["caller"]}"#);
        assert_eq!(fault.retry_after(), Duration::from_secs(7));
        let error = &Failure::from(&fault).to_json()["error"];
        assert_eq!((&error["retry_after_s"], &error["hint"]), (&json!(7), &json!("try again in 7 s")));
    }

    #[test]
    fn a_page_of_a_proxy_is_not_taken_for_an_answer() {
        for body in ["<html>", "{}", r#"{"message": "no route"}"#] {
            let fault = said(502, body);
            assert!(fault.to_string().contains("not an ims server"), "{fault}");
            assert!(fault.is_passing());
            assert_eq!((fault.fate(), fault.code()), (Fate::Open, "store_unknown"), "it may have been passed on");
        }
        assert_eq!(said(403, "<html>").fate(), Fate::NotDone);
    }

    #[test]
    fn what_may_have_been_done_is_told_apart_from_what_was_not() {
        for (status, code, fate) in [
            (409, "in_flight", Fate::Open),
            (503, "store_unknown", Fate::Open),
            (504, "timed_out", Fate::Open),
            (503, "store_unavailable", Fate::NotDone),
            (403, "no_right", Fate::NotDone),
        ] {
            let problem = json!({"code": code, "detail": "…", "status": status});
            assert_eq!(command(problem).fate(), fate, "{code}");
        }
        let late = Fault::too_late("…", Duration::from_secs(30), Writes::Something);
        assert_eq!(StoreError::from(late).kind, StoreErrorKind::Unknown);
        let read = Fault::too_late("…", Duration::from_secs(30), Writes::Nothing);
        assert_eq!(StoreError::from(read.clone()).kind, StoreErrorKind::Unavailable);
        assert_eq!(StoreError::from(read.at_least(Fate::Open)).kind, StoreErrorKind::Unknown);
    }

    #[test]
    fn who_says_no_is_there() {
        let problem = |status: u16, code: &str| said(status, &json!({"code": code, "detail": "…"}).to_string());
        for there in [problem(429, "rate_limited"), problem(409, "in_flight"), problem(403, "no_right")] {
            assert!(!there.is_outage(), "{there:?}");
        }
        for away in [problem(503, "not_ready"), said(502, "<html>"), Fault::away("…", Duration::ZERO)] {
            assert!(away.is_outage(), "{away:?}");
        }
    }
}
