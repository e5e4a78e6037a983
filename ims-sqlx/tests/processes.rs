//! Several processes with several threads each on one store: nothing is oversold, nothing is done twice, no reader of
//! the log misses an event.
//!
//! A test starts this very program again as its children: `child` is what they run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, missing_docs)]

use ims_core::{
    Command as Ask, CommandId, Context, Error, Ims, ItemId, LocationId, Offset, Quantity, Receipt, Reports, Store,
    audit::verify,
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    report::{PageRequest, ValueQuery},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use ims_sqlx::{OpenOptions, SqlStore};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::Arc,
};
use xtask::servers;

const PROCESSES: u128 = 4;
const THREADS: u128 = 16;
const UNITS: i64 = 1_000;
/// Together more sales than there are units.
const SALES_PER_THREAD: u128 = 20;

const SITE: u128 = 2;
const ITEM: u128 = 3;

fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap())
}

async fn engine(url: &str) -> Ims<SqlStore> {
    let store = ims_sqlx::open(url, OpenOptions::default()).await.unwrap();
    let (ims, worker) = Ims::new(store);
    tokio::spawn(worker);
    ims
}

async fn open_shop(ims: &Ims<SqlStore>) {
    let commands: Vec<Ask> = vec![
        OpenShop::new("Corner shop", "EUR".parse().unwrap()).into(),
        CreateLocation { code: "MAIN".into(), name: "Main".into() }.into(),
        CreateItem { price: Some("2.50".parse().unwrap()), ..CreateItem::new("TEA".parse().unwrap(), "Tea") }.into(),
        ReceiveStock {
            site: LocationId::from_u128(SITE),
            supplier: None,
            lines: vec![CostedGoods {
                item: ItemId::from_u128(ITEM),
                quantity: Quantity::from_units(UNITS).unwrap(),
                unit_cost: "1".parse().unwrap(),
            }],
        }
        .into(),
    ];
    for (id, command) in (1..).zip(commands) {
        ims.execute(context(id), command).await.unwrap();
    }
}

fn sale() -> Sell {
    Sell::new(LocationId::from_u128(SITE), vec![OrderedLine::new(ItemId::from_u128(ITEM), Quantity::ONE)])
}

/// Starts this program again in a role.
fn start(role: &str, url: &str, process: u128) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env("IMS_CHILD_ROLE", role)
        .env("IMS_CHILD_URL", url)
        .env("IMS_CHILD_PROCESS", process.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lets all children go at once, and collects what each says.
fn race(role: &str, url: &str) -> Vec<String> {
    let mut children: Vec<Child> = (0..PROCESSES).map(|process| start(role, url, process)).collect();
    let mut outputs: Vec<BufReader<_>> =
        children.iter_mut().map(|child| BufReader::new(child.stdout.take().unwrap())).collect();
    for output in &mut outputs {
        read_after(output, "READY");
    }
    for child in &mut children {
        writeln!(child.stdin.as_mut().unwrap(), "go").unwrap();
    }
    let said = outputs.iter_mut().map(|output| read_after(output, "SAYS ")).collect();
    for (child, output) in children.iter_mut().zip(outputs) {
        output.lines().for_each(drop);
        assert!(child.wait().unwrap().success());
    }
    said
}

/// The rest of the next line that has a mark in it: the test runner writes to the same output.
fn read_after(output: &mut impl BufRead, mark: &str) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "a child ended before it said {mark}");
        if let Some(at) = line.find(mark) {
            return line[at + mark.len()..].trim_end().to_owned();
        }
    }
}

#[test]
#[ignore = "run by the other tests, in processes of their own"]
fn child() {
    let Ok(role) = std::env::var("IMS_CHILD_ROLE") else { return };
    let url = std::env::var("IMS_CHILD_URL").unwrap();
    let process: u128 = std::env::var("IMS_CHILD_PROCESS").unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let ims = runtime.block_on(engine(&url));
    println!("READY");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let said = match role.as_str() {
        "sell" => sell(&runtime, &ims, process),
        "same" => same(&runtime, &ims),
        role => panic!("no such role: {role}"),
    };
    println!("SAYS {said}");
}

/// Sixteen threads sell one unit after the other.
fn sell(runtime: &tokio::runtime::Runtime, ims: &Ims<SqlStore>, process: u128) -> String {
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (ims, handle) = (ims.clone(), runtime.handle().clone());
            std::thread::spawn(move || {
                let (mut sold, mut refused) = (0, 0);
                for number in 0..SALES_PER_THREAD {
                    let id = ((1 + process) << 64) + (thread << 32) + number;
                    match handle.block_on(ims.execute(context(id), sale())) {
                        Ok(_) => sold += 1,
                        Err(error) if error.code() == "insufficient_stock" => refused += 1,
                        Err(error) => panic!("{error}"),
                    }
                }
                (sold, refused)
            })
        })
        .collect();
    let (mut sold, mut refused) = (0, 0);
    for thread in threads {
        let (more_sold, more_refused) = thread.join().unwrap();
        sold += more_sold;
        refused += more_refused;
    }
    format!("{sold} {refused}")
}

