//! A server never outlives the process that asked for it, even if that process gets no chance to clean up.

#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use xtask::servers::{self, Engine, ServerError};

#[test]
fn a_postgres_server_is_gone_after_sigkill() -> Result<(), ServerError> {
    a_server_is_gone_after_sigkill(Engine::Postgres)
}

#[test]
fn a_mariadb_server_is_gone_after_sigkill() -> Result<(), ServerError> {
    a_server_is_gone_after_sigkill(Engine::Mariadb)
}

fn a_server_is_gone_after_sigkill(engine: Engine) -> Result<(), ServerError> {
    let name = match engine {
        Engine::Postgres => "postgres",
        Engine::Mariadb => "mariadb",
    };
    let folder = Folder::new(name);
    let mut owner = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["serve-database", name])
        .env_remove(engine.variable())
        .env("TMPDIR", &folder.path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let Some(port) = port(&mut owner) else {
        // Only a machine without the server may skip.
        let output = owner.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        let (_, advice) = error.trim().split_once("server here: ").unwrap_or_else(|| panic!("{error}"));
        return servers::or_skip(Err(ServerError::Missing { engine, advice: advice.to_owned() })).map(drop);
    };
    assert!(listens(port));
    assert!(!folder.is_empty());

    // On Unix this is SIGKILL: nothing of the process runs after it.
    owner.kill().unwrap();
    owner.wait().unwrap();

    assert!(comes_true(|| !listens(port)), "{engine} still listens on port {port}");
    assert!(comes_true(|| folder.is_empty()), "files of {engine} are left in {}", folder.path.display());
    Ok(())
}

/// Reads the port from the URL that the process prints; nothing if it ends without one.
fn port(owner: &mut Child) -> Option<u16> {
    let mut url = String::new();
    BufReader::new(owner.stdout.take().unwrap()).read_line(&mut url).unwrap();
    url.trim().rsplit_once(':')?.1.split_once('/')?.0.parse().ok()
}

fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Waits for what the server's watchdog does in its own time.
fn comes_true(fact: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        if fact() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

/// A temporary folder that the server's own account may enter.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new("/tmp").join(format!("ims_sigkill_{name}_{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self { path }
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(&self.path).unwrap().next().is_none()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
