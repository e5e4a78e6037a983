//! A database is opened by several instances at once, and each can be watched.
#![allow(clippy::unwrap_used, missing_docs)]

mod place;

use futures_util::future::join_all;
use ims_core::{Store as _, audit};
use ims_sqlx::registry::{Expected, Written};
use ims_sqlx::{OpenOptions, open_with_registry};
use place::Place;

/// More than there are cores, and than one instance would have.
const INSTANCES: usize = 8;

async fn instances_that_open_a_new_database_at_once_all_come_up(place: Place) {
    let openings = (0..INSTANCES).map(|_| {
        let url = place.url().to_owned();
        tokio::spawn(async move { open_with_registry(&url, OpenOptions::default()).await })
    });
    let shops: Vec<_> = join_all(openings).await.into_iter().map(|opened| opened.unwrap().unwrap()).collect();
    for (name, (_, registry)) in (0..INSTANCES).zip(&shops) {
        let written = registry.put("k", &name.to_string(), Expected::Absent, "{}", None).await.unwrap();
        assert_eq!(written, Written::Done { version: 1 });
    }
    let empty = audit::state_hash(&ims_core::MemoryStore::new()).await.unwrap();
    for (store, registry) in &shops {
        assert_eq!(registry.list("k", "", 100).await.unwrap().len(), INSTANCES, "all see what each has written");
        assert_eq!(audit::state_hash(store).await.unwrap(), empty, "the tables are made, once");
    }
}

async fn a_store_counts_its_connections(place: Place) {
    let (store, registry) = open_with_registry(place.url(), OpenOptions::default()).await.unwrap();
    let _ = registry.get("k", "n").await.unwrap();
    let counted = store.connections().unwrap();
    let writers = if place.url().starts_with("postgres:") { 0 } else { 1 };
    assert_eq!(counted.most, OpenOptions::default().connections.saturating_add(writers));
    assert!((1..=counted.most).contains(&counted.open) && counted.idle <= counted.open, "{counted:?}");
}

fn run<F: Future<Output = ()>>(case: impl FnOnce(Place) -> F, place: Option<Place>) {
    // Where there is no server, this has been said.
    let Some(place) = place else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(case(place));
}

#[test]
fn instances_that_open_a_new_sqlite_file_at_once_all_come_up() {
    run(instances_that_open_a_new_database_at_once_all_come_up, Some(Place::sqlite()));
}

#[test]
fn instances_that_open_a_new_postgres_database_at_once_all_come_up() {
    run(instances_that_open_a_new_database_at_once_all_come_up, Place::postgres());
}

#[test]
fn instances_that_open_a_new_mariadb_database_at_once_all_come_up() {
    run(instances_that_open_a_new_database_at_once_all_come_up, Place::mariadb());
}

#[test]
fn a_store_counts_its_connections_on_sqlite() {
    run(a_store_counts_its_connections, Some(Place::sqlite()));
}

#[test]
fn a_store_counts_its_connections_on_postgres() {
    run(a_store_counts_its_connections, Place::postgres());
}

#[test]
fn a_store_counts_its_connections_on_mariadb() {
    run(a_store_counts_its_connections, Place::mariadb());
}
