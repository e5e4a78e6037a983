//! Engines on one store beside each other: what one of them writes to the catalogue is seen by the other, and keeps it from
//! nothing that it does not concern.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, missing_docs)]

mod place;

use ims_core::{
    Amount, ChangeSet, Command, CommandId, Contact, Context, Error, Ims, ItemId, LocationId, OrderLine, Outcome, Patch,
    Quantity, ReadSet, Receipt, Store,
    item::{CreateItem, RetireItem, UpdateItem},
    location::CreateLocation,
    order::{OrderedLine, Sell},
    party::CreateCustomer,
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use ims_sqlx::{OpenOptions, SqlStore};
use place::Place;
use std::time::Duration;

const SITE: u128 = 2;
const ITEM: u128 = 3;
const OTHER: u128 = 4;

fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap())
}

/// As few connections as there may be: whoever has a turn still loads what it is about.
fn options() -> OpenOptions {
    let mut options = OpenOptions::default();
    options.connections = 2;
    options.lock_timeout = Duration::from_secs(4);
    options.acquire_timeout = Duration::from_secs(4);
    options
}

async fn engine(url: &str) -> Ims<SqlStore> {
    let (ims, worker) = Ims::new(ims_sqlx::open(url, options()).await.unwrap());
    tokio::spawn(worker);
    ims
}

async fn open_shop(ims: &Ims<SqlStore>) {
    let item =
        |sku: &str| CreateItem { price: Some("2.50".parse().unwrap()), ..CreateItem::new(sku.parse().unwrap(), "Tea") };
    let goods = |item: u128| CostedGoods {
        item: ItemId::from_u128(item),
        quantity: Quantity::from_units(10_000).unwrap(),
        unit_cost: "1".parse().unwrap(),
    };
    let receive =
        ReceiveStock { site: LocationId::from_u128(SITE), supplier: None, lines: vec![goods(ITEM), goods(OTHER)] };
    let commands: Vec<Command> = vec![
        OpenShop::new("Corner shop", "EUR".parse().unwrap()).into(),
        CreateLocation { code: "MAIN".into(), name: "Main".into() }.into(),
        item("TEA").into(),
        item("CUP").into(),
        receive.into(),
    ];
    for (id, command) in (1..).zip(commands) {
        ims.execute(context(id), command).await.unwrap();
    }
}

/// Sells one, and tells the line that was sold.
async fn sell(ims: &Ims<SqlStore>, id: u128, item: u128) -> Result<OrderLine, Error> {
    let line = OrderedLine::new(ItemId::from_u128(item), Quantity::ONE);
    let sold = ims.execute(context(id), Sell::new(LocationId::from_u128(SITE), vec![line])).await?;
    let Receipt::Sold { order, .. } = &*sold else { panic!("{sold:?}") };
    Ok(order.lines.first().unwrap().clone())
}

fn refusal(told: Result<OrderLine, Error>) -> &'static str {
    told.map_or_else(|error| error.code(), |line| panic!("{line:?}"))
}

fn amount(cents: i64) -> Amount {
    Amount::from_micros(cents * 10_000)
}

fn price(item: u128, cents: i64) -> UpdateItem {
    UpdateItem { price: Patch::Set(Some(amount(cents))), ..UpdateItem::new(ItemId::from_u128(item)) }
}

fn run(place: Option<Place>, test: impl AsyncFnOnce(Ims<SqlStore>, Ims<SqlStore>)) {
    let Some(place) = place else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let one = engine(place.url()).await;
        open_shop(&one).await;
        let other = engine(place.url()).await;
        test(one, other).await;
    });
}

/// Customers, items and prices of other items come all the time, and a seller decides hardly anything twice.
async fn a_seller_goes_on(seller: Ims<SqlStore>, writer: Ims<SqlStore>) {
    for id in (1_000..1_400).step_by(10) {
        sell(&seller, id, ITEM).await.unwrap();
        let customer = CreateCustomer { code: format!("C{id}").into(), contact: Contact::named("Somebody") };
        writer.execute(context(id + 1), customer).await.unwrap();
        writer.execute(context(id + 2), CreateItem::new(format!("X{id}").parse().unwrap(), "X")).await.unwrap();
        writer.execute(context(id + 3), price(OTHER, i64::try_from(id).unwrap())).await.unwrap();
    }
    let conflicts = seller.figures().conflicts;
    assert!(conflicts <= 2, "{conflicts} of 40 sales were decided again for what did not concern them");
}

/// A price of another engine is taken from the next sale on, whatever was in memory.
async fn a_price_is_taken(seller: Ims<SqlStore>, writer: Ims<SqlStore>) {
    for cents in 300..330 {
        let id = u128::try_from(cents).unwrap() * 10;
        writer.execute(context(id), price(ITEM, cents)).await.unwrap();
        let line = sell(&seller, id + 1, ITEM).await.unwrap();
        assert_eq!(line.unit_price, amount(cents));
    }
}

