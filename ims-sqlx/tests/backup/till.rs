//! A shop to back up, and what is in it.

use ims_core::{
    Command, CommandId, Context, Event, Ims, ItemId, LocationId, Offset, Quantity, Store, Timestamp,
    audit::{Verdict, verify},
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use ims_sqlx::registry::{Entry, Expected};
use ims_sqlx::{OpenOptions, SqlStore};
use std::io::{Read, Write};
use std::path::Path;

pub(crate) const SITE: u128 = 2;
pub(crate) const ITEM: u128 = 3;

pub(crate) async fn open(url: &str) -> SqlStore {
    ims_sqlx::open(url, OpenOptions::default()).await.unwrap()
}

pub(crate) fn engine(store: SqlStore) -> Ims<SqlStore> {
    let (ims, worker) = Ims::new(store);
    tokio::spawn(worker);
    ims
}

pub(crate) fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap())
}

pub(crate) fn sale() -> Sell {
    Sell::new(LocationId::from_u128(SITE), vec![OrderedLine::new(ItemId::from_u128(ITEM), Quantity::ONE)])
}

/// Opens a shop with so many of one item, and something in its registry.
pub(crate) async fn furnish(ims: &Ims<SqlStore>, units: i64) {
    for (id, command) in (1..).zip(furniture(units)) {
        ims.execute(context(id), command).await.unwrap();
    }
    remember(ims.store()).await;
}

/// The commands, numbered from 1, that make a shop with so many of one item.
pub(crate) fn furniture(units: i64) -> Vec<Command> {
    let goods = CostedGoods {
        item: ItemId::from_u128(ITEM),
        quantity: Quantity::from_units(units).unwrap(),
        unit_cost: "1".parse().unwrap(),
    };
    vec![
        OpenShop::new("Corner shop", "EUR".parse().unwrap()).into(),
        CreateLocation { code: "MAIN".into(), name: "Main".into() }.into(),
        CreateItem { price: Some("2.50".parse().unwrap()), ..CreateItem::new("TEA".parse().unwrap(), "Tea") }.into(),
        ReceiveStock { site: LocationId::from_u128(SITE), supplier: None, lines: vec![goods] }.into(),
    ]
}

/// Writes into the registry what is not easy to keep.
pub(crate) async fn remember(store: &SqlStore) {
    let until: Timestamp = "2030-01-01T00:00:00.000001Z".parse().unwrap();
    for (name, body, until) in [("ada", "{}", None), ("O'Neill \\ \"é🍵\"\n", "{\"a\":\"\\u0000\"}", Some(until))] {
        for _ in 0..2 {
            let _ = store.registry().put("user", name, Expected::Any, body, until).await.unwrap();
        }
    }
}

/// Everything that can be seen of a store.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) state_hash: String,
    pub(crate) events: Vec<Event>,
    pub(crate) entries: Vec<Entry>,
}

/// Proves that a store is sound, and looks at it.
pub(crate) async fn look(store: &SqlStore) -> Seen {
    let verdict: Verdict = verify(store).await.unwrap();
    assert!(verdict.ok, "{:?}", verdict.broken);
    let mut events = Vec::new();
    loop {
        let after = Offset(events.len() as u64);
        let page = store.events(after, 1_000).await.unwrap();
        if page.events.is_empty() {
            assert_eq!(page.newest, after, "the log ends where it says");
            break;
        }
        events.extend(page.events);
    }
    let offsets = events.iter().map(|event| event.offset.0);
    assert!(offsets.eq(1..=events.len() as u64), "the log has a gap");
    let entries = store.registry().list("user", "", 100).await.unwrap();
    Seen { state_hash: verdict.state_hash, events, entries }
}

/// The lines in a backup.
pub(crate) fn unpack(file: &Path) -> String {
    let mut lines = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut lines).unwrap();
    lines
}

/// Packs lines as a backup.
pub(crate) fn pack(file: &Path, lines: &str) {
    let mut out = flate2::write::GzEncoder::new(std::fs::File::create(file).unwrap(), flate2::Compression::fast());
    out.write_all(lines.as_bytes()).unwrap();
    out.finish().unwrap();
}
