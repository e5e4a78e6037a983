//! Which store a shop is kept in.

use crate::ImsError;
use ims_core::AnyStore;
use ims_sqlx::OpenOptions;

/// Opens the store that a URL names: `memory:`, `sqlite:shop.db`, or what else was compiled in.
pub(crate) async fn open(url: &str) -> Result<AnyStore, ImsError> {
    #[cfg(feature = "planted-panic")]
    if url == "panicking:" {
        return Ok(planted::store());
    }
    Ok(ims_sqlx::open_any(url, OpenOptions::default()).await?)
}

/// For the tests: a store that panics where it is told to.
#[cfg(feature = "planted-panic")]
mod planted {
    use ims_core::{AnyStore, ChangeSet, EventPage, Loaded, MemoryStore, Offset, Outcome, ReadSet, Store, StoreError};

    /// Who has to give a command for it to panic.
    const ACTOR: &str = "panic";

    struct Panicking(MemoryStore);

    pub(super) fn store() -> AnyStore {
        let rows = MemoryStore::new();
        AnyStore::of_parts(Panicking(rows.clone()), rows)
    }

    impl Store for Panicking {
        async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
            self.0.load(keys).await
        }

        #[expect(clippy::panic, reason = "this is the panic that the tests plant")]
        async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
            if change.events.iter().any(|event| &*event.actor == ACTOR) {
                panic!("a planted panic");
            }
            self.0.commit(change).await
        }

        async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
            self.0.events(after, limit).await
        }
    }
}
