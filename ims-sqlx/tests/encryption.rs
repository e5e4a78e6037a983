//! Connections to a server are as encrypted, and the server as well known, as the URL asks.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod place;

use ims_core::{Store as _, StoreErrorKind};
use ims_sqlx::OpenOptions;
use place::Place;
use sqlx::{Connection as _, Executor as _, MySqlConnection, PgConnection, Row as _};
use std::path::Path;
use xtask::servers::{self, Engine};

/// Asks that the server is the one that a certificate vouches for.
fn asked(engine: Engine, level: &str, authority: &Path) -> String {
    match engine {
        Engine::Postgres => format!("sslmode=verify-{level}&sslrootcert={}", authority.display()),
        Engine::Mariadb => {
            let mode = if level == "ca" { "VERIFY_CA" } else { "VERIFY_IDENTITY" };
            format!("ssl-mode={mode}&ssl-ca={}", authority.display())
        }
    }
}

/// Both servers, each with the certificate of the other one; nothing where one is not there.
fn servers() -> Vec<(Engine, Place, std::path::PathBuf, std::path::PathBuf)> {
    let found = Engine::ALL.map(|engine| servers::or_skip(servers::encrypted(engine)).unwrap());
    let [Some(postgres), Some(mariadb)] = found else { return Vec::new() };
    let (first, second) = (postgres.authority().unwrap().to_owned(), mariadb.authority().unwrap().to_owned());
    let place = |engine, asked| Place::encrypted(engine, asked).unwrap();
    vec![
        (Engine::Postgres, place(Engine::Postgres, "sslmode=require"), first.clone(), second.clone()),
        (Engine::Mariadb, place(Engine::Mariadb, "ssl-mode=REQUIRED"), second, first),
    ]
}

fn with(place: &Place, asked: &str) -> String {
    format!("{}?{asked}", place.url().split('?').next().unwrap())
}

#[tokio::test]
async fn a_connection_is_encrypted_where_it_has_to_be() {
    for (engine, place, _, _) in servers() {
        ims_sqlx::open(place.url(), OpenOptions::default()).await.unwrap().close().await;
        let encrypted = match engine {
            Engine::Postgres => {
                let mut connection = PgConnection::connect(place.url()).await.unwrap();
                let asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
                connection.fetch_one(asked).await.unwrap().get::<bool, _>(0)
            }
            Engine::Mariadb => {
                let mut connection = MySqlConnection::connect(place.url()).await.unwrap();
                let cipher = connection.fetch_one("SHOW SESSION STATUS LIKE 'Ssl_cipher'").await.unwrap();
                !cipher.get::<String, _>(1).is_empty()
            }
        };
        assert!(encrypted, "{engine}");
    }
}

async fn says(url: &str, words: &[&str]) {
    let error = ims_sqlx::open(url, OpenOptions::default()).await.unwrap_err();
    let said = error.to_string();
    assert_eq!(error.kind, StoreErrorKind::Unavailable, "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in {said:?}");
    }
}

#[tokio::test]
async fn a_server_is_known_by_the_certificate_that_is_trusted() {
    for (engine, place, own, others) in servers() {
        for level in ["ca", "full"] {
            let opened = ims_sqlx::open(&with(&place, &asked(engine, level, &own)), OpenOptions::default()).await;
            opened.unwrap().close().await;
            let url = with(&place, &asked(engine, level, &others));
            says(&url, &["127.0.0.1", "invalid peer certificate", "sslrootcert", "ssl-ca"]).await;
        }
        let by_name = |level| with(&place, &asked(engine, level, &own)).replace("@127.0.0.1:", "@localhost:");
        ims_sqlx::open(&by_name("ca"), OpenOptions::default()).await.unwrap().close().await;
        says(&by_name("full"), &["localhost", "invalid peer certificate"]).await;
    }
}
