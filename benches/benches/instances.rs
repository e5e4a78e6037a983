//! Several processes on one database, beside one.
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, clippy::float_arithmetic, missing_docs)]
// What a round waits for is deep inside what others wait for.
#![recursion_limit = "256"]

use ims_benches::{
    effort::Effort,
    instances::{Done, Task, Work, open_shop},
    machine::Watch,
    table::{self, Row, median},
};
use std::time::Duration;
use xtask::servers::{self, Server};

/// Callers of each process, and of all together.
const CALLERS: usize = 64;
const PROCESSES: [u32; 3] = [1, 2, 4];
/// Writes to the catalogue a second, and what part of its rate a seller keeps beside them.
const BESIDE: [(u32, f64); 3] = [(10, 0.95), (100, 0.85), (500, 0.6)];

/// What was measured in a round, by case.
type Round = Vec<(String, Measured, Measured, f64)>;

#[derive(Clone, Copy, Default)]
struct Measured {
    rate: f64,
    slow_ms: f64,
    contended: u64,
    conflicts: f64,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if let Some(task) = Task::of_arguments() {
        let done = runtime.block_on(task.run());
        println!("{}", serde_json::to_string(&done).expect("what came of it as text"));
        return;
    }
    let effort = Effort::of_arguments();
    for (name, server) in [("PostgreSQL", servers::postgres()), ("MariaDB", servers::mariadb())] {
        let Some(server) = servers::or_skip(server).expect("a server that works") else { continue };
        runtime.block_on(compare(name, &server, effort));
    }
}

async fn compare(name: &str, server: &Server, effort: Effort) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut watch = Watch::new(folder.path(), effort);
    let mut rounds: Vec<Round> = Vec::new();
    while watch.next_round().is_some() {
        rounds.extend(watch.measure(async || round(server, effort).await).await);
    }
    let cases = rounds.first().map_or(0, Vec::len);
    let of = |case: usize, what: fn(&(String, Measured, Measured, f64)) -> f64| -> Vec<f64> {
        rounds.iter().filter_map(|round| round.get(case)).map(what).collect()
    };
    let rows: Vec<Row> = (0..cases)
        .map(|case| Row {
            name: rounds.first().and_then(|round| round.get(case)).map(|case| case.0.clone()).unwrap_or_default(),
            baseline: of(case, |case| case.1.rate),
            engine: of(case, |case| case.2.rate),
            target: of(case, |case| case.3).first().copied(),
        })
        .collect();
    table::print(&format!("Several processes on {name}"), "one process, or sites of their own", &rows);
    println!("\n| | 99 % within, ms | beside, ms | conflicts for each batch | contended |\n|---|---:|---:|---:|---:|");
    for (case, row) in rows.iter().enumerate() {
        println!(
            "| {} | {:.0} | {:.0} | {:.2} | {:.0} |",
            row.name,
            median(&of(case, |case| case.1.slow_ms)),
            median(&of(case, |case| case.2.slow_ms)),
            median(&of(case, |case| case.2.conflicts)),
            of(case, |case| case.2.contended as f64).iter().sum::<f64>(),
        );
    }
    println!();
    watch.print();
}

async fn round(server: &Server, effort: Effort) -> Round {
    let mut bench = Bench { server, time: effort.time() * 2, next: 0 };
    let mut round = Round::new();
    let alone = bench.sellers(&[(0, CALLERS)]).await;
    for processes in PROCESSES {
        let all: Vec<_> = (0..processes).map(|_| (0, CALLERS)).collect();
        let together = bench.sellers(&all).await;
        round.push((format!("{processes} processes of {CALLERS} callers, one site"), alone, together, 1.0));
    }
    for processes in PROCESSES.into_iter().skip(1) {
        let callers = CALLERS / processes as usize;
        let apart: Vec<_> = (0..processes).map(|site| (site, callers)).collect();
        let shared: Vec<_> = (0..processes).map(|_| (0, callers)).collect();
        let (apart, shared) = (bench.sellers(&apart).await, bench.sellers(&shared).await);
        round.push((format!("{CALLERS} callers in {processes} processes, one site"), apart, shared, 0.9));
    }
    for (rate, target) in BESIDE {
        let beside = bench.beside(rate).await;
        round.push((format!("a seller beside {rate} catalogue writes a second"), alone, beside, target));
    }
    round
}

struct Bench<'a> {
    server: &'a Server,
    time: Duration,
    next: u32,
}

impl Bench<'_> {
    fn task(&mut self, url: &str, work: Work) -> Task {
        self.next += 1;
        Task { url: url.to_owned(), number: self.next, time: self.time, work }
    }

    /// Lets processes sell, each from a site with so many callers.
    async fn sellers(&mut self, sellers: &[(u32, usize)]) -> Measured {
        let database = self.server.create_database().expect("a database");
        open_shop(database.url()).await;
        let children: Vec<_> = sellers
            .iter()
            .map(|(site, callers)| self.task(database.url(), Work::Sell { site: *site, callers: *callers }).start())
            .collect();
        add_up(children.into_iter().map(Task::wait))
    }

    /// Lets one process sell beside one that writes to the catalogue.
    async fn beside(&mut self, rate: u32) -> Measured {
        let database = self.server.create_database().expect("a database");
        open_shop(database.url()).await;
        let sell = Work::Sell { site: 0, callers: CALLERS };
        let writer = self.task(database.url(), Work::Catalogue { rate }).start();
        let seller = self.task(database.url(), sell).start();
        let sold = add_up([Task::wait(seller)]);
        let written = Task::wait(writer);
        Measured { contended: sold.contended + written.contended, ..sold }
    }
}

fn add_up(all: impl IntoIterator<Item = Done>) -> Measured {
    let mut sum = Measured::default();
    let (mut conflicts, mut batches) = (0, 0);
    for done in all {
        sum.rate += done.rate;
        sum.slow_ms = sum.slow_ms.max(done.slow_ms);
        sum.contended += done.contended;
        conflicts += done.conflicts;
        batches += done.batches;
    }
    sum.conflicts = conflicts as f64 / f64::from(u32::try_from(batches).unwrap_or(u32::MAX).max(1));
    sum
}
