//! Databases of a test's own, gone when it ends.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use xtask::servers::{self, Database, Engine, Server, ServerError};

/// Where a shop can be kept.
pub(crate) struct Place {
    url: String,
    /// Removed when the test is over.
    _kept: Kept,
}

enum Kept {
    Folder(Folder),
    Database(Box<Database>),
}

/// A folder that is removed with all that is in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes one.
    pub(crate) fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("ims-sqlx-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    /// The path of a file in it.
    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over is in the folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Place {
    /// A file.
    pub(crate) fn sqlite() -> Self {
        let folder = Folder::new();
        Place { url: format!("sqlite:{}", folder.file("shop.db")), _kept: Kept::Folder(folder) }
    }

    /// A PostgreSQL database, where there is a server.
    pub(crate) fn postgres() -> Option<Self> {
        Place::on(servers::postgres())
    }

    /// A MariaDB database, where there is a server.
    pub(crate) fn mariadb() -> Option<Self> {
        Place::on(servers::mariadb())
    }

    /// A database on a server that can encrypt its connections, where there is one, with what its URL asks of them.
    pub(crate) fn encrypted(engine: Engine, asked: &str) -> Option<Self> {
        let mut place = Place::on(servers::encrypted(engine))?;
        place.url = format!("{}?{asked}", place.url);
        Some(place)
    }

    fn on(server: Result<Server, ServerError>) -> Option<Self> {
        let database = servers::or_skip(server).unwrap()?.create_database().unwrap();
        Some(Place { url: database.url().to_owned(), _kept: Kept::Database(Box::new(database)) })
    }

    /// One of each.
    pub(crate) fn all() -> Vec<Place> {
        [Some(Place::sqlite()), Place::postgres(), Place::mariadb()].into_iter().flatten().collect()
    }

    /// One of each that is on a server.
    pub(crate) fn servers() -> Vec<Place> {
        [Place::postgres(), Place::mariadb()].into_iter().flatten().collect()
    }

    /// Whether it is on a PostgreSQL server.
    pub(crate) fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres:")
    }

    /// Its URL.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}
