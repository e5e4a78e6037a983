//! A database is opened by several instances at once, and each can be watched.
#![allow(clippy::unwrap_used, missing_docs)]

mod place;

use futures_util::future::join_all;
use ims_core::{Store as _, StoreErrorKind, audit};
use ims_sqlx::backup::{Existing, IsBackup, back_up};
use ims_sqlx::registry::{Expected, Written};
use ims_sqlx::{Missing, OpenOptions, open_with_registry};
use place::{Folder, Place};

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
    assert_eq!(counted.most, OpenOptions::default().connections.saturating_add(1));
    assert!((1..=counted.most).contains(&counted.open) && counted.idle <= counted.open, "{counted:?}");
}

async fn a_shop_that_has_to_be_there_is_not_made(place: Place) {
    let mut options = OpenOptions::default();
    options.missing = Missing::Refuse;
    for _ in 0..2 {
        let error = ims_sqlx::open(place.url(), options.clone()).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Missing, "{error}");
        let name = place.url().rsplit_once('/').unwrap().1;
        assert!(error.to_string().contains(name), "{name}: {error}");
    }
    ims_sqlx::open(place.url(), OpenOptions::default()).await.unwrap().close().await;
    ims_sqlx::open(place.url(), options).await.unwrap().close().await;
}

#[tokio::test]
async fn a_file_is_left_as_it_is_where_a_shop_has_to_be() {
    let folder = Folder::new();
    let mut options = OpenOptions::default();
    options.missing = Missing::Refuse;
    let file = folder.file("shop.db");
    for mode in ["", "?mode=rwc", "?mode=rw", "?mode=ro"] {
        let error = ims_sqlx::open(&format!("sqlite:{file}{mode}"), options.clone()).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Missing, "{error}");
        assert!(!std::path::Path::new(&file).exists(), "{mode}");
    }
    std::fs::write(&file, "").unwrap();
    let error = ims_sqlx::open(&format!("sqlite:{file}"), options).await.unwrap_err();
    assert_eq!((error.kind, std::fs::read(&file).unwrap().len()), (StoreErrorKind::Missing, 0), "{error}");
}

#[tokio::test]
async fn a_file_is_not_read_alone_where_changes_stand_beside_it() {
    let folder = Folder::new();
    let file = folder.file("shop.db");
    ims_sqlx::open(&format!("sqlite:{file}"), OpenOptions::default()).await.unwrap().close().await;
    let alone = format!("sqlite:{file}?immutable=1");
    ims_sqlx::open(&alone, OpenOptions::default()).await.unwrap().close().await;
    std::fs::write(format!("{file}-wal"), "changes").unwrap();
    let error = ims_sqlx::open(&alone, OpenOptions::default()).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Address, "{error}");
    assert!(
        error.to_string().contains("would leave out the changes in") && error.to_string().contains("-wal"),
        "{error}"
    );
}

#[tokio::test]
async fn a_damaged_file_is_no_disk_that_fails() {
    let folder = Folder::new();
    let (file, url) = (folder.file("shop.db"), format!("sqlite:{}", folder.file("shop.db")));
    ims_sqlx::open(&url, OpenOptions::default()).await.unwrap().close().await;
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4096..].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let error = match ims_sqlx::open(&url, OpenOptions::default()).await {
        Err(error) => error,
        Ok(store) => store.load(&ims_core::ReadSet::default()).await.unwrap_err(),
    };
    assert_eq!(error.kind, StoreErrorKind::Corrupt, "{error}");
    assert!(!ims_sqlx::is_of_disk(&error), "{error}");
}

#[tokio::test]
async fn a_backup_that_is_opened_as_a_store_is_called_one() {
    let (place, folder) = (Place::sqlite(), Folder::new());
    let shop = ims_sqlx::open(place.url(), OpenOptions::default()).await.unwrap();
    let file = folder.file("shop.backup");
    back_up(&shop, file.as_ref(), Existing::Keep).await.unwrap();
    let error = ims_sqlx::open(&format!("sqlite:{file}"), OpenOptions::default()).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Address, "{error}");
    assert_eq!(error.source.downcast_ref::<IsBackup>().unwrap().file.display().to_string(), file);
    assert!(error.to_string().contains("is a backup of a shop"), "{error}");
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

#[test]
fn a_shop_that_has_to_be_there_is_not_made_on_sqlite() {
    run(a_shop_that_has_to_be_there_is_not_made, Some(Place::sqlite()));
}

#[test]
fn a_shop_that_has_to_be_there_is_not_made_on_postgres() {
    run(a_shop_that_has_to_be_there_is_not_made, Place::postgres());
}

#[test]
fn a_shop_that_has_to_be_there_is_not_made_on_mariadb() {
    run(a_shop_that_has_to_be_there_is_not_made, Place::mariadb());
}
