//! The engine on a database beside hand-written code on another one like it.

use crate::{
    books::Books,
    effort::Effort,
    machine::Watch,
    seller::{Caller, Seller, Sold, sell_for},
    table::{self, Row, rate},
    work::{Orders, PlainOrder, Spread, every_item, opening},
};
use ims_core::{CostingMethod, Ims, audit::verify};
use ims_sqlx::{OpenOptions, SqlStore};
use std::{collections::BTreeMap, future::Future, path::Path};
use tokio::task::JoinHandle;

/// A kind of database, and how one sells on it by hand.
pub trait House {
    /// A database; it is removed with the value.
    type Database;
    /// Who sells by hand.
    type Clerk: Seller;
    /// What it is called.
    const NAME: &'static str;
    /// So many connections are the fastest together, of those that were tried; more callers than these share them.
    const MOST_CLERKS: usize;

    /// A folder on the disk that the databases are on.
    fn folder(&self) -> &Path;
    /// Makes an empty database.
    fn database(&self, name: &str) -> Self::Database;
    /// Its URL.
    fn url(database: &Self::Database) -> &str;
    /// Makes what clerks need, once there are tables with items.
    fn prepare(url: &str) -> impl Future<Output = ()>;
    /// Connects a clerk.
    fn clerk(url: &str) -> impl Future<Output = Self::Clerk>;
    /// Reads the books.
    fn books(url: &str) -> impl Future<Output = Books>;
}

/// What is measured and what is hoped for.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Numbers of callers at once, the fewest first.
    pub callers: [usize; 5],
    /// The number of callers for the row about cost layers.
    pub callers_with_layers: usize,
    /// What the ratio should be at least.
    pub targets: &'static [(Spread, usize, f64)],
    /// What the rate with one hot item should be at least, as a part of that with any item.
    pub hot_target: Option<f64>,
}

const SPREADS: [Spread; 2] = [Spread::Uniform, Spread::Hot];

/// Rates of one round.
#[derive(Clone, Debug, Default)]
struct Round {
    by_hand: BTreeMap<(Spread, usize), f64>,
    engine: BTreeMap<(Spread, usize), f64>,
    engine_with_layers: f64,
}

/// Measures and prints the tables.
pub fn run<H: House>(house: &H, plan: &Plan) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let effort = Effort::of_arguments();
        let mut watch = Watch::new(house.folder(), effort);
        let mut rounds = Vec::new();
        while let Some(number) = watch.next_round() {
            let round = watch.measure(async || measure(house, plan, effort, number).await).await;
            rounds.extend(round);
        }
        print::<H>(plan, &rounds);
        watch.print();
    });
}

/// An engine on a database of its own.
pub(crate) struct Shop {
    ims: Ims<SqlStore>,
    worker: JoinHandle<()>,
}

impl Shop {
    pub(crate) async fn open(url: &str, costing: CostingMethod) -> Self {
        let store = ims_sqlx::open(url, OpenOptions::default()).await.expect("a store");
        let (ims, worker) = Ims::new(store);
        let shop = Shop { ims, worker: tokio::spawn(worker) };
        for reply in shop.ims.execute_all(opening(costing)).await {
            reply.expect("a shop that opens");
        }
        shop
    }

    pub(crate) async fn sell_all(&self, orders: &[PlainOrder]) {
        for reply in self.ims.execute_all(orders.iter().map(PlainOrder::command).collect()).await {
            reply.expect("an order that is sold");
        }
    }

    pub(crate) fn callers(&self, count: usize) -> Vec<Caller<SqlStore>> {
        (0..count).map(|_| Caller(self.ims.clone())).collect()
    }

    pub(crate) async fn close(self) {
        drop(self.ims);
        self.worker.await.expect("a worker that ends");
    }
}

