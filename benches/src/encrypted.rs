//! What encryption costs: the engine over encrypted connections beside the same over plain ones.

use crate::{
    contest::Shop,
    effort::Effort,
    machine::Watch,
    seller::sell_for,
    table::{self, Row, rate},
    work::{Orders, Spread, every_item},
};
use ims_core::CostingMethod;
use std::env::temp_dir;
use xtask::servers::{Engine, Server};

/// Numbers of callers at once.
const CALLERS: [usize; 3] = [1, 32, 128];
/// What the ratio should be at least.
const TARGET: f64 = 0.9;

/// What a URL asks for: plain connections, encrypted ones.
const fn asked(engine: Engine) -> [&'static str; 2] {
    match engine {
        Engine::Postgres => ["sslmode=disable", "sslmode=require"],
        Engine::Mariadb => ["ssl-mode=DISABLED", "ssl-mode=REQUIRED"],
    }
}

/// Measures and prints the table of one kind of server.
pub fn run(server: &Server, engine: Engine) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let effort = Effort::of_arguments();
        let mut watch = Watch::new(&temp_dir(), effort);
        let mut rounds = Vec::new();
        while let Some(number) = watch.next_round() {
            rounds.extend(watch.measure(async || measure(server, engine, effort, number).await).await);
        }
        let rates = |at: usize, side: usize| rounds.iter().map(|round| round[side][at]).collect();
        let row = |(at, callers): (usize, &usize)| Row {
            name: format!("any items, {callers} at once"),
            baseline: rates(at, 0),
            engine: rates(at, 1),
            target: Some(TARGET),
        };
        let rows: Vec<Row> = CALLERS.iter().enumerate().map(row).collect();
        table::print(&format!("{engine}, encrypted beside plain"), "IMS, plain", &rows);
        watch.print();
    });
}

/// One round: the rates of both sides, in turn for each number of callers.
async fn measure(server: &Server, engine: Engine, effort: Effort, round: usize) -> [[f64; CALLERS.len()]; 2] {
    let databases = [(); 2].map(|()| server.create_database().expect("a new database"));
    let mut shops = Vec::new();
    for (database, asked) in databases.iter().zip(asked(engine)) {
        let shop = Shop::open(&format!("{}?{asked}", database.url()), CostingMethod::Average).await;
        shop.sell_all(&every_item()).await;
        shops.push(shop);
    }
    let mut rates = [[0.0; CALLERS.len()]; 2];
    for (at, callers) in CALLERS.into_iter().enumerate() {
        for (side, shop) in shops.iter().enumerate() {
            let number = (round * CALLERS.len() + at) * 2 + side + 1;
            let orders = Orders::new(number as u64, Spread::Uniform, (number as u128) << 64 << 1);
            let sold = sell_for(shop.callers(callers), orders, effort.time()).await;
            rates[side][at] = rate(sold.orders, sold.took);
        }
    }
    for shop in shops {
        shop.close().await;
    }
    rates
}
