use std::path::{Path, PathBuf};

use super::MAX_CONNECTIONS;
use super::account::Account;
use super::wire::{CERTIFICATE, KEY, Wire};
use crate::machine;
use crate::servers::Engine;
use crate::servers::watchdog::Orders;

/// The server and the program that makes its files.
#[derive(Debug)]
pub(in crate::servers) struct Programs {
    server: PathBuf,
    install: PathBuf,
}

pub(super) fn find() -> Option<Programs> {
    Some(Programs { server: machine::find_program("mariadbd")?, install: machine::find_program("mariadb-install-db")? })
}

pub(super) fn orders(programs: &Programs, folder: PathBuf, port: u16, wire: &Wire) -> Orders {
    let account = Account::of(Engine::Mariadb);
    let data = folder.join("data");
    let (datadir, tmpdir) = (format!("--datadir={}", data.display()), format!("--tmpdir={}", data.display()));
    let normal_root = "--auth-root-authentication-method=normal";
    let arguments = ["--no-defaults", &datadir, &tmpdir, normal_root, "--skip-test-db"];
    let install = account.run(&programs.install, &arguments);
    Orders {
        create: format!("{} && {install}{}", account.make_folder(&data), wire.create(&account, &data)),
        serve: serve(&account, &programs.server, &data, port, wire),
        // An orderly shutdown takes seconds to write what is about to be removed.
        stop: r#"kill -KILL "$server""#.to_owned(),
        folder,
    }
}

fn serve(account: &Account, program: &Path, data: &Path, port: u16, wire: &Wire) -> String {
    let mut arguments = vec![
        "--no-defaults".to_owned(),
        format!("--datadir={}", data.display()),
        format!("--tmpdir={}", data.display()),
        format!("--socket={}", data.join("socket").display()),
        format!("--pid-file={}", data.join("pid").display()),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--port={port}"),
        "--skip-name-resolve".to_owned(),
        format!("--max-connections={MAX_CONNECTIONS}"),
        "--character-set-server=utf8mb4".to_owned(),
        "--innodb-flush-log-at-trx-commit=1".to_owned(),
    ];
    if *wire != Wire::Plain {
        let file = |name: &str| data.join(name).display().to_string();
        arguments.extend([format!("--ssl-cert={}", file(CERTIFICATE)), format!("--ssl-key={}", file(KEY))]);
    }
    account.run(program, &arguments.iter().map(String::as_str).collect::<Vec<_>>())
}
