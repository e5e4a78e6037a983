//! Connections that are kept: a request that is refused before its body is read must not take the next one with it, and a
//! request that others might read in another way is refused.

use super::*;
use std::{io::BufRead as _, io::BufReader, thread};

/// Requests one after the other, each with its body apart from its head, for each way of refusing them.
const ONE_BY_ONE: usize = 200;
/// Requests that are sent without waiting for an answer.
const AT_ONCE: usize = 500;

/// An answer as it came over a kept connection.
struct Answer {
    status: u16,
    closes: bool,
}

/// Reads the next answer; nothing where the connection has ended.
fn next(answers: &mut BufReader<TcpStream>) -> Option<Answer> {
    let (mut status, mut closes, mut length) = (None, false, 0);
    loop {
        let mut line = String::new();
        if answers.read_line(&mut line).unwrap_or_default() == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        match line.split_once(": ") {
            None if line.is_empty() => break,
            None => status = line.split(' ').nth(1).map(|status| status.parse().unwrap()),
            Some(("connection", "close")) => closes = true,
            Some(("content-length", bytes)) => length = bytes.parse().unwrap(),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body).unwrap();
    Some(Answer { status: status.unwrap(), closes })
}

fn connect(server: &Server) -> (TcpStream, BufReader<TcpStream>) {
    let stream = TcpStream::connect(server.address).unwrap();
    stream.set_nodelay(true).unwrap();
    (stream.try_clone().unwrap(), BufReader::new(stream))
}

/// A request that is refused, and with which status.
struct Refused {
    head: String,
    body: Vec<u8>,
    status: u16,
}

impl Refused {
    fn of(line: &str, token: &str, headers: &str, body: &[u8], status: u16) -> Refused {
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n{headers}Content-Length: {length}\r\n\r\n"
        );
        Refused { head, body: body.to_vec(), status }
    }

    /// Sends it again and again. An answer that says nothing of an end is followed by another one.
    fn keeps_its_connection(&self, server: &Server) {
        let (mut requests, mut answers) = connect(server);
        for number in 0..ONE_BY_ONE {
            requests.write_all(self.head.as_bytes()).unwrap();
            requests.write_all(&self.body).unwrap();
            let answer = next(&mut answers).unwrap_or_else(|| panic!("{}: request {number} died", self.head));
            assert_eq!(answer.status, self.status, "{}", self.head);
            assert!(!answer.closes, "{}: a body of {} bytes is taken in", self.head, self.body.len());
        }
        let (mut requests, mut answers) = connect(server);
        let all = [self.head.as_bytes(), &self.body].concat().repeat(AT_ONCE);
        let sending = thread::spawn(move || requests.write_all(&all));
        for number in 0..AT_ONCE {
            let answer = next(&mut answers).unwrap_or_else(|| panic!("{}: request {number} died", self.head));
            assert_eq!((answer.status, answer.closes), (self.status, false), "{}: request {number}", self.head);
        }
        sending.join().unwrap().unwrap();
    }
}

#[test]
fn a_refused_request_does_not_end_its_connection_without_a_word() {
    let shop = Shop::open();
    let server = shop.serve(&["http.body_limit_bytes=100", "limits.rate_limits=off"]);
    let (admin, viewer) = (server.admin(), server.user("vera", "viewer"));
    let json = "Content-Type: application/json\r\nIdempotency-Key: one\r\n";
    let body = [b' '; 3_000];
    for refused in [
        Refused::of("POST /v1/items", "nobody", json, &body, 401),
        Refused::of("POST /v1/items", &viewer, json, &body, 403),
        Refused::of("POST /v1/nothing", &admin, json, &body, 404),
        Refused::of("PUT /v1/items", &admin, json, &body, 405),
        Refused::of("POST /v1/items", &admin, json, &body, 413),
        Refused::of("POST /v1/items", &admin, "Content-Type: text/plain\r\nIdempotency-Key: one\r\n", b"sku", 415),
    ] {
        refused.keeps_its_connection(&server);
    }
    let limited = shop.serve(&["limits.address_requests=1", "limits.address_window_ms=3600000"]);
    assert_eq!(limited.get("/v1/items", "nobody").status, 401);
    Refused::of("POST /v1/items", "nobody", json, &body, 429).keeps_its_connection(&limited);
}

#[test]
fn a_body_that_is_too_much_to_take_in_ends_its_connection_and_the_answer_says_so() {
    let shop = Shop::open();
    let server = shop.serve(&["http.body_limit_bytes=100"]);
    let admin = server.admin();
    let body = vec![b' '; 8 * 1024 * 1024];
    let json = "Content-Type: application/json\r\nIdempotency-Key: one\r\n";
    for refused in [
        Refused::of("POST /v1/items", &admin, json, &body, 413),
        Refused::of("POST /v1/items", "nobody", json, &body, 401),
    ] {
        let (mut requests, mut answers) = connect(&server);
        // All of it is sent, whatever is answered meanwhile.
        let all = [refused.head.as_bytes(), &refused.body].concat();
        let sending = thread::spawn(move || requests.write_all(&all));
        let answer = next(&mut answers).unwrap();
        assert_eq!((answer.status, answer.closes), (refused.status, true));
        assert!(next(&mut answers).is_none());
        // It may be cut off on the way.
        let _ = sending.join().unwrap();
    }
}

#[test]
fn who_waits_to_be_told_to_send_a_body_is_told_that_it_is_not_wanted() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let (mut requests, mut answers) = connect(&server);
    let head = "POST /v1/items HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n";
    requests.write_all(head.as_bytes()).unwrap();
    let answer = next(&mut answers).unwrap();
    assert_eq!((answer.status, answer.closes), (401, true));
}

#[test]
fn a_request_that_others_might_read_in_another_way_is_refused() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let hidden = "GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n";
    for headers in [
        "",
        "Host: test\r\nHost: test\r\n",
        "Host: test\r\nHost: other\r\n",
        "Host: te st\r\n",
        "Host: test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Host: test\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Host: test\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
        "Host: test\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "Host: test\r\nContent-Length: 5, 5\r\n",
        "Host: test\r\nContent-Length: +5\r\n",
        "Host: test\r\nContent-Length : 5\r\n",
        "Host: test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Host: test\r\nTransfer-Encoding: chunked, chunked\r\n",
        "Host: test\r\nTransfer-Encoding: identity, chunked\r\n",
        "Host: test\r\nTransfer-Encoding: \x0bchunked\r\n",
        "Host: test\r\nX: y\r\n Content-Length: 5\r\n",
        "Host: test\r\nX: y\nContent-Length: 5\r\n",
    ] {
        let (mut requests, mut answers) = connect(&server);
        let request = format!("POST /health/live HTTP/1.1\r\n{headers}\r\n0\r\n\r\n{hidden}");
        requests.write_all(request.as_bytes()).unwrap();
        let answer = next(&mut answers).unwrap_or_else(|| panic!("{headers:?}: no answer"));
        assert_eq!((answer.status, answer.closes), (400, true), "{headers:?}");
        assert!(next(&mut answers).is_none(), "{headers:?}: what follows is not answered");
    }
    let told = raw(&server, b"GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    assert_eq!((told.status, told.json()["code"].as_str()), (400, Some("malformed")), "{told:?}");
    assert!(told.text.contains("Host"), "{told:?}");
    assert_eq!(raw(&server, b"GET /health/live HTTP/1.0\r\n\r\n").status, 200, "older clients send no host");
}
