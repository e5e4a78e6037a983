//! A store that is watched: how long it takes, and what it does not do.

use super::Figures;
use ims_core::{AnyStore, ChangeSet, Connections, EventPage, Loaded, Offset, Outcome, ReadSet, Store, StoreError};
use std::{future::Future, time::Instant};
use tracing::{Instrument, info_span};

/// Another store, and where it is noted what it does.
struct Watched {
    inner: AnyStore,
    figures: Figures,
}

/// Watches a store. Its questions are watched where they are asked.
pub(crate) fn watched(store: AnyStore, figures: Figures) -> AnyStore {
    AnyStore::of_parts(Watched { inner: store.clone(), figures }, store)
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

impl Store for Watched {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.note("load", self.inner.load(keys)).instrument(info_span!("store.load")).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.note("commit", self.inner.commit(change)).instrument(info_span!("store.commit")).await
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
}
