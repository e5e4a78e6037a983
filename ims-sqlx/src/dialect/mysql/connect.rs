//! Connections, and what is to be known about the server.

use super::fault::{at_the_door, failed};
use super::question::read_text;
use crate::address::{self, Target, unreadable};
use crate::dialect::Line;
use crate::dialect::hosts::{self, Hosts};
use crate::options::OpenOptions;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, MySqlConnection};
use std::str::FromStr as _;
use std::time::Duration;

/// A connection that was idle for longer is asked whether it is still there before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// The longest text that is sent in one message, where one row does not need more: 4 MiB.
const PACKET_BYTES: usize = 4 * 1024 * 1024;
/// A server must take messages that are at least so long; a row may need as much.
const LEAST_PACKET_BYTES: usize = 1024 * 1024;

/// What a connection is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    /// One connection: writers wait for one another anyway, and so they never deadlock within a process.
    Write,
    /// As many as were asked for, for commands or for reports.
    Read(Reads, Line),
}

/// Whether a reader must wait until its node of a cluster has all that others have committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    AsTheyAre,
    AfterOthers,
}

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Server {
    /// Compares texts byte by byte, spaces at their end included. The two kinds of server have no name for it in common.
    pub(super) collation: &'static str,
    /// A message should not be longer.
    pub(super) packet_bytes: usize,
    reads: Reads,
}

impl Server {
    /// Asks a server what it is.
    ///
    /// # Errors
    /// [`StoreErrorKind::Schema`] for a server that is too old, or takes too short messages.
    pub(super) async fn ask(connection: &mut MySqlConnection) -> Result<Self, StoreError> {
        let settings = "SHOW VARIABLES WHERE Variable_name IN ('version', 'max_allowed_packet', 'wsrep_on')";
        let rows = connection.fetch_all(sqlx::raw_sql(settings)).await.map_err(failed)?;
        let (mut version, mut longest, mut reads) = (String::new(), 0, Reads::AsTheyAre);
        for row in rows {
            let (name, value) = (read_text(&row, 0)?, read_text(&row, 1)?);
            match name.as_str() {
                "version" => version = value,
                "max_allowed_packet" => longest = value.parse().unwrap_or_default(),
                "wsrep_on" if value == "ON" => reads = Reads::AfterOthers,
                _ => {}
            }
        }
        if longest < LEAST_PACKET_BYTES {
            return Err(unfit(format!("its max_allowed_packet must be at least {LEAST_PACKET_BYTES} bytes")));
        }
        // Half of what it takes: the end of a message is longer than what was counted, by one statement at most.
        Ok(Server { collation: collation(&version)?, packet_bytes: PACKET_BYTES.min(longest / 2), reads })
    }

    /// Begins a turn. MariaDB ends one in which nothing is done for so long; MySQL has nothing of the kind.
    pub(super) fn begin_turn(&self, stalled: Duration) -> String {
        let begin = "START TRANSACTION";
        match self.collation {
            MARIADB => format!("SET SESSION idle_transaction_timeout = {}; {begin}", stalled.as_secs().max(1)),
            _ => begin.to_owned(),
        }
    }

    pub(super) fn reads(&self) -> Reads {
        self.reads
    }
}

/// The collation that MariaDB has and MySQL has not.
const MARIADB: &str = "utf8mb4_nopad_bin";

/// The collation, by what a server says that it is.
fn collation(version: &str) -> Result<&'static str, StoreError> {
    let mut numbers = version.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or_default());
    let mut number = || numbers.next().unwrap_or_default();
    let found = (number(), number(), number());
    let (collation, name, least) = if version.contains("MariaDB") {
        (MARIADB, "MariaDB", (10, 6, 0))
    } else {
        ("utf8mb4_0900_bin", "MySQL", (8, 0, 17))
    };
    if found < least {
        let (major, minor, patch) = least;
        return Err(unfit(format!("it is {version}, and {name} {major}.{minor}.{patch} or later is needed")));
    }
    Ok(collation)
}

fn unfit(why: String) -> StoreError {
    StoreError::new(StoreErrorKind::Schema, format!("the server cannot keep a shop: {why}"))
}

/// The hosts that a URL names.
pub(super) fn hosts(url: &str, options: &OpenOptions) -> Result<Hosts<sqlx::MySql>, StoreError> {
    let (urls, wanted) = address::hosts(url);
    let all = urls.iter().map(|url| connect_options(url)).collect::<Result<_, _>>()?;
    Ok(Hosts::new(all, wanted, options.acquire_timeout))
}

