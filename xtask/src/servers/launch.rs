use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::watchdog::{self, Orders};
use super::{Engine, shell};
use crate::machine;

/// Enough for every test and bench of the workspace at once; the engines' own default is 100 to 151.
const MAX_CONNECTIONS: u32 = 400;

/// Where a server can come from.
#[derive(Debug)]
pub(super) enum Source {
    /// `postgres` and `initdb` in one folder.
    Postgres(PathBuf),
    Mariadb {
        server: PathBuf,
        install: PathBuf,
    },
    Docker(PathBuf),
}

/// Finds a way to start this engine here.
pub(super) fn find(engine: Engine) -> Option<Source> {
    let local = match engine {
        Engine::Postgres => find_postgres().map(Source::Postgres),
        Engine::Mariadb => find_mariadb(),
    };
    let runnable = local.filter(|_| engine.find_client().is_some());
    runnable.or_else(|| find_docker().map(Source::Docker))
}

/// Finds the folder that holds both `postgres` and its `initdb`, which must be of one version.
///
/// Debian and the PostgreSQL project's own packages keep every version in a folder of its own, off `PATH`; the newest
/// wins.
fn find_postgres() -> Option<PathBuf> {
    let versions = ["/usr/lib/postgresql", "/usr"].into_iter().flat_map(|parent| versions(Path::new(parent)));
    let newest = versions.filter(|(_, folder)| holds_postgres(folder)).max().map(|(_, folder)| folder);
    newest.or_else(|| {
        let on_path = fs::canonicalize(machine::find_program("postgres")?).ok()?;
        on_path.parent().filter(|folder| holds_postgres(folder)).map(Path::to_owned)
    })
}

/// Lists the folders `15/bin` and `pgsql-15/bin` under `parent`, each with its version.
fn versions(parent: &Path) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let version = |entry: io::Result<fs::DirEntry>| {
        let entry = entry.ok()?;
        let name = entry.file_name().into_string().ok()?;
        let version = name.strip_prefix("pgsql-").unwrap_or(&name).parse().ok()?;
        Some((version, entry.path().join("bin")))
    };
    entries.filter_map(version).collect()
}

fn holds_postgres(folder: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|name| folder.join(name).is_file())
}

fn find_mariadb() -> Option<Source> {
    Some(Source::Mariadb {
        server: machine::find_program("mariadbd")?,
        install: machine::find_program("mariadb-install-db")?,
    })
}

/// Finds Docker's command line, if an engine answers it.
fn find_docker() -> Option<PathBuf> {
    let docker = machine::find_program("docker")?;
    let answer = Command::new(&docker).args(["version", "--format", "{{.Server.Version}}"]).output().ok()?;
    answer.status.success().then_some(docker)
}

impl Source {
    /// Gives the time that a start may take: much more than it ever does on an idle machine.
    pub(super) const fn patience(&self) -> Duration {
        match self {
            Self::Postgres(_) | Self::Mariadb { .. } => Duration::from_secs(120),
            // It may have to fetch the image first.
            Self::Docker(_) => Duration::from_secs(600),
        }
    }

    /// Writes the shell commands that make a server on `port`.
    pub(super) fn orders(&self, engine: Engine, port: u16) -> Orders {
        let folder = watchdog::unique_folder(&format!("ims_{}", engine.slug()));
        match self {
            Self::Postgres(programs) => postgres(programs, folder, port),
            Self::Mariadb { server, install } => mariadb(server, install, folder, port),
            Self::Docker(docker) => container(docker, engine, folder, port),
        }
    }
}

