//! Reading a request: the path, the query, the headers and the body, each strictly.

use super::{Form, document, json, tags};
use crate::serve::{
    Operation, Problem,
    call::{Mode, Said, page, sort},
    config::Http,
    listen::HalfSent,
    operation::Work,
};
use axum::{
    body::{Body, HttpBody},
    extract::RawPathParams,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use ims_core::{Offset, limits};
use serde_json::{Map, Value};
use std::{borrow::Cow, error::Error};

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
    form: Form,
    limits: &Http,
    params: &RawPathParams,
    head: &Parts,
    body: Body,
) -> Result<Asked, Problem> {
    let mut query = query(head.uri.query().unwrap_or_default())?;
    must_be_known(operation, form, &query)?;
    let body = Sent { body, limit_bytes: operation.body_limit_bytes(limits), depth_limit: limits.depth_limit };
    let mut said = Said::default();
    let mut min_offset = None;
    match operation.work {
        Work::Question(question) => {
            min_offset = take(&mut query, "min_offset", WHOLE_NUMBER)?.map(Offset);
            if question.length.is_list() && form == Form::Json {
                said.page = page(limit(&mut query)?, text_of(query.remove("cursor")));
            }
            if let Some(list) = question.length.sorted() {
                said.page.sort = Some(sort(list, text_of(query.remove("sort")).as_deref())?);
            }
            said.fields = query;
        }
        Work::Command(_) => {
            said.occurred_at = take(&mut query, "occurred_at", A_TIME)?;
            said.mode = mode(text_of(query.remove("mode")).as_deref())?;
            said.key = text(&head.headers, "idempotency-key")?.map(str::to_owned);
            said.fields = body.object(&head.headers).await?;
            if said.fields.contains_key("if_tag") {
                return Err(Problem::at("if_tag", "send the ETag of what you saw in the header If-Match"));
            }
            tags::must_not_ask(&head.headers)?;
            if let Some(tag) = tags::seen(&head.headers)? {
                said.fields.insert("if_tag".into(), tag.into());
            }
        }
        Work::Batch => {
            said.mode = mode(text_of(query.remove("mode")).as_deref())?;
            said.fields = body.object(&head.headers).await?;
        }
        Work::Task(_) => {
            said.key = text(&head.headers, "idempotency-key")?.map(str::to_owned);
            said.fields = body.object(&head.headers).await?;
        }
        Work::Import(_) => {
            said.mode = mode(text_of(query.remove("mode")).as_deref())?;
            said.fields = query;
            must_be(&head.headers, "text/csv")?;
            said.file = body.bytes(&head.headers).await?;
        }
    }
    for (name, value) in params {
        if value.contains('\0') {
            return Err(Problem::at(name, "a text must not have a NUL in it"));
        }
        let given = Value::from(value);
        let other = said.fields.insert(name.to_owned(), given.clone());
        if other.is_some_and(|other| other != given) {
            return Err(Problem::at(name, &format!("it is {value} in the path and something else beside it")));
        }
    }
    Ok(Asked { said, min_offset })
}

/// Reads a header that is text and is there at most once.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(Problem::at(name, "this header is there twice"));
    }
    let unreadable = |_| Problem::at(name, "this header is not plain text");
    first.map(|value| value.to_str().map_err(unreadable)).transpose()
}

/// Reads a query: every name once.
fn query(query: &str) -> Result<Map<String, Value>, Problem> {
    let unreadable = || Problem::malformed("the query is not UTF-8 in percent-encoding");
    percent_encoding::percent_decode_str(query).decode_utf8().map_err(|_| unreadable())?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|_| unreadable())?;
    let mut fields = Map::new();
    for (name, value) in pairs {
        if fields.contains_key(&name) {
            return Err(Problem::at(&name, "this query parameter is there twice"));
        }
        if value.contains('\0') {
            return Err(Problem::at(&name, "a text must not have a NUL in it"));
        }
        if value.is_empty() {
            return Err(Problem::at(&name, "say something, or leave it out"));
        }
        fields.insert(name, Value::String(value));
    }
    Ok(fields)
}

/// Refuses what no query of this operation has, and says what there is.
fn must_be_known(operation: &Operation, form: Form, query: &Map<String, Value>) -> Result<(), Problem> {
    let known = document::query_names(operation, form);
    let is_known =
        |name: &str| known.iter().any(|one| one == name) || operation.fields_of_path().any(|one| one == name);
    let Some(unknown) = query.keys().find(|name| !is_known(name)) else { return Ok(()) };
    let there_are =
        if known.is_empty() { "there is none".to_owned() } else { format!("there are {}", known.join(", ")) };
    Err(Problem::at(unknown, &format!("there is no such query parameter; {there_are}")))
}

fn text_of(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

const WHOLE_NUMBER: &str = "write a whole number of 0 or more";
const A_TIME: &str = "write a time such as 2026-01-31T09:30:00Z or 2026-01-31T09:30:00+01:00";

/// Takes a query parameter out and reads it; says what to write where it cannot be read.
fn take<T: std::str::FromStr>(query: &mut Map<String, Value>, name: &str, instead: &str) -> Result<Option<T>, Problem> {
    let Some(text) = text_of(query.remove(name)) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Problem::at(name, instead))
}

