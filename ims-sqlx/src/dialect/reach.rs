//! The first connection to a server: made here and not by a pool, which would go on trying where nobody listens, and then
//! say no more than that it took too long.

use super::failure;
use crate::address::Target;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::{ConnectOptions, Connection};
use std::io;
use std::time::{Duration, Instant};

/// Between tries of a server that is starting.
const PAUSE: Duration = Duration::from_millis(100);

/// Connects once. A server that says itself that it is starting, or has no connection to give, is asked again.
///
/// # Errors
/// [`StoreErrorKind::Unavailable`], [`StoreErrorKind::Denied`] or [`StoreErrorKind::Missing`], with where it is and what the
/// server said; `kind_of` says what an error of the server's own means.
pub(super) async fn connect<C: Connection, O: ConnectOptions<Connection = C>>(
    options: &O,
    target: &Target,
    limit: Duration,
    kind_of: impl Fn(&sqlx::Error) -> StoreErrorKind,
) -> Result<C, StoreError> {
    let began = Instant::now();
    loop {
        let left = limit.saturating_sub(began.elapsed());
        let Ok(tried) = tokio::time::timeout(left, options.connect()).await else { return Err(late(target, limit)) };
        match tried {
            Ok(connection) => return Ok(connection),
            Err(sqlx::Error::Database(error)) if error.is_transient_in_connect_phase() && left > PAUSE => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(explain(error, target, kind_of)),
        }
    }
}

/// Connects once, and is refused where the server has no connection to give.
///
/// # Errors
/// As [`connect`].
pub(super) async fn connect_now<C: Connection, O: ConnectOptions<Connection = C>>(
    options: &O,
    target: &Target,
    limit: Duration,
    kind_of: impl Fn(&sqlx::Error) -> StoreErrorKind,
) -> Result<C, StoreError> {
    let tried = tokio::time::timeout(limit, options.connect()).await.map_err(|_| late(target, limit))?;
    tried.map_err(|error| explain(error, target, kind_of))
}

fn late(target: &Target, limit: Duration) -> StoreError {
    let late = format!("{target} has not answered within {} ms", limit.as_millis());
    StoreError::new(StoreErrorKind::Unavailable, late)
}

/// Says where it is that there is no shop.
pub(super) fn where_none_is(error: StoreError, target: &Target) -> StoreError {
    match (error.kind, &target.database) {
        (StoreErrorKind::Missing, Some(database)) => {
            StoreError::new(error.kind, format!("{target}, database {database:?}: {}", error.source))
        }
        _ => error,
    }
}

/// Ends a connection that is not needed any more.
pub(super) async fn close(connection: impl Connection) {
    // What cannot be said goodbye to is gone already.
    let _ = connection.close().await;
}

fn explain(error: sqlx::Error, target: &Target, kind_of: impl Fn(&sqlx::Error) -> StoreErrorKind) -> StoreError {
    let unavailable = |words: String| StoreError::new(StoreErrorKind::Unavailable, words);
    match &error {
        sqlx::Error::Io(io) => unavailable(unreachable(io, target)),
        sqlx::Error::Tls(why) => unavailable(format!(
            "{target} and this program agree on no encrypted connection: {why}; sslmode in the URL says what is asked for"
        )),
        sqlx::Error::Protocol(why) => {
            unavailable(format!("what answers at {target} does not speak as {} does: {why}", target.product))
        }
        sqlx::Error::Database(said) => {
            let user = &target.user;
            let words = match (kind_of(&error), &target.database) {
                (StoreErrorKind::Denied, _) => format!("{target} refuses the user {user:?}: {}", said.message()),
                (StoreErrorKind::Missing, Some(database)) => format!(
                    "{target} has no database {database:?}: make it there, or name another one ({})",
                    said.message()
                ),
                _ => format!("{target} says: {}", said.message()),
            };
            StoreError::new(kind_of(&error), words)
        }
        _ => failure(StoreErrorKind::Unavailable, error),
    }
}

/// Why there is no connection to a server, as the operating system says it.
fn unreachable(error: &io::Error, target: &Target) -> String {
    let Target { product, host, .. } = target;
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            format!(
                "connection refused by {target}: no {product} listens there; start it, or correct the URL's host and port"
            )
        }
        io::ErrorKind::NotFound if target.port.is_none() => {
            format!("there is no socket {host}: {product} does not run there, or keeps it elsewhere")
        }
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
            format!("{target} ended the connection at once ({error}): is it {product} that listens there?")
        }
        // What encrypts has no kind of its own here.
        io::ErrorKind::InvalidData => format!(
            "{target} is not known to be the server that is meant: {error}; in the URL sslrootcert, or ssl-ca for MySQL and \
             MariaDB, names the file with the certificate to trust"
        ),
        // What looks names up has no kind of its own.
        _ if error.to_string().contains("lookup address") => {
            format!("there is no host {host:?}: {error}; correct the URL")
        }
        _ => format!("{target} cannot be reached: {error}"),
    }
}
