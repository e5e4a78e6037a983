//! How the tables are made.

use super::connect::Server;
use super::fault::failed;
use super::question::read_int;
use crate::dialect::unmade;
use crate::migrate::{CREATE_VERSION, Found, Migration, READ_VERSION, pending};
use crate::options::Missing;
use ims_core::{StoreError, StoreErrorKind};
use sqlx::{AssertSqlSafe, Executor as _, MySqlConnection};

const MIGRATIONS: &[Migration] = &[
    include_str!("../../../migrations/mysql/0001_shop.sql"),
    include_str!("../../../migrations/mysql/0002_names.sql"),
    include_str!("../../../migrations/mysql/0003_moments.sql"),
    include_str!("../../../migrations/mysql/0004_amounts.sql"),
    include_str!("../../../migrations/mysql/0005_catalog_changes.sql"),
];

/// The collation in the migrations: there is one of this name on every server, but it does not heed spaces at the end.
const WRITTEN_COLLATION: &str = "utf8mb4_bin";

/// Names the lock, which is the server's and not a database's. It may have 64 characters.
const LOCK_NAME: &str = "CONCAT('ims ', LEFT(SHA2(DATABASE(), 256), 32))";
/// How long another process may take to make the tables.
const LOCK_TIMEOUT_S: u32 = 120;

/// Brings the schema up to date. The version is looked at before the lock is taken, and again after.
pub(super) async fn migrate(
    connection: &mut MySqlConnection,
    server: &Server,
    missing: Missing,
) -> Result<(), StoreError> {
    if pending(MIGRATIONS, found(connection).await?, missing)?.is_empty() {
        return Ok(());
    }
    let locked = ask_int(connection, format!("SELECT GET_LOCK({LOCK_NAME}, {LOCK_TIMEOUT_S})")).await?;
    if locked != Some(1) {
        let busy = "another process has been making the tables for too long";
        return Err(StoreError::new(StoreErrorKind::Unavailable, busy));
    }
    let made = make(connection, server, missing).await;
    // Where it cannot be given back, it goes with the connection.
    let freed = ask_int(connection, format!("SELECT RELEASE_LOCK({LOCK_NAME})")).await;
    made.map_err(unmade).and(freed.map(|_| ()))
}

/// Makes what is missing. Every CREATE commits by itself, so the version is written when all of them are there.
async fn make(connection: &mut MySqlConnection, server: &Server, missing: Missing) -> Result<(), StoreError> {
    let pending = pending(MIGRATIONS, found(connection).await?, missing)?;
    run(connection, CREATE_VERSION.to_owned()).await?;
    for (version, migration) in pending {
        run(connection, migration.replace(WRITTEN_COLLATION, server.collation)).await?;
        run(connection, format!("INSERT IGNORE INTO ims_schema (version) VALUES ({version})")).await?;
    }
    Ok(())
}

async fn found(connection: &mut MySqlConnection) -> Result<Found, StoreError> {
    let Some(all) = ask_int(connection, count_tables("true")).await? else {
        return Err(StoreError::new(StoreErrorKind::Schema, "the URL names no database"));
    };
    let ours = ask_int(connection, count_tables("table_name = 'ims_schema'")).await?;
    match (all, ours) {
        (0, _) => Ok(Found::Nothing),
        (_, Some(1)) => {
            let version = ask_int(connection, READ_VERSION.to_owned()).await?;
            Ok(Found::Version(version.unwrap_or_default()))
        }
        _ => Ok(Found::Foreign),
    }
}

/// Null where there is no database.
fn count_tables(which: &str) -> String {
    format!(
        "SELECT IF(DATABASE() IS NULL, NULL, COUNT(*)) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND {which}"
    )
}

async fn ask_int(connection: &mut MySqlConnection, question: String) -> Result<Option<i64>, StoreError> {
    let row = connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(question))).await.map_err(failed)?;
    read_int(&row, 0)
}

async fn run(connection: &mut MySqlConnection, statements: String) -> Result<(), StoreError> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statements))).await.map(|_| ()).map_err(failed)
}
