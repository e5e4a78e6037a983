//! The log of a database from which somebody took events: the proof says which.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, missing_docs)]

mod place;

use ims_core::{
    Command, CommandId, Context, Ims, ItemId, LocationId, Quantity,
    audit::{Verdict, verify},
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use ims_sqlx::{OpenOptions, SqlStore};
use place::Place;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection, SqliteConnection};

/// Runs a statement past the store.
async fn run(url: &str, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("postgres:") {
        PgConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    } else if url.starts_with("mysql:") {
        MySqlConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    } else {
        SqliteConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    }
}

/// A shop with a site and an item: three events.
async fn shop(url: &str) -> SqlStore {
    let store = ims_sqlx::open(url, OpenOptions::default()).await.unwrap();
    let (ims, worker) = Ims::new(store.clone());
    let worker = tokio::spawn(worker);
    let commands: [Command; 3] = [
        OpenShop::new("Corner shop", "EUR".parse().unwrap()).into(),
        CreateLocation { code: "MAIN".into(), name: "Main".into() }.into(),
        CreateItem::new("TEA".parse().unwrap(), "Tea").into(),
    ];
    for (id, command) in (1..).zip(commands) {
        let ctx = Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap());
        ims.execute(ctx, command).await.unwrap();
    }
    drop(ims);
    worker.await.unwrap();
    store
}

fn found(verdict: &Verdict) -> Vec<String> {
    assert_eq!(verdict.ok, verdict.broken.is_empty());
    let of_log = verdict.broken.iter().filter(|broken| broken.promise == "a log without gaps");
    of_log.map(|broken| format!("{}: {}", broken.row, broken.finding)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_somebody_deleted_are_named() {
    for place in Place::all() {
        let store = shop(place.url()).await;
        assert!(verify(&store).await.unwrap().ok);
        run(place.url(), "DELETE FROM events WHERE event_offset = 2").await;
        let done = |id: u128| format!("commands: {}: it was done, and no event says so", CommandId::from_u128(id));
        let one = found(&verify(&store).await.unwrap());
        assert_eq!(
            one,
            ["events: offset 2: this event (event_offset) is missing".to_owned(), done(2)],
            "{}",
            place.url()
        );
        run(place.url(), "DELETE FROM events").await;
        let all = found(&verify(&store).await.unwrap());
        assert_eq!(
            all,
            [
                "head: the newest offset (newest) is 3, and the log ends at 0: the events after that are missing"
                    .to_owned(),
                done(1),
                done(2),
                done(3)
            ]
        );
        run(place.url(), "UPDATE head SET newest = 0").await;
        assert_eq!(found(&verify(&store).await.unwrap()), [done(1), done(2), done(3)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_somebody_deleted_leaves_its_event_alone() {
    for place in Place::all() {
        let store = shop(place.url()).await;
        run(place.url(), "DELETE FROM commands WHERE id IN (SELECT command FROM events WHERE event_offset = 3)").await;
        let command = CommandId::from_u128(3);
        let finding = format!(
            "events: offset 3: it says that the command {command} (command) was done, and no answer to it says so"
        );
        assert_eq!(found(&verify(&store).await.unwrap()), [finding], "{}", place.url());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_was_set_back_is_a_broken_store_and_no_contest() {
    for place in Place::all() {
        let store = shop(place.url()).await;
        let (ims, worker) = Ims::new(store.clone());
        let worker = tokio::spawn(worker);
        let (site, item) = (LocationId::from_u128(2), ItemId::from_u128(3));
        let give = async |id: u128, command: Command| {
            let ctx = Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap());
            ims.execute(ctx, command).await
        };
        let lines = vec![CostedGoods { item, quantity: "5".parse().unwrap(), unit_cost: "1".parse().unwrap() }];
        give(4, ReceiveStock { site, supplier: None, lines }.into()).await.unwrap();
        let line = OrderedLine { unit_price: Some("2".parse().unwrap()), ..OrderedLine::new(item, Quantity::ONE) };
        give(5, Sell::new(site, vec![line]).into()).await.unwrap();
        run(place.url(), "UPDATE series SET last = last - 1, version = version + 1").await;
        let error = give(6, Sell::new(site, vec![line]).into()).await.unwrap_err();
        assert_eq!(error.code(), "store_corrupt", "{}: {error}", place.url());
        assert!(error.to_string().contains("whose number its series has not given yet"), "{error}");
        let verdict = verify(&store).await.unwrap();
        let found: Vec<_> = verdict.broken.iter().map(|broken| format!("{}: {}", broken.row, broken.finding)).collect();
        assert_eq!(found, ["series: MAIN: the number given last (last) is 0, should be 1"], "{}", place.url());
        drop(ims);
        worker.await.unwrap();
    }
}
