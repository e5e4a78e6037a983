//! Why a request was not answered, as RFC 9457 has it.

use super::{Right, idempotency::REPLAYED};
use crate::failure::for_people;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ims_core::{Error, Novelty, Rejection, StoreError, StoreErrorKind};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// What the field `status` of a refusal is called in a problem document, which has a status of its own.
pub(crate) const STATUS_OF_DOCUMENT: &str = "document_status";

/// Seconds after which it is worth asking again whether there is room for what is to be written: somebody has to make it.
const ROOM_AFTER_S: u64 = 10;

/// What problem documents are sent as.
pub(crate) const CONTENT_TYPE: &str = "application/problem+json";

/// The schema of a problem document.
pub(crate) const SCHEMAS: &str = r#"{
  "Problem": {
    "description": "Why a request was not answered, as RFC 9457 has it. Beside these fields stand those of its code, such as the numbers of a refusal.",
    "type": "object",
    "properties": {
      "type": {"type": "string", "format": "uri", "description": "`urn:ims:problem:` and the code."},
      "title": {"type": "string", "description": "The words of the status."},
      "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."},
      "code": {"type": "string", "description": "Says which problem it is, for programs; it never changes its meaning."},
      "detail": {"type": "string", "description": "Says for people what is wrong."},
      "at": {"type": "string", "description": "Where in the request the fault is, such as `lines[1].quantity`."}
    },
    "required": ["type", "title", "status", "code", "detail"]
  }
}"#;

/// Which problem it was, in the extensions of its response: the log and the figures have it from there, whatever carries
/// the response.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    /// Its status, also where the response has none of HTTP.
    pub(crate) status: StatusCode,
    /// Its code.
    pub(crate) code: Cow<'static, str>,
}

/// Why a request was not answered. Its code is one of docs/codes.md, the engine's or the server's own.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// In a box, because every function may return one and few do.
    told: Box<Told>,
}

#[derive(Clone, Debug)]
struct Told {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    fields: Map<String, Value>,
    retry_after_s: Option<u64>,
    novelty: Novelty,
}

impl Problem {
    /// A problem of this status and code. The detail is for people.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        let (code, detail, novelty) = (code.into(), detail.into(), Novelty::New);
        let told = Told { status, code, detail, fields: Map::new(), retry_after_s: None, novelty };
        Problem { told: Box::new(told) }
    }

    /// The request could not be understood.
    pub(crate) fn malformed(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// A part of the request could not be understood; `.` or nothing is all of it.
    pub(crate) fn at(path: &str, problem: &str) -> Problem {
        if path.is_empty() {
            return Problem::malformed(problem);
        }
        Problem::malformed(format!("{path}: {problem}")).field("at", path)
    }

    /// What is named is not there, or not for this caller: nobody learns which.
    pub(crate) fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// The caller has not proved who they are.
    pub(crate) fn unauthenticated(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    /// The caller may not do this.
    pub(crate) fn no_right(right: Right) -> Problem {
        let detail = format!("this needs the right {}", right.word());
        Problem::new(StatusCode::FORBIDDEN, "no_right", detail).field("right", right.word())
    }

    /// The server is wrong about itself.
    pub(crate) fn internal(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// There is no answer in the time that there is for one.
    pub(crate) fn timed_out() -> Problem {
        let detail =
            "this took too long; send the same request again, with the same key, to find out what became of it";
        Problem::new(StatusCode::GATEWAY_TIMEOUT, "timed_out", detail).retry_after(1)
    }

    /// The server ends, and what was to be done had not come whole.
    pub(crate) fn ending() -> Problem {
        let detail = "the server ends and the request had not come whole: send it again, with the same key";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "ending", detail).retry_after(1)
    }

    /// Adds a field for programs.
    pub(crate) fn field(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.told.fields.insert(name.to_owned(), value.into());
        self
    }

    /// Says it in other words.
    pub(crate) fn reworded(mut self, words: impl FnOnce(&str) -> String) -> Problem {
        self.told.detail = words(&self.told.detail);
        self
    }

    /// Says after how many seconds the same request may do better.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Problem {
        self.told.retry_after_s = Some(seconds);
        self
    }

    /// Says whether the same request was refused so before.
    pub(crate) fn novelty(mut self, novelty: Novelty) -> Problem {
        self.told.novelty = novelty;
        self
    }

    /// Whether the same request was refused so before.
    pub(crate) fn is_replayed(&self) -> bool {
        self.told.novelty == Novelty::Replayed
    }

    /// Its HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        self.told.status
    }

    /// Its code.
    pub(crate) fn code(&self) -> &str {
        &self.told.code
    }

    /// What it says to people.
    pub(crate) fn detail(&self) -> &str {
        &self.told.detail
    }

    /// Its fields for programs.
    pub(crate) fn fields(&self) -> &Map<String, Value> {
        &self.told.fields
    }

    /// After how many seconds the same request may do better.
    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        self.told.retry_after_s
    }

    /// What is noted of it beside its response.
    pub(crate) fn noted(&self) -> Noted {
        Noted { status: self.told.status, code: self.told.code.clone() }
    }

    /// The whole document.
    pub(crate) fn to_json(&self) -> Value {
        let told = &self.told;
        let mut document = told.fields.clone();
        document.insert("type".into(), json!(format!("urn:ims:problem:{}", told.code)));
        document.insert("title".into(), json!(told.status.canonical_reason().unwrap_or("Problem")));
        document.insert("status".into(), json!(told.status.as_u16()));
        document.insert("code".into(), json!(told.code));
        document.insert("detail".into(), json!(told.detail));
        Value::Object(document)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match &error {
            Error::Rejected(rejection) => Problem::from(rejection.as_ref()),
            Error::IdReused { id } => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "id_reused",
                "this Idempotency-Key was used before, for a request that said something else",
            )
            .field("id", id.to_string()),
            Error::Store(store) => Problem::from(store.as_ref()),
            Error::Contended { attempts } => unavailable("contended", error.to_string()).field("attempts", *attempts),
            Error::Stopped => unavailable("stopped", error.to_string()),
            Error::Internal { invariant } => Problem::internal(error.to_string()).field("invariant", *invariant),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        Problem::from(&error)
    }
}