fn postgres(programs: &Path, folder: PathBuf, port: u16) -> Orders {
    let account = Account::of(Engine::Postgres);
    let data = folder.join("data");
    let initdb = account.run(
        &programs.join("initdb"),
        [
            option("--pgdata=", &data),
            "--username=ims".into(),
            "--auth=trust".into(),
            "--encoding=UTF8".into(),
            "--locale=C".into(),
            // Only the empty cluster is written unsynced; the server below syncs.
            "--no-sync".into(),
        ],
    );
    // A shop's PostgreSQL sorts by a language's rules, so the test's does too: a query that relies on byte order then
    // fails here. Builds without ICU, and PostgreSQL before 15, have only the plain form.
    let with_icu = format!("{initdb} --locale-provider=icu --icu-locale=en-US");
    let serve = account.run(
        &programs.join("postgres"),
        [
            "-D".into(),
            data.clone().into_os_string(),
            setting("listen_addresses=127.0.0.1"),
            setting(&format!("port={port}")),
            setting("unix_socket_directories="),
            setting(&format!("max_connections={MAX_CONNECTIONS}")),
            setting("fsync=on"),
            setting("synchronous_commit=on"),
            setting("full_page_writes=on"),
        ],
    );
    Orders {
        create: format!("{} && {{ {with_icu} || {initdb}; }}", account.make_folder(&data)),
        serve,
        // An immediate shutdown: it takes its children and its shared memory along, which a SIGKILL would leave.
        stop: r#"kill -QUIT "$server""#.to_owned(),
        folder,
    }
}

fn setting(text: &str) -> OsString {
    format!("--{text}").into()
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

fn mariadb(server: &Path, install: &Path, folder: PathBuf, port: u16) -> Orders {
    let account = Account::of(Engine::Mariadb);
    let data = folder.join("data");
    let create = account.run(
        install,
        [
            "--no-defaults".into(),
            option("--datadir=", &data),
            option("--tmpdir=", &data),
            "--auth-root-authentication-method=normal".into(),
            "--skip-test-db".into(),
        ],
    );
    let serve = account.run(
        server,
        [
            "--no-defaults".into(),
            option("--datadir=", &data),
            option("--tmpdir=", &data),
            option("--socket=", &data.join("socket")),
            option("--pid-file=", &data.join("pid")),
            "--bind-address=127.0.0.1".into(),
            format!("--port={port}").into(),
            "--skip-name-resolve".into(),
            format!("--max-connections={MAX_CONNECTIONS}").into(),
            "--character-set-server=utf8mb4".into(),
            "--innodb-flush-log-at-trx-commit=1".into(),
        ],
    );
    Orders {
        create: format!("{} && {create}", account.make_folder(&data)),
        serve,
        // An orderly shutdown takes seconds to write what is about to be removed.
        stop: r#"kill -KILL "$server""#.to_owned(),
        folder,
    }
}

fn container(docker: &Path, engine: Engine, folder: PathBuf, port: u16) -> Orders {
    let name = watchdog::unique_name(&format!("ims_{}", engine.slug()));
    let publish = format!("--publish=127.0.0.1:{port}:{}", engine.standard_port());
    let words: &[&str] = match engine {
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
    };
    let connections = format!("--max_connections={MAX_CONNECTIONS}");
    let docker = docker.to_string_lossy();
    let run = [docker.as_ref(), "run", "--rm", "--name", &name, &publish];
    Orders {
        folder,
        create: "true".to_owned(),
        serve: shell::line(run.iter().chain(words).chain([&connections.as_str()])),
        stop: shell::line([docker.as_ref(), "kill", &name]),
    }
}

/// The account that a server runs under: both engines refuse to run as root.
enum Account {
    Mine,
    Named(&'static str),
}

impl Account {
    fn of(engine: Engine) -> Self {
        if machine::is_root() { Self::Named(engine.account()) } else { Self::Mine }
    }

    fn make_folder(&self, folder: &Path) -> String {
        let folder = folder.as_os_str();
        match self {
            Self::Mine => shell::line(["mkdir".as_ref(), "-m".as_ref(), "700".as_ref(), folder]),
            Self::Named(name) => {
                let words = ["install", "-d", "-m", "700", "-o", name, "-g", name];
                shell::line(words.into_iter().map(AsRef::as_ref).chain([folder]))
            }
        }
    }

    fn run<const N: usize>(&self, program: &Path, arguments: [OsString; N]) -> String {
        let mut words: Vec<OsString> = Vec::new();
        if let Self::Named(name) = self {
            words.extend(["setpriv".into(), format!("--reuid={name}").into(), format!("--regid={name}").into()]);
            words.extend(["--clear-groups".into(), "--".into()]);
        }
        words.push(program.into());
        words.extend(arguments);
        shell::line(words)
    }
}
