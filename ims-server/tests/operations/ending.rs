//! How the server ends.

use crate::{
    connections::frame,
    proxy::Proxy,
    server::{self, Server},
};
use std::io::{Read, Write};
use xtask::servers::{self, ServerError};

#[test]
fn a_server_that_is_told_to_end_ends_well() {
    for signal in ["TERM", "INT"] {
        let server = Server::start(&[]);
        server.signal(signal);
        assert_eq!(server.wait().code(), Some(0), "{signal}");
    }
}

#[test]
fn a_draining_server_is_not_ready_and_still_answers_and_a_second_signal_ends_it_at_once() {
    let server = Server::start(&["shutdown.drain_ms=3600000"]);
    server.signal("TERM");
    server.logged("told to end");
    let ready = server.get("/health/ready");
    assert_eq!((ready.status, &ready.json()["failing"][0]), (503, &"server".into()));
    assert_eq!(server.get("/health/live").status, 200);
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(130));
}

/// Reads the head of an answer, and its body.
fn answer_on(connection: &mut std::net::TcpStream) -> String {
    let (mut said, mut some) = (String::new(), [0; 4096]);
    while !said.ends_with('}') {
        let read = connection.read(&mut some).unwrap();
        assert!(read > 0, "{said}");
        said.push_str(std::str::from_utf8(&some[..read]).unwrap());
    }
    said
}

#[test]
fn from_the_first_moment_of_its_end_a_server_says_that_connections_are_not_kept() {
    let server = Server::start(&["shutdown.drain_ms=3600000", "http.idle_timeout_ms=3600000"]);
    let ask = b"GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n";
    let mut kept = server.connect();
    kept.write_all(ask).unwrap();
    assert!(!answer_on(&mut kept).contains("connection: close"));
    server.signal("TERM");
    server.logged("told to end");
    let mut new = server.connect();
    for connection in [&mut kept, &mut new] {
        connection.write_all(ask).unwrap();
        let told = answer_on(connection);
        assert!(told.starts_with("HTTP/1.1 200") && told.contains("connection: close"), "{told}");
        assert_eq!(connection.read(&mut [0; 16]).unwrap(), 0, "and it is closed");
    }
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(130));
}

/// The kinds of the frames of HTTP/2 that came.
fn frames(mut bytes: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while let [a, b, c, kind, rest @ ..] = bytes {
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let Some(next) = rest.get(length.checked_add(5).unwrap()..) else { break };
        kinds.push(*kind);
        bytes = next;
    }
    kinds
}

#[test]
fn from_the_first_moment_of_its_end_a_server_tells_clients_of_http_2_to_go_away() {
    const GO_AWAY: u8 = 7;
    let server = Server::start(&["shutdown.drain_ms=3600000", "http.idle_timeout_ms=3600000"]);
    let mut client = server.connect();
    let head = [&[0x82, 0x86, 0x04, 12], b"/health/live".as_slice(), &[0x01, 4], b"test"].concat();
    let request = frame(1, 0x5, 1, &head);
    client.write_all(&[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &*frame(4, 0, 0, &[]), &*request].concat()).unwrap();
    let (mut came, mut some) = (Vec::new(), [0; 4096]);
    let mut until = |client: &mut std::net::TcpStream, kind: u8| {
        while !frames(&came).contains(&kind) {
            let read = client.read(&mut some).unwrap();
            assert!(read > 0, "{:?}", frames(&came));
            came.extend_from_slice(&some[..read]);
        }
    };
    until(&mut client, 1);
    server.signal("TERM");
    server.logged("told to end");
    until(&mut client, GO_AWAY);
    assert_eq!(server.get("/health/live").status, 200, "others are still answered");
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(130));
}

