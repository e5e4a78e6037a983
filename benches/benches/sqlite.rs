//! The engine on SQLite beside hand-written code.
#![allow(missing_docs)]

use ims_benches::{
    by_hand::sqlite::Sqlite,
    contest::{self, Plan},
    work::Spread,
};

fn main() {
    let plan = Plan {
        callers: [1, 8, 32, 100, 512],
        callers_with_layers: 100,
        targets: &[(Spread::Uniform, 1, 0.25), (Spread::Uniform, 100, 3.5)],
        hot_target: None,
    };
    contest::run(&Sqlite::new(env!("CARGO_TARGET_TMPDIR")), &plan);
}
