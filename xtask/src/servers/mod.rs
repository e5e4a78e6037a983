//! Starts throw-away PostgreSQL and MariaDB servers for tests and benches.
//!
//! A process starts each server at most once and shares it; every test takes a database of its own from it. The servers
//! are real ones with their durable settings, so a bench that uses them measures real commits. They never touch the
//! machine's own service: they run in a temporary directory, on a free port of 127.0.0.1, and they are stopped and
//! removed when the process that asked for them ends, in whatever way it ends.
//!
//! Where a server comes from, in this order:
//!
//! 1. the environment: [`IMS_TEST_POSTGRES_URL`](Engine::variable) or [`IMS_TEST_MYSQL_URL`](Engine::variable);
//! 2. the binaries on this machine;
//! 3. Docker, if an engine answers.
//!
//! ```
//! use xtask::servers;
//!
//! // Without a server this says why it skips; with IMS_REQUIRE_SERVERS set it is an error instead.
//! let Some(server) = servers::or_skip(servers::postgres())? else { return Ok(()) };
//! let database = server.create_database()?;
//! assert!(database.url().starts_with("postgres://"));
//! # Ok::<(), servers::ServerError>(())
//! ```

mod address;
pub mod brokers;
mod client;
mod database;
mod engine;
mod error;
mod launch;
mod shell;
mod start;
mod watchdog;

pub use database::{Database, Server};
pub use engine::Engine;
pub use error::ServerError;

use std::io::Write;
use std::sync::OnceLock;

use start::Running;

/// Environment variable that turns a missing server from a skipped test into a failed one.
pub const REQUIRE_SERVERS: &str = "IMS_REQUIRE_SERVERS";

/// Gives this process's PostgreSQL server, and starts it if it is the first to ask.
///
/// # Errors
///
/// [`ServerError::Missing`] says what to install; the others say what went wrong with a server that is there. The first
/// answer is kept: a server that did not start is not tried again by every test.
pub fn postgres() -> Result<Server, ServerError> {
    static POSTGRES: OnceLock<Result<Running, ServerError>> = OnceLock::new();
    shared(&POSTGRES, Engine::Postgres)
}

/// Gives this process's MariaDB server, and starts it if it is the first to ask.
///
/// # Errors
///
/// As for [`postgres`].
pub fn mariadb() -> Result<Server, ServerError> {
    static MARIADB: OnceLock<Result<Running, ServerError>> = OnceLock::new();
    shared(&MARIADB, Engine::Mariadb)
}

/// Gives this process's server of an engine that can encrypt its connections, and starts it if it is the first to ask. It is
/// always one of its own, made with a certificate of its own: [`Server::authority`].
///
/// # Errors
///
/// As for [`postgres`]; [`ServerError::Missing`] also where there is only Docker.
pub fn encrypted(engine: Engine) -> Result<Server, ServerError> {
    static POSTGRES: OnceLock<Result<Running, ServerError>> = OnceLock::new();
    static MARIADB: OnceLock<Result<Running, ServerError>> = OnceLock::new();
    let cell = match engine {
        Engine::Postgres => &POSTGRES,
        Engine::Mariadb => &MARIADB,
    };
    let running = cell.get_or_init(|| start::start_encrypted(engine)).as_ref();
    running.map(Running::server).map_err(Clone::clone)
}

fn shared(cell: &OnceLock<Result<Running, ServerError>>, engine: Engine) -> Result<Server, ServerError> {
    cell.get_or_init(|| start::start(engine)).as_ref().map(Running::server).map_err(Clone::clone)
}

/// Says whether this engine can be had here without starting it, so that a caller may install it first.
///
/// # Errors
///
/// [`ServerError::Missing`] if there is no address in the environment, no binary and no Docker engine.
pub fn find(engine: Engine) -> Result<(), ServerError> {
    start::find(engine).map(drop)
}

/// Turns a missing server into a skipped test, unless [`REQUIRE_SERVERS`] is set.
///
/// The reason goes to standard error past the test harness's capture, because a skipped test has to say so.
///
/// # Errors
///
/// Every error but [`ServerError::Missing`], and that one too when servers are required: a server that is there and
/// does not work is never a reason to skip.
pub fn or_skip(server: Result<Server, ServerError>) -> Result<Option<Server>, ServerError> {
    match server {
        Ok(server) => Ok(Some(server)),
        Err(missing @ ServerError::Missing { .. }) if std::env::var_os(REQUIRE_SERVERS).is_none() => {
            say_skipped(&missing);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn say_skipped(missing: &dyn std::error::Error) {
    let test = std::thread::current();
    let name = test.name().unwrap_or("a test");
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "skipped {name}: {missing}");
}
