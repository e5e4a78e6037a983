//! The engine under test, and what it says.

use ims_core::{
    Answer, Command, Context, Error, Event, Ims, ItemId, LocationId, MemoryStore, Movement, Offset, Order, Reports,
    Store, Timestamp, audit,
    report::{MovementQuery, OrderQuery, PageRequest, StockQuery, Table},
};
use std::collections::{BTreeMap, BTreeSet};

use crate::shadow::Level;

pub(crate) type Engine = Ims<MemoryStore>;

/// What a caller is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Answered(Answer),
    IdReused,
}

/// Runs something with an engine on a store.
pub(crate) fn with_engine<T>(store: &MemoryStore, body: impl AsyncFnOnce(&Engine) -> T) -> T {
    futures_executor::block_on(async {
        let (ims, worker) = Ims::new(store.clone());
        let body = async move { body(&ims).await };
        futures_util::future::join(worker, body).await.1
    })
}

/// What an engine may say; anything else is a failure of its own.
fn said(reply: ims_core::Reply) -> Said {
    match reply {
        Ok(receipt) => Said::Answered(Answer::Done(receipt)),
        Err(Error::Rejected(rejection)) => Said::Answered(Answer::Refused(*rejection)),
        Err(Error::IdReused { .. }) => Said::IdReused,
        Err(error) => panic!("the engine failed: {error}"),
    }
}

pub(crate) async fn execute(ims: &Engine, (ctx, command): (Context, Command)) -> Said {
    said(ims.execute(ctx, command).await)
}

pub(crate) async fn simulate(ims: &Engine, (ctx, command): (Context, Command)) -> Said {
    said(ims.simulate(ctx, command).await)
}

pub(crate) async fn execute_all(ims: &Engine, letters: Vec<(Context, Command)>) -> Vec<Said> {
    ims.execute_all(letters).await.into_iter().map(said).collect()
}

/// Every page of a list.
macro_rules! every_page {
    ($page:ident => $read:expr) => {{
        let mut $page = PageRequest::default();
        let mut rows = Vec::new();
        loop {
            let found = $read.await.unwrap();
            rows.extend(found.rows);
            match found.next {
                Some(next) => $page.after = Some(next),
                None => break rows,
            }
        }
    }};
}

/// The level of every shelf, as the stock report tells it.
pub(crate) async fn levels(ims: &Engine, now: Timestamp) -> BTreeMap<(ItemId, LocationId), Level> {
    let store = ims.store();
    let query = StockQuery { item: None, site: None, now };
    let locations = every_page!(page => store.locations(&page));
    let sites: BTreeMap<_, _> = locations.iter().map(|location| (location.code.clone(), location.id)).collect();
    let lines = every_page!(page => store.stock(&query, &page));
    let level = |line: ims_core::report::StockLine| {
        let level = Level {
            on_hand: line.on_hand.micros().into(),
            committed: line.committed.micros().into(),
            available: line.available.micros().into(),
            backordered: line.backordered.micros().into(),
            incoming: line.incoming.micros().into(),
            value: line.value.micros().into(),
        };
        ((line.item, sites[&line.site]), level)
    };
    lines.into_iter().map(level).collect()
}

/// What the audit finds.
pub(crate) async fn verdict(ims: &Engine) -> audit::Verdict {
    audit::verify(ims.store()).await.unwrap()
}

/// The hash of all that is stored.
pub(crate) async fn state_hash(ims: &Engine) -> String {
    audit::state_hash(ims.store()).await.unwrap()
}

pub(crate) async fn orders(ims: &Engine) -> Vec<Order> {
    let query = OrderQuery::default();
    every_page!(page => ims.store().orders(&query, &page))
}

pub(crate) async fn movements(ims: &Engine) -> Vec<Movement> {
    let query = MovementQuery::default();
    every_page!(page => ims.store().movements(&query, &page))
}

/// The whole log, read in small pages.
pub(crate) async fn events(ims: &Engine) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    loop {
        let after = events.last().map_or(Offset::START, |event| event.offset);
        let page = ims.store().events(after, 7).await.unwrap();
        if page.events.is_empty() {
            assert_eq!(page.newest, after, "the log ends where it says");
            return events;
        }
        events.extend(page.events);
    }
}

/// Every row that is stored, apart from which commands were answered.
pub(crate) fn business(store: &MemoryStore) -> BTreeSet<String> {
    let tables = Table::ALL.into_iter().filter(|table| *table != Table::Commands);
    let rows = |table| futures_executor::block_on(async { every_page!(page => store.scan(table, &page)) });
    tables.flat_map(rows).map(|row| format!("{row:?}")).collect()
}
