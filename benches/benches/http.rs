//! Orders over HTTP beside the same engine without it, on PostgreSQL. The server is a process of its own; so is PostgreSQL.
//!
//! `IMS_BIN` names the server's program; `cargo xtask bench` builds it first.
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, clippy::float_arithmetic, missing_docs)]

use ims_benches::{
    effort::Effort,
    http::{Connection, Server},
    machine::Watch,
    seller::{Caller, sell_for},
    table::{self, Row, median, rate},
    work::{LINES, Orders, PlainOrder, Spread, every_item, opening},
};
use ims_core::{CostingMethod, Ims};
use ims_sqlx::OpenOptions;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use xtask::servers;

/// Connections that order at once.
const CONNECTIONS: usize = 128;
/// What a service in Go that keeps its stock in JSON files did on a machine like this one: updates of one item a second.
const GO_SERVICE: f64 = 124.0;
const SPREADS: [Spread; 2] = [Spread::Uniform, Spread::Hot];

/// What a round measured, for a spread.
struct Measured {
    engine: f64,
    http: f64,
    half_ms: f64,
    slow_ms: f64,
}

fn main() {
    let Some(server) = servers::or_skip(servers::postgres()).expect("a server that works") else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let effort = Effort::of_arguments();
        let folder = tempfile::tempdir().expect("a folder");
        let mut watch = Watch::new(folder.path(), effort);
        let mut rounds: Vec<[Measured; 2]> = Vec::new();
        let mut most_mib = 0_u64;
        while let Some(number) = watch.next_round() {
            let measured = watch.measure(async || {
                let database = server.create_database().expect("a database");
                let (round, mib) = round(database.url(), effort, number).await;
                most_mib = most_mib.max(mib);
                round
            });
            rounds.extend(measured.await);
        }
        print(&rounds, most_mib);
        watch.print();
    });
}

/// One round: the engine on a database, then the server on the same one.
async fn round(url: &str, effort: Effort, number: usize) -> ([Measured; 2], u64) {
    let store = ims_sqlx::open(url, OpenOptions::default()).await.expect("a store");
    let (ims, worker) = Ims::new(store);
    let worker = tokio::spawn(worker);
    let first = every_item().iter().map(PlainOrder::command).collect();
    for reply in ims.execute_all(opening(CostingMethod::Average)).await.into_iter().chain(ims.execute_all(first).await)
    {
        reply.expect("a shop that opens");
    }
    let mut next = 1_u128;
    let mut orders = |spread| {
        next += 1;
        Orders::new(((number as u64) << 32) + next as u64, spread, next << 64)
    };
    let mut engine = Vec::new();
    for spread in SPREADS {
        let callers = (0..CONNECTIONS).map(|_| Caller(ims.clone())).collect();
        let sold = sell_for(callers, orders(spread), effort.time()).await;
        engine.push(rate(sold.orders, sold.took));
    }
    drop(ims);
    worker.await.expect("a worker that ends");

    let server = Server::start(url).await;
    let mut measured = Vec::new();
    for (spread, engine) in SPREADS.into_iter().zip(engine) {
        let took = Arc::new(Mutex::new(Vec::new()));
        let mut connections = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            connections.push(Connection::open(&server, Arc::clone(&took)).await);
        }
        let sold = sell_for(connections, orders(spread), effort.time()).await;
        let mut took = std::mem::take(&mut *took.lock().expect("no connection panics here"));
        assert_eq!(took.len(), sold.orders, "every order is answered");
        took.sort_unstable();
        let at = |part: usize| milliseconds(took.get(took.len() * part / 100).copied().unwrap_or_default());
        measured.push(Measured { engine, http: rate(sold.orders, sold.took), half_ms: at(50), slow_ms: at(99) });
    }
    let mib = server.most_mib();
    let measured = measured.try_into().unwrap_or_else(|_| unreachable!("one for each spread"));
    (measured, mib)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn print(rounds: &[[Measured; 2]], most_mib: u64) {
    let of = |spread: usize, what: fn(&Measured) -> f64| -> Vec<f64> {
        rounds.iter().filter_map(|round| round.get(spread)).map(what).collect()
    };
    let row = |name: &str, spread| Row {
        name: name.into(),
        baseline: of(spread, |measured| measured.engine),
        engine: of(spread, |measured| measured.http),
        target: Some(0.6),
    };
    let rows = [row("any items", 0), row("one hot item", 1)];
    table::print(&format!("HTTP on PostgreSQL, {CONNECTIONS} connections"), "the engine without HTTP", &rows);
    let hot = Row {
        name: "one hot item beside any items, over HTTP".into(),
        baseline: of(0, |measured| measured.http),
        engine: of(1, |measured| measured.http),
        target: Some(0.9),
    };
    let service = Row {
        name: "updates of an item, of which an order is three, beside a Go service with JSON files".into(),
        baseline: rounds.iter().map(|_| GO_SERVICE).collect(),
        engine: of(0, |measured| measured.http * LINES as f64),
        target: Some(40.0),
    };
    table::print("What that means", "the other", &[hot, service]);
    println!();
    for (name, spread) in [("any items", 0), ("one hot item", 1)] {
        let (half, slow) = (median(&of(spread, |m| m.half_ms)), median(&of(spread, |m| m.slow_ms)));
        println!(
            "{name}: half of the orders within {half:.1} ms, 99 % within {slow:.1} ms ({:.1} times, at most 10).",
            slow / half
        );
    }
    println!("The server had at most {most_mib} MiB of memory (at most 200).");
}
