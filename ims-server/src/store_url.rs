//! Where a shop is kept: the URL that `--store` names.

use crate::{
    client::{Client, Patience, PlainText},
    failure::{Failure, Outcome},
    output::Costs,
};
use ims_core::AnyStore;
use ims_sqlx::{OpenOptions, Registry, SqlStore};
use std::path::PathBuf;

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is made where it is not there yet.
    MakeOrUse,
    /// It must be there.
    Use,
}

/// Where a shop is kept that nobody has said a place for.
pub(crate) const DEFAULT: &str = "sqlite:ims.db";

/// What a URL names: a store, or a server that has one.
pub(crate) enum Opened {
    /// A store of one's own, and the registry beside the shop.
    Store(AnyStore, Registry),
    /// A server.
    Server(Client),
}

/// What a server is asked with.
#[derive(Clone, Default)]
pub(crate) struct Access {
    /// The API key, where there is one.
    pub(crate) key: Option<String>,
    /// What may go over a wire unencrypted.
    pub(crate) plain: PlainText,
    /// Where it is noted that the server leaves costs out.
    pub(crate) costs: Costs,
}

/// Opens what a URL names.
pub(crate) async fn open_any(url: &str, purpose: Purpose, access: Access) -> Outcome<Opened> {
    if !is_server(url) {
        check(url, purpose)?;
        let (store, registry) = ims_sqlx::open_with_registry(url, OpenOptions::default()).await?;
        return Ok(Opened::Store(store, registry));
    }
    let Access { key, plain, costs } = access;
    Client::new(url, key.as_deref(), plain, Patience::default(), costs).map(Opened::Server)
}

/// Whether a URL is that of a server, and not of a store.
pub(crate) fn is_server(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

/// Opens the database that a URL names.
pub(crate) async fn open_database(url: &str, purpose: Purpose) -> Outcome<SqlStore> {
    check_database(url, purpose)?;
    Ok(ims_sqlx::open(url, OpenOptions::default()).await?)
}

/// Refuses a URL that cannot be that of a database.
pub(crate) fn check_database(url: &str, purpose: Purpose) -> Outcome {
    check(url, purpose)?;
    if url == "memory:" {
        return Err(Failure::usage("store", "a store in memory is gone when the command ends")
            .hint("name a database with --store, such as sqlite:shop.db"));
    }
    Ok(())
}

/// Refuses a URL that cannot be that of a store, and a store that must be there and is not.
fn check(url: &str, purpose: Purpose) -> Outcome {
    ims_sqlx::check_address(url)?;
    if let Some(file) = sqlite_file(url).filter(|file| purpose == Purpose::Use && !file.exists()) {
        return Err(Failure::store("store_missing", format!("there is no store at {}", file.display()))
            .hint("`ims init` opens a shop in a new store; --store or IMS_STORE name another one"));
    }
    Ok(())
}

/// The file of a SQLite store.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.split('?').next()?;
    let path = path.strip_prefix("//").unwrap_or(path);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// A URL without its password.
pub(crate) fn shown(url: &str) -> String {
    let hidden = || {
        let (kind, rest) = url.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        Some(format!("{kind}://{user}:***@{host}"))
    };
    hidden().unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown("postgres://me:se:cr@et@db/shop"), "postgres://me:***@db/shop");
        assert_eq!(shown("postgres://me@db/shop"), "postgres://me@db/shop");
        assert_eq!(shown("sqlite:shop.db"), "sqlite:shop.db");
    }

    #[test]
    fn a_sqlite_url_names_a_file() {
        assert_eq!(sqlite_file("sqlite:shop.db?mode=ro"), Some(PathBuf::from("shop.db")));
        assert_eq!(sqlite_file("sqlite:///var/shop.db"), Some(PathBuf::from("/var/shop.db")));
        assert_eq!(sqlite_file("sqlite::memory:"), None);
        assert_eq!(sqlite_file("postgres://db/shop"), None);
    }
}
