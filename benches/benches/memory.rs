//! The engine on memory beside plain hash maps.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, missing_docs)]

use futures_executor::block_on;
use futures_util::future::join;
use ims_benches::{
    effort::Effort,
    machine::Watch,
    plain::Plain,
    table::{self, Row, rate, timed},
    work::{LINES, Orders, PlainOrder, Spread, every_item, opening},
};
use ims_core::{CostingMethod, Ims, MemoryStore};
use std::time::Instant;

/// Callers whose commands go through the engine together.
const TOGETHER: usize = 128;

const CASES: [(&str, CostingMethod, Spread, Option<f64>); 3] = [
    ("moving average, any items", CostingMethod::Average, Spread::Uniform, Some(1.0)),
    ("moving average, one hot item", CostingMethod::Average, Spread::Hot, None),
    ("first in first out¹, any items", CostingMethod::Fifo, Spread::Uniform, None),
];

async fn engine(costing: CostingMethod, orders: &[PlainOrder]) -> f64 {
    let (ims, worker) = Ims::new(MemoryStore::new());
    let run = async move {
        let first = every_item().iter().map(PlainOrder::command).collect();
        for reply in ims.execute_all(opening(costing)).await.into_iter().chain(ims.execute_all(first).await) {
            reply.unwrap();
        }
        let groups: Vec<Vec<_>> =
            orders.chunks(TOGETHER).map(|group| group.iter().map(PlainOrder::command).collect()).collect();
        let begin = Instant::now();
        for group in groups {
            for reply in ims.execute_all(group).await {
                reply.unwrap();
            }
        }
        begin.elapsed()
    };
    let (_, took) = join(worker, run).await;
    rate(orders.len(), took)
}

fn by_hand(orders: &[PlainOrder]) -> f64 {
    let mut plain = Plain::new();
    let first = every_item();
    for order in &first {
        assert!(plain.sell(order));
    }
    let ((), took) = timed(|| {
        for order in orders {
            assert!(plain.sell(order));
        }
    });
    assert_eq!(plain.movements.len(), (orders.len() + first.len()) * LINES as usize);
    rate(orders.len(), took)
}

fn main() {
    let effort = Effort::of_arguments();
    let mut rows =
        CASES.map(|(name, _, _, target)| Row { name: name.into(), baseline: vec![], engine: vec![], target });
    let mut watch = Watch::new(&std::env::temp_dir(), effort);
    while let Some(round) = watch.next_round() {
        let measured = block_on(watch.measure(async || {
            let mut rates = Vec::with_capacity(CASES.len());
            for (_, costing, spread, _) in CASES {
                let orders: Vec<_> = Orders::new(round as u64, spread, 1 << 65).take(effort.orders()).collect();
                rates.push((by_hand(&orders), engine(costing, &orders).await));
            }
            rates
        }));
        for (row, (by_hand, engine)) in rows.iter_mut().zip(measured.into_iter().flatten()) {
            row.baseline.push(by_hand);
            row.engine.push(engine);
        }
    }
    table::print("In memory", "plain hash maps", &rows);
    println!("\n¹ The engine keeps cost layers; what it is compared with does not.");
    watch.print();
}
