//! Measures how many orders a second a database takes, in groups of several sizes and one at a time.
//!
//! `cargo run --release -p ims-sqlx --example rates -- sqlite:/tmp/rates.db [seconds]`
//!
//! An order is a counter sale of three lines over 10,000 items, through the whole engine: load, decide, commit.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::indexing_slicing)]

use ims_core::{
    Amount, Command, CommandId, Context, Ims, ItemId, LocationId, Quantity, Timestamp, audit,
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use std::time::{Duration, Instant};

const ITEMS: u32 = 10_000;
const SITE: u128 = 999;
const FIRST_ITEM: u128 = 1_000;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap_or_else(|| "sqlite:rates.db".to_owned());
    let seconds = arguments.next().map_or(3.0, |text| text.parse().unwrap());
    let store = ims_sqlx::open(&url, ims_sqlx::OpenOptions::default()).await.unwrap();
    let (ims, worker) = Ims::new(store);
    tokio::spawn(worker);
    let begin = Instant::now();
    for group in opening().chunks(1_000) {
        for reply in ims.execute_all(group.to_vec()).await {
            reply.unwrap();
        }
    }
    println!("opening: {:.1} s", begin.elapsed().as_secs_f64());
    let mut next: u128 = 0x0190_163d_8694_739b << 64;
    for group in [1, 10, 100, 1_000] {
        let (mut done, begin) = (0, Instant::now());
        while begin.elapsed() < Duration::from_secs_f64(seconds) {
            let orders: Vec<_> = (0..group).map(|_| order(&mut next)).collect();
            for reply in ims.execute_all(orders).await {
                reply.unwrap();
            }
            done += group;
        }
        let took = begin.elapsed().as_secs_f64();
        println!("groups of {group:>5}: {:>8.0} orders/s", f64::from(done) / took);
    }
    for callers in [32, 512] {
        let done = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
        let begin = Instant::now();
        let tasks: Vec<_> = (0..callers)
            .map(|caller| {
                let (ims, done) = (ims.clone(), done.clone());
                let mut next = next + ((caller + 1) << 40);
                tokio::spawn(async move {
                    while begin.elapsed() < Duration::from_secs_f64(seconds) {
                        let (context, command) = order(&mut next);
                        ims.execute(context, command).await.unwrap();
                        done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        next += 1 << 60;
        let rate = f64::from(done.load(std::sync::atomic::Ordering::Relaxed)) / begin.elapsed().as_secs_f64();
        println!("{callers:>4} callers: {rate:>12.0} orders/s");
    }
    let begin = Instant::now();
    let verdict = audit::verify(ims.store()).await.unwrap();
    println!("verify: {} in {:.1} s", if verdict.ok { "ok" } else { "BROKEN" }, begin.elapsed().as_secs_f64());
}

fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "till", Timestamp::from_micros(1_769_850_000_000_000).unwrap())
}

fn opening() -> Vec<(Context, Command)> {
    let mut commands = vec![
        (context(1), OpenShop::new("Rates", "EUR".parse().unwrap()).into()),
        (context(SITE), CreateLocation { code: "MAIN".into(), name: "Main".into() }.into()),
    ];
    for number in 0..ITEMS {
        let mut item = CreateItem::new(format!("SKU-{number:05}").parse().unwrap(), &format!("Item {number}"));
        item.brand = format!("Brand {}", number % 50).into();
        item.category = format!("Category {}", number % 20).into();
        item.price = Amount::from_units(10);
        commands.push((context(FIRST_ITEM + u128::from(number)), item.into()));
    }
    for first in (0..ITEMS).step_by(1_000) {
        let line = |number: u32| CostedGoods {
            item: ItemId::from_u128(FIRST_ITEM + u128::from(number)),
            quantity: Quantity::from_units(1_000_000_000).unwrap(),
            unit_cost: Amount::from_units(6).unwrap(),
        };
        let lines = (first..first + 1_000).map(line).collect();
        let receive = ReceiveStock { site: LocationId::from_u128(SITE), supplier: None, lines };
        commands.push((context(500 + u128::from(first / 1_000)), receive.into()));
    }
    commands
}

fn order(next: &mut u128) -> (Context, Command) {
    *next += 1 << 20;
    let line = |_| {
        let item = ItemId::from_u128(FIRST_ITEM + u128::from(fastrand::u32(..ITEMS)));
        OrderedLine::new(item, Quantity::from_units(fastrand::i64(1..4)).unwrap())
    };
    (context(*next), Sell::new(LocationId::from_u128(SITE), (0..3).map(line).collect()).into())
}
