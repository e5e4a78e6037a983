//! MariaDB by hand: one procedure call per order, on as many connections as serve best.

use crate::{
    books::Books,
    contest::House,
    seller::Seller,
    work::{ACTOR, DAY, NOW_TEXT, PlainOrder, SERIES, item_id, now, site_id},
};
use ims_core::location::CUSTOMERS;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, Row};
use std::path::{Path, PathBuf};
use xtask::servers::{Database, Server};

/// A deadlock: nothing was done, and the order is tried again.
const DEADLOCK: &str = "40001";

/// A server.
#[derive(Debug)]
pub struct Mariadb {
    server: Server,
    folder: PathBuf,
}

impl Mariadb {
    /// Measures on a server.
    pub fn new(server: Server) -> Self {
        Mariadb { server, folder: std::env::temp_dir() }
    }
}

async fn connect(url: &str) -> MySqlConnection {
    let mut connection = MySqlConnection::connect(url).await.expect("a server that answers");
    let level = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
    connection.execute(sqlx::raw_sql(level)).await.expect("a setting that it knows");
    connection
}

impl House for Mariadb {
    type Database = Database;
    type Clerk = Clerk;
    const NAME: &'static str = "MariaDB";
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
        connect(url).await.execute(sqlx::raw_sql(include_str!("mariadb.sql"))).await.expect("a procedure");
    }

    async fn clerk(url: &str) -> Clerk {
        Clerk(connect(url).await)
    }

    async fn books(url: &str) -> Books {
        let question = AssertSqlSafe(Books::question("SIGNED"));
        let row = connect(url).await.fetch_one(sqlx::raw_sql(question)).await.expect("sums over the tables");
        let mut books = Books([0; _]);
        books.0.iter_mut().enumerate().for_each(|(at, sum)| *sum = row.get(at));
        books
    }
}

/// Sells on a connection of its own.
#[derive(Debug)]
pub struct Clerk(MySqlConnection);

impl Seller for Clerk {
    async fn sell(&mut self, order: &PlainOrder) {
        loop {
            match self.call(order).await {
                Ok(answer) => return drop(std::hint::black_box(answer)),
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(DEADLOCK) => {}
                Err(error) => panic!("an order is not sold: {error}"),
            }
        }
    }
}

impl Clerk {
    async fn call(&mut self, order: &PlainOrder) -> Result<String, sqlx::Error> {
        let mut call = sqlx::query_scalar::<_, String>("CALL sell(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(order.id.to_be_bytes().to_vec())
            .bind(order.fingerprint().to_be_bytes().to_vec())
            .bind(ACTOR)
            .bind(now().micros())
            .bind(NOW_TEXT)
            .bind(DAY)
            .bind(site_id().as_u128().to_be_bytes().to_vec())
            .bind(SERIES)
            .bind(CUSTOMERS.as_u128().to_be_bytes().to_vec());
        for (item, units) in order.lines {
            call = call.bind(item_id(item).as_u128().to_be_bytes().to_vec()).bind(units * 1_000_000);
        }
        call.fetch_one(&mut self.0).await
    }
}
