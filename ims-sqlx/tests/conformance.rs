//! The suite that every store must pass, on every database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod place;

use ims_core::StoreError;
use ims_core::conformance::{StoreFactory, run_case};
use ims_sqlx::{OpenOptions, SqlStore};
use place::Place;
use std::sync::Mutex;

/// Makes stores of one kind. The last one made is the one that a case opens again.
struct Stores {
    place: fn() -> Option<Place>,
    next: Mutex<Option<Place>>,
    made: Mutex<Vec<Place>>,
}

impl StoreFactory for Stores {
    type Store = SqlStore;

    async fn fresh(&self) -> Result<SqlStore, StoreError> {
        let next = self.next.lock().unwrap().take();
        let place = next.or_else(self.place).expect("the server that was there a moment ago");
        let url = place.url().to_owned();
        self.made.lock().unwrap().push(place);
        ims_sqlx::open(&url, OpenOptions::default()).await
    }

    async fn reopen(&self, _: &SqlStore) -> Result<SqlStore, StoreError> {
        let url = self.made.lock().unwrap().last().expect("a store that was made").url().to_owned();
        ims_sqlx::open(&url, OpenOptions::default()).await
    }
}

fn conforms(place: fn() -> Option<Place>, case: &str) {
    let Some(first) = place() else { return };
    let stores = Stores { place, next: Mutex::new(Some(first)), made: Mutex::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run_case(&stores, case)).unwrap_or_else(|failure| panic!("{failure}"));
}

mod sqlite {
    ims_core::conformance_tests!(|case| super::conforms(|| Some(super::Place::sqlite()), case));
}

mod postgres {
    ims_core::conformance_tests!(|case| super::conforms(super::Place::postgres, case));
}

mod postgres_encrypted {
    fn place() -> Option<super::Place> {
        super::Place::encrypted(xtask::servers::Engine::Postgres, "sslmode=require")
    }
    ims_core::conformance_tests!(|case| super::conforms(place, case));
}

mod mariadb_encrypted {
    fn place() -> Option<super::Place> {
        super::Place::encrypted(xtask::servers::Engine::Mariadb, "ssl-mode=REQUIRED")
    }
    ims_core::conformance_tests!(|case| super::conforms(place, case));
}

mod mariadb {
    ims_core::conformance_tests!(|case| super::conforms(super::Place::mariadb, case));
}
