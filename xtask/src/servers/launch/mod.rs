mod account;
mod docker;
mod mariadb;
mod postgres;
mod wire;

pub(super) use wire::Wire;

use std::path::PathBuf;
use std::time::Duration;

use super::Engine;
use super::watchdog::{self, Orders};

/// Enough for every test and bench of the workspace at once; the engines' own default is 100 to 151.
const MAX_CONNECTIONS: u32 = 400;

/// Where a server can come from.
#[derive(Debug)]
pub(super) enum Source {
    Postgres(postgres::Programs),
    Mariadb(mariadb::Programs),
    /// Docker's command line.
    Docker(PathBuf),
}

/// Finds a way to start this engine here.
pub(super) fn find(engine: Engine) -> Option<Source> {
    let local = match engine {
        Engine::Postgres => postgres::find().map(Source::Postgres),
        Engine::Mariadb => mariadb::find().map(Source::Mariadb),
    };
    let runnable = local.filter(|_| engine.find_client().is_some());
    runnable.or_else(|| docker::find().map(Source::Docker))
}

impl Source {
    /// Gives the time that a start may take: much more than it ever does on an idle machine.
    pub(super) const fn patience(&self) -> Duration {
        match self {
            Self::Postgres(_) | Self::Mariadb(_) => Duration::from_secs(120),
            // It may have to fetch the image first.
            Self::Docker(_) => Duration::from_secs(600),
        }
    }

    /// Writes the shell commands that make a server on `port`. In Docker it has no certificate.
    pub(super) fn orders(&self, engine: Engine, port: u16, wire: &Wire) -> Orders {
        let folder = watchdog::unique_folder(engine.slug());
        match self {
            Self::Postgres(programs) => postgres::orders(programs, folder, port, wire),
            Self::Mariadb(programs) => mariadb::orders(programs, folder, port, wire),
            Self::Docker(docker) => docker::orders(docker, engine, folder, port),
        }
    }
}
