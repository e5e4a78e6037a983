//! The address of a store: what it names, and what is wrong with it.

use ims_core::{StoreError, StoreErrorKind};
#[cfg(any(feature = "postgres", feature = "mysql"))]
use std::fmt;

/// What kind of store an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    Sqlite,
    Postgres,
    MySql,
}

/// What addresses look like.
const EXAMPLES: &str =
    "sqlite:shop.db, postgres://user:password@host/database, mysql://user:password@host/database or memory:";

/// How what parts an address is written within a part of it.
const ESCAPES: &str = "in a name, a password or a value : / ? # @ and % are written %3A %2F %3F %23 %40 and %25";

/// Checks what can be known of the address of a store before anything is opened.
///
/// # Errors
/// [`StoreErrorKind::Address`] where it names no kind of store, with what to write instead.
///
/// ```
/// assert!(ims_sqlx::check_address("sqlite:shop.db").is_ok());
/// let error = ims_sqlx::check_address("shop.db").unwrap_err();
/// assert!(error.to_string().ends_with("for a SQLite file write sqlite:shop.db"));
/// ```
pub fn check(address: &str) -> Result<(), StoreError> {
    kind(address).map(|_| ())
}

/// Says of what kind a store is, before anything is opened.
///
/// # Errors
/// [`StoreErrorKind::Address`] where it names none, with what to write instead.
pub(crate) fn kind(address: &str) -> Result<Kind, StoreError> {
    let (scheme, rest) = address.split_once(':').unwrap_or(("", address));
    let kind = match scheme {
        "memory" if rest.is_empty() => Kind::Memory,
        "sqlite" if !rest.trim_start_matches('/').is_empty() => Kind::Sqlite,
        "sqlite" => return Err(refuse("it names no file: write sqlite:shop.db".to_owned())),
        "postgres" | "postgresql" => Kind::Postgres,
        "mysql" | "mariadb" => Kind::MySql,
        _ => return Err(refuse(unknown(address, scheme))),
    };
    if matches!(kind, Kind::Postgres | Kind::MySql) {
        check_host(rest)?;
    }
    Ok(kind)
}

/// What is wrong with an address of no kind.
fn unknown(address: &str, scheme: &str) -> String {
    if address.trim().is_empty() {
        return format!("it is empty: write {EXAMPLES}");
    }
    if address == ":memory:" || address == "memory" {
        return "write memory: for a store that is gone when the program ends".to_owned();
    }
    if matches!(scheme, "http" | "https") {
        return "it is that of a server, which answers requests over HTTP: a program opens a database or a file"
            .to_owned();
    }
    // A Windows drive is no scheme. Nothing with an @ is repeated: it may have a password.
    let is_path = scheme.len() < 2 || address.contains(['/', '\\']) && !address.contains("://");
    if is_path && !address.contains('@') {
        return format!("{address:?} names no kind of store: for a SQLite file write sqlite:{address}");
    }
    format!("{scheme:?} is not a kind of store: write {EXAMPLES}")
}

/// Refuses what cannot be the host of a server, with what to do instead.
fn check_host(rest: &str) -> Result<(), StoreError> {
    let Some(authority) = rest.strip_prefix("//") else {
        return Err(refuse(format!("two slashes come before the host: write {EXAMPLES}")));
    };
    let (authority, after) = authority.split_at(authority.find(['/', '?', '#']).unwrap_or(authority.len()));
    if after.contains('@') {
        return Err(refuse(format!("an @ stands behind the host, or a part of the password does: {ESCAPES}")));
    }
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    if hosts.contains(',') && hosts.split(',').any(|host| host.is_empty() || host.starts_with(':')) {
        return Err(refuse("a host is missing between the commas: write host1:port,host2:port".to_owned()));
    }
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let named = query.split('&').filter_map(|pair| pair.split_once('='));
    for (name, value) in named {
        if name == "host" && (value.contains(',') || value.to_ascii_lowercase().contains("%2c")) {
            return Err(refuse("several hosts stand before the database: host1:port,host2:port/database".to_owned()));
        }
        if name == SESSION && wanted(value).is_none() {
            return Err(refuse(format!(
                "{SESSION}={value} is not for a shop, which is written: write {SESSION}=read-write, or leave it out"
            )));
        }
    }
    Ok(())
}

/// What PostgreSQL's own programs call what is asked of a host.
const SESSION: &str = "target_session_attrs";

/// Which host will do.
#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code, reason = "there are no hosts"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The first that answers.
    Any,
    /// The first that takes what is written.
    Writable,
}

fn wanted(session: &str) -> Option<Wanted> {
    match session {
        "any" => Some(Wanted::Any),
        "read-write" | "primary" => Some(Wanted::Writable),
        _ => None,
    }
}

