//! Reading a request: the path, the query, the headers and the body, each strictly.

use crate::serve::{
    Operation, Problem,
    call::{Mode, Said, page},
    config::Http,
    operation::{Length, Work},
};
use axum::{
    body::Body,
    extract::RawPathParams,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use ims_core::Offset;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A request as it was read.
pub(crate) struct Asked {
    /// What it says.
    pub(crate) said: Said,
    /// The offset that the answer must not be older than.
    pub(crate) min_offset: Option<Offset>,
}

/// Reads `Authorization`, or an API key in a header of its own.
pub(crate) fn authorization(headers: &HeaderMap) -> Result<Option<Cow<'_, str>>, Problem> {
    let authorization = text(headers, header::AUTHORIZATION.as_str())?;
    match (authorization, text(headers, "x-api-key")?) {
        (Some(_), Some(_)) => Err(Problem::malformed("send Authorization or X-Api-Key, and not both")),
        (Some(authorization), None) => Ok(Some(Cow::Borrowed(authorization))),
        (None, Some(key)) => Ok(Some(Cow::Owned(format!("Bearer {key}")))),
        (None, None) => Ok(None),
    }
}

/// What the client calls itself.
pub(crate) fn agent(headers: &HeaderMap) -> Option<String> {
    headers.get(header::USER_AGENT)?.to_str().ok().map(str::to_owned)
}

/// Reads a request for an operation.
pub(crate) async fn read(
    operation: &Operation,
    limits: &Http,
    params: &RawPathParams,
    head: &Parts,
    body: Body,
) -> Result<Asked, Problem> {
    let mut query = query(head.uri.query().unwrap_or_default())?;
    let mut said = Said::default();
    let min_offset = take(&mut query, "min_offset")?.map(Offset);
    match operation.work {
        Work::Question(question) => {
            if question.length == Length::Pages {
                said.page = page(take(&mut query, "limit")?, text_of(query.remove("cursor")));
            }
            said.fields = query;
        }
        Work::Command(_) | Work::Task(_) => {
            said.occurred_at = take(&mut query, "occurred_at")?;
            said.mode = mode(text_of(query.remove("mode")).as_deref())?;
            if let Some((name, _)) = query.into_iter().next() {
                return Err(Problem::malformed(format!("there is no query parameter {name}")).field("at", name));
            }
            said.key = text(&head.headers, "idempotency-key")?.map(str::to_owned);
            said.fields = object(limits, &head.headers, body).await?;
            if let Some(tag) = tag(&head.headers)? {
                said.fields.insert("if_tag".into(), tag.into());
            }
        }
    }
    for (name, value) in params {
        let given = Value::from(value);
        let other = said.fields.insert(name.to_owned(), given.clone());
        if other.is_some_and(|other| other != given) {
            let detail = format!("{name} is {value} in the path and something else beside it");
            return Err(Problem::malformed(detail).field("at", name));
        }
    }
    Ok(Asked { said, min_offset })
}

/// Reads `If-Match`: the tag of what the caller saw. `*` asks for nothing more than that it is there, which an update asks
/// for anyway.
fn tag(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(tag) = text(headers, header::IF_MATCH.as_str())?.map(str::trim).filter(|tag| *tag != "*") else {
        return Ok(None);
    };
    let inside = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).filter(|tag| !tag.contains('"'));
    let unreadable = || Problem::malformed("If-Match must be the one ETag that was read, such as \"0123…\"");
    inside.map(Some).ok_or_else(unreadable)
}

/// Reads a header that is text.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let unreadable = |_| Problem::malformed(format!("the header {name} is not plain text"));
    headers.get(name).map(|value| value.to_str().map_err(unreadable)).transpose()
}

/// Reads a query: every name once.
fn query(query: &str) -> Result<Map<String, Value>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|error| Problem::malformed(format!("the query cannot be read: {error}")))?;
    let mut fields = Map::new();
    for (name, value) in pairs {
        if fields.contains_key(&name) {
            return Err(Problem::malformed(format!("the query parameter {name} is there twice")).field("at", name));
        }
        fields.insert(name, Value::String(value));
    }
    Ok(fields)
}

fn text_of(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Takes a query parameter out and reads it.
fn take<T: std::str::FromStr<Err: std::fmt::Display>>(
    query: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, Problem> {
    let Some(text) = text_of(query.remove(name)) else { return Ok(None) };
    let unreadable = |error| Problem::malformed(format!("{name}: {error}")).field("at", name);
    text.parse().map(Some).map_err(unreadable)
}

fn mode(word: Option<&str>) -> Result<Mode, Problem> {
    match word {
        None | Some("execute") => Ok(Mode::Execute),
        Some("simulate") => Ok(Mode::Simulate),
        Some(_) => Err(Problem::malformed("mode is execute or simulate").field("at", "mode")),
    }
}

/// Reads a body that is a JSON object; none at all is an object without fields.
async fn object(limits: &Http, headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    let bytes = axum::body::to_bytes(body, limits.body_limit_bytes).await.map_err(|_| {
        let detail = format!("the body is larger than {} bytes, or was cut off", limits.body_limit_bytes);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
            .field("limit_bytes", limits.body_limit_bytes)
    })?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let kind = text(headers, header::CONTENT_TYPE.as_str())?.unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        let detail = "send JSON, with Content-Type: application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
    }
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| Problem::malformed(format!("the body is not JSON: {error}")))?;
    if depth(&value) > limits.depth_limit {
        let detail = format!("the body is more than {} values deep", limits.depth_limit);
        return Err(Problem::malformed(detail).field("limit", limits.depth_limit));
    }
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Problem::malformed("the body must be a JSON object")),
    }
}

/// How deep values lie inside values. The reader has bounded it already.
fn depth(value: &Value) -> usize {
    let inside = match value {
        Value::Array(values) => values.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    inside.unwrap_or_default().saturating_add(1)
}
