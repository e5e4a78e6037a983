//! A store that tells of every commit, whoever made it in this process.

use ims_core::{
    AnyStore, ChangeSet, Connections, EventPage, Loaded, Offset, Outcome, ReadSet, Store, StoreError, Turn,
};
use tokio::sync::watch;

/// A store, and the newest offset that was committed through it.
#[derive(Debug)]
struct Watched {
    store: AnyStore,
    newest: watch::Sender<Offset>,
}

/// Makes the commits of a store heard: an engine on the store that is returned wakes whoever holds the receiver.
pub(crate) fn watched(store: AnyStore) -> (AnyStore, watch::Receiver<Offset>) {
    let (newest, commits) = watch::channel(Offset::START);
    (AnyStore::of_parts(Watched { store: store.clone(), newest }, store), commits)
}

impl Watched {
    fn note(&self, outcome: &Result<Outcome, StoreError>) {
        if let Ok(Outcome::Done { newest, .. }) = outcome {
            self.newest.send_if_modified(|known| {
                let further = newest > known;
                *known = *newest.max(known);
                further
            });
        }
    }
}

impl Store for Watched {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.store.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        let outcome = self.store.commit(change).await;
        self.note(&outcome);
        outcome
    }

    async fn take_turn(&self, keys: &ReadSet) -> Result<Option<Turn>, StoreError> {
        self.store.take_turn(keys).await
    }

    async fn extend_turn(&self, turn: Turn, keys: &ReadSet) -> Result<Turn, StoreError> {
        self.store.extend_turn(turn, keys).await
    }

    async fn commit_in(&self, turn: Turn, change: ChangeSet) -> Result<Outcome, StoreError> {
        let outcome = self.store.commit_in(turn, change).await;
        self.note(&outcome);
        outcome
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.store.events(after, limit).await
    }

    fn connections(&self) -> Option<Connections> {
        self.store.connections()
    }

    async fn pause(&self, attempt: u32) {
        self.store.pause(attempt).await;
    }

    async fn close(&self) {
        self.store.close().await;
    }
}
