//! Whether the server says how it is.

use crate::{proxy::Proxy, server::Server};
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
fn a_database_that_says_nothing_is_slow() -> Result<(), ServerError> {
    let Some(postgres) = servers::or_skip(servers::postgres())? else { return Ok(()) };
    let database = postgres.create_database()?;
    let (url, way) = Proxy::before(database.url());
    let server = Server::on(&url, &["health.keep_ms=0", "health.deadline_ms=100"]);
    way.silence();
    assert_eq!(server.get("/health/ready").json()["parts"]["store"]["status"], "slow");
    Ok(())
}
