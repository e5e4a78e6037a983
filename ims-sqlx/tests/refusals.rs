//! A store that cannot be opened, or not be written, says at once why, which one it is, and what to do.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod place;

use ims_core::{
    CommandId, Context, Error, Ims, Offset, Reports as _, Store as _, StoreError, StoreErrorKind,
    location::CreateLocation, report::PageRequest, shop::OpenShop, store::ReadSet,
};
use ims_sqlx::OpenOptions;
use place::{Folder, Place};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection};
use std::net::TcpListener;
use std::time::Duration;

/// Opens a store that must not wait for anything: one that does fails by its time.
async fn refusal(url: &str) -> StoreError {
    let mut options = OpenOptions::default();
    options.acquire_timeout = Duration::from_secs(600);
    match ims_sqlx::open(url, options).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error,
    }
}

/// Checks what is said; a password, or a line of the database's own source, never is.
#[track_caller]
fn says(error: &StoreError, kind: StoreErrorKind, words: &[&str]) {
    let said = error.to_string();
    assert_eq!(error.kind, kind, "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in {said:?}");
    }
    for word in ["secret", "at line", "pool timed out", "error returned from", "error communicating"] {
        assert!(!said.contains(word), "{word:?} is in {said:?}");
    }
}

async fn run(url: &str, statements: &[String]) {
    for statement in statements {
        let statement = AssertSqlSafe(statement.clone());
        if url.starts_with("postgres:") {
            PgConnection::connect(url).await.unwrap().execute(statement).await.unwrap();
        } else {
            MySqlConnection::connect(url).await.unwrap().execute(statement).await.unwrap();
        }
    }
}

/// The URL with another user, and another name after the host.
fn url_of(url: &str, user: &str, database: Option<&str>) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (_, rest) = rest.split_once('@').unwrap();
    let (host, own) = rest.split_once('/').unwrap();
    format!("{scheme}://{user}@{host}/{}", database.unwrap_or(own))
}

