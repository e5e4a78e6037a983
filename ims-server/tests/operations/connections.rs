//! What the server bears of its callers.

use crate::server::Server;
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// Idle connections that a test opens: as many as fit the handles that a machine gives a test by default.
const IDLE: usize = 900;

/// Waits until the server closes the connection; returns what it said until then.
fn until_closed(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    // It may be reset as well as closed.
    if let Err(error) = stream.read_to_end(&mut said) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "the server did not close it");
    }
    String::from_utf8(said).unwrap()
}

#[test]
fn a_caller_that_says_nothing_or_says_it_too_slowly_is_cut_off() {
    let server = Server::start(&["http.idle_timeout_ms=200"]);
    assert_eq!(until_closed(server.connect()), "");
    for part in ["G", "GET / HTTP/1.1\r\nhost: te", "PRI * HTTP/2.0\r\n\r\n"] {
        let mut slow = server.connect();
        slow.write_all(part.as_bytes()).unwrap();
        assert!(!until_closed(slow).contains("200 OK"), "{part:?}");
    }
    assert_eq!(server.get("/health/live").status, 200);
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start(&["http.idle_timeout_ms=300", "http.request_timeout_ms=1000"]);
    let head = "POST /v1/tokens HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n";
    for body in ["content-length: 100\r\n\r\n{", "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"] {
        let mut slow = server.connect();
        slow.write_all(format!("{head}{body}").as_bytes()).unwrap();
        assert!(!until_closed(slow).starts_with("HTTP/1.1 2"), "{body:?}");
    }
    assert_eq!(server.get("/health/live").status, 200);
}

#[test]
fn a_connection_that_is_kept_is_closed_when_nobody_uses_it() {
    let server = Server::start(&["http.idle_timeout_ms=200"]);
    let mut kept = server.connect();
    kept.write_all(b"GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    assert!(until_closed(kept).starts_with("HTTP/1.1 200"));
}

#[test]
fn idle_connections_do_not_keep_others_out() {
    let server = Server::start(&["http.idle_timeout_ms=3600000"]);
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| server.connect()).collect();
    assert_eq!(server.get("/health/ready").status, 200);
    drop(idle);
}

#[test]
fn more_connections_than_there_may_be_wait_for_their_turn() {
    let server = Server::start(&["http.connection_limit=2", "http.idle_timeout_ms=3600000"]);
    let first = server.connect();
    let second = server.connect();
    let mut third = server.connect();
    third.write_all(b"GET /health/live HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    drop(first);
    assert_eq!(crate::server::read(third).status, 200);
    drop(second);
}

/// A frame of HTTP/2.
pub fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
}

#[test]
fn an_answer_over_http_2_that_nobody_reads_keeps_no_connection() {
    let server = Server::start(&["http.idle_timeout_ms=200", "http.write_timeout_ms=200"]);
    // GET, http, and two literals that are not to be remembered: the path and the authority.
    let head = [&[0x82, 0x86, 0x04, 12], b"/health/live".as_slice(), &[0x01, 4], b"test"].concat();
    // Of an answer, nothing may be sent, or one byte: then the rest waits at the connection.
    for window in [0, 1] {
        let settings = frame(4, 0, 0, &[0, 4, 0, 0, 0, window]);
        let request = frame(1, 0x5, 1, &head);
        let mut caller = server.connect();
        // Before it would be missed that the caller answers no ping.
        caller.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        caller.write_all(&[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &*settings, &*request].concat()).unwrap();
        let mut said = Vec::new();
        if let Err(error) = caller.read_to_end(&mut said) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{window}: the server did not close it");
        }
        let answered = said.windows(9).any(|head| head[3..] == [1, 4, 0, 0, 0, 1]);
        assert!(answered, "{window}: {said:?}");
    }
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let server = Server::start(&["http.head_limit_bytes=8192"]);
    let answer = server.get_with("/health/live", &[&format!("x-large: {}", "x".repeat(20_000))]);
    assert_eq!(answer.status, 431);
}

#[test]
fn a_request_has_one_id_from_the_caller_to_the_log() {
    let server = Server::start(&[]);
    let answer = server.get_with("/v1/items?cursor=hush", &["x-request-id: web-17", "authorization: Bearer hush-hush"]);
    assert_eq!(answer.header("x-request-id"), Some("web-17"));
    let line = server.logged("web-17");
    assert_eq!((&line["method"], &line["path"]), (&"GET".into(), &"/v1/items".into()));
    assert_eq!(line["operation"], "items");
    assert_eq!(line["status"], answer.status);
    assert!(!line.to_string().contains("hush"), "{line}");
    assert_ne!(server.get("/health/live").header("x-request-id"), None);
}

/// Sends a body over HTTP/2 as the windows allow, whatever comes meanwhile: what was answered to it once all was sent, and
/// what else was said of its stream.
fn sent_whole_over_http_2(server: &Server, path: &str, bytes: usize) -> (String, Vec<u8>) {
    const BODY: [u8; 16 * 1024] = [b' '; 16 * 1024];
    let (text, length) = (|text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat(), bytes);
    // POST, http, and literals that are not to be remembered: path, authority, content-length.
    let head = [&[0x83, 0x86, 0x04][..], &text(path), &[0x01], &text("test"), &[0x0f, 13], &text(&length.to_string())];
    let mut caller = server.connect();
    caller.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let head = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), frame(4, 0, 0, &[]), frame(1, 4, 1, &head.concat())];
    caller.write_all(&head.concat()).unwrap();
    let (mut windows, mut left, mut answer, mut others, mut ended) =
        ([65_535; 2], bytes, Vec::new(), Vec::new(), false);
    while left > 0 || !ended {
        let now = left.min(BODY.len());
        if now > 0 && windows.iter().all(|window| *window >= now) {
            left -= now;
            windows = windows.map(|window| window - now);
            let size = u32::try_from(now).unwrap().to_be_bytes();
            caller.write_all(&[&size[1..], &[0, u8::from(left == 0), 0, 0, 0, 1], &BODY[..now]].concat()).unwrap();
            continue;
        }
        let mut said = [0; 9];
        caller.read_exact(&mut said).unwrap();
        let mut payload = vec![0; usize::from(said[0]) << 16 | usize::from(said[1]) << 8 | usize::from(said[2])];
        caller.read_exact(&mut payload).unwrap();
        let stream = usize::from(said[8]);
        ended |= stream == 1 && said[3] < 2 && said[4] & 1 == 1;
        match (said[3], stream) {
            (0, 1) => answer.extend(payload),
            (8, _) => windows[stream] += usize::try_from(u32::from_be_bytes(payload.try_into().unwrap())).unwrap(),
            (1, 1) | (_, 0) => {}
            (kind, _) => {
                others.push(kind);
                break;
            }
        }
    }
    (String::from_utf8(answer).unwrap(), others)
}

#[test]
fn a_body_that_is_too_large_is_taken_in_beside_its_refusal_over_http_2() {
    let server = Server::start(&[]);
    let (answer, others) = sent_whole_over_http_2(&server, "/v1/tokens", 2_000_000);
    assert!(answer.contains("\"code\":\"body_too_large\""), "{answer}");
    assert_eq!(others, [0; 0], "the stream was broken off");
}
