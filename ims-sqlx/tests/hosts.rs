//! A URL may name several hosts: the first that takes what is written is used, and another one when it does not any more.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod place;

use ims_core::{Store as _, StoreErrorKind};
use ims_sqlx::registry::{Expected, Registry, Written};
use ims_sqlx::{OpenOptions, SqlStore};
use place::Place;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection};
use std::net::TcpListener;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};
use xtask::servers::{self, Engine};

async fn run(url: &str, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("postgres:") {
        PgConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    } else {
        MySqlConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    }
}

/// `host:port` of a URL.
fn host_of(url: &str) -> &str {
    url.split_once('@').unwrap().1.split_once('/').unwrap().0
}

/// The same URL with these hosts in place of its own.
fn at(url: &str, hosts: &[&str]) -> String {
    url.replace(host_of(url), &hosts.join(","))
}

async fn open(url: &str) -> SqlStore {
    ims_sqlx::open(url, OpenOptions::default()).await.unwrap()
}

async fn put(registry: &Registry, name: &str) {
    assert_eq!(registry.put("k", name, Expected::Absent, "{}", None).await.unwrap(), Written::Done { version: 1 });
}

/// What stands in the database that one host has.
async fn names(url: &str) -> Vec<String> {
    let store = open(url).await;
    let entries = store.registry().list("k", "", 100).await.unwrap();
    store.close().await;
    entries.into_iter().map(|entry| entry.name).collect()
}

/// A port that nobody listens at: it was free a moment ago, and is the kernel's to give.
fn dead() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_not_there_is_passed_over() {
    for place in Place::servers() {
        let (gone, host) = (dead(), host_of(place.url()));
        let store = open(&at(place.url(), &[&gone, host])).await;
        put(&store.registry(), "a").await;
        store.close().await;

        let also_gone = dead();
        let all_gone = at(place.url(), &[&gone, &also_gone]);
        let error = ims_sqlx::open(&all_gone, OpenOptions::default()).await.unwrap_err();
        let said = error.to_string();
        assert_eq!(error.kind, StoreErrorKind::Unavailable, "{said}");
        assert!(said.contains("none of the 2 hosts") && said.contains(&gone) && said.contains(&also_gone), "{said}");
    }
}

/// Passes connections on to a host, until it is told to die.
async fn relay(to: String) -> (String, JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let relay = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut far = TcpStream::connect(&to).await.unwrap();
            connections.spawn(async move { copy_bidirectional(&mut near, &mut far).await.is_ok() });
        }
    });
    (address, relay)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_is_taken_when_one_dies() {
    for place in Place::servers() {
        let host = host_of(place.url());
        let (address, relay) = relay(host.to_owned()).await;
        let store = open(&at(place.url(), &[&address, host])).await;
        let registry = store.registry();
        put(&registry, "before").await;
        relay.abort();
        assert!(relay.await.unwrap_err().is_cancelled());
        // What was lost on its way may have been written; what is asked now is asked elsewhere.
        let written = registry.put("k", "after", Expected::Any, "{}", None).await;
        if let Err(error) = written {
            assert_eq!(error.kind, StoreErrorKind::Unknown, "{error}");
            let _ = registry.put("k", "after", Expected::Any, "{}", None).await.unwrap();
        }
        store.close().await;
        assert_eq!(names(place.url()).await, ["after", "before"]);
    }
}

/// Two servers with a shop of one name and a user of that name, who may not write where a server only reads.
struct Pair {
    engine: Engine,
    name: String,
    urls: [String; 2],
    /// Removed at the end.
    _place: Place,
}

impl Pair {
    async fn new(engine: Engine) -> Option<Pair> {
        let place = match engine {
            Engine::Postgres => Place::postgres(),
            Engine::Mariadb => Place::mariadb(),
        }?;
        let second = servers::or_skip(servers::encrypted(engine)).unwrap()?.url();
        let name = place.url().rsplit_once('/').unwrap().1.to_owned();
        run(&second, &format!("CREATE DATABASE {name}")).await;
        let other = at(place.url(), &[host_of(&second)]);
        let mut urls = [other, place.url().to_owned()];
        if engine == Engine::Mariadb {
            for url in &mut urls {
                run(url, "CREATE OR REPLACE USER 'keeper'@'%'").await;
                run(url, &format!("GRANT ALL ON {name}.* TO 'keeper'@'%'")).await;
                *url = url.replace("root@", "keeper@");
            }
        }
        for url in &urls {
            open(url).await.close().await;
        }
        Some(Pair { engine, name, urls, _place: place })
    }

    /// Says what a server takes from now on.
    async fn set(&self, at: usize, read_only: &str) {
        let url = &self.urls[at];
        let statement = match self.engine {
            Engine::Postgres => format!("ALTER DATABASE {} SET default_transaction_read_only = {read_only}", self.name),
            Engine::Mariadb => format!("SET GLOBAL read_only = {read_only}"),
        };
        match self.engine {
            // In a session of another database, which is not read only itself.
            Engine::Postgres => run(&url.replace(&format!("/{}", self.name), "/postgres"), &statement).await,
            Engine::Mariadb => run(&url.replace("keeper@", "root@"), &statement).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_that_takes_writes_is_used_and_followed() {
    for engine in Engine::ALL {
        let Some(pair) = Pair::new(engine).await else { continue };
        let [first, second] = &pair.urls;
        let both = at(first, &[host_of(first), host_of(second)]);
        pair.set(0, "on").await;
        let store = open(&both).await;
        put(&store.registry(), "a").await;
        assert_eq!((names(first).await, names(second).await), (vec![], vec!["a".to_owned()]), "{engine}");

        pair.set(0, "off").await;
        pair.set(1, "on").await;
        if engine == Engine::Postgres {
            // Sessions that are there keep what they began with.
            let cut = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", pair.name);
            run(&second.replace(&format!("/{}", pair.name), "/postgres"), &cut).await;
        }
        put(&store.registry(), "b").await;
        assert_eq!((names(first).await, names(second).await), (vec!["b".to_owned()], vec!["a".to_owned()]), "{engine}");
        store.close().await;

        pair.set(0, "on").await;
        let error = ims_sqlx::open(&both, OpenOptions::default()).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::ReadOnly, "{error}");
        let any = format!("{both}?target_session_attrs=any");
        open(&any).await.close().await;
        pair.set(0, "off").await;
        pair.set(1, "off").await;
    }
}
