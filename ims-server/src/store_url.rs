//! Where a shop is kept: the URL that `--store` names.

use crate::{
    client::{Client, Patience, PlainText},
    failure::{Failure, Outcome},
    output::Costs,
};
use ims_core::{AnyStore, StoreError, StoreErrorKind};
use ims_sqlx::{Missing, OpenOptions, Registry, SqlStore};

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
        let opened = ims_sqlx::open_with_registry(url, purpose.options()).await;
        let (store, registry) = opened.map_err(|error| purpose.unopened(error))?;
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
    check_database(url)?;
    ims_sqlx::open(url, purpose.options()).await.map_err(|error| purpose.unopened(error))
}

/// Refuses a URL that cannot be that of a database.
pub(crate) fn check_database(url: &str) -> Outcome {
    ims_sqlx::check_address(url)?;
    if url == "memory:" {
        return Err(Failure::usage("store", "a store in memory is gone when the command ends")
            .hint("name a database with --store, such as sqlite:shop.db"));
    }
    Ok(())
}

impl Purpose {
    /// How a store is opened for it.
    fn options(self) -> OpenOptions {
        let mut options = OpenOptions::default();
        options.missing = match self {
            Purpose::MakeOrUse => Missing::Create,
            Purpose::Use => Missing::Refuse,
        };
        options
    }

    /// Says what to do about a store that was not opened.
    fn unopened(self, error: StoreError) -> Failure {
        let is_missing = error.kind == StoreErrorKind::Missing;
        let failure = Failure::from(error);
        match self {
            Purpose::Use if is_missing => {
                failure.hint("`ims init` opens a shop in a new store; --store or IMS_STORE name another one")
            }
            _ => failure,
        }
    }
}

/// Refuses a URL in which a part of a password may stand where its host is looked for, which is shown.
///
/// # Errors
/// A line for people, without the URL.
pub(crate) fn check_host(url: &str) -> Result<(), &'static str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.find(['/', '?', '#']).and_then(|end| rest.get(end..)) {
        Some(after) if after.contains('@') => {
            Err("an @ stands behind the host, or a part of the password does: in a name, \
             a password or a value : / ? # @ and % are written %3A %2F %3F %23 %40 and %25")
        }
        _ => Ok(()),
    }
}

/// A URL without its password, or the token that stands in place of a user and a password.
pub(crate) fn shown(url: &str) -> String {
    let hidden = || {
        let (kind, rest) = url.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        match user.split_once(':') {
            Some((user, _)) => Some(format!("{kind}://{user}:***@{host}")),
            None if matches!(kind, "nats" | "tls") => Some(format!("{kind}://***@{host}")),
            None => None,
        }
    };
    let url = hidden().unwrap_or_else(|| url.to_owned());
    let Some((place, question)) = url.split_once('?') else { return url };
    let parts = question.split('&').map(|part| match part.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("password") => format!("{name}=***"),
        _ => part.to_owned(),
    });
    format!("{place}?{}", parts.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_parts_its_url_is_refused() {
        for url in ["amqp://me:pa/ss@mq", "https://me:1?ss@shop", "redis://:pa#ss@mq", "nats://a@b/c@mq"] {
            assert!(check_host(url).unwrap_err().contains("%2F"), "{url}");
        }
        for url in ["amqp://shop:s3cret@mq/%2f", "https://shop.example/a?b=c", "redis://:pa%2Fs@ss@mq", "sqlite:a@b.db"]
        {
            assert_eq!(check_host(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown("postgres://me:se:cr@et@db/shop"), "postgres://me:***@db/shop");
        assert_eq!(shown("postgres://me@db/shop"), "postgres://me@db/shop");
        assert_eq!(shown("nats://token@mq:4222"), "nats://***@mq:4222");
        assert_eq!(shown("sqlite:shop.db"), "sqlite:shop.db");
        assert_eq!(shown("postgres://me@db/shop?password=se&a=b"), "postgres://me@db/shop?password=***&a=b");
        assert_eq!(shown("postgres://me:a@db/shop?sslpassword=se"), "postgres://me:***@db/shop?sslpassword=***");
    }
}
