//! What the engine counts is what happened.
#![allow(clippy::unwrap_used, missing_docs)]

use futures_executor::block_on;
use futures_util::{
    FutureExt,
    future::{join, join_all},
};
use ims_core::{
    AnyStore, ChangeSet, Command, CommandId, Conflict, Connections, Context, EventPage, Figures, Ims, Loaded,
    MemoryStore, Offset, Outcome, ReadSet, Store, StoreError, StoreErrorKind, location::CreateLocation, shop::OpenShop,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

fn ctx(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap())
}

fn open() -> Command {
    OpenShop::new("Shop", "EUR".parse().unwrap()).into()
}

fn site(code: &str) -> Command {
    CreateLocation { code: code.into(), name: "A site".into() }.into()
}

/// Tells what an engine counted while it was used.
fn figures<S: Store>(store: S, use_it: impl AsyncFnOnce(&Ims<S>)) -> Figures {
    let (ims, worker) = Ims::new(store);
    let story = async move {
        use_it(&ims).await;
        ims.figures()
    };
    block_on(join(worker, story)).1
}

/// Does to the next commits what it is told to do, and then keeps to the store behind it.
#[derive(Clone)]
struct Moody {
    store: MemoryStore,
    moods: Arc<Mutex<VecDeque<Mood>>>,
}

#[derive(Clone, Copy)]
enum Mood {
    Conflict,
    Fail(StoreErrorKind),
}

impl Moody {
    fn of(moods: impl IntoIterator<Item = Mood>) -> Self {
        Moody { store: MemoryStore::new(), moods: Arc::new(Mutex::new(moods.into_iter().collect())) }
    }
}

impl Store for Moody {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.store.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        let mood = self.moods.lock().unwrap().pop_front();
        match mood {
            Some(Mood::Conflict) => {
                Ok(Outcome::Conflict(Conflict { catalog: true, rows: true, ..Conflict::default() }))
            }
            Some(Mood::Fail(kind)) => Err(StoreError::new(kind, "a bad day")),
            None => self.store.commit(change).await,
        }
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.store.events(after, limit).await
    }

    fn connections(&self) -> Option<Connections> {
        Some(Connections { most: 3, open: 2, idle: 1 })
    }
}

#[test]
fn every_answer_is_counted_once_by_its_kind() {
    let counted = figures(MemoryStore::new(), async |ims| {
        ims.execute(ctx(1), open()).await.unwrap();
        ims.execute(ctx(1), open()).await.unwrap();
        ims.execute(ctx(1), site("A")).await.unwrap_err();
        ims.execute(ctx(2), open()).await.unwrap_err();
        ims.simulate(ctx(3), site("A")).await.unwrap();
        ims.simulate(ctx(3), open()).await.unwrap_err();
    });
    assert_eq!((counted.done, counted.refused, counted.simulated, counted.failed), (2, 2, 2, 0));
    assert_eq!((counted.batches, counted.batched), (4, 2), "what is only tried is committed, too, and records nothing");
    assert_eq!(counted.waiting, 0);
}

#[test]
fn commands_that_go_together_are_one_batch() {
    let counted = figures(MemoryStore::new(), async |ims| {
        ims.execute(ctx(1), open()).await.unwrap();
        let more = (2..12).map(|id| (ctx(id), site(&format!("S{id}")))).collect();
        ims.execute_all(more).await.into_iter().for_each(|reply| drop(reply.unwrap()));
    });
    assert_eq!((counted.done, counted.batches, counted.batched, counted.largest_batch), (11, 2, 11, 10));
}

#[test]
fn what_is_done_once_more_is_counted_beside_what_is_answered() {
    let moods = [Mood::Conflict, Mood::Fail(StoreErrorKind::Unknown), Mood::Conflict];
    let counted = figures(Moody::of(moods), async |ims| {
        ims.execute(ctx(1), open()).await.unwrap();
    });
    assert_eq!((counted.conflicts, counted.retries), (2, 1));
    assert_eq!((counted.done, counted.batches, counted.failed), (1, 1, 0));
}

