use std::fmt;
use std::path::PathBuf;

use crate::machine;

/// Names a database engine that runs as a server of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL 13 or later.
    Postgres,
    /// MariaDB 10.6 or later.
    Mariadb,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 2] = [Self::Postgres, Self::Mariadb];

    /// Names the environment variable that holds the URL of a server to use instead of starting one.
    ///
    /// ```
    /// use xtask::servers::Engine;
    ///
    /// assert_eq!(Engine::Postgres.variable(), "IMS_TEST_POSTGRES_URL");
    /// assert_eq!(Engine::Mariadb.variable(), "IMS_TEST_MYSQL_URL");
    /// ```
    #[must_use]
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "IMS_TEST_POSTGRES_URL",
            Self::Mariadb => "IMS_TEST_MYSQL_URL",
        }
    }

    /// Names the Debian package that has the server.
    #[must_use]
    pub const fn debian_package(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::Mariadb => "mariadb-server",
        }
    }

    /// Begins the name of a folder or a container that holds a server.
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Postgres => "ims_postgres",
            Self::Mariadb => "ims_mariadb",
        }
    }

    /// Names the account that the server runs under when the caller is root, whom it refuses.
    pub(super) const fn account(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mysql",
        }
    }

    pub(super) const fn schemes(self) -> [&'static str; 2] {
        match self {
            Self::Postgres => ["postgres", "postgresql"],
            Self::Mariadb => ["mysql", "mariadb"],
        }
    }

    /// The port inside a container, and of an address that names none.
    pub(super) const fn standard_port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Mariadb => 3306,
        }
    }

    /// The user of a server that was started here.
    pub(super) const fn user(self) -> &'static str {
        match self {
            Self::Postgres => "ims",
            Self::Mariadb => "root",
        }
    }

    /// A database that is always there, to connect to before there is one of the test's own.
    pub(super) const fn first_database(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mysql",
        }
    }

    pub(super) const fn example(self) -> &'static str {
        match self {
            Self::Postgres => "postgres://ims@127.0.0.1:5432/postgres",
            Self::Mariadb => "mysql://root@127.0.0.1:3306/mysql",
        }
    }

    /// The program that sends statements to the server.
    pub(super) const fn client(self) -> &'static str {
        match self {
            Self::Postgres => "psql",
            Self::Mariadb => "mariadb",
        }
    }

    pub(super) fn find_client(self) -> Option<PathBuf> {
        machine::find_program(self.client())
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
        })
    }
}
