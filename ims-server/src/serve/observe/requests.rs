//! Every request: its id, its line in the log, its span and its figures.

use super::{Figures, Seen, traces};
use crate::{serve::problem::Noted, session::new_uuid};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Request},
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::{Instrument, Level, Span, field::Empty, info_span};

/// What names a request, from the first proxy to the last log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Where it is asked whether the server is well, by HTTP and by gRPC.
const HEALTH: [&str; 2] = ["/health/", "/grpc.health.v1.Health/"];
/// Characters of a request id that somebody else made.
const ID_CHARACTERS: usize = 128;

/// Watches a request, by HTTP or by gRPC. No query, no body and no credential is written anywhere. What was refused has the
/// status of its problem: that of the response is 200 for every call by gRPC.
pub(crate) async fn observe(State(figures): State<Figures>, mut request: Request<Body>, next: Next) -> Response {
    let began = Instant::now();
    let under_way = figures.begin_request();
    let id = id_of(request.headers());
    let seen = Seen::default();
    request.extensions_mut().insert(seen.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = info_span!(
        "request",
        otel.kind = "server",
        otel.name = Empty,
        http.request.method = %method,
        http.response.status_code = Empty,
        url.path = path,
        request_id = id,
        operation = Empty,
        caller = Empty,
    );
    traces::follow(&span, request.headers());
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let problem = response.extensions().get::<Noted>();
    let status = problem.map_or(response.status(), |problem| problem.status).as_u16();
    let operation = seen.operation();
    figures.end_request(operation, status, took);
    if let Some(problem) = problem {
        figures.note_problem(&problem.code);
    }
    note(&span, operation, status, &seen);
    let _entered = span.enter();
    let ended = Ended { method: method.as_str(), path: &path, status, code: problem.map(|problem| &*problem.code) };
    ended.log(&seen, &id, took.as_secs_f64());
    drop(_entered);
    drop(under_way);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// How a request ended.
struct Ended<'a> {
    method: &'a str,
    path: &'a str,
    status: u16,
    code: Option<&'a str>,
}

impl Ended<'_> {
    fn log(&self, seen: &Seen, id: &str, took_s: f64) {
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    $level,
                    request_id = id,
                    method = self.method,
                    path = self.path,
                    operation = seen.operation(),
                    status = self.status,
                    code = self.code,
                    caller = seen.caller(),
                    duration_s = took_s,
                    "request"
                )
            };
        }
        match self.status {
            500.. => line!(Level::WARN),
            // They are asked all day long, by machines.
            _ if HEALTH.iter().any(|path| self.path.starts_with(path)) => line!(Level::DEBUG),
            _ => line!(Level::INFO),
        }
    }
}

fn note(span: &Span, operation: &'static str, status: u16, seen: &Seen) {
    span.record("otel.name", operation);
    span.record("operation", operation);
    span.record("http.response.status_code", status);
    if let Some(caller) = seen.caller() {
        span.record("caller", caller);
    }
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// The id that the request came with, where it is fit for a log; otherwise a new one.
fn id_of(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let sane = |id: &&str| {
        (1..=ID_CHARACTERS).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    given.filter(sane).map_or_else(|| new_uuid().to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_over_only_if_it_is_fit_for_a_log() {
        let given = |id: &'static str| id_of(&HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static(id))]));
        assert_eq!(given("web-1.2_3"), "web-1.2_3");
        for unfit in ["", "a b", "a\"b", "x=1;y", &*"a".repeat(129).leak()] {
            assert_ne!(given(unfit), unfit);
        }
        assert_ne!(id_of(&HeaderMap::new()), id_of(&HeaderMap::new()));
    }
}