/// Refuses the commits that it is asked for, each when it is told to.
struct OutOfReach {
    store: MemoryStore,
    asked: async_channel::Sender<()>,
    refuse: async_channel::Receiver<()>,
}

impl Store for OutOfReach {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.store.load(keys).await
    }

    async fn commit(&self, _: ChangeSet) -> Result<Outcome, StoreError> {
        self.asked.send(()).await.unwrap();
        self.refuse.recv().await.unwrap();
        Err(StoreError::new(StoreErrorKind::Unavailable, "somebody keeps it locked"))
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.store.events(after, limit).await
    }
}

#[test]
fn those_who_came_while_a_store_was_waited_for_are_refused_with_the_others() {
    let (asked, was_asked) = async_channel::unbounded();
    let (refuse, told) = async_channel::unbounded();
    let store = OutOfReach { store: MemoryStore::new(), asked, refuse: told };
    let counted = figures(store, async |ims| {
        let meanwhile = async {
            was_asked.recv().await.unwrap();
            // They stand in the line before the store is given up.
            let waiting = join_all((2..6).map(|id| ims.execute(ctx(id), site("A"))));
            join(waiting, refuse.send(())).await.0
        };
        let (first, others) = join(ims.execute(ctx(1), open()), meanwhile).await;
        for reply in others.into_iter().chain([first]) {
            assert_eq!(reply.unwrap_err().code(), "store_unavailable");
        }
        assert!(was_asked.is_empty(), "the store was asked once for all of them");
        refuse.send(()).await.unwrap();
        ims.execute(ctx(6), open()).await.unwrap_err();
        assert_eq!(was_asked.len(), 1, "whoever comes later has it tried anew");
    });
    assert_eq!((counted.failed, counted.done, counted.waiting), (6, 0, 0));
}

#[test]
fn a_command_without_an_answer_has_failed() {
    let counted = figures(Moody::of([Mood::Fail(StoreErrorKind::Full)]), async |ims| {
        ims.execute(ctx(1), open()).await.unwrap_err();
        ims.execute(ctx(1), open()).await.unwrap();
    });
    assert_eq!((counted.failed, counted.done, counted.retries, counted.waiting), (1, 1, 0, 0));
}

#[test]
fn a_command_waits_from_when_it_is_given_until_it_is_answered() {
    let (ims, worker) = Ims::new(MemoryStore::new());
    assert_eq!(ims.figures(), Figures::default());
    let given = [(ctx(1), open()), (ctx(2), site("A"))].map(|(ctx, command)| {
        let ims = ims.clone();
        async move { ims.execute(ctx, command).await }.boxed()
    });
    for mut command in given {
        assert!((&mut command).now_or_never().is_none(), "nobody works yet");
        // The caller goes; the command stays.
    }
    assert_eq!(ims.figures().waiting, 2);
    let watch = ims.clone();
    drop(ims);
    let end = async move {
        watch.execute(ctx(3), site("B")).await.unwrap();
        watch.figures()
    };
    let counted = block_on(join(worker, end)).1;
    assert_eq!((counted.waiting, counted.done), (0, 3));
}

#[test]
fn rows_that_are_kept_are_counted() {
    let counted = figures(MemoryStore::new(), async |ims| {
        ims.execute(ctx(1), open()).await.unwrap();
        let tea = ims_core::item::CreateItem::new("TEA".parse().unwrap(), "Tea");
        ims.execute(ctx(2), tea).await.unwrap();
    });
    assert!(counted.rows_kept > 0, "{counted:?}");
}

#[test]
fn any_store_tells_of_the_connections_of_the_store_in_it() {
    assert_eq!(AnyStore::new(MemoryStore::new()).connections(), None);
    let parts = AnyStore::of_parts(Moody::of([]), MemoryStore::new());
    assert_eq!(parts.connections(), Some(Connections { most: 3, open: 2, idle: 1 }));
}
