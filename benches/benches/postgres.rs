//! The engine on PostgreSQL beside hand-written code.
#![allow(clippy::expect_used, missing_docs)]

use ims_benches::{
    by_hand::postgres::Postgres,
    contest::{self, Plan},
    work::Spread,
};
use xtask::servers;

fn main() {
    let Some(server) = servers::or_skip(servers::postgres()).expect("a server that works") else { return };
    let plan = Plan {
        callers: [1, 8, 32, 128, 512],
        callers_with_layers: 128,
        targets: &[(Spread::Uniform, 32, 1.5), (Spread::Uniform, 512, 3.0), (Spread::Hot, 32, 8.0)],
        hot_target: Some(0.95),
    };
    contest::run(&Postgres::new(server), &plan);
}
