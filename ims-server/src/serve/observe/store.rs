//! A store that is watched: how long it takes, and what it does not do.

use super::{Figures, Writes};
use ims_core::{
    AnyStore, ChangeSet, Connections, EventPage, Loaded, Offset, Outcome, ReadSet, Store, StoreError, Turn,
};
use std::{
    future::Future,
    pin::pin,
    time::{Duration, Instant},
};
use tracing::{Instrument, info_span};

/// After so long a commit that has no answer is worth a word.
const LONG: Duration = Duration::from_secs(1);

/// Another store, and where it is noted what it does.
struct Watched {
    inner: AnyStore,
    figures: Figures,
    writes: Writes,
}

/// Watches a store. Its questions are watched where they are asked.
pub(crate) fn watched(store: AnyStore, figures: Figures, writes: Writes) -> AnyStore {
    AnyStore::of_parts(Watched { inner: store.clone(), figures, writes }, store)
}

impl Watched {
    async fn note<T>(
        &self,
        work: &'static str,
        doing: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        let done = doing.await;
        self.figures.note_store(work, began.elapsed());
        if let Err(error) = &done {
            self.figures.note_store_failure(error.kind.code());
        }
        done
    }
}

impl Watched {
    async fn commits(&self, doing: impl Future<Output = Result<Outcome, StoreError>>) -> Result<Outcome, StoreError> {
        let write = self.writes.begin();
        let outcome = self.note("commit", with_words(doing)).instrument(info_span!("store.commit")).await;
        write.note(&outcome);
        outcome
    }
}

impl Store for Watched {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.note("load", self.inner.load(keys)).instrument(info_span!("store.load")).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.commits(self.inner.commit(change)).await
    }

    async fn take_turn(&self, keys: &ReadSet) -> Result<Option<Turn>, StoreError> {
        let taking = with_words(self.inner.take_turn(keys));
        self.note("turn", taking).instrument(info_span!("store.turn")).await
    }

    async fn extend_turn(&self, turn: Turn, keys: &ReadSet) -> Result<Turn, StoreError> {
        let extending = with_words(self.inner.extend_turn(turn, keys));
        self.note("turn", extending).instrument(info_span!("store.turn")).await
    }

    async fn commit_in(&self, turn: Turn, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.commits(self.inner.commit_in(turn, change)).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.note("events", self.inner.events(after, limit)).instrument(info_span!("store.events")).await
    }

    fn connections(&self) -> Option<Connections> {
        self.inner.connections()
    }

    async fn pause(&self, attempt: u32) {
        self.inner.pause(attempt).await;
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}

/// Says so where something takes long: somebody else may keep the store locked, and nobody should wait for that in silence.
async fn with_words<T>(doing: impl Future<Output = T>) -> T {
    let mut doing = pin!(doing);
    if let Ok(done) = tokio::time::timeout(LONG, &mut doing).await {
        return done;
    }
    tracing::warn!("a commit waits for the store: another program may keep it locked (database.lock_timeout_ms)");
    doing.await
}
