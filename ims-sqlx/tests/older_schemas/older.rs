//! Makes a shop as an older version has left it: its tables, and the rows of a backup that it wrote.
//!
//! `schema_1.jsonl` is such a backup, unpacked: a shop of schema 1 that was traded with by its own command line. A later
//! migration is proven on the same file: what schema 2 adds comes of opening it.

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection, SqliteConnection};

const ROWS: &str = include_str!("schema_1.jsonl");
const SQLITE: &str = include_str!("../../migrations/sqlite/0001_shop.sql");
const POSTGRES: &str = include_str!("../../migrations/postgres/0001_shop.sql");
const MYSQL: &str = include_str!("../../migrations/mysql/0001_shop.sql");

const VERSION: &str = "CREATE TABLE ims_schema (version BIGINT NOT NULL PRIMARY KEY); \
                       INSERT INTO ims_schema (version) VALUES (1); DELETE FROM head;";

#[derive(Clone, Copy)]
enum Kind {
    Sqlite,
    Postgres,
    MySql,
}

/// Fills an empty database.
pub(crate) async fn make_schema_1(url: &str) {
    match url.split_once(':').unwrap().0 {
        "sqlite" => {
            let mut connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
            let all = [SQLITE.to_owned(), VERSION.to_owned(), inserts(Kind::Sqlite)].concat();
            connection.execute(sqlx::raw_sql(AssertSqlSafe(all))).await.unwrap();
            connection.close().await.unwrap();
        }
        "postgres" => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            let all = [POSTGRES.to_owned(), VERSION.to_owned(), inserts(Kind::Postgres)].concat();
            connection.execute(sqlx::raw_sql(AssertSqlSafe(all))).await.unwrap();
        }
        _ => {
            let mut connection = MySqlConnection::connect(url).await.unwrap();
            // As the software does it: a collation that heeds spaces at the end.
            let tables = MYSQL.replace("utf8mb4_bin", "utf8mb4_nopad_bin");
            let all = [tables, VERSION.to_owned(), inserts(Kind::MySql)].concat();
            connection.execute(sqlx::raw_sql(AssertSqlSafe(all))).await.unwrap();
        }
    }
}

/// The rows of the backup as statements.
fn inserts(kind: Kind) -> String {
    let mut sql = String::new();
    let mut into = String::new();
    for line in ROWS.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        match &line {
            Value::Array(cells) => {
                let cells: Vec<String> = cells.iter().map(|cell| literal(cell, kind)).collect();
                sql.push_str(&format!("{into} VALUES ({});\n", cells.join(", ")));
            }
            section => {
                let columns = section["columns"].as_array();
                let columns: Vec<&str> = columns.into_iter().flatten().filter_map(Value::as_str).collect();
                into = format!("INSERT INTO {} ({})", section["table"].as_str().unwrap_or(""), columns.join(", "));
            }
        }
    }
    sql
}

fn literal(cell: &Value, kind: Kind) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match (cell, kind) {
        (Value::Null, _) => "NULL".to_owned(),
        (Value::Number(number), _) => number.to_string(),
        // Ids are 32 hexadecimal digits, and no text of this shop is.
        (Value::String(text), kind) if text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            match kind {
                Kind::Postgres => format!("'{text}'::uuid"),
                Kind::Sqlite | Kind::MySql => format!("X'{text}'"),
            }
        }
        (Value::String(text), Kind::MySql) => quoted(&text.replace('\\', "\\\\")),
        (Value::String(text), _) => quoted(text),
        (other, _) => panic!("no cell of a backup: {other}"),
    }
}
