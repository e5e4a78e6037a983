//! The engine on MariaDB beside hand-written code.
#![allow(clippy::expect_used, missing_docs)]

use ims_benches::{
    by_hand::mariadb::Mariadb,
    contest::{self, Plan},
    work::Spread,
};
use xtask::servers;

fn main() {
    let Some(server) = servers::or_skip(servers::mariadb()).expect("a server that works") else { return };
    let plan = Plan {
        callers: [1, 8, 32, 128, 512],
        callers_with_layers: 128,
        targets: &[(Spread::Uniform, 32, 1.6), (Spread::Uniform, 512, 2.8)],
        hot_target: Some(0.95),
    };
    contest::run(&Mariadb::new(server), &plan);
}
