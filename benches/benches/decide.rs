//! What a decision costs: one sale after the other on a warm engine in memory.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::float_arithmetic, missing_docs)]

use futures_executor::block_on;
use futures_util::future::join;
use ims_benches::{
    effort::Effort,
    table::median,
    work::{Orders, PlainOrder, Spread, every_item, opening},
};
use ims_core::{CostingMethod, Ims, MemoryStore};
use std::time::Instant;

/// Nanoseconds for each order: tried, and done; all one by one.
fn measure(costing: CostingMethod, orders: &[PlainOrder]) -> (f64, f64) {
    let (ims, worker) = Ims::new(MemoryStore::new());
    let each_ns = |begin: Instant| begin.elapsed().as_secs_f64() * 1e9 / orders.len() as f64;
    let run = async move {
        let first = every_item().iter().map(PlainOrder::command).collect();
        for reply in ims.execute_all(opening(costing)).await.into_iter().chain(ims.execute_all(first).await) {
            reply.unwrap();
        }
        let commands: Vec<_> = orders.iter().map(PlainOrder::command).collect();
        let begin = Instant::now();
        for (ctx, command) in commands.clone() {
            ims.simulate(ctx, command).await.unwrap();
        }
        let tried_ns = each_ns(begin);
        let begin = Instant::now();
        for (ctx, command) in commands {
            ims.execute(ctx, command).await.unwrap();
        }
        (tried_ns, each_ns(begin))
    };
    block_on(join(worker, run)).1
}

fn main() {
    let effort = Effort::of_arguments();
    println!("\n### Deciding an order of three lines, one after the other, in memory\n");
    println!("| costing | `simulate`, ns | `execute`, ns |");
    println!("|---|---:|---:|");
    for (name, costing) in [
        ("moving average", CostingMethod::Average),
        ("first in, first out", CostingMethod::Fifo),
        ("standard", CostingMethod::Standard),
    ] {
        let round = |round: usize| {
            let orders: Vec<_> = Orders::new(round as u64, Spread::Uniform, 1 << 65).take(effort.orders()).collect();
            measure(costing, &orders)
        };
        let (tried, done): (Vec<f64>, Vec<f64>) = (0..effort.rounds()).map(round).unzip();
        println!("| {name} | {:.0} | {:.0} |", median(&tried), median(&done));
    }
}