/// One round: every measurement once, by hand and by the engine in turn.
async fn measure<H: House>(house: &H, plan: &Plan, effort: Effort, number: usize) -> Round {
    let by_hand = house.database("by-hand");
    let ours = house.database("ims");
    Shop::open(H::url(&by_hand), CostingMethod::Average).await.close().await;
    let shop = Shop::open(H::url(&ours), CostingMethod::Average).await;
    H::prepare(H::url(&by_hand)).await;
    H::prepare(H::url(&ours)).await;
    let first = every_item();
    let mut clerk = H::clerk(H::url(&by_hand)).await;
    for order in &first {
        clerk.sell(order).await;
    }
    shop.sell_all(&first).await;
    if number == 0 {
        compare(H::url(&by_hand), H::url(&ours)).await;
    }

    let mut round = Round::default();
    let mut orders = Sequences { round: number, next: 1 };
    for spread in SPREADS {
        let mut most = 0;
        for callers in plan.callers {
            let clerks = callers.min(H::MOST_CLERKS);
            if clerks > most {
                most = clerks;
                let hired = hire::<H>(H::url(&by_hand), clerks).await;
                let rate = timed::<H, _>("by hand", H::url(&by_hand), hired, orders.next(spread), effort).await;
                round.by_hand.insert((spread, clerks), rate);
            }
            let rate = timed::<H, _>("IMS", H::url(&ours), shop.callers(callers), orders.next(spread), effort).await;
            round.engine.insert((spread, callers), rate);
        }
    }
    shop.close().await;

    let layered = house.database("layers");
    let shop = Shop::open(H::url(&layered), CostingMethod::Fifo).await;
    shop.sell_all(&first).await;
    let callers = shop.callers(plan.callers_with_layers);
    round.engine_with_layers =
        timed::<H, _>("IMS, cost layers", H::url(&layered), callers, orders.next(Spread::Uniform), effort).await;
    shop.close().await;
    round
}

async fn hire<H: House>(url: &str, count: usize) -> Vec<H::Clerk> {
    let mut clerks = Vec::with_capacity(count);
    for _ in 0..count {
        clerks.push(H::clerk(url).await);
    }
    clerks
}

/// Measures a rate, and checks that the books say the same.
async fn timed<H: House, S: Seller>(side: &str, url: &str, sellers: Vec<S>, orders: Orders, effort: Effort) -> f64 {
    let before = H::books(url).await;
    let sold: Sold = sell_for(sellers, orders, effort.time()).await;
    H::books(url).await.check(side, before, sold);
    rate(sold.orders, sold.took)
}

/// Panics unless both databases are whole and the same: then both sides have done the same work, row by row.
async fn compare(by_hand: &str, ours: &str) {
    let mut hashes = Vec::new();
    for url in [by_hand, ours] {
        let store = ims_sqlx::open(url, OpenOptions::default()).await.expect("a store");
        let verdict = verify(&store).await.expect("a store that can be read");
        assert!(verdict.ok, "{url}: {:?}", verdict.broken);
        hashes.push(verdict.state_hash);
    }
    assert_eq!(hashes.first(), hashes.last(), "both sides were given the same orders");
}

/// Gives out sequences of orders that have no order in common.
struct Sequences {
    round: usize,
    next: u128,
}

impl Sequences {
    fn next(&mut self, spread: Spread) -> Orders {
        self.next += 1;
        Orders::new(((self.round as u64) << 32) + self.next as u64, spread, self.next << 64)
    }
}

fn print<H: House>(plan: &Plan, rounds: &[Round]) {
    let mut rows = Vec::new();
    for spread in SPREADS {
        for callers in plan.callers {
            let target = plan.targets.iter().find(|(of, at, _)| (*of, *at) == (spread, callers));
            let clerks = callers.min(H::MOST_CLERKS);
            rows.push(Row {
                name: format!("{}, {}", spread.name(), counted(callers)),
                baseline: rounds.iter().map(|round| round.by_hand[&(spread, clerks)]).collect(),
                engine: rounds.iter().map(|round| round.engine[&(spread, callers)]).collect(),
                target: target.map(|(_, _, target)| *target),
            });
        }
    }
    let clerks = plan.callers_with_layers.min(H::MOST_CLERKS);
    rows.push(Row {
        name: format!("any items, first in first out¹, {}", counted(plan.callers_with_layers)),
        baseline: rounds.iter().map(|round| round.by_hand[&(Spread::Uniform, clerks)]).collect(),
        engine: rounds.iter().map(|round| round.engine_with_layers).collect(),
        target: None,
    });
    table::print(H::NAME, "by hand, one order per transaction", &rows);
    println!("\n¹ The engine keeps cost layers; what it is compared with does not.");

    let hot = |callers: &usize| Row {
        name: counted(*callers),
        baseline: rounds.iter().map(|round| round.engine[&(Spread::Uniform, *callers)]).collect(),
        engine: rounds.iter().map(|round| round.engine[&(Spread::Hot, *callers)]).collect(),
        target: plan.hot_target.filter(|_| *callers >= 32),
    };
    let rows: Vec<Row> = plan.callers.iter().map(hot).collect();
    table::print(&format!("{}: one hot item beside any items", H::NAME), "IMS, any items", &rows);
}

fn counted(callers: usize) -> String {
    if callers == 1 { "1 caller".into() } else { format!("{callers} callers") }
}
