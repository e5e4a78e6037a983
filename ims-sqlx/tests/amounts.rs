//! What documents come to is filled in where a store was made before they kept it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod place;

use ims_core::report::{PageRequest, Row, Table};
use ims_core::{AnyStore, OrderAmounts, OrderId, PurchaseAmounts, PurchaseId, Reports};
use ims_scenarios::{all, play};
use ims_sqlx::OpenOptions;
use place::Place;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use std::collections::BTreeMap;

/// The stories with the most kinds of documents.
const TOLD: [&str; 5] = ["orders", "purchases", "fifo_and_returns", "backorders", "ten_thousand_commands"];

/// Takes away what is to be filled in.
const EMPTIED: [&str; 3] = [
    "UPDATE orders SET cancelled = 0, shipped = 0, returned = 0, refunded = 0, to_pay = 0",
    "UPDATE purchases SET cancelled = 0, received = 0, to_pay = 0",
    "UPDATE purchase_lines SET received_cost = 0",
];

/// What the documents of a store come to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Amounts {
    orders: BTreeMap<OrderId, OrderAmounts>,
    purchases: BTreeMap<PurchaseId, PurchaseAmounts>,
    lines: Vec<(PurchaseId, String)>,
}

async fn amounts(store: &AnyStore) -> Amounts {
    let mut amounts = Amounts::default();
    for table in [Table::Orders, Table::Purchases] {
        let mut page = PageRequest::default();
        loop {
            let answer = store.scan(table, &page).await.unwrap();
            for row in answer.rows {
                match row {
                    Row::Order(order) => _ = amounts.orders.insert(order.id, order.amounts),
                    Row::Purchase(purchase) => {
                        let lines = purchase.lines.iter().map(|line| (purchase.id, line.received_cost.to_string()));
                        amounts.lines.extend(lines);
                        amounts.purchases.insert(purchase.id, purchase.amounts);
                    }
                    other => panic!("not a document: {other:?}"),
                }
            }
            match answer.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
    }
    amounts.lines.sort();
    amounts
}

/// The statements of the migration that fill in what was not there.
fn fill(migration: &str) -> Vec<String> {
    let code: String =
        migration.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    let statements = code.split(";\n").map(str::trim).filter(|statement| statement.starts_with("UPDATE"));
    statements.map(str::to_owned).collect()
}

/// Makes statements by hand.
async fn run(url: &str, statements: &[String]) {
    macro_rules! run_on {
        ($connection:ty) => {{
            let mut connection = <$connection>::connect(url).await.unwrap();
            for statement in statements {
                connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.clone()))).await.unwrap();
            }
            connection.close().await.unwrap();
        }};
    }
    match url.split(':').next().unwrap() {
        "sqlite" => run_on!(sqlx::SqliteConnection),
        "postgres" => run_on!(sqlx::PgConnection),
        _ => run_on!(sqlx::MySqlConnection),
    }
}

fn what_a_migration_fills_in_is_what_the_engine_keeps(place: fn() -> Option<Place>, migration: &str) {
    // Where there is no server, this has said so.
    if place().is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        for story in all().unwrap().iter().filter(|story| TOLD.contains(&story.name.as_str())) {
            let place = place().unwrap();
            play(ims_sqlx::open(place.url(), OpenOptions::default()).await.unwrap(), story).await.unwrap();
            let store = ims_sqlx::open_any(place.url(), OpenOptions::default()).await.unwrap();
            let kept = amounts(&store).await;
            run(place.url(), &EMPTIED.map(str::to_owned)).await;
            assert_ne!(amounts(&store).await, kept, "{}", story.name);
            run(place.url(), &fill(migration)).await;
            assert_eq!(amounts(&store).await, kept, "{}", story.name);
        }
    });
}

#[test]
fn amounts_are_filled_in_on_sqlite() {
    let migration = include_str!("../migrations/sqlite/0004_amounts.sql");
    what_a_migration_fills_in_is_what_the_engine_keeps(|| Some(Place::sqlite()), migration);
}

#[test]
fn amounts_are_filled_in_on_postgres() {
    let migration = include_str!("../migrations/postgres/0004_amounts.sql");
    what_a_migration_fills_in_is_what_the_engine_keeps(Place::postgres, migration);
}

#[test]
fn amounts_are_filled_in_on_mariadb() {
    let migration = include_str!("../migrations/mysql/0004_amounts.sql");
    what_a_migration_fills_in_is_what_the_engine_keeps(Place::mariadb, migration);
}
