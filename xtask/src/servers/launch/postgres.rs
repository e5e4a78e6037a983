use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::MAX_CONNECTIONS;
use super::account::Account;
use super::wire::{CERTIFICATE, KEY, Wire};
use crate::machine;
use crate::servers::Engine;
use crate::servers::watchdog::Orders;

/// The folder that holds `postgres` and `initdb`, which must be of one version.
#[derive(Debug)]
pub(in crate::servers) struct Programs(PathBuf);

/// Finds the newest version that is installed.
///
/// Debian and the PostgreSQL project's own packages keep every version in a folder of its own, off `PATH`.
pub(super) fn find() -> Option<Programs> {
    let versions = ["/usr/lib/postgresql", "/usr"].into_iter().flat_map(|parent| versions(Path::new(parent)));
    let newest = versions.filter(|(_, folder)| is_complete(folder)).max().map(|(_, folder)| folder);
    newest.or_else(on_path).map(Programs)
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

fn on_path() -> Option<PathBuf> {
    let program = fs::canonicalize(machine::find_program("postgres")?).ok()?;
    program.parent().filter(|folder| is_complete(folder)).map(Path::to_owned)
}

fn is_complete(folder: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|name| folder.join(name).is_file())
}

pub(super) fn orders(Programs(programs): &Programs, folder: PathBuf, port: u16, wire: &Wire) -> Orders {
    let account = Account::of(Engine::Postgres);
    let data = folder.join("data");
    let pgdata = format!("--pgdata={}", data.display());
    // Only the empty cluster is written unsynced; the server below syncs.
    let arguments = [&pgdata, "--username=ims", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    let initdb = account.run(&programs.join("initdb"), &arguments);
    // A shop's PostgreSQL sorts by a language's rules, so the test's does too: a query that relies on byte order then
    // fails here. Builds without ICU, and PostgreSQL before 15, have only the plain form.
    let with_icu = format!("{initdb} --locale-provider=icu --icu-locale=en-US");
    Orders {
        create: format!(
            "{} && {{ {with_icu} || {initdb}; }}{}",
            account.make_folder(&data),
            wire.create(&account, &data)
        ),
        serve: serve(&account, &programs.join("postgres"), &data, port, wire),
        // An immediate shutdown: it takes its children and its shared memory along, which a SIGKILL would leave.
        stop: r#"kill -QUIT "$server""#.to_owned(),
        folder,
    }
}

fn serve(account: &Account, program: &Path, data: &Path, port: u16, wire: &Wire) -> String {
    let port = format!("--port={port}");
    let max_connections = format!("--max_connections={MAX_CONNECTIONS}");
    let folder = data.to_string_lossy();
    let (certificate, key) = (format!("--ssl_cert_file={CERTIFICATE}"), format!("--ssl_key_file={KEY}"));
    let mut arguments = vec![
        "-D",
        &*folder,
        "--listen_addresses=127.0.0.1",
        &port,
        "--unix_socket_directories=",
        &max_connections,
        "--fsync=on",
        "--synchronous_commit=on",
        "--full_page_writes=on",
    ];
    if *wire != Wire::Plain {
        arguments.extend(["--ssl=on", &certificate, &key]);
    }
    account.run(program, &arguments)
}
