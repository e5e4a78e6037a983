//! A problem as gRPC tells it.

use super::{described::Described, metadata, to_message};
use crate::serve::Problem;
use http::{HeaderValue, StatusCode};
use ims_core::Rejection;
use prost::{Message, bytes::Bytes};
use prost_types::{Any, Duration};
use serde_json::{Map, Value};
use tonic::{Code, Status};
use tonic_types::pb;

/// Who gives the reasons of an `ErrorInfo`.
const DOMAIN: &str = "ims";
/// What the types of details begin with.
const TYPES: &str = "type.googleapis.com";

/// Answers a call with a problem.
pub(super) fn response<B: Default>(described: &Described, problem: &Problem) -> http::Response<B> {
    let mut response = of(described, problem).into_http::<B>();
    response.extensions_mut().insert(problem.noted());
    if problem.is_replayed() {
        response.headers_mut().insert(metadata::REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// What a status means that was made by others, of a call that they could not read.
pub(super) fn problem(status: &Status) -> Problem {
    let detail = status.message();
    match status.code() {
        Code::NotFound => Problem::not_found(detail),
        Code::Unimplemented => Problem::new(StatusCode::NOT_IMPLEMENTED, "method_not_allowed", detail),
        _ => Problem::malformed(detail),
    }
}

/// Makes a status of a problem. Its details say the code and the numbers, and of a refusal the whole of it.
pub(super) fn of(described: &Described, problem: &Problem) -> Status {
    let code = code_of(problem);
    let metadata = problem.fields().iter().map(|(name, value)| (name.clone(), plain(value))).collect();
    let info = pb::ErrorInfo { reason: problem.code().to_owned(), domain: DOMAIN.to_owned(), metadata };
    let mut details = vec![any("google.rpc.ErrorInfo", info.encode_to_vec())];
    if let Some(seconds) = problem.retry_after_s() {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        let retry = pb::RetryInfo { retry_delay: Some(Duration { seconds, nanos: 0 }) };
        details.push(any("google.rpc.RetryInfo", retry.encode_to_vec()));
    }
    if let Some(refusal) = rejection(problem)
        && let Ok(rejection) = to_message::message(&described.forms, &described.rejection, &refusal)
    {
        details.push(any(described.rejection.full_name(), rejection.encode_to_vec()));
    }
    let message = problem.detail().to_owned();
    let told = pb::Status { code: code.into(), message: message.clone(), details };
    Status::with_details(code, message, Bytes::from(told.encode_to_vec()))
}

/// The JSON of the refusal that a problem tells of, where it is one.
pub(super) fn rejection(problem: &Problem) -> Option<Value> {
    Rejection::CODES.contains(&problem.code()).then(|| {
        let mut fields: Map<String, Value> = problem.fields().clone();
        fields.insert("code".to_owned(), problem.code().into());
        Value::Object(fields)
    })
}

/// A number as text, a text without its quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn any(name: &str, value: Vec<u8>) -> Any {
    Any { type_url: format!("{TYPES}/{name}"), value }
}

/// An id that names another command already exists; what makes no sense to any shop is an invalid argument, what makes
/// none to this shop now a failed precondition.
fn code_of(problem: &Problem) -> Code {
    match problem.code() {
        "id_reused" => return Code::AlreadyExists,
        "in_flight" | "resync" | "unread" => return Code::Aborted,
        code if code.ends_with("_taken") => return Code::AlreadyExists,
        _ => {}
    }
    match problem.status() {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => Code::Unimplemented,
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => Code::FailedPrecondition,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS | StatusCode::INSUFFICIENT_STORAGE => {
            Code::ResourceExhausted
        }
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        StatusCode::GATEWAY_TIMEOUT => Code::DeadlineExceeded,
        status if status.is_client_error() => Code::InvalidArgument,
        _ => Code::Internal,
    }
}