/// The same command, ten times from each process at once.
fn same(runtime: &tokio::runtime::Runtime, ims: &Ims<SqlStore>) -> String {
    let sends: Vec<_> = (0..10)
        .map(|_| {
            let ims = ims.clone();
            runtime.spawn(async move { ims.execute(context(1 << 64), sale()).await })
        })
        .collect();
    let receipts: Vec<Arc<Receipt>> = sends.into_iter().map(|send| runtime.block_on(send).unwrap().unwrap()).collect();
    assert!(receipts.iter().all(|receipt| *receipt == receipts[0]));
    serde_json::to_string(&receipts[0]).unwrap()
}

/// Follows the log until it has seen an event for every sale, and proves that no offset is missing or out of order.
async fn follow(store: SqlStore, events: u64) {
    let mut after = Offset::START;
    while after.0 < events {
        let page = store.events(after, 100).await.unwrap();
        for event in page.events {
            assert_eq!(event.offset.0, after.0 + 1, "the log has a gap");
            after = event.offset;
        }
        tokio::task::yield_now().await;
    }
}

async fn nobody_oversells(url: &str) {
    let ims = engine(url).await;
    open_shop(&ims).await;
    let newest = ims.store().events(Offset::START, 1).await.unwrap().newest;
    // One event for each sale, and one when the last unit is gone.
    let reader = tokio::spawn(follow(ims.store().clone(), newest.0 + UNITS as u64 + 1));
    let race_url = url.to_owned();
    let said = tokio::task::spawn_blocking(move || race("sell", &race_url)).await.unwrap();
    let (mut sold, mut refused) = (0_u128, 0_u128);
    for child in said {
        let (its_sold, its_refused) = child.split_once(' ').unwrap();
        sold += its_sold.parse::<u128>().unwrap();
        refused += its_refused.parse::<u128>().unwrap();
    }
    assert_eq!(sold, UNITS as u128);
    assert_eq!(sold + refused, PROCESSES * THREADS * SALES_PER_THREAD, "everything else is refused for want of stock");
    reader.await.unwrap();
    let left = ims.store().value(&ValueQuery::default()).await.unwrap();
    assert_eq!((left.quantity, left.value), Default::default());
    let verdict = verify(ims.store()).await.unwrap();
    assert!(verdict.ok, "{:?}", verdict.broken);
}

async fn a_command_has_one_effect(url: &str) {
    let ims = engine(url).await;
    open_shop(&ims).await;
    let race_url = url.to_owned();
    let receipts = tokio::task::spawn_blocking(move || race("same", &race_url)).await.unwrap();
    assert!(receipts.iter().all(|receipt| *receipt == receipts[0]), "{receipts:#?}");
    let left = ims.store().value(&ValueQuery::default()).await.unwrap();
    assert_eq!(left.quantity, Quantity::from_units(UNITS - 1).unwrap());
    let orders = ims.store().orders(&Default::default(), &PageRequest::default()).await.unwrap();
    assert_eq!(orders.rows.len(), 1);
    let another = Sell { series: Some("OTHER".into()), ..sale() };
    let reused = ims.execute(context(1 << 64), another).await.unwrap_err();
    assert!(matches!(reused, Error::IdReused { .. }), "{reused}");
}

fn run(test: impl AsyncFnOnce(&str), url: &str) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(test(url));
}

fn on_sqlite(name: &str, test: impl AsyncFnOnce(&str)) {
    let folder = std::env::temp_dir().join(format!("ims-processes-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    run(test, &format!("sqlite:{}", folder.join("shop.db").display()));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn on_postgres(test: impl AsyncFnOnce(&str)) {
    let Some(server) = servers::or_skip(servers::postgres()).unwrap() else { return };
    let database = server.create_database().unwrap();
    run(test, database.url());
}

fn on_mariadb(test: impl AsyncFnOnce(&str)) {
    let Some(server) = servers::or_skip(servers::mariadb()).unwrap() else { return };
    let database = server.create_database().unwrap();
    run(test, database.url());
}

#[test]
fn four_processes_sell_exactly_what_there_is_on_sqlite() {
    on_sqlite("sell", nobody_oversells);
}

#[test]
fn four_processes_sell_exactly_what_there_is_on_postgres() {
    on_postgres(nobody_oversells);
}

#[test]
fn four_processes_sell_exactly_what_there_is_on_mariadb() {
    on_mariadb(nobody_oversells);
}

#[test]
fn a_command_that_four_processes_send_has_one_effect_on_sqlite() {
    on_sqlite("same", a_command_has_one_effect);
}

#[test]
fn a_command_that_four_processes_send_has_one_effect_on_postgres() {
    on_postgres(a_command_has_one_effect);
}

#[test]
fn a_command_that_four_processes_send_has_one_effect_on_mariadb() {
    on_mariadb(a_command_has_one_effect);
}