/// What was not there a moment ago is found once another engine has made it, and what is retired is not sold.
async fn what_came_and_went_is_seen(seller: Ims<SqlStore>, writer: Ims<SqlStore>) {
    for id in (1_000..1_100).step_by(10) {
        // Nobody has it yet; the seller remembers that.
        assert_eq!(refusal(sell(&seller, id, id + 1).await), "unknown_item");
        writer.execute(context(id + 1), CreateItem::new(format!("X{id}").parse().unwrap(), "X")).await.unwrap();
        // It is there now, and costs nobody knows what.
        assert_eq!(refusal(sell(&seller, id + 2, id + 1).await), "price_unknown");
        writer.execute(context(id + 3), RetireItem { item: ItemId::from_u128(id + 1) }).await.unwrap();
        assert_eq!(refusal(sell(&seller, id + 4, id + 1).await), "item_retired");
        // A SKU that was refused as taken is free once it is given up.
        let taken = CreateItem::new("TEA".parse().unwrap(), "Tea");
        assert!(seller.execute(context(id + 5), taken.clone()).await.is_err());
        let renamed = |sku: &str| UpdateItem {
            sku: Patch::Set(sku.parse().unwrap()),
            ..UpdateItem::new(ItemId::from_u128(ITEM))
        };
        writer.execute(context(id + 6), renamed(&format!("TEA-{id}"))).await.unwrap();
        let made = seller.execute(context(id + 7), taken).await;
        assert!(made.is_ok(), "{made:?}");
        writer
            .execute(
                context(id + 8),
                UpdateItem {
                    sku: Patch::Set(format!("Y{id}").parse().unwrap()),
                    ..UpdateItem::new(ItemId::from_u128(id + 7))
                },
            )
            .await
            .unwrap();
        seller.execute(context(id + 9), renamed("TEA")).await.unwrap();
    }
}

/// Both sell the same item from the same site at the same time: all sales are made, and nobody is told that others were
/// faster.
async fn two_sell_the_same(one: Ims<SqlStore>, other: Ims<SqlStore>) {
    let mut tasks = tokio::task::JoinSet::new();
    let tried = one.clone();
    for (seller, ims) in (1_u128..).zip([one, other]) {
        for caller in 0..8_u128 {
            let ims = ims.clone();
            tasks.spawn(async move {
                for sale in 0..20_u128 {
                    let id = seller << 40 | caller << 20 | sale;
                    sell(&ims, id, ITEM).await.unwrap();
                    // What is only tried waits for no turn of its own engine.
                    let line = OrderedLine::new(ItemId::from_u128(ITEM), Quantity::ONE);
                    let sale = Sell::new(LocationId::from_u128(SITE), vec![line]);
                    ims.simulate(context(id | 1 << 100), sale).await.unwrap();
                }
            });
        }
    }
    tasks.join_all().await;
    assert!(tried.figures().conflicts > 0, "they met");
    for id in 1_u128..4 {
        let line = OrderedLine::new(ItemId::from_u128(ITEM), Quantity::ONE);
        tried.simulate(context(1 << 101 | id), Sell::new(LocationId::from_u128(SITE), vec![line])).await.unwrap();
    }
}

/// Whoever stands still in the middle of a turn keeps others waiting for half of their time, and then loses it.
async fn a_turn_that_stands_still_is_lost(place: Option<Place>) {
    let Some(place) = place else { return };
    open_shop(&engine(place.url()).await).await;
    let still = ims_sqlx::open(place.url(), options()).await.unwrap();
    let seller = engine(place.url()).await;
    sell(&seller, 100, ITEM).await.unwrap();
    let keys = ReadSet { series: ["MAIN".into()].into(), ..ReadSet::default() };
    let turn = still.take_turn(&keys).await.unwrap().unwrap();
    sell(&seller, 101, ITEM).await.unwrap();
    let late = ChangeSet { catalog: 9, ..ChangeSet::default() };
    let told = still.commit_in(turn, late).await;
    assert!(matches!(told, Ok(Outcome::Conflict(_)) | Err(_)), "{told:?}");
    sell(&seller, 102, ITEM).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_stands_still_is_lost_on_postgres() {
    a_turn_that_stands_still_is_lost(Place::postgres()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_stands_still_is_lost_on_mariadb() {
    a_turn_that_stands_still_is_lost(Place::mariadb()).await;
}

macro_rules! on_every_database {
    ($($case:ident),* $(,)?) => {$(
        mod $case {
            use super::*;

            #[test]
            fn on_sqlite() {
                run(Some(Place::sqlite()), super::$case);
            }

            #[test]
            fn on_postgres() {
                run(Place::postgres(), super::$case);
            }

            #[test]
            fn on_mariadb() {
                run(Place::mariadb(), super::$case);
            }
        }
    )*};
}

on_every_database!(a_seller_goes_on, a_price_is_taken, what_came_and_went_is_seen, two_sell_the_same);
