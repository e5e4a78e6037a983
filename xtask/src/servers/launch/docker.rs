use std::path::{Path, PathBuf};
use std::process::Command;

use super::MAX_CONNECTIONS;
use crate::machine;
use crate::servers::watchdog::{self, Orders};
use crate::servers::{Engine, shell};

/// Finds Docker's command line, if an engine answers it.
pub(super) fn find() -> Option<PathBuf> {
    let docker = machine::find_program("docker")?;
    let answer = Command::new(&docker).args(["version", "--format", "{{.Server.Version}}"]).output().ok()?;
    answer.status.success().then_some(docker)
}

pub(super) fn orders(docker: &Path, engine: Engine, folder: PathBuf, port: u16) -> Orders {
    let docker = docker.to_string_lossy();
    let name = watchdog::unique_name(engine.slug());
    let publish = format!("--publish=127.0.0.1:{port}:{}", engine.standard_port());
    let max_connections = format!("--max_connections={MAX_CONNECTIONS}");
    let run = [docker.as_ref(), "run", "--rm", "--name", &name, &publish];
    Orders {
        create: "true".to_owned(),
        serve: shell::line(run.iter().chain(image(engine)).chain(&[max_connections.as_str()])),
        stop: shell::line([docker.as_ref(), "kill", &name]),
        folder,
    }
}

/// The options of an engine's image, its name, and the first options of the server in it.
const fn image(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Postgres => &[
            "--env=POSTGRES_USER=ims",
            "--env=POSTGRES_HOST_AUTH_METHOD=trust",
            "--env=POSTGRES_INITDB_ARGS=--encoding=UTF8 --locale-provider=icu --icu-locale=en-US",
            "postgres:17",
        ],
        Engine::Mariadb => &[
            "--env=MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1",
            "mariadb:11.4",
            "--character-set-server=utf8mb4",
            "--skip-name-resolve",
        ],
    }
}
