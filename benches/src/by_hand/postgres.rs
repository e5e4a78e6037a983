//! PostgreSQL by hand: one function call per order, on as many connections as serve best.

use crate::{
    books::Books,
    contest::House,
    seller::Seller,
    work::{ACTOR, DAY, NOW_TEXT, PlainOrder, SERIES, item_id, now, site_id},
};
use ims_core::location::CUSTOMERS;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, types::Uuid};
use std::path::{Path, PathBuf};
use xtask::servers::{Database, Server};

/// A server.
#[derive(Debug)]
pub struct Postgres {
    server: Server,
    folder: PathBuf,
}

impl Postgres {
    /// Measures on a server.
    pub fn new(server: Server) -> Self {
        Postgres { server, folder: std::env::temp_dir() }
    }
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("a server that answers")
}

impl House for Postgres {
    type Database = Database;
    type Clerk = Clerk;
    const NAME: &'static str = "PostgreSQL";
    const MOST_CLERKS: usize = 32;

    fn folder(&self) -> &Path {
        &self.folder
    }

    fn database(&self, _: &str) -> Database {
        self.server.create_database().expect("a new database")
    }

    fn url(database: &Database) -> &str {
        database.url()
    }

    async fn prepare(url: &str) {
        let mut connection = connect(url).await;
        connection.execute(sqlx::raw_sql(include_str!("postgres.sql"))).await.expect("functions");
        // A shop that has been open for a while has statistics; without them the planner would read whole tables.
        connection.execute(sqlx::raw_sql("VACUUM ANALYZE")).await.expect("statistics");
    }

    async fn clerk(url: &str) -> Clerk {
        let mut connection = connect(url).await;
        connection.execute("SET plan_cache_mode = force_generic_plan").await.expect("a setting that it knows");
        connection.execute("SET jit = off").await.expect("a setting that it knows");
        Clerk(connection)
    }

    async fn books(url: &str) -> Books {
        let question = AssertSqlSafe(Books::question("bigint"));
        let row = connect(url).await.fetch_one(sqlx::raw_sql(question)).await.expect("sums over the tables");
        let mut books = Books([0; _]);
        books.0.iter_mut().enumerate().for_each(|(at, sum)| *sum = row.get(at));
        books
    }
}

/// Sells on a connection of its own.
#[derive(Debug)]
pub struct Clerk(PgConnection);

impl Seller for Clerk {
    async fn sell(&mut self, order: &PlainOrder) {
        let items: Vec<Uuid> = order.lines.iter().map(|(item, _)| uuid(item_id(*item).as_u128())).collect();
        let quantities: Vec<i64> = order.lines.iter().map(|(_, units)| units * 1_000_000).collect();
        let call = sqlx::query_scalar::<_, String>("SELECT sell($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .bind(uuid(order.id))
            .bind(uuid(order.fingerprint()))
            .bind(ACTOR)
            .bind(now().micros())
            .bind(NOW_TEXT)
            .bind(DAY)
            .bind(uuid(site_id().as_u128()))
            .bind(SERIES)
            .bind(uuid(CUSTOMERS.as_u128()))
            .bind(items)
            .bind(quantities);
        std::hint::black_box(call.fetch_one(&mut self.0).await.expect("an order that is sold"));
    }
}

fn uuid(id: u128) -> Uuid {
    Uuid::from_u128(id)
}