/// How to connect to the server that a URL names.
fn connect_options(url: &str) -> Result<MySqlConnectOptions, StoreError> {
    let connect = MySqlConnectOptions::from_str(url).map_err(|error| unreadable(&error))?;
    Ok(connect.pipes_as_concat(false).no_engine_substitution(false).disable_statement_logging())
}

/// Makes a connection one that writes.
pub(super) async fn settle(connection: &mut MySqlConnection, options: &OpenOptions) -> Result<(), StoreError> {
    let settings = AssertSqlSafe(settings(options, Use::Write));
    connection.execute(sqlx::raw_sql(settings)).await.map(|_| ()).map_err(failed)
}

impl hosts::Server for sqlx::MySql {
    fn target(connect: &MySqlConnectOptions) -> Target {
        let socket = connect.get_socket().map(|path| path.display().to_string());
        Target {
            product: "MySQL or MariaDB",
            port: socket.is_none().then(|| connect.get_port()),
            host: socket.unwrap_or_else(|| connect.get_host().to_owned()),
            user: connect.get_username().to_owned(),
            database: connect.get_database().map(str::to_owned),
        }
    }

    fn kind_of(error: &sqlx::Error) -> StoreErrorKind {
        at_the_door(error)
    }

    async fn takes_writes(connection: &mut MySqlConnection) -> Result<bool, StoreError> {
        let asked = "SHOW GLOBAL VARIABLES LIKE 'read_only'";
        let row = connection.fetch_one(sqlx::raw_sql(asked)).await.map_err(failed)?;
        Ok(read_text(&row, 1)? == "OFF")
    }
}

/// Makes connections when they are needed.
pub(super) fn pool(
    connect: MySqlConnectOptions,
    options: &OpenOptions,
    purpose: Use,
    hosts: &Hosts<sqlx::MySql>,
) -> MySqlPool {
    let hosts = hosts.clone();
    let settings = settings(options, purpose);
    let most = match purpose {
        Use::Write => 1,
        Use::Read(_, Line::Commands) => options.for_commands(),
        Use::Read(_, Line::Reports) => options.for_reports(),
    };
    MySqlPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(move |connection, found| {
            let is_used = hosts.is_to_the_used(found.age);
            Box::pin(async move { Ok(is_used && (found.idle_for < TRUSTED_IDLE || connection.ping().await.is_ok())) })
        })
        .after_connect(move |connection, _| {
            let settings = settings.clone();
            Box::pin(async move { connection.execute(sqlx::raw_sql(AssertSqlSafe(settings))).await.map(|_| ()) })
        })
        .connect_lazy_with(connect)
}

/// What a session must know. Nothing is left to the server's own settings on which an answer could depend.
fn settings(options: &OpenOptions, purpose: Use) -> String {
    let lock_timeout_s = options.lock_timeout.as_millis().div_ceil(1_000).max(1);
    let (isolation, more) = match purpose {
        // Conflicts are found by versions. Beyond that, locks on what is not there would only make writers wait.
        Use::Write => ("READ COMMITTED", ""),
        Use::Read(Reads::AsTheyAre, _) => ("REPEATABLE READ", ""),
        Use::Read(Reads::AfterOthers, _) => ("REPEATABLE READ", ", wsrep_sync_wait = 1"),
    };
    // What a list asks of lines and parties is looked up for one document after the other, until the page is full. As a
    // join it would be looked for in all lines there are, and all documents found would be sorted for each page.
    let lists = "optimizer_switch = 'semijoin=off,materialization=off'";
    format!(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', autocommit = 1, \
         foreign_key_checks = 1, unique_checks = 1, innodb_lock_wait_timeout = {lock_timeout_s}, {lists}{more};\
         SET SESSION TRANSACTION ISOLATION LEVEL {isolation}"
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_version() {
        assert_eq!(collation("10.11.6-MariaDB-0+deb12u1").unwrap(), "utf8mb4_nopad_bin");
        assert_eq!(collation("11.4.2-MariaDB").unwrap(), "utf8mb4_nopad_bin");
        assert_eq!(collation("8.0.17").unwrap(), "utf8mb4_0900_bin");
        assert_eq!(collation("8.4.0-commercial").unwrap(), "utf8mb4_0900_bin");
    }

    #[test]
    fn a_server_that_is_too_old_is_refused() {
        for version in ["5.7.44-log", "8.0.16", "10.5.23-MariaDB", ""] {
            assert_eq!(collation(version).unwrap_err().kind, StoreErrorKind::Schema, "{version}");
        }
    }
}