/// The same address once for each host that it names, in their order, and which of them will do: of several hosts the first
/// that takes what is written, unless it says something else.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) fn hosts(address: &str) -> (Vec<String>, Wanted) {
    let (before, query) = address.split_once('?').unwrap_or((address, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let (session, rest): (Vec<&str>, Vec<&str>) =
        pairs.partition(|pair| pair.split_once('=').is_some_and(|(name, _)| name == SESSION));
    let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
    let (scheme, after) = before.split_once("://").unwrap_or(("", before));
    let (authority, database) = after.split_once('/').map_or((after, None), |(place, name)| (place, Some(name)));
    let (user, hosts) = authority.rsplit_once('@').map_or((None, authority), |(user, hosts)| (Some(user), hosts));
    let user = user.map_or_else(String::new, |user| format!("{user}@"));
    let database = database.map_or_else(String::new, |name| format!("/{name}"));
    let each: Vec<String> = hosts.split(',').map(|host| format!("{scheme}://{user}{host}{database}{query}")).collect();
    let said = session.first().and_then(|pair| pair.split_once('=')).and_then(|(_, value)| wanted(value));
    let wanted = said.unwrap_or(if each.len() > 1 { Wanted::Writable } else { Wanted::Any });
    (each, wanted)
}

/// Says what a driver has against an address.
pub(crate) fn unreadable(error: &sqlx::Error) -> StoreError {
    let why = match error {
        sqlx::Error::Configuration(why) => why.to_string(),
        other => other.to_string(),
    };
    refuse(format!("{why}: it looks like {EXAMPLES}; {ESCAPES}"))
}

fn refuse(why: String) -> StoreError {
    StoreError::new(StoreErrorKind::Address, why)
}

/// A server, by what a person wrote.
#[cfg(any(feature = "postgres", feature = "mysql"))]
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// What the server is called.
    pub(crate) product: &'static str,
    /// Its host, or the file of its socket.
    pub(crate) host: String,
    /// Nothing where it is a file.
    pub(crate) port: Option<u16>,
    pub(crate) user: String,
    pub(crate) database: Option<String>,
}

/// Where it listens.
#[cfg(any(feature = "postgres", feature = "mysql"))]
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_address_is_known() {
        for (address, known) in [
            ("memory:", Kind::Memory),
            ("sqlite:shop.db", Kind::Sqlite),
            ("sqlite:///var/lib/shop.db?mode=ro", Kind::Sqlite),
            ("sqlite::memory:", Kind::Sqlite),
            ("postgres://me@db/shop", Kind::Postgres),
            ("postgresql://me:p%2Cw@db/shop?sslmode=require", Kind::Postgres),
            ("mysql://root@127.0.0.1:3306/shop", Kind::MySql),
            ("mariadb://root@db/shop", Kind::MySql),
        ] {
            assert_eq!(kind(address).unwrap(), known, "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_what_to_write() {
        for (address, advice) in [
            ("", "write sqlite:shop.db"),
            ("  ", "it is empty"),
            ("shop.db", "write sqlite:shop.db"),
            ("./shop.db", "write sqlite:./shop.db"),
            ("/var/lib/shop.db", "write sqlite:/var/lib/shop.db"),
            (r"C:\shop.db", r"write sqlite:C:\shop.db"),
            ("sqlite:", "names no file"),
            ("sqlite://", "names no file"),
            (":memory:", "write memory:"),
            ("memory", "write memory:"),
            ("oracle:shop", "\"oracle\" is not a kind of store"),
            ("https://shop.example", "a program opens a database"),
            ("postgres:me@db/shop", "two slashes"),
            ("postgres://me@h1,,h2/shop", "between the commas: write host1:port"),
            ("postgres://me:a/b@db/shop", "are written %3A %2F"),
            ("postgres://me@db/shop?application_name=a@b", "behind the host"),
            ("mysql://me@h1,:3307/shop", "host1:port,host2:port"),
            ("postgres://me@h1/shop?host=h1,h2", "before the database"),
            ("postgres://me@h1,h2/shop?target_session_attrs=standby", "target_session_attrs=read-write"),
        ] {
            let error = kind(address).unwrap_err();
            assert_eq!(error.kind, StoreErrorKind::Address, "{address}");
            assert!(error.to_string().contains(advice), "{address}: {error}");
        }
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    #[test]
    fn each_host_has_an_address_of_its_own() {
        for (address, each, which) in [
            ("postgres://me@db/shop", &["postgres://me@db/shop"][..], Wanted::Any),
            ("mysql://db/shop?ssl-mode=REQUIRED", &["mysql://db/shop?ssl-mode=REQUIRED"], Wanted::Any),
            (
                "postgres://me:a,b@h1:5432,[::1]:5433,h3/shop?sslmode=require",
                &[
                    "postgres://me:a,b@h1:5432/shop?sslmode=require",
                    "postgres://me:a,b@[::1]:5433/shop?sslmode=require",
                    "postgres://me:a,b@h3/shop?sslmode=require",
                ],
                Wanted::Writable,
            ),
            ("mysql://a,b/shop", &["mysql://a/shop", "mysql://b/shop"], Wanted::Writable),
            ("postgres://a,b?target_session_attrs=any", &["postgres://a", "postgres://b"], Wanted::Any),
            ("postgres://a/x?target_session_attrs=read-write&b=c", &["postgres://a/x?b=c"], Wanted::Writable),
        ] {
            assert_eq!(kind(address).map(|_| ()).map_err(|error| error.to_string()), Ok(()));
            let (found, wanted) = hosts(address);
            assert_eq!(
                (found.iter().map(String::as_str).collect::<Vec<_>>(), wanted),
                (each.to_vec(), which),
                "{address}"
            );
        }
    }

    #[test]
    fn a_password_is_never_repeated() {
        for address in
            ["me:secret@db/shop", "oracle://me:secret@db/shop", "me:secret@h1,h2", "postgres://me:secret@a,,b/c"]
        {
            assert!(!kind(address).unwrap_err().to_string().contains("secret"), "{address}");
        }
        // What parts an address stands in the password as it is.
        for (scheme, mark) in ["postgres", "postgresql", "mysql", "mariadb"]
            .into_iter()
            .flat_map(|scheme| ["/", "?", "#", "1/", "@x/", "1?a=b/"].map(|mark| (scheme, mark)))
        {
            let address = format!("{scheme}://me:secret{mark}secret@db/shop");
            assert!(!kind(&address).unwrap_err().to_string().contains("secret"), "{address}");
        }
    }
}
