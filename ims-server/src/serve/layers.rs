//! What stands around every route: what a browser may do, how answers are packed, what a defect is answered.

use super::{
    Config, Problem, idempotency, listen,
    observe::{self, Figures},
    problem,
};
use axum::body::HttpBody;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
    middleware::{self, Next},
    response::IntoResponse,
};
use http_body_util::combinators::Fuse;
use std::{any::Any, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    cors::{AllowOrigin, CorsLayer},
};

/// How long a browser may remember what it may do.
const CORS_AGE: Duration = Duration::from_secs(600);
/// Two years, as the preload lists of browsers want it.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");
/// What a document with scripts of the server's own may load, and nothing else.
const DOCUMENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// Data loads nothing.
const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// What a caller may send with a request from a browser, beside what is always allowed.
const REQUEST_HEADERS: [HeaderName; 8] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("traceparent"),
];
/// What a script in a browser may read of an answer.
const ANSWER_HEADERS: [HeaderName; 11] = [
    header::ETAG,
    header::LOCATION,
    header::RETRY_AFTER,
    header::LINK,
    header::CONTENT_DISPOSITION,
    HeaderName::from_static("ims-offset"),
    HeaderName::from_static("ims-command"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    idempotency::REPLAYED,
];

/// Puts the layers around the routes.
pub(crate) fn around(routes: Router, config: &Config, figures: &Figures) -> Router {
    let mut routes = fused(in_words(routes));
    if config.http.compression {
        routes = routes.layer(CompressionLayer::new().compress_when(packed()));
        routes = routes.layer(middleware::map_request(async |mut request: Request| {
            let wanted = packings(request.headers());
            match wanted {
                Some(wanted) => drop(request.headers_mut().insert(header::ACCEPT_ENCODING, wanted)),
                None => drop(request.headers_mut().remove(header::ACCEPT_ENCODING)),
            }
            request
        }));
    }
    if let Some(cors) = cors(&config.http.allowed_origins) {
        routes = routes.layer(cors);
    }
    let encrypted = config.tls.certificate_file.is_some();
    routes
        .layer(middleware::from_fn(move |request: Request, next: Next| async move {
            let mut response = next.run(request).await;
            secure(&mut response);
            if encrypted {
                response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
            }
            response
        }))
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| defect().into_response()))
        .layer(middleware::from_fn(listen::refuse_unfit))
        .layer(middleware::from_fn_with_state(figures.clone(), observe::observe))
}

/// Has every refusal be a problem, also where the libraries beneath refuse by a status alone.
pub(crate) fn in_words(routes: Router) -> Router {
    routes.layer(middleware::map_response(async |response: Response<Body>| {
        let status = response.status();
        let is_problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == problem::CONTENT_TYPE);
        if is_problem || !(status.is_client_error() || status.is_server_error()) {
            return response;
        }
        let mut told = match status {
            StatusCode::NOT_FOUND => Problem::not_found("there is nothing at this path"),
            StatusCode::METHOD_NOT_ALLOWED => no_such_method(),
            status if status.is_server_error() => Problem::internal("the server failed; its log says more"),
            status => Problem::new(status, "malformed", "the request cannot be understood"),
        }
        .into_response();
        if let Some(methods) = response.headers().get(header::ALLOW) {
            told.headers_mut().insert(header::ALLOW, methods.clone());
        }
        told
    }))
}

/// What a path answers that has no such method: whoever routes adds `Allow`.
pub(crate) fn no_such_method() -> Problem {
    let detail = "this path has no such method; Allow says which it has";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

/// Lets no body be asked for more after its end, which whoever packs or frames it may do and not every stream bears. It is
/// done here, for every route that there is.
pub(crate) fn fused(routes: Router) -> Router {
    routes.layer(middleware::map_response(async |response: Response<Body>| {
        // Bodies of a known length are no streams.
        if response.body().size_hint().exact().is_some() {
            return response;
        }
        response.map(|body| Body::new(Fuse::new(body)))
    }))
}

/// What a caller says of the packings that there are. Whoever refuses all of them, and what is not packed as well, is answered
/// without one: what was asked for is done by then, and to refuse its answer would hide that.
fn packings(headers: &HeaderMap) -> Option<HeaderValue> {
    let said = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let known = |part: &&str| {
        let name = part.split(';').next().unwrap_or_default().trim();
        ["gzip", "br"].iter().any(|packing| name.eq_ignore_ascii_case(packing))
    };
    let known: Vec<&str> = said.flat_map(|value| value.split(',')).filter(known).map(str::trim).collect();
    if known.is_empty() { None } else { HeaderValue::from_str(&known.join(", ")).ok() }
}

/// What is worth packing: nothing small, nothing that is packed already, and no stream, which would wait for more.
fn packed() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/x-ndjson"))
        .and(NotForContentType::const_new("application/octet-stream"))
        .and(NotForContentType::const_new("application/grpc"))
}

fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    Some(
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers(REQUEST_HEADERS)
            .expose_headers(ANSWER_HEADERS)
            .max_age(CORS_AGE),
    )
}

/// Tells browsers to keep to what was meant. A route that has said something itself knows better.
fn secure(response: &mut Response<Body>) {
    let is_document =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(if is_document { DOCUMENT_POLICY } else { DATA_POLICY });
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// What a request is answered that met a defect. It was [counted and logged](observe::watch_panics) where it happened.
pub(crate) fn defect() -> Problem {
    Problem::internal("the server met a defect; it is in its log")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tower::ServiceExt;

    async fn asked(config: &Config, headers: &[(&str, &str)], path: &str) -> axum::response::Response {
        sent(config, Method::GET, headers, path).await
    }

    async fn sent(config: &Config, method: Method, headers: &[(&str, &str)], path: &str) -> axum::response::Response {
        async fn fails() -> &'static str {
            panic!("a planted defect")
        }
        let routes = Router::new()
            .route("/data", get(|| async { axum::Json("x".repeat(5_000)) }))
            .route("/page", get(|| async { axum::response::Html("<p>") }))
            .route("/live", get(|| async { ([(header::CONTENT_TYPE, "text/event-stream")], "x".repeat(5_000)) }))
            .route("/kept", get(|| async { ([(header::CACHE_CONTROL, "max-age=60")], "kept") }))
            .route("/defect", get(fails));
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        around(routes, config, &Figures::new()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    fn header<'a>(response: &'a axum::response::Response, name: &str) -> Option<&'a str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_defect_is_answered_and_counted_and_not_told() {
        let response = asked(&Config::default(), &[], "/defect").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("planted"));
    }

    #[tokio::test]
    async fn answers_are_not_kept_or_framed_or_guessed_at() {
        let config = Config::default();
        let data = asked(&config, &[], "/data").await;
        assert_eq!(header(&data, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&data, "cache-control"), Some("no-store"));
        assert_eq!(header(&data, "content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
        assert_eq!(header(&data, "strict-transport-security"), None);
        assert!(header(&asked(&config, &[], "/page").await, "content-security-policy").unwrap().contains("script-src"));
        assert_eq!(header(&asked(&config, &[], "/kept").await, "cache-control"), Some("max-age=60"));
    }

    #[tokio::test]
    async fn browsers_are_told_to_encrypt_only_where_the_server_does() {
        let mut config = Config::default();
        config.tls.certificate_file = Some("certificate.pem".into());
        assert!(header(&asked(&config, &[], "/data").await, "strict-transport-security").is_some());
    }

    #[tokio::test]
    async fn other_sites_are_let_in_only_if_they_are_named() {
        let allow = "access-control-allow-origin";
        let mut config = Config::default();
        let from = [("origin", "https://shop.example")];
        assert_eq!(header(&asked(&config, &from, "/data").await, allow), None);
        config.http.allowed_origins = vec!["https://shop.example".into()];
        assert_eq!(header(&asked(&config, &from, "/data").await, allow), Some("https://shop.example"));
        assert_eq!(header(&asked(&config, &[("origin", "https://other.example")], "/data").await, allow), None);
    }

    #[tokio::test]
    async fn a_browser_that_asks_first_is_told_what_it_may_send() {
        let mut config = Config::default();
        config.http.allowed_origins = vec!["https://shop.example".into()];
        let ask = |origin: &'static str| {
            let headers = [
                ("origin", origin),
                ("access-control-request-method", "PATCH"),
                ("access-control-request-headers", "authorization,content-type,idempotency-key,if-match"),
            ];
            let config = config.clone();
            async move { sent(&config, Method::OPTIONS, &headers, "/data").await }
        };
        let told = ask("https://shop.example").await;
        assert_eq!(told.status(), StatusCode::OK);
        assert_eq!(header(&told, "access-control-allow-origin"), Some("https://shop.example"));
        assert!(header(&told, "access-control-allow-methods").unwrap().contains("PATCH"));
        let allowed = header(&told, "access-control-allow-headers").unwrap().to_owned();
        for name in ["authorization", "content-type", "idempotency-key", "if-match"] {
            assert!(allowed.contains(name), "{name}: {allowed}");
        }
        assert_eq!(header(&ask("https://other.example").await, "access-control-allow-origin"), None);
    }

    #[tokio::test]
    async fn answers_are_packed_and_streams_are_not() {
        let mut config = Config::default();
        for (asks, gets) in [("br", "br"), ("gzip", "gzip")] {
            let response = asked(&config, &[("accept-encoding", asks)], "/data").await;
            assert_eq!(header(&response, "content-encoding"), Some(gets));
        }
        assert_eq!(header(&asked(&config, &[("accept-encoding", "br")], "/live").await, "content-encoding"), None);
        config.http.compression = false;
        assert_eq!(header(&asked(&config, &[("accept-encoding", "br")], "/data").await, "content-encoding"), None);
    }
}
