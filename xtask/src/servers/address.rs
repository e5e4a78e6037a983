use percent_encoding::percent_decode_str;

use super::Engine;

/// Where a server listens and who may log in, as a database URL says it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) database: String,
    /// The URL up to the database's name, kept as it was written.
    before: String,
    /// The URL after the database's name: nothing, or a query.
    after: String,
}

/// Leaves the password out, so that no failed assertion prints it.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}:{}/{}", self.user, self.host, self.port, self.database)
    }
}

impl Address {
    /// Gives the address of a server that was started here.
    pub(super) fn local(engine: Engine, port: u16) -> Self {
        let [scheme, _] = engine.schemes();
        let user = engine.user();
        Self {
            host: "127.0.0.1".to_owned(),
            port,
            user: user.to_owned(),
            password: None,
            database: engine.first_database().to_owned(),
            before: format!("{scheme}://{user}@127.0.0.1:{port}/"),
            after: String::new(),
        }
    }

    /// Reads `scheme://user[:password]@host[:port][/database][?query]`; anything else is `None`.
    pub(super) fn parse(engine: Engine, url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        if !engine.schemes().contains(&scheme) {
            return None;
        }
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (login, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (who, place) = login.rsplit_once('@')?;
        let (user, password) = who.split_once(':').map_or((who, None), |(user, password)| (user, Some(password)));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (place, engine.standard_port()),
        };
        if user.is_empty() || host.is_empty() {
            return None;
        }
        Some(Self {
            host: host.to_owned(),
            port,
            user: decoded(user)?,
            password: password.map(decoded).unwrap_or(Some(String::new())).filter(|password| !password.is_empty()),
            database: if database.is_empty() { engine.first_database().to_owned() } else { decoded(database)? },
            before: format!("{scheme}://{login}/"),
            after: query.map_or_else(String::new, |query| format!("?{query}")),
        })
    }

    /// Gives the URL of one database on this server.
    pub(super) fn url(&self, database: &str) -> String {
        format!("{}{database}{}", self.before, self.after)
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Option<Address> {
        Address::parse(Engine::Postgres, url)
    }

    #[test]
    fn a_local_address_reads_back_as_itself() {
        for engine in Engine::ALL {
            let local = Address::local(engine, 40_000);
            assert_eq!(Address::parse(engine, &local.url(engine.first_database())), Some(local));
        }
    }

    #[test]
    fn every_part_of_a_url_is_read() {
        let address = parse("postgresql://shop:p%40ss@db.example:6000/main?sslmode=require").unwrap();
        assert_eq!((address.user.as_str(), address.password.as_deref()), ("shop", Some("p@ss")));
        assert_eq!((address.host.as_str(), address.port, address.database.as_str()), ("db.example", 6000, "main"));
        assert_eq!(address.url("other"), "postgresql://shop:p%40ss@db.example:6000/other?sslmode=require");
    }

    #[test]
    fn a_port_and_a_database_may_be_left_out() {
        let address = parse("postgres://ims@localhost").unwrap();
        assert_eq!((address.port, address.database.as_str()), (5432, "postgres"));
        assert_eq!(address.url("other"), "postgres://ims@localhost/other");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for url in [
            "",
            "postgres",
            "mysql://root@localhost",
            "postgres://localhost/x",
            "postgres://ims@",
            "postgres://@h",
            "postgres://ims@h:port/x",
        ] {
            assert_eq!(parse(url), None, "{url}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let address = parse("postgres://ims:secret@localhost").unwrap();
        assert!(!format!("{address:?}").contains("secret"));
    }
}
