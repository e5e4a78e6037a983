//! Every refusal is a problem: whoever refuses, the server or a library beneath it, and whatever of HTTP was broken.

use super::*;
use std::time::Duration;

/// The code of a problem, which must be one in every respect.
fn code(reply: &Reply, what: &str) -> String {
    assert_eq!(
        reply.headers.get("content-type").map(String::as_str),
        Some("application/problem+json"),
        "{what}: {reply:?}"
    );
    let problem = reply.json();
    assert_eq!(problem["status"], reply.status, "{what}");
    let code = problem["code"].as_str().unwrap();
    assert_eq!(problem["type"], format!("urn:ims:problem:{code}"), "{what}");
    assert!(!problem["detail"].as_str().unwrap().is_empty(), "{what}");
    code.to_owned()
}

#[test]
fn whatever_is_wrong_with_a_request_is_told_as_a_problem() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let token = server.admin();
    let signed = format!("host: test\r\nauthorization: Bearer {token}\r\nconnection: close\r\n");
    let write = format!("{signed}idempotency-key: one\r\ncontent-type: application/json\r\n");
    let long = "x".repeat(70_000);
    let fields = "x: y\r\n".repeat(200);
    let cases: &[(&str, String, u16, &str)] = &[
        // What no head of HTTP is.
        ("no HTTP", "hello\r\n\r\n".into(), 400, "malformed"),
        ("a method that is none", "G@T / HTTP/1.1\r\nhost: test\r\n\r\n".into(), 400, "malformed"),
        ("a version that is none", "GET / HTTP/9.9\r\nhost: test\r\n\r\n".into(), 400, "malformed"),
        ("no version", "GET /\r\nhost: test\r\n\r\n".into(), 400, "malformed"),
        ("a path with a space", "GET /v1/it ems HTTP/1.1\r\nhost: test\r\n\r\n".into(), 400, "malformed"),
        ("a path with a control", "GET /v1/\u{1} HTTP/1.1\r\nhost: test\r\n\r\n".into(), 400, "malformed"),
        ("a header without a colon", "GET / HTTP/1.1\r\nhost: test\r\nnothing\r\n\r\n".into(), 400, "malformed"),
        ("a header with a control", "GET / HTTP/1.1\r\nhost: test\r\nx: \u{1}\r\n\r\n".into(), 400, "malformed"),
        ("a header's name with a space", "GET / HTTP/1.1\r\nhost: test\r\na b: c\r\n\r\n".into(), 400, "malformed"),
        ("no host", "GET / HTTP/1.1\r\n\r\n".into(), 400, "malformed"),
        ("two hosts", "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n".into(), 400, "malformed"),
        ("a path that is too long", format!("GET /{long} HTTP/1.1\r\n{signed}\r\n"), 431, "head_too_large"),
        ("a head that is too large", format!("GET / HTTP/1.1\r\n{signed}x: {long}\r\n\r\n"), 431, "head_too_large"),
        ("too many fields", format!("GET / HTTP/1.1\r\n{signed}{fields}\r\n"), 431, "head_too_large"),
        // Lengths and chunks.
        (
            "a length that is none",
            format!("POST /v1/items HTTP/1.1\r\n{write}content-length: x\r\n\r\n"),
            400,
            "malformed",
        ),
        (
            "a length that no number of the server is",
            format!("POST /v1/items HTTP/1.1\r\n{write}content-length: 18446744073709551615\r\n\r\n"),
            413,
            "body_too_large",
        ),
        (
            "a length that is longer than all numbers",
            format!("POST /v1/items HTTP/1.1\r\n{write}content-length: 99999999999999999999999\r\n\r\n"),
            413,
            "body_too_large",
        ),
        (
            "a chunk's size that is none",
            format!("POST /v1/items HTTP/1.1\r\n{write}transfer-encoding: chunked\r\n\r\nZZ\r\n{{}}\r\n0\r\n\r\n"),
            400,
            "malformed",
        ),
        (
            "a chunk's size beyond all numbers",
            format!(
                "POST /v1/items HTTP/1.1\r\n{write}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{{}}\r\n"
            ),
            400,
            "malformed",
        ),
        (
            "a chunk that is longer than it says",
            format!("POST /v1/items HTTP/1.1\r\n{write}transfer-encoding: chunked\r\n\r\n1\r\n{{}}\r\n0\r\n\r\n"),
            400,
            "malformed",
        ),
        (
            "chunks that are too many bytes",
            format!(
                "POST /v1/items HTTP/1.1\r\n{write}transfer-encoding: chunked\r\n\r\n200000\r\n{}\r\n0\r\n\r\n",
                " ".repeat(0x20_0000)
            ),
            413,
            "body_too_large",
        ),
        // Packed bodies.
        (
            "a packed body",
            format!("POST /v1/items HTTP/1.1\r\n{write}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{{}}"),
            415,
            "content_encoding",
        ),
        (
            "a packed file",
            format!(
                "POST /v1/imports/items HTTP/1.1\r\n{signed}content-type: text/csv\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx"
            ),
            415,
            "content_encoding",
        ),
        (
            "a body packed twice",
            "POST /v1/tokens HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-encoding: identity\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}".into(),
            415,
            "content_encoding",
        ),
        (
            "another type",
            format!(
                "POST /v1/items HTTP/1.1\r\n{signed}idempotency-key: one\r\ncontent-type: application/xml\r\ncontent-length: 2\r\n\r\n{{}}"
            ),
            415,
            "media_type",
        ),
        // Paths and methods, also of what is no operation.
        ("a path that is no text", format!("GET /v1/items/%FF HTTP/1.1\r\n{signed}\r\n"), 400, "malformed"),
        ("a query that is no text", format!("GET /v1/items?text=%FF HTTP/1.1\r\n{signed}\r\n"), 400, "malformed"),
        ("no such path", format!("GET /nothing HTTP/1.1\r\n{signed}\r\n"), 404, "not_found"),
        ("no such page", format!("GET /api/docs/nothing.js HTTP/1.1\r\n{signed}\r\n"), 404, "not_found"),
        ("a method of another path", format!("PUT /v1/items HTTP/1.1\r\n{signed}\r\n"), 405, "method_not_allowed"),
        ("a method of nobody", format!("BREW /v1/items HTTP/1.1\r\n{signed}\r\n"), 405, "method_not_allowed"),
        ("a method at the health", format!("POST /health/live HTTP/1.1\r\n{signed}\r\n"), 405, "method_not_allowed"),
        ("a method at the document", format!("PUT /openapi.json HTTP/1.1\r\n{signed}\r\n"), 405, "method_not_allowed"),
        ("a method at the page", format!("DELETE /api/docs/ HTTP/1.1\r\n{signed}\r\n"), 405, "method_not_allowed"),
        ("a method at a stream", format!("POST /v1/events/stream HTTP/1.1\r\n{signed}\r\n"), 405, "method_not_allowed"),
        // Streams and who calls.
        ("no WebSocket", format!("GET /v1/events/ws HTTP/1.1\r\n{signed}\r\n"), 426, "upgrade_required"),
        ("a stream from nowhere", format!("GET /v1/events/stream?after=x HTTP/1.1\r\n{signed}\r\n"), 400, "malformed"),
        (
            "a last event that is none",
            format!("GET /v1/events/stream HTTP/1.1\r\n{signed}last-event-id: x\r\n\r\n"),
            400,
            "malformed",
        ),
        ("nobody", "GET /v1/items HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n".into(), 401, "unauthenticated"),
        ("somebody twice", format!("GET /v1/items HTTP/1.1\r\n{signed}x-api-key: ims_a_b\r\n\r\n"), 400, "malformed"),
        (
            "a change that asks what is new",
            format!("PATCH /v1/items/sku:A HTTP/1.1\r\n{write}if-none-match: *\r\ncontent-length: 2\r\n\r\n{{}}"),
            400,
            "malformed",
        ),
        (
            "a tag that is none",
            format!("PATCH /v1/items/sku:A HTTP/1.1\r\n{write}if-match: x\r\ncontent-length: 2\r\n\r\n{{}}"),
            400,
            "malformed",
        ),
        (
            "a batch of nothing",
            format!("POST /v1/batch HTTP/1.1\r\n{write}content-length: 19\r\n\r\n{{\"commands\":[null]}}"),
            400,
            "malformed",
        ),
    ];
    let mut others = Vec::new();
    for (what, request, status, told) in cases {
        let reply = raw(&server, request.as_bytes());
        let code = code(&reply, what);
        if (reply.status, code.as_str()) != (*status, *told) {
            others.push(format!("{what}: {} {code} and not {status} {told}", reply.status));
        }
        match *status {
            405 => assert!(reply.headers.contains_key("allow"), "{what}: {reply:?}"),
            415 => assert_eq!(
                reply.headers.contains_key("accept-encoding"),
                *told == "content_encoding",
                "{what}: {reply:?}"
            ),
            _ => {}
        }
    }
    assert!(others.is_empty(), "{others:#?}");
    assert_eq!(server.get("/v1/items", &token).ok()["rows"], json!([]), "nothing was done");
}

