//! The registry in a database. Every write is one statement that stands by itself.

use super::{Entry, Expected, Written, nothing_there};
use crate::SqlStore;
use crate::sql::Sql;
use crate::store::on_each;
use crate::value::{Fields, Kind, Row};
use ims_core::{StoreError, Timestamp};

const SHAPE: [Kind; 4] = [Kind::Text, Kind::Int, Kind::Text, Kind::Int];
const SELECT: &str = "SELECT name, version, body, expires_at FROM registry WHERE kind = ";

pub(super) async fn get(store: &SqlStore, kind: &str, name: &str) -> Result<Option<Entry>, StoreError> {
    let question = of_name(Sql::new(SHAPE, SELECT).value(kind.to_owned()), name);
    let rows = on_each!(store, engine => engine.ask_one(question).await)?;
    rows.into_iter().next().map(read).transpose()
}

pub(super) async fn list(store: &SqlStore, kind: &str, after: &str, limit: u32) -> Result<Vec<Entry>, StoreError> {
    // No name has a NUL in it, so the same names come after what stands before the NUL.
    let after = after.split('\0').next().unwrap_or_default();
    let question = Sql::new(SHAPE, SELECT)
        .value(kind.to_owned())
        .sql(" AND name > ")
        .value(after.to_owned())
        .sql(format!(" ORDER BY name LIMIT {limit}"));
    let rows = on_each!(store, engine => engine.ask_one(question).await)?;
    rows.into_iter().map(read).collect()
}

pub(super) async fn put(
    store: &SqlStore,
    kind: &str,
    name: &str,
    expected: Expected,
    body: &str,
    expires_at: Option<Timestamp>,
) -> Result<Written, StoreError> {
    let insert = || {
        Sql::new([Kind::Int], "INSERT INTO registry (kind, name, version, body, expires_at) VALUES (")
            .value(kind.to_owned())
            .sql(", ")
            .value(name.to_owned())
            .sql(", 1, ")
            .value(body.to_owned())
            .sql(", ")
            .value(expires_at)
            .sql(")")
    };
    let (statement, version) = match expected {
        Expected::Absent => (insert(), Some(1)),
        Expected::Any => (insert().or_over_entry(), None),
        Expected::Version(seen) => {
            let update = Sql::new([], "UPDATE registry SET version = version + 1, body = ")
                .value(body.to_owned())
                .sql(", expires_at = ")
                .value(expires_at)
                .sql(" WHERE kind = ")
                .value(kind.to_owned());
            (of_name(update, name).sql(" AND version = ").value(seen), Some(seen.saturating_add(1)))
        }
    };
    let effect = on_each!(store, engine => engine.write(statement).await)?;
    Ok(match effect.rows {
        0 => Written::Conflict,
        _ => Written::Done { version: version.unwrap_or(effect.version) },
    })
}

pub(super) async fn delete(
    store: &SqlStore,
    kind: &str,
    name: &str,
    expected: Expected,
) -> Result<Written, StoreError> {
    let delete = of_name(Sql::new([], "DELETE FROM registry WHERE kind = ").value(kind.to_owned()), name);
    let statement = match expected {
        Expected::Any => delete,
        Expected::Version(seen) => delete.sql(" AND version = ").value(seen),
        Expected::Absent => {
            let there = get(store, kind, name).await?;
            return Ok(there.map_or_else(|| nothing_there(expected), |_| Written::Conflict));
        }
    };
    let effect = on_each!(store, engine => engine.write(statement).await)?;
    Ok(match effect.rows {
        0 => nothing_there(expected),
        _ => Written::Done { version: 0 },
    })
}

pub(super) async fn sweep(store: &SqlStore, now: Timestamp) -> Result<u64, StoreError> {
    let statement = Sql::new([], "DELETE FROM registry WHERE expires_at <= ").value(now);
    Ok(on_each!(store, engine => engine.write(statement).await)?.rows)
}

fn of_name(statement: Sql, name: &str) -> Sql {
    statement.sql(" AND name = ").value(name.to_owned())
}

fn read(row: Row) -> Result<Entry, StoreError> {
    let mut fields = Fields::of("registry", row);
    Ok(Entry {
        name: fields.next("name")?,
        version: fields.next("version")?,
        body: fields.next("body")?,
        expires_at: fields.next("expires_at")?,
    })
}
