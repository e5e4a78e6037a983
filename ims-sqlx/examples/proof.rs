//! Measures how long the proof of a shop takes, and how much memory: `verify` of so many items and twice as many lines.
//!
//! `cargo run --release -p ims-sqlx --example proof -- sqlite:/tmp/proof.db [items]`
//!
//! The shop is made where there is none. Memory is what Linux says was in use at the most (`VmHWM`), reset before the proof
//! where that is allowed.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use ims_core::{
    Amount, Command, CommandId, Context, Ims, ItemId, LocationId, Quantity, ReadSet, Store as _, Timestamp, audit,
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use ims_sqlx::{OpenOptions, SqlStore};
use std::time::Instant;

const SITE: LocationId = LocationId::from_u128(999);
const FIRST_ITEM: u128 = 1_000;
const LINES_RECEIVED: u32 = 500;
const LINES_SOLD: u32 = 2;
const TOGETHER: usize = 500;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap_or_else(|| "sqlite:proof.db".to_owned());
    let items: u32 = arguments.next().map_or(100_000, |text| text.parse().unwrap());
    let store = ims_sqlx::open(&url, OpenOptions::default()).await.unwrap();
    if store.load(&ReadSet::default()).await.unwrap().shop.is_none() {
        let begin = Instant::now();
        make(&store, items).await;
        println!("made in {:.1} s", begin.elapsed().as_secs_f64());
    }
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let begin = Instant::now();
    let verdict = audit::verify(&store).await.unwrap();
    let rows: u64 = verdict.counts.values().sum();
    let word = if verdict.ok { "ok" } else { "BROKEN" };
    println!("verify: {word}, {rows} rows in {:.1} s, {}", begin.elapsed().as_secs_f64(), most_memory());
}

fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: not known");
    line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
}

async fn make(store: &SqlStore, items: u32) {
    let (ims, worker) = Ims::new(store.clone());
    let worker = tokio::spawn(worker);
    let commands = opening(items).chain(receipts(items)).chain(sales(items));
    let mut group = Vec::with_capacity(TOGETHER);
    for (number, command) in (1..).zip(commands) {
        // What makes an item or a site names it; the others have ids after all of these.
        let id = match &command {
            Command::CreateItem(_) => FIRST_ITEM + number,
            Command::CreateLocation(_) => SITE.as_u128(),
            _ => (1 << 100) | number,
        };
        group.push((Context::new(CommandId::from_u128(id), "till", now()), command));
        if group.len() == TOGETHER {
            give(&ims, std::mem::take(&mut group)).await;
        }
    }
    give(&ims, group).await;
    drop(ims);
    worker.await.unwrap();
}

async fn give(ims: &Ims<SqlStore>, group: Vec<(Context, Command)>) {
    for reply in ims.execute_all(group).await {
        reply.unwrap();
    }
}

fn now() -> Timestamp {
    Timestamp::from_micros(1_769_850_000_000_000).unwrap()
}

fn item(number: u32) -> ItemId {
    // The shop and the site are made before the first item.
    ItemId::from_u128(FIRST_ITEM + 3 + u128::from(number))
}

fn opening(items: u32) -> impl Iterator<Item = Command> {
    let first: [Command; 2] = [
        OpenShop::new("Scale", "EUR".parse().unwrap()).into(),
        CreateLocation { code: "MAIN".into(), name: "Main".into() }.into(),
    ];
    let items = (0..items).map(|number| {
        let (brand, category) = (format!("Brand {}", number % 100).into(), format!("Category {}", number % 50).into());
        let price = Some(Amount::from_micros(2_500_000));
        let sku = format!("SKU-{number:07}").parse().unwrap();
        CreateItem { brand, category, price, ..CreateItem::new(sku, &format!("Item number {number}")) }.into()
    });
    first.into_iter().chain(items)
}

fn receipts(items: u32) -> impl Iterator<Item = Command> {
    (0..items.div_ceil(LINES_RECEIVED)).map(move |group| {
        let of_group = group * LINES_RECEIVED..(group + 1).saturating_mul(LINES_RECEIVED).min(items);
        let unit_cost = Amount::from_micros(1_200_000);
        let quantity = Quantity::from_micros(100_000_000);
        let lines = of_group.map(|number| CostedGoods { item: item(number), quantity, unit_cost }).collect();
        ReceiveStock { site: SITE, supplier: None, lines }.into()
    })
}

fn sales(items: u32) -> impl Iterator<Item = Command> {
    (0..items).map(move |number| {
        // Any item, and another one.
        let lines = (0..LINES_SOLD).map(|line| item(number.wrapping_mul(7_919).wrapping_add(line) % items));
        Sell::new(SITE, lines.map(|item| OrderedLine::new(item, Quantity::ONE)).collect()).into()
    })
}
