//! The hub and its listeners, on a store in memory.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use super::{
    config::Config,
    hub::Hub,
    listener::{Heard, Listener},
    rooms::Rooms,
    view::View,
    watched,
};
use crate::serve::{
    Caller,
    caller::{Costs, Sight},
    right::Role,
};
use ims_core::{
    AnyStore, ChangeSet, Command, CommandId, Context, EventPage, Ims, Loaded, MemoryStore, Offset, Outcome, ReadSet,
    Store, StoreError, StoreErrorKind, Timestamp,
};
use ims_sqlx::Registry;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use tokio::task::JoinSet;

/// A store that can be out of reach, and counts how often its log is read.
struct Flaky {
    store: MemoryStore,
    away: Arc<AtomicBool>,
    reads: Arc<AtomicU64>,
}

impl Flaky {
    fn reach(&self) -> Result<(), StoreError> {
        let away = || StoreError::new(StoreErrorKind::Unavailable, "out of reach");
        if self.away.load(Ordering::SeqCst) { Err(away()) } else { Ok(()) }
    }
}

impl Store for Flaky {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.reach()?;
        self.store.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.reach()?;
        self.store.commit(change).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.reach()?;
        self.store.events(after, limit).await
    }
}

/// A shop with a hub, and two engines that write: one that the hub hears of, and one as in another process.
struct Shop {
    hub: Hub,
    here: Ims<AnyStore>,
    elsewhere: Ims<MemoryStore>,
    away: Arc<AtomicBool>,
    reads: Arc<AtomicU64>,
    written: AtomicU64,
}

impl Shop {
    fn open(config: Config) -> Shop {
        let memory = MemoryStore::new();
        let (away, reads) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let flaky = Flaky { store: memory.clone(), away: Arc::clone(&away), reads: Arc::clone(&reads) };
        let (store, commits) = watched(AnyStore::of_parts(flaky, memory.clone()));
        let hub = Hub::begin(
            store.clone(),
            Registry::memory(),
            commits,
            Config { poll_fastest_ms: 1, poll_slowest_ms: 2, ..config },
        );
        let (here, worker) = Ims::new(store);
        tokio::spawn(worker);
        let (elsewhere, worker) = Ims::new(memory);
        tokio::spawn(worker);
        Shop { hub, here, elsewhere, away, reads, written: AtomicU64::new(0) }
    }

    /// Writes one event.
    async fn write(&self) {
        let (ctx, command) = self.command();
        self.here.execute(ctx, command).await.unwrap();
    }

    /// Writes one event, and the hub is not told.
    async fn write_elsewhere(&self) {
        let (ctx, command) = self.command();
        self.elsewhere.execute(ctx, command).await.unwrap();
    }

    fn command(&self) -> (Context, Command) {
        let number = self.written.fetch_add(1, Ordering::SeqCst) + 1;
        let location = serde_json::json!({"create_location": {"code": format!("S{number}"), "name": "A site"}});
        let open = serde_json::json!({"open_shop": {"name": "Corner shop", "currency": "EUR"}});
        let command = serde_json::from_value(if number == 1 { open } else { location }).unwrap();
        let now = Timestamp::from_micros(1_000_000).unwrap();
        (Context::new(CommandId::from_u128(number.into()), "me", now), command)
    }

    async fn listen(&self, after: Option<u64>) -> Listener {
        let admin = Caller::in_role(Role::Admin);
        self.hub.listen(&admin, View::of(&admin, Rooms::all()), after.map(Offset)).await.unwrap()
    }
}

/// What a listener hears next, and up to an offset.
async fn hear_until(listener: &mut Listener, last: u64) -> Vec<u64> {
    let mut heard = Vec::new();
    while listener.position() < Offset(last) {
        match listener.next().await {
            Heard::Events(batch) => heard.extend(batch.entries.iter().map(|entry| entry.offset.0)),
            Heard::Resync { from, offset } => panic!("told to go from {from} to {offset}"),
        }
    }
    heard
}

