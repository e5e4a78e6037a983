//! Connections, and how the tables are made.

use super::{failed, kind_of};
use crate::address::{self, Target, unreadable};
use crate::dialect::hosts::{Hosts, Server};
use crate::dialect::unmade;
use crate::migrate::{CREATE_VERSION, Found, Migration, READ_VERSION, pending};
use crate::options::{Missing, OpenOptions};
use ims_core::{StoreError, StoreErrorKind};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Executor as _, Row as _};
use std::str::FromStr as _;
use std::time::Duration;

const MIGRATIONS: &[Migration] = &[
    include_str!("../../../migrations/postgres/0001_shop.sql"),
    include_str!("../../../migrations/postgres/0002_names.sql"),
    include_str!("../../../migrations/postgres/0003_moments.sql"),
    include_str!("../../../migrations/postgres/0004_amounts.sql"),
    include_str!("../../../migrations/postgres/0005_catalog_changes.sql"),
];

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 512;

/// How often a server looks whether the other end of a connection is still there.
const LOOK_FOR_THE_ASKER: &str = "SET client_connection_check_interval = '500ms'";

/// Any number will do, as long as everybody who makes the schema takes the same.
const SCHEMA_LOCK: &str = "SELECT pg_advisory_xact_lock(4871370114326753907)";

/// The hosts that a URL names.
pub(super) fn hosts(url: &str, options: &OpenOptions) -> Result<Hosts<sqlx::Postgres>, StoreError> {
    let (urls, wanted) = address::hosts(url);
    let all = urls.iter().map(|url| connect_options(url, options)).collect::<Result<_, _>>()?;
    Ok(Hosts::new(all, wanted, options.acquire_timeout))
}

/// How to connect to the server that a URL names.
fn connect_options(url: &str, options: &OpenOptions) -> Result<PgConnectOptions, StoreError> {
    let connect = PgConnectOptions::from_str(url).map_err(|error| unreadable(&error))?;
    let ms = |duration: Duration| duration.as_millis().to_string();
    Ok(connect
        .application_name("ims")
        .options([
            ("statement_timeout", ms(options.statement_timeout)),
            ("lock_timeout", ms(options.lock_timeout)),
            ("idle_in_transaction_session_timeout", ms(options.statement_timeout)),
            ("plan_cache_mode", "force_generic_plan".to_owned()),
            ("jit", "off".to_owned()),
        ])
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging())
}

/// Connections that are made when they are needed. A server that can tells itself, while it works, whether somebody still
/// waits: otherwise a question would be read to its end for nobody.
pub(super) fn pool(
    connect: PgConnectOptions,
    most: u32,
    options: &OpenOptions,
    hosts: &Hosts<sqlx::Postgres>,
) -> PgPool {
    let hosts = hosts.clone();
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(move |_, found| {
            let is_used = hosts.is_to_the_used(found.age);
            Box::pin(async move { Ok(is_used) })
        })
        .after_connect(|connection, _| {
            Box::pin(async move {
                // Servers that are older, or on systems that cannot tell, refuse it.
                let _ = connection.execute(LOOK_FOR_THE_ASKER).await;
                Ok(())
            })
        })
        .connect_lazy_with(connect)
}

impl Server for sqlx::Postgres {
    fn target(connect: &PgConnectOptions) -> Target {
        let socket = connect.get_socket().map(|path| path.display().to_string());
        Target {
            product: "PostgreSQL",
            port: socket.is_none().then(|| connect.get_port()),
            host: socket.unwrap_or_else(|| connect.get_host().to_owned()),
            user: connect.get_username().to_owned(),
            // As the server does.
            database: Some(connect.get_database().unwrap_or_else(|| connect.get_username()).to_owned()),
        }
    }

    fn kind_of(error: &sqlx::Error) -> StoreErrorKind {
        kind_of(error)
    }

    async fn takes_writes(connection: &mut PgConnection) -> Result<bool, StoreError> {
        let asked = "SELECT current_setting('transaction_read_only') = 'off'";
        connection.fetch_one(asked).await.and_then(|row| row.try_get(0)).map_err(failed)
    }
}

/// Brings the schema up to date. The version is looked at before anything is locked, and again after.
pub(super) async fn migrate(connection: &mut PgConnection, missing: Missing) -> Result<(), StoreError> {
    if pending(MIGRATIONS, found(connection).await?, missing)?.is_empty() {
        return Ok(());
    }
    make(connection, missing).await.map_err(unmade)
}

/// Makes what is missing.
async fn make(connection: &mut PgConnection, missing: Missing) -> Result<(), StoreError> {
    run_one(connection, "BEGIN").await?;
    run_one(connection, SCHEMA_LOCK).await?;
    for (version, migration) in pending(MIGRATIONS, found(connection).await?, missing)? {
        run_one(connection, CREATE_VERSION).await?;
        run_one(connection, migration).await?;
        let write = sqlx::query("INSERT INTO ims_schema (version) VALUES ($1)").bind(version);
        connection.execute(write).await.map_err(failed)?;
    }
    run_one(connection, "COMMIT").await
}

async fn found(connection: &mut PgConnection) -> Result<Found, StoreError> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE c.relname = 'ims_schema') FROM pg_class c \
                  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') \
                  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')";
    let row = connection.fetch_one(tables).await.map_err(failed)?;
    let (all, ours): (i64, i64) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
    match (all, ours) {
        (0, _) => Ok(Found::Nothing),
        (_, 0) => Ok(Found::Foreign),
        _ => {
            let row = connection.fetch_one(READ_VERSION).await.map_err(failed)?;
            row.try_get(0).map(Found::Version).map_err(failed)
        }
    }
}

pub(super) async fn run_one(connection: &mut PgConnection, sql: &'static str) -> Result<(), StoreError> {
    connection.execute(sql).await.map(|_| ()).map_err(failed)
}