#[test]
fn a_connection_that_is_kept_for_later_does_not_hold_the_end_up() {
    let server = Server::start(&["http.idle_timeout_ms=3600000", "shutdown.limit_ms=3600000"]);
    let mut kept = server.connect();
    kept.write_all(b"GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    let mut some = [0; 4096];
    assert!(kept.read(&mut some).unwrap() > 0);
    let silent = server.connect();
    assert_eq!(server.end().code(), Some(0));
    drop((kept, silent));
}

#[test]
fn a_connection_of_http_2_on_which_nobody_reads_does_not_hold_the_end_up() {
    let server = Server::start(&["http.idle_timeout_ms=3600000", "shutdown.limit_ms=3600000"]);
    let preface = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &frame(4, 0, 0, &[])].concat();
    let head = [&[0x82, 0x86, 0x04, 12], b"/health/live".as_slice(), &[0x01, 4], b"test"].concat();
    let kept = [preface.clone(), [preface, frame(1, 0x5, 1, &head)].concat()].map(|sent| {
        let mut client = server.connect();
        client.write_all(&sent).unwrap();
        assert!(client.read(&mut [0; 4096]).unwrap() > 0);
        client
    });
    assert_eq!(server.end().code(), Some(0));
    drop(kept);
}

#[test]
fn what_is_half_sent_does_not_hold_the_end_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("ims.db").display());
    let hours = ["shutdown.limit_ms=3600000", "http.idle_timeout_ms=3600000", "http.request_timeout_ms=3600000"];
    let (server, figures) = Server::with_figures(&store, &hours);
    let part = |text: &str| {
        let mut connection = server.connect();
        connection.write_all(text.as_bytes()).unwrap();
        connection
    };
    let head = "POST /v1/tokens HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n";
    let heads = ["", "POST /v1/tok", head].map(part);
    let bodies = ["content-length: 100\r\n\r\n{", "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"];
    let bodies = bodies.map(|body| part(&format!("{head}{body}")));
    while !server::get(&figures, "/metrics", &[]).body.contains("ims_requests_in_flight 2\n") {}
    server.signal("TERM");
    for body in bodies {
        let answer = server::read(body);
        assert_eq!((answer.status, &answer.json()["code"]), (503, &"ending".into()));
        assert_eq!((answer.header("connection"), answer.header("retry-after")), (Some("close"), Some("1")));
    }
    for mut head in heads {
        let mut nothing = Vec::new();
        // It may be reset as well as closed.
        let _ = head.read_to_end(&mut nothing);
        assert_eq!(nothing, b"");
    }
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn a_request_that_is_being_answered_is_answered_before_the_end() -> Result<(), ServerError> {
    let Some(postgres) = servers::or_skip(servers::postgres())? else { return Ok(()) };
    let database = postgres.create_database()?;
    let (url, way) = Proxy::before(database.url());
    let settings = ["health.keep_ms=0", "health.deadline_ms=3600000", "metrics.business_interval_ms=3600000"];
    let (server, figures) = Server::with_figures(&url, &settings);
    way.silence();
    let asking = server.begin_to_ask(&figures);
    server.signal("TERM");
    server.logged("told to end");
    way.cut();
    let answer = server::read(asking);
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(server.wait().code(), Some(0));
    Ok(())
}

#[test]
fn a_request_that_never_ends_is_cut_off_after_a_while() -> Result<(), ServerError> {
    let Some(postgres) = servers::or_skip(servers::postgres())? else { return Ok(()) };
    let database = postgres.create_database()?;
    let (url, way) = Proxy::before(database.url());
    let settings = ["health.keep_ms=0", "health.deadline_ms=3600000", "shutdown.limit_ms=100"];
    let (server, figures) = Server::with_figures(&url, &settings);
    way.silence();
    let mut asking = server.begin_to_ask(&figures);
    server.signal("TERM");
    let mut nothing = Vec::new();
    // The connection may be reset as well as closed.
    let _ = asking.read_to_end(&mut nothing);
    assert_eq!(nothing, b"");
    assert_eq!(server.wait().code(), Some(0));
    Ok(())
}