/// Two write, many listen from the beginning, from the middle, and come back in between.
async fn everybody_hears_everything_once(config: Config) {
    const EVENTS: u64 = 200;
    let shop = Arc::new(Shop::open(config));
    shop.write().await;
    let mut listeners = JoinSet::new();
    for number in 0..30 {
        let shop = Arc::clone(&shop);
        listeners.spawn(async move {
            let mut heard = Vec::new();
            let mut position = 0;
            while position < EVENTS {
                let mut listener = shop.listen(Some(position)).await;
                let until = EVENTS.min(position + 10 + 7 * number);
                heard.extend(hear_until(&mut listener, until).await);
                position = listener.position().0;
            }
            heard
        });
    }
    let mut writers = JoinSet::new();
    for number in 0..2 {
        let shop = Arc::clone(&shop);
        writers.spawn(async move {
            for _ in 0..(EVENTS - number) / 2 {
                if number == 0 { shop.write().await } else { shop.write_elsewhere().await }
            }
        });
    }
    writers.join_all().await;
    for heard in listeners.join_all().await {
        let last = *heard.last().unwrap();
        assert!(last >= EVENTS);
        assert_eq!(heard, (1..=last).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn all_who_listen_hear_all_events_once_and_in_order() {
    everybody_hears_everything_once(Config::default()).await;
}

#[tokio::test]
async fn so_do_those_who_are_further_behind_than_what_is_kept() {
    everybody_hears_everything_once(Config { kept_events: 3, batch_events: 2, ..Config::default() }).await;
}

#[tokio::test]
async fn who_names_no_offset_hears_what_comes_from_now_on() {
    let shop = Shop::open(Config::default());
    shop.write().await;
    let mut listener = shop.listen(None).await;
    shop.write().await;
    assert_eq!(hear_until(&mut listener, 2).await, [2]);
}

#[tokio::test]
async fn a_store_that_goes_away_and_comes_back_loses_and_doubles_nothing() {
    let shop = Shop::open(Config { kept_events: 1, batch_events: 1, ..Config::default() });
    let mut listeners = [shop.listen(Some(0)).await, shop.listen(Some(0)).await];
    shop.write().await;
    assert_eq!(hear_until(&mut listeners[0], 1).await, [1]);
    shop.away.store(true, Ordering::SeqCst);
    let reads = shop.reads.load(Ordering::SeqCst);
    shop.write_elsewhere().await;
    shop.write_elsewhere().await;
    let hear = async {
        let [first, second] = &mut listeners;
        (hear_until(first, 3).await, hear_until(second, 3).await)
    };
    let come_back = async {
        while shop.reads.load(Ordering::SeqCst) < reads + 3 {
            tokio::task::yield_now().await;
        }
        shop.away.store(false, Ordering::SeqCst);
    };
    let ((first, second), ()) = tokio::join!(hear, come_back);
    assert_eq!((first, second), (vec![2, 3], vec![1, 2, 3]));
}

#[tokio::test]
async fn the_log_is_not_read_while_nobody_listens() {
    let shop = Shop::open(Config::default());
    for _ in 0..10 {
        shop.write().await;
    }
    assert_eq!(shop.reads.load(Ordering::SeqCst), 0);
    let mut listener = shop.listen(Some(0)).await;
    assert_eq!(hear_until(&mut listener, 10).await, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn who_falls_too_far_behind_is_told_where_to_begin_anew() {
    let shop = Shop::open(Config { most_behind_events: 5, kept_events: 2, ..Config::default() });
    shop.write().await;
    let mut listener = shop.listen(Some(0)).await;
    assert_eq!(hear_until(&mut listener, 1).await, [1]);
    // Who waits has heard all that there is.
    assert!(futures_util::FutureExt::now_or_never(listener.next()).is_none());
    for _ in 0..9 {
        shop.write().await;
    }
    shop.hub.newest().wait_for(|newest| *newest == Offset(10)).await.unwrap();
    let heard = listener.next().await;
    assert!(matches!(heard, Heard::Resync { from: Offset(1), offset: Offset(10) }), "{heard:?}");
    shop.write().await;
    assert_eq!(hear_until(&mut listener, 11).await, [11]);
}

#[tokio::test]
async fn who_asks_for_what_is_beyond_the_log_is_told_where_it_ends() {
    let shop = Shop::open(Config::default());
    shop.write().await;
    let mut listener = shop.listen(Some(70)).await;
    let heard = listener.next().await;
    assert!(matches!(heard, Heard::Resync { from: Offset(1), offset: Offset(1) }), "{heard:?}");
    shop.write().await;
    assert_eq!(hear_until(&mut listener, 2).await, [2]);
}

#[tokio::test]
async fn costs_are_in_the_form_of_those_alone_who_may_see_them() {
    let shop = Shop::open(Config::default());
    shop.write().await;
    let item = serde_json::json!({"create_item": {"sku": "TEA-1", "name": "Tea", "standard_cost": "2.50", "costing": "standard"}});
    let ctx = Context::new(CommandId::from_u128(99), "me", Timestamp::from_micros(1_000_000).unwrap());
    shop.here.execute(ctx, serde_json::from_value::<Command>(item).unwrap()).await.unwrap();
    let mut listener = shop.listen(Some(1)).await;
    let Heard::Events(batch) = listener.next().await else { panic!("an event") };
    let text = |costs| String::from_utf8(batch.entries[0].json(costs).unwrap().to_vec()).unwrap();
    assert!(text(Sight::ALL).contains("\"standard_cost\":\"2.5\""), "{}", text(Sight::ALL));
    assert!(!text(Sight::with(Costs::Hidden)).contains("standard_cost"), "{}", text(Sight::with(Costs::Hidden)));
    let stream = batch.entries[0].stream(Sight::with(Costs::Hidden)).unwrap();
    assert_eq!(stream, format!("id: 2\ndata: {}\n\n", text(Sight::with(Costs::Hidden))).as_bytes());
}