fn limit(query: &mut Map<String, Value>) -> Result<Option<u32>, Problem> {
    let instead = format!("write how many rows: 1 to {}", limits::ROWS_PER_PAGE);
    let limit = take(query, "limit", &instead)?;
    if limit.is_some_and(|limit| limit == 0 || limit > limits::ROWS_PER_PAGE) {
        let problem = Problem::at("limit", &instead);
        return Err(problem.field("limit", limits::ROWS_PER_PAGE));
    }
    Ok(limit)
}

fn mode(word: Option<&str>) -> Result<Mode, Problem> {
    match word {
        None | Some("execute") => Ok(Mode::Execute),
        Some("simulate") => Ok(Mode::Simulate),
        Some(_) => Err(Problem::at("mode", "it is execute or simulate")),
    }
}

/// The bytes that a body says it has; as many as it may have, where it does not say. One that says too many is refused
/// before any of them is waited for.
pub(crate) fn announced(body: &Body, limit_bytes: usize) -> Result<usize, Problem> {
    let Some(bytes) = body.size_hint().exact() else { return Ok(limit_bytes) };
    usize::try_from(bytes).ok().filter(|bytes| *bytes <= limit_bytes).ok_or_else(|| too_large(limit_bytes))
}

fn too_large(limit_bytes: usize) -> Problem {
    let detail = format!("the body is larger than {limit_bytes} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail).field("limit_bytes", limit_bytes)
}

/// A body that is still to be read.
struct Sent {
    body: Body,
    limit_bytes: usize,
    depth_limit: usize,
}

impl Sent {
    /// Reads what is a JSON object; none at all is an object without fields.
    async fn object(self, headers: &HeaderMap) -> Result<Map<String, Value>, Problem> {
        let depth_limit = self.depth_limit;
        let bytes = self.bytes(headers).await?;
        if bytes.is_empty() {
            return Ok(Map::new());
        }
        must_be(headers, "application/json")?;
        match json::read(&bytes, depth_limit)? {
            Value::Object(fields) => Ok(fields),
            _ => Err(Problem::malformed("the body must be a JSON object")),
        }
    }

    /// Reads all of it, which must not be packed.
    async fn bytes(self, headers: &HeaderMap) -> Result<Vec<u8>, Problem> {
        must_be_plain(headers)?;
        let limit_bytes = self.limit_bytes;
        let read = Limited::new(self.body, limit_bytes).collect().await;
        read.map(|body| body.to_bytes().into()).map_err(|error| {
            if error.is::<LengthLimitError>() {
                return too_large(limit_bytes);
            }
            if error.downcast_ref::<axum::Error>().and_then(Error::source).is_some_and(|source| source.is::<HalfSent>())
            {
                return Problem::ending();
            }
            Problem::malformed("the body was cut off, or its chunks are not as HTTP has them")
        })
    }
}

/// Refuses a body that is packed: what it becomes could be of any size.
fn must_be_plain(headers: &HeaderMap) -> Result<(), Problem> {
    let is_plain =
        |value: &HeaderValue| value.to_str().is_ok_and(|value| value.trim().eq_ignore_ascii_case("identity"));
    if headers.get_all(header::CONTENT_ENCODING).iter().all(is_plain) {
        return Ok(());
    }
    let detail = "send the body as it is, without Content-Encoding";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding", detail))
}

/// Refuses a body that is not sent as what is expected.
fn must_be(headers: &HeaderMap, expected: &'static str) -> Result<(), Problem> {
    let kind = text(headers, header::CONTENT_TYPE.as_str())?.unwrap_or_default();
    if kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let detail = format!("send it with Content-Type: {expected}");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail).field("expected", expected))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(problem: &Problem) -> &str {
        assert_eq!((problem.status(), problem.code()), (StatusCode::BAD_REQUEST, "malformed"));
        problem.fields().get("at").and_then(Value::as_str).unwrap_or_default()
    }

    #[test]
    fn a_query_is_read_strictly() {
        let fields = query("text=gr%C3%BCner+tee&brand=Leaf").unwrap();
        assert_eq!(fields, *serde_json::json!({"text": "grüner tee", "brand": "Leaf"}).as_object().unwrap());
        assert_eq!(at(&query("a=1&b=2&a=3").unwrap_err()), "a");
        assert_eq!(at(&query("text=a%00").unwrap_err()), "text");
        assert_eq!(at(&query("text=%FF").unwrap_err()), "");
        assert_eq!(at(&query("text=").unwrap_err()), "text");
    }

    #[test]
    fn a_page_has_at_least_one_row_and_not_too_many() {
        let limit_of = |text: &str| limit(&mut query(text)?);
        assert_eq!(limit_of("limit=1").unwrap(), Some(1));
        assert_eq!(limit_of("").unwrap(), None);
        for bad in
            ["limit=0", "limit=1001", "limit=-1", "limit=99999999999999999999", "limit=1.5", "limit=", "limit=ten"]
        {
            assert_eq!(at(&limit_of(bad).unwrap_err()), "limit", "{bad}");
        }
    }
}
