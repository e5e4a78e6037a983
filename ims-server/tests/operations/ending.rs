//! How the server ends.

use crate::{
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
