use std::path::{Path, PathBuf};

use super::address::Address;
use super::client::Client;
use super::{Engine, ServerError, watchdog};

/// A running server that this process's tests share.
#[derive(Clone, Debug)]
pub struct Server {
    engine: Engine,
    address: Address,
    client: Client,
    authority: Option<PathBuf>,
}

impl Server {
    pub(super) fn new(engine: Engine, address: Address, client: Client, authority: Option<PathBuf>) -> Self {
        Self { engine, address, client, authority }
    }

    /// Gives the URL of a database that is always there: what [`Engine::variable`] would hold for another process.
    #[must_use]
    pub fn url(&self) -> String {
        self.address.url(&self.address.database)
    }

    /// Gives the file with the certificate that a client has to trust, where connections can be encrypted.
    #[must_use]
    pub fn authority(&self) -> Option<&Path> {
        self.authority.as_deref()
    }

    /// Makes a fresh database with a name of its own; it is dropped with the value.
    ///
    /// # Errors
    ///
    /// [`ServerError::Refused`] with the server's words.
    pub fn create_database(&self) -> Result<Database, ServerError> {
        let name = watchdog::unique_name("ims");
        self.client.run(&match self.engine {
            Engine::Postgres => format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"),
            Engine::Mariadb => format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
        })?;
        let url = self.address.url(&name);
        Ok(Database { server: self.clone(), name, url })
    }
}

/// A database of one test's own.
#[derive(Debug)]
pub struct Database {
    server: Server,
    name: String,
    url: String,
}

impl Database {
    /// Gives its URL: `postgres://ims@127.0.0.1:PORT/NAME` or `mysql://root@127.0.0.1:PORT/NAME`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Drops the database on the server, connections that are still open included.
impl Drop for Database {
    fn drop(&mut self) {
        let name = &self.name;
        // A server that cannot drop it any more is a server that is going away with all its files.
        let _ = self.server.client.run(&match self.server.engine {
            Engine::Postgres => format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            Engine::Mariadb => format!("DROP DATABASE IF EXISTS {name}"),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::servers::{self, Server, ServerError};

    fn engines() -> [fn() -> Result<Server, ServerError>; 2] {
        [servers::postgres, servers::mariadb]
    }

    #[test]
    fn two_databases_are_distinct_and_end_with_their_values() -> Result<(), ServerError> {
        for engine in engines() {
            let Some(server) = servers::or_skip(engine())? else { continue };
            let (first, second) = (server.create_database()?, server.create_database()?);
            assert_ne!(first.url(), second.url());
            let name = first.name.clone();
            assert!(names(&server)?.contains(&name));
            drop(first);
            assert!(!names(&server)?.contains(&name));
            assert!(names(&server)?.contains(&second.name));
        }
        Ok(())
    }

    #[test]
    fn an_encrypted_server_has_a_certificate_of_its_own() -> Result<(), ServerError> {
        for engine in servers::Engine::ALL {
            let Some(server) = servers::or_skip(servers::encrypted(engine))? else { continue };
            assert!(std::fs::read_to_string(server.authority().unwrap()).unwrap().contains("BEGIN CERTIFICATE"));
            let asked = match engine {
                servers::Engine::Postgres => "SHOW ssl",
                servers::Engine::Mariadb => "SELECT IF(@@have_ssl = 'YES', 'on', @@have_ssl)",
            };
            assert_eq!(server.client.run(asked)?, "on");
        }
        Ok(())
    }

    fn names(server: &Server) -> Result<Vec<String>, ServerError> {
        let statement = match server.engine {
            servers::Engine::Postgres => "SELECT datname FROM pg_database",
            servers::Engine::Mariadb => "SHOW DATABASES",
        };
        Ok(server.client.run(statement)?.lines().map(str::to_owned).collect())
    }

    #[test]
    fn a_process_has_one_server_of_each_engine() -> Result<(), ServerError> {
        for engine in engines() {
            let Some(server) = servers::or_skip(engine())? else { continue };
            assert_eq!(server.url(), engine()?.url());
        }
        Ok(())
    }

    #[test]
    fn servers_are_durable_and_take_many_connections() -> Result<(), ServerError> {
        if let Some(server) = servers::or_skip(servers::postgres())? {
            assert_eq!(server.client.run("SHOW fsync")?, "on");
            assert_eq!(server.client.run("SHOW synchronous_commit")?, "on");
            assert!(server.client.run("SHOW max_connections")?.parse::<u32>().unwrap() >= 300);
            assert_eq!(server.client.run("SHOW server_encoding")?, "UTF8");
        }
        if let Some(server) = servers::or_skip(servers::mariadb())? {
            let setting = |name: &str| server.client.run(&format!("SELECT @@{name}"));
            assert_eq!(setting("innodb_flush_log_at_trx_commit")?, "1");
            assert!(setting("max_connections")?.parse::<u32>().unwrap() >= 300);
            assert_eq!(setting("character_set_server")?, "utf8mb4");
        }
        Ok(())
    }

    #[test]
    fn a_refusal_carries_the_servers_words() -> Result<(), ServerError> {
        for engine in engines() {
            let Some(server) = servers::or_skip(engine())? else { continue };
            let Err(ServerError::Refused { message, .. }) = server.client.run("SELECT nonsense") else {
                panic!("a column that is not there was selected")
            };
            assert!(message.contains("nonsense"), "{message}");
        }
        Ok(())
    }
}
