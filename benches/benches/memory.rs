//! The engine on memory beside plain hash maps.
#![allow(clippy::unwrap_used, missing_docs)]

use futures_executor::block_on;
use futures_util::future::join;
use ims_benches::{
    plain::Plain,
    table::{self, Row, median, rate, timed},
    work::{Orders, Spread, opening},
};
use ims_core::{CostingMethod, Ims, MemoryStore};

const ORDERS: usize = 100_000;
const ROUNDS: usize = 5;
const TOGETHER: usize = 1_000;

fn engine(costing: CostingMethod, spread: Spread, round: u64) -> f64 {
    let (ims, worker) = Ims::new(MemoryStore::new());
    let orders = Orders::new(round, spread, 1 << 64).take(ORDERS).map(|order| order.command()).collect::<Vec<_>>();
    let run = async move {
        for reply in ims.execute_all(opening(costing)).await {
            reply.unwrap();
        }
        let mut chunks = Vec::new();
        let mut orders = orders.into_iter();
        while orders.len() > 0 {
            chunks.push(orders.by_ref().take(TOGETHER).collect::<Vec<_>>());
        }
        let begin = std::time::Instant::now();
        for chunk in chunks {
            for reply in ims.execute_all(chunk).await {
                reply.unwrap();
            }
        }
        begin.elapsed()
    };
    let (_, took) = block_on(join(worker, run));
    rate(ORDERS, took)
}

fn baseline(spread: Spread, round: u64) -> f64 {
    let mut plain = Plain::new();
    let orders = Orders::new(round, spread, 1 << 64).take(ORDERS).collect::<Vec<_>>();
    let ((), took) = timed(|| {
        for order in &orders {
            assert!(plain.sell(order));
        }
    });
    assert_eq!(plain.movements.len(), ORDERS * 3);
    rate(ORDERS, took)
}

fn main() {
    let mut rows = Vec::new();
    for (name, costing, spread, target) in [
        ("moving average, any item", CostingMethod::Average, Spread::Uniform, Some(1.0)),
        ("moving average, one hot item", CostingMethod::Average, Spread::Hot, None),
        ("first in, first out", CostingMethod::Fifo, Spread::Uniform, None),
    ] {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS as u64 {
            left.push(baseline(spread, round));
            right.push(engine(costing, spread, round));
        }
        rows.push(Row { name: name.into(), baseline: median(left), engine: median(right), target });
    }
    table::print("In memory", &rows);
}