impl From<&StoreError> for Problem {
    /// What the store itself said may name hosts and tables: that is for the log, and a caller gets the code.
    fn from(error: &StoreError) -> Problem {
        tracing::warn!(code = error.kind.code(), source = %error.source, "the store failed");
        match error.kind {
            StoreErrorKind::Retry | StoreErrorKind::Unavailable => unavailable(
                error.kind.code(),
                "the store does not answer now; send the same request again, with the same key",
            ),
            StoreErrorKind::Unknown => unavailable(
                error.kind.code(),
                "nobody knows yet whether this was done; send the same request again, with the same key, to find out",
            ),
            StoreErrorKind::Full => {
                let detail = "the store is full and nothing was written; when there is room again, send the same request \
                              again, with the same key";
                Problem::new(status_of_store(error.kind.code()), error.kind.code(), detail).retry_after(ROOM_AFTER_S)
            }
            StoreErrorKind::ReadOnly => unavailable(
                error.kind.code(),
                "the store may only be read now and nothing was written; send the same request again, with the same key, \
                 when it takes changes again",
            )
            .retry_after(ROOM_AFTER_S),
            _ => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.kind.code(), "the store failed"),
        }
    }
}

/// A store may do better later (503), may be full (507), or is broken (500).
pub(crate) fn status_of_store(code: &str) -> StatusCode {
    use StoreErrorKind::{Full, ReadOnly, Retry, Unavailable, Unknown};
    let is = |kind: StoreErrorKind| kind.code() == code;
    match code {
        _ if is(Full) => StatusCode::INSUFFICIENT_STORAGE,
        _ if [Retry, Unavailable, Unknown, ReadOnly].into_iter().any(is) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn unavailable(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(1)
}

impl From<&Rejection> for Problem {
    fn from(rejection: &Rejection) -> Problem {
        let mut problem = Problem::new(status_of(rejection.code()), rejection.code(), for_people(rejection));
        if let Ok(Value::Object(mut fields)) = serde_json::to_value(rejection) {
            fields.remove("code");
            // Of an order that has ended; `status` is the problem's own.
            if let Some(status) = fields.remove("status") {
                fields.insert(STATUS_OF_DOCUMENT.into(), status);
            }
            problem.told.fields = fields;
        }
        problem
    }
}

/// A refusal says that something is not there (404), that the shop is in another state (409; 412 where the caller named
/// the state), or that the request makes no sense to any shop (422).
pub(crate) fn status_of(code: &str) -> StatusCode {
    match code {
        code if code.starts_with("unknown_") => StatusCode::NOT_FOUND,
        "invalid_field"
        | "wrong_check_digit"
        | "too_many_lines"
        | "no_lines"
        | "quantity_not_positive"
        | "amount_negative"
        | "occurs_in_future"
        | "currency_mismatch"
        | "not_a_site"
        | "service_has_no_stock"
        | "quantity_too_fine"
        | "price_unknown"
        | "price_negative"
        | "discount_too_large"
        | "cost_unknown"
        | "not_standard_costed"
        | "same_site"
        | "hold_in_past"
        | "overflow" => StatusCode::UNPROCESSABLE_ENTITY,
        "changed" => StatusCode::PRECONDITION_FAILED,
        _ => StatusCode::CONFLICT,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.to_json().to_string()));
        *response.status_mut() = self.told.status;
        response.extensions_mut().insert(self.noted());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if let Some(seconds) = self.told.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.is_replayed() {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        if self.told.code == "content_encoding" {
            response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        if self.told.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_store_says_has_the_status_that_is_documented() {
        use StoreErrorKind::{Corrupt, Denied, Full, Missing, ReadOnly, Retry, Schema, Unavailable, Unknown};
        for kind in [Corrupt, Denied, Full, Missing, ReadOnly, Retry, Schema, Unavailable, Unknown] {
            let problem = Problem::from(&StoreError::new(kind, "a planted failure"));
            assert_eq!(problem.status(), status_of_store(kind.code()), "{kind:?}");
        }
    }
}