#[test]
fn a_body_that_says_that_it_is_too_large_is_refused_before_it_comes() {
    let shop = Shop::open();
    let server = shop.serve(&["http.request_timeout_ms=600000"]);
    let admin = server.admin();
    for (line, kind) in [("/v1/items", "application/json"), ("/v1/imports/items", "text/csv")] {
        let head = format!(
            "POST {line} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {admin}\r\ncontent-type: {kind}\r\n\
             idempotency-key: one\r\ncontent-length: 20000000\r\n\r\n"
        );
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert!(said.starts_with("HTTP/1.1 413 ") && said.contains("\"limit_bytes\":"), "{line}: {said}");
    }
}

#[test]
fn a_path_that_is_too_long_is_told_where_heads_may_be_larger() {
    let shop = Shop::open();
    let server = shop.serve_as_it_is(&["http.head_limit_bytes=200000"]);
    let reply = raw(&server, format!("GET /{} HTTP/1.1\r\nhost: test\r\n\r\n", "x".repeat(70_000)).as_bytes());
    assert_eq!((reply.status, code(&reply, "a long path").as_str()), (414, "path_too_long"));
}

#[test]
fn a_body_that_says_that_it_is_not_packed_is_taken() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "Identity"), ("Idempotency-Key", "one")];
    assert_eq!(send(&server, "POST /v1/items", &admin, &headers, b"{\"sku\": \"A\", \"name\": \"a\"}").status, 201);
}

#[test]
fn a_request_that_is_none_does_not_spoil_the_answer_before_it() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    let (mut said, mut some) = (String::new(), [0; 4096]);
    while !said.ends_with('}') {
        let read = stream.read(&mut some).unwrap();
        said.push_str(std::str::from_utf8(&some[..read]).unwrap());
    }
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    stream.write_all(b"nothing\r\n\r\n").unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 400") && rest.contains("\"code\":\"malformed\""), "{rest}");
}
