//! Writing an answer as a response.

use super::tags;
use crate::serve::{Answer, Problem, answer::Made, idempotency::REPLAYED};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use ims_core::{Novelty, Rejection};

/// An offset of the log at which all that an answer tells is there: what `min_offset` takes.
pub(crate) const OFFSET: HeaderName = HeaderName::from_static("ims-offset");

/// The id of the command that an answer tells of.
pub(crate) const COMMAND: HeaderName = HeaderName::from_static("ims-command");

/// Writes what was read, where it is what its caller wants and has not.
///
/// # Errors
/// `changed` where it is not what `If-Match` says; `malformed` where that cannot be read.
pub(crate) fn of_question(asked: &HeaderMap, answer: Answer) -> Result<Response, Problem> {
    let Some(tag) = answer.tag.as_deref() else { return Ok(of(answer)) };
    if !tags::is_wanted(asked, tag)? {
        let changed = Rejection::Changed { tag: tag.into() };
        return Err(Problem::from(&changed));
    }
    if !tags::is_known(asked, tag) {
        return Ok(of(answer));
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    put(&mut response, header::ETAG, &format!("\"{tag}\""));
    Ok(response)
}

/// Writes an answer.
pub(crate) fn of(answer: Answer) -> Response {
    let tag = answer.tag.as_ref().map(|tag| format!("\"{tag}\""));
    let (offset, made, command, novelty) = (answer.offset, answer.made.clone(), answer.command.clone(), answer.novelty);
    let mut response = Response::new(Body::from(answer.into_bytes()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(tag) = tag {
        put(&mut response, header::ETAG, &tag);
    }
    if let Some(offset) = offset {
        response.headers_mut().insert(OFFSET, offset.0.into());
    }
    if let Some(command) = command {
        put(&mut response, COMMAND, &command.id.to_string());
    }
    if novelty == Novelty::Replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    match made {
        Made::Nothing => {}
        Made::At(path) => {
            *response.status_mut() = StatusCode::CREATED;
            put(&mut response, header::LOCATION, &path);
        }
        Made::Something => *response.status_mut() = StatusCode::CREATED,
    }
    response
}

/// Ids, numbers and paths made of them are always fit for a header.
fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