/// `host:port` of a URL.
fn address_of(url: &str) -> &str {
    url.split_once('@').unwrap().1.split_once('/').unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_listens_is_told_at_once_with_the_address() {
    // It was free a moment ago, and is the kernel's to give.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for scheme in ["postgres", "mysql"] {
        let error = refusal(&format!("{scheme}://me:secret@127.0.0.1:{port}/x")).await;
        says(&error, StoreErrorKind::Unavailable, &["connection refused", &format!("127.0.0.1:{port}"), "start it"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_knows_is_named() {
    for scheme in ["postgres", "mysql"] {
        let error = refusal(&format!("{scheme}://me:secret@no-such-host.invalid/x")).await;
        says(&error, StoreErrorKind::Unavailable, &["no-such-host.invalid"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_another_kind_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        // It hangs up on everybody.
        for stream in listener.incoming() {
            drop(stream);
        }
    });
    for (scheme, product) in [("postgres", "PostgreSQL"), ("mysql", "MySQL or MariaDB")] {
        let error = refusal(&format!("{scheme}://me:secret@127.0.0.1:{port}/x")).await;
        says(&error, StoreErrorKind::Unavailable, &[&format!("127.0.0.1:{port}"), product]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_is_given_up() {
    // The kernel takes the connection, and nobody speaks.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for scheme in ["postgres", "mysql"] {
        let mut options = OpenOptions::default();
        options.acquire_timeout = Duration::from_millis(50);
        let url = format!("{scheme}://me:secret@127.0.0.1:{port}/x");
        let error = ims_sqlx::open(&url, options).await.unwrap_err();
        says(&error, StoreErrorKind::Unavailable, &[&format!("127.0.0.1:{port}"), "within 50 ms"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_url_does_not_say_right_is_explained() {
    for (url, words) in [
        ("postgres://me:secret@db:port/x", "invalid port number"),
        ("postgres://me:secret#1@db/x", "%23"),
        ("postgres://me:secret@h1,,h2/x", "a host is missing between the commas"),
        ("mysql://me:secret@db:99999/x", "invalid port number"),
        ("postgres://me:secret@db/x?sslmode=sometimes", "sometimes"),
        ("sqlite:shop.db?mode=sometimes", "sometimes"),
        ("shop.db", "sqlite:shop.db"),
    ] {
        says(&refusal(url).await, StoreErrorKind::Address, &[words]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_opened_is_named_with_the_reason() {
    let folder = Folder::new();
    let missing = folder.file("nowhere/shop.db");
    says(&refusal(&format!("sqlite:{missing}")).await, StoreErrorKind::Missing, &["no folder", "nowhere"]);
    let file = folder.file("shop.db");
    for mode in ["rw", "ro"] {
        let error = refusal(&format!("sqlite:{file}?mode={mode}")).await;
        says(&error, StoreErrorKind::Missing, &["no file", "shop.db"]);
    }
    let inside = folder.file("");
    says(&refusal(&format!("sqlite:{inside}")).await, StoreErrorKind::Address, &["is a folder"]);
    let letter = folder.file("letter.txt");
    std::fs::write(&letter, "Dear Sir or Madam, ".repeat(1_000)).unwrap();
    says(&refusal(&format!("sqlite:{letter}")).await, StoreErrorKind::Schema, &["letter.txt", "not a database"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_named() {
    for place in Place::servers() {
        let url = url_of(place.url(), if place.is_postgres() { "ims" } else { "root" }, Some("no_such_shop"));
        let error = refusal(&url).await;
        says(&error, StoreErrorKind::Missing, &[address_of(place.url()), "no_such_shop", "make it"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_not_come_in_is_named() {
    for place in Place::servers() {
        let error = refusal(&url_of(place.url(), "stranger:secret", None)).await;
        says(&error, StoreErrorKind::Denied, &[address_of(place.url()), "stranger"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn encryption_that_a_server_does_not_have_is_said() {
    for place in Place::servers() {
        let mode = if place.is_postgres() { "sslmode=require" } else { "ssl-mode=required" };
        let error = refusal(&format!("{}?{mode}", place.url())).await;
        says(&error, StoreErrorKind::Unavailable, &[address_of(place.url()), "no encrypted connection", "TLS"]);
    }
}

/// Makes a user of a database's own who may read and no more.
async fn reader(place: &Place) -> String {
    // Databases have names of their own, and a user's name may have 32 characters.
    let database = place.url().rsplit_once('/').unwrap().1;
    let name = format!("r_{}", database.get(database.len().saturating_sub(24)..).unwrap());
    let grants = if place.is_postgres() {
        vec![
            format!("CREATE ROLE {name} LOGIN"),
            format!("GRANT USAGE ON SCHEMA public TO {name}"),
            format!("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {name}"),
            format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"),
        ]
    } else {
        vec![format!("CREATE USER '{name}'@'%'"), format!("GRANT SELECT ON *.* TO '{name}'@'%'")]
    };
    run(place.url(), &grants).await;
    name
}

/// Takes the user away again.
async fn drop_reader(place: &Place, name: &str) {
    let drops = if place.is_postgres() {
        vec![format!("DROP OWNED BY {name}"), format!("DROP ROLE {name}")]
    } else {
        vec![format!("DROP USER '{name}'@'%'")]
    };
    run(place.url(), &drops).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_gives_no_more_connections_is_told_in_its_words_and_those_there_are_go_on() {
    let Some(place) = Place::postgres() else { return };
    let name = reader(&place).await;
    let made = ims_sqlx::open(place.url(), OpenOptions::default()).await.unwrap();
    made.close().await;
    let mut options = OpenOptions::default();
    options.acquire_timeout = Duration::from_secs(2);
    let url = url_of(place.url(), &name, None);
    let store = ims_sqlx::open(&url, options).await.unwrap();
    store.events(Offset::START, 0).await.unwrap();
    run(place.url(), &[format!("ALTER ROLE {name} CONNECTION LIMIT 1")]).await;

    // It is one of those for lists that is not to be had.
    let list = store.locations(&PageRequest::default()).await.unwrap_err();
    says(&list, StoreErrorKind::Unavailable, &[address_of(place.url()), "too many connections for role"]);
    // Many want the only one that there is, and each has it in its turn.
    let asked = (0..6).map(|_| store.events(Offset::START, 0));
    for answer in futures_util::future::join_all(asked).await {
        answer.unwrap();
    }
    store.close().await;
    drop_reader(&place, &name).await;
}

fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_not_write_reads_and_is_refused_the_rest() {
    for place in Place::servers() {
        let name = reader(&place).await;
        let url = url_of(place.url(), &name, None);
        says(&refusal(&url).await, StoreErrorKind::ReadOnly, &["the tables cannot be made", "as a user who may"]);

        let (ims, worker) = Ims::new(ims_sqlx::open(place.url(), OpenOptions::default()).await.unwrap());
        let worker = tokio::spawn(worker);
        ims.execute(context(1), OpenShop::new("Corner shop", "EUR".parse().unwrap())).await.unwrap();
        drop(ims);
        worker.await.unwrap();

        let (ims, worker) = Ims::new(ims_sqlx::open(&url, OpenOptions::default()).await.unwrap());
        tokio::spawn(worker);
        assert!(ims.store().load(&ReadSet::default()).await.unwrap().shop.is_some(), "what it holds is shown");
        match ims.execute(context(2), CreateLocation { code: "MAIN".into(), name: "Main".into() }).await {
            Err(Error::Store(error)) => says(&error, StoreErrorKind::ReadOnly, &["may only be read", "denied"]),
            other => panic!("{other:?}"),
        }
        drop_reader(&place, &name).await;
    }
}
