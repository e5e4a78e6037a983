//! Whether the server says how it is.

use crate::{common::Shop, proxy::Proxy, server::Server};
use serde_json::json;
use xtask::servers::{self, ServerError};

#[test]
fn a_server_on_a_fresh_folder_is_alive_and_ready() {
    let server = Server::start(&[]);
    assert_eq!(server.get("/health/live").json()["status"], "live");
    let ready = server.get("/health/ready").json();
    assert_eq!(ready["status"], "ready");
    assert_eq!(ready["parts"]["store"]["status"], "ok");
    assert_eq!(ready["parts"]["engine"]["status"], "ok");
}

#[test]
fn a_database_that_goes_away_makes_the_server_unready_until_it_is_back() -> Result<(), ServerError> {
    let Some(postgres) = servers::or_skip(servers::postgres())? else { return Ok(()) };
    let database = postgres.create_database()?;
    let (url, way) = Proxy::before(database.url());
    let server = Server::on(&url, &["health.keep_ms=0", "database.acquire_timeout_ms=500"]);
    assert_eq!(server.get("/health/ready").status, 200);

    way.cut();
    let answer = server.get("/health/ready");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.header("retry-after").is_some());
    let problem = answer.json();
    assert_eq!((&problem["code"], &problem["failing"][0]), (&"not_ready".into(), &"store".into()));
    assert!(!answer.body.contains("127.0.0.1"), "nothing of the database is told: {answer:?}");
    assert_eq!(server.get("/health/live").status, 200, "a restart would not help");

    way.mend();
    assert_eq!(server.get("/health/ready").status, 200, "without a restart");
    Ok(())
}

#[test]
fn a_command_waits_for_a_database_that_is_away_and_is_done_once() -> Result<(), ServerError> {
    let Some(postgres) = servers::or_skip(servers::postgres())? else { return Ok(()) };
    let database = postgres.create_database()?;
    let (url, way) = Proxy::before(database.url());
    let server = Shop::open_at(&url).serve(&["database.acquire_timeout_ms=500"]);
    let admin = format!("Bearer {}", server.admin());
    let site = json!({"code": "PIER", "name": "Pier"});
    let headers = [("Authorization", admin.as_str()), ("Idempotency-Key", "pier")];
    let make = || server.send_with("POST", "/v1/locations", &headers, Some(&site));

    way.cut();
    let away = make();
    assert_eq!((away.status, away.json()["code"].as_str()), (503, Some("store_unavailable")), "{away:?}");
    assert!(away.headers.contains_key("retry-after"), "{away:?}");
    assert!(!away.text.contains("127.0.0.1"), "nothing of the database is told: {away:?}");

    way.mend();
    let done = make();
    assert_eq!(done.status, 201, "without a restart: {done:?}");
    assert_eq!(make().json(), done.json(), "once");
    Ok(())
}

#[test]
fn a_database_that_says_nothing_is_slow() -> Result<(), ServerError> {
    let Some(postgres) = servers::or_skip(servers::postgres())? else { return Ok(()) };
    let database = postgres.create_database()?;
    let (url, way) = Proxy::before(database.url());
    let server = Server::on(&url, &["health.keep_ms=0", "health.deadline_ms=100"]);
    way.silence();
    assert_eq!(server.get("/health/ready").json()["parts"]["store"]["status"], "slow");
    Ok(())
}

#[test]
fn lists_that_get_no_connection_are_told_of_and_sales_go_on() -> Result<(), ServerError> {
    let Some(postgres) = servers::or_skip(servers::postgres())? else { return Ok(()) };
    let database = postgres.create_database()?;
    let (url, way) = Proxy::before(database.url());
    let settings = ["health.keep_ms=0", "health.deadline_ms=1000", "database.acquire_timeout_ms=3000"];
    let server = Server::on(&url, &settings);
    way.fill();
    let ready = server.get("/health/ready");
    assert_eq!(ready.status, 200, "{ready:?}");
    let parts = &ready.json()["parts"];
    assert_eq!((&parts["store"]["status"], &parts["lists"]["status"]), (&"ok".into(), &"slow".into()), "{ready:?}");
    assert!(!ready.body.contains("clients"), "nothing of the database is told: {ready:?}");
    server.logged("sorry, too many clients already");
    way.mend();
    while server.get("/health/ready").json()["parts"]["lists"]["status"] != "ok" {}
    Ok(())
}
