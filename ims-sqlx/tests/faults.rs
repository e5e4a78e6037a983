//! Databases that are not what they should be, or do not stay there: each is told apart, and nothing is lost.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, missing_docs)]

mod place;

use futures_util::future::{join, join_all};
use ims_core::{
    Command, CommandId, Context, Error, EventBody, Ims, ItemId, LocationId, Offset, Quantity, Receipt, Store,
    StoreErrorKind,
    audit::verify,
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
    store::ReadSet,
};
use ims_sqlx::{OpenOptions, SqlStore};
use place::{Folder, Place};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection, Row as _, SqliteConnection};
use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    time::Duration,
};

const SITE: u128 = 2;
const ITEM: u128 = 3;
const UNITS: i64 = 300;
const CALLERS: i64 = 8;

/// Runs a statement past the store.
async fn run(url: &str, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("postgres:") {
        PgConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    } else if url.starts_with("mysql:") {
        MySqlConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    } else {
        SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap().execute(sql).await.unwrap();
    }
}

async fn open(url: &str) -> Result<SqlStore, StoreErrorKind> {
    ims_sqlx::open(url, OpenOptions::default()).await.map_err(|error| error.kind)
}

fn engine(store: SqlStore) -> Ims<SqlStore> {
    let (ims, worker) = Ims::new(store);
    tokio::spawn(worker);
    ims
}

fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap())
}

/// A shop with plenty of one item.
async fn open_shop(ims: &Ims<SqlStore>) {
    let quantity = Quantity::from_units(UNITS).unwrap();
    let tea = CostedGoods { item: ItemId::from_u128(ITEM), quantity, unit_cost: "1".parse().unwrap() };
    let commands: [Command; 4] = [
        OpenShop::new("Corner shop", "EUR".parse().unwrap()).into(),
        CreateLocation { code: "MAIN".into(), name: "Main".into() }.into(),
        CreateItem { price: Some("2.50".parse().unwrap()), ..CreateItem::new("TEA".parse().unwrap(), "Tea") }.into(),
        ReceiveStock { site: LocationId::from_u128(SITE), supplier: None, lines: vec![tea] }.into(),
    ];
    for (id, command) in (1..).zip(commands) {
        ims.execute(context(id), command).await.unwrap();
    }
}

fn sale() -> Sell {
    Sell::new(LocationId::from_u128(SITE), vec![OrderedLine::new(ItemId::from_u128(ITEM), Quantity::ONE)])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused() {
    for place in Place::all() {
        drop(open(place.url()).await.unwrap());
        run(place.url(), "INSERT INTO ims_schema (version) VALUES (1000)").await;
        assert_eq!(open(place.url()).await.unwrap_err(), StoreErrorKind::Schema, "{}", place.url());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    for place in Place::all() {
        run(place.url(), "CREATE TABLE recipes (name VARCHAR(20))").await;
        assert_eq!(open(place.url()).await.unwrap_err(), StoreErrorKind::Schema, "{}", place.url());
        run(place.url(), "DROP TABLE recipes").await;
        open(place.url()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_refused() {
    let folder = Folder::new();
    let file = folder.file("letter.txt");
    std::fs::write(&file, "Dear Sir or Madam, ".repeat(1_000)).unwrap();
    assert_eq!(open(&format!("sqlite:{file}")).await.unwrap_err(), StoreErrorKind::Schema);
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("Dear Sir"), "it is left as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_only_be_read_can_be_read() {
    let place = Place::sqlite();
    let ims = engine(open(place.url()).await.unwrap());
    open_shop(&ims).await;
    drop(ims);
    let ims = engine(open(&format!("{}?mode=ro", place.url())).await.unwrap());
    assert!(ims.store().load(&ReadSet::default()).await.unwrap().shop.is_some());
    match ims.execute(context(10), sale()).await {
        Err(Error::Store(error)) => assert_eq!(error.kind, StoreErrorKind::ReadOnly),
        other => panic!("{other:?}"),
    }
}

/// Ends every connection of a database but its own, again and again.
async fn cut_connections(url: &str, over: &AtomicBool, cuts: &AtomicU32) {
    if url.starts_with("postgres:") {
        let mut knife = PgConnection::connect(url).await.unwrap();
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        while !over.load(Ordering::Relaxed) {
            let cut: i64 = knife.fetch_one(sql).await.unwrap().get(0);
            cuts.fetch_add(u32::try_from(cut).unwrap(), Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    } else {
        let mut knife = MySqlConnection::connect(url).await.unwrap();
        let sql = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
        while !over.load(Ordering::Relaxed) {
            for row in knife.fetch_all(sql).await.unwrap() {
                let id: u64 =
                    row.try_get::<u64, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|id| id as u64)).unwrap();
                // It may have gone by itself meanwhile.
                if knife.execute(AssertSqlSafe(format!("KILL CONNECTION {id}"))).await.is_ok() {
                    cuts.fetch_add(1, Ordering::Relaxed);
                }
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
}

fn is_sale(event: &EventBody) -> bool {
    matches!(event, EventBody::Done(receipt) if matches!(**receipt, Receipt::Sold { .. }))
}

/// Sells every unit while connections die at any moment, also in the middle of a commit. Callers who get no answer send
/// the same command again.
async fn nothing_is_lost_or_done_twice(place: &Place) {
    let ims = engine(open(place.url()).await.unwrap());
    open_shop(&ims).await;
    let (over, cuts) = (AtomicBool::new(false), AtomicU32::new(0));
    let caller = async |first: i64| {
        for id in (first..UNITS).step_by(CALLERS as usize) {
            let id = 1_000 + u128::try_from(id).unwrap();
            while let Err(error) = ims.execute(context(id), sale()).await {
                assert!(matches!(error, Error::Store(_) | Error::Contended { .. }), "{error:?}");
            }
        }
    };
    let sell = async {
        join_all((0..CALLERS).map(caller)).await;
        over.store(true, Ordering::Relaxed);
    };
    join(sell, cut_connections(place.url(), &over, &cuts)).await;
    assert!(cuts.load(Ordering::Relaxed) > 0, "no connection was cut");

    let refused = ims.execute(context(9_000), sale()).await.unwrap_err();
    assert_eq!(refused.code(), "insufficient_stock", "every unit was sold once: {refused}");
    // The log has an event for each command that was done, and no gap.
    let mut offset = Offset(0);
    let mut sold = 0;
    loop {
        let page = ims.store().events(offset, 500).await.unwrap();
        let Some(last) = page.events.last() else { break };
        assert!(page.events.iter().map(|event| event.offset.0).eq(offset.0 + 1..=last.offset.0));
        sold += page.events.iter().filter(|event| is_sale(&event.record.body)).count();
        offset = last.offset;
    }
    assert_eq!(i64::try_from(sold).unwrap(), UNITS);
    let verdict = verify(ims.store()).await.unwrap();
    assert!(verdict.ok, "{:?}", verdict.broken);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_die_cost_nothing_on_postgres() {
    if let Some(place) = Place::postgres() {
        nothing_is_lost_or_done_twice(&place).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_die_cost_nothing_on_mariadb() {
    if let Some(place) = Place::mariadb() {
        nothing_is_lost_or_done_twice(&place).await;
    }
}
