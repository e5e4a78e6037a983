//! A store whose next commit can be made to panic: what callers are told then is tested through the whole of the binding.

use ims_core::{AnyStore, ChangeSet, EventPage, Loaded, Offset, Outcome, ReadSet, Store, StoreError, Turn};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Has the next commit panic, once it is lit. Clones are the same fuse.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fuse(Arc<AtomicBool>);

impl Fuse {
    /// The store, with this fuse in it.
    pub(crate) fn in_store(&self, store: &AnyStore) -> AnyStore {
        AnyStore::of_parts(Fused { store: store.clone(), fuse: self.clone() }, store.clone())
    }

    pub(crate) fn light(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    #[expect(clippy::panic, reason = "this is the panic that the tests plant")]
    fn burn(&self) {
        if self.0.swap(false, Ordering::SeqCst) {
            panic!("a panic that was planted");
        }
    }
}

struct Fused {
    store: AnyStore,
    fuse: Fuse,
}

impl Store for Fused {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.store.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.fuse.burn();
        self.store.commit(change).await
    }

    async fn take_turn(&self, keys: &ReadSet) -> Result<Option<Turn>, StoreError> {
        self.store.take_turn(keys).await
    }

    async fn extend_turn(&self, turn: Turn, keys: &ReadSet) -> Result<Turn, StoreError> {
        self.store.extend_turn(turn, keys).await
    }

    async fn commit_in(&self, turn: Turn, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.fuse.burn();
        self.store.commit_in(turn, change).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.store.events(after, limit).await
    }

    async fn pause(&self, attempt: u32) {
        self.store.pause(attempt).await;
    }
}
