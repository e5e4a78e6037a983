use std::env;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

const SCRIPT: &str = include_str!("watchdog.sh");

/// A server's log can be long; its end says why it ended.
const LOG_LINES: usize = 30;

/// The shell commands that make one server, and the folder for its files.
pub(super) struct Orders {
    pub(super) folder: PathBuf,
    pub(super) create: String,
    pub(super) serve: String,
    pub(super) stop: String,
}

/// A shell that keeps the server until this process ends.
///
/// It waits on a pipe whose other end only this process holds. The kernel closes that end however the process ends, by
/// `return`, panic or SIGKILL, so no destructor has to run.
#[derive(Debug)]
pub(super) struct Watchdog {
    shell: Child,
    folder: PathBuf,
}

impl Watchdog {
    pub(super) fn start(orders: &Orders) -> io::Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "watchdog"]).arg(&orders.folder);
        command.args([&orders.create, &orders.serve, &orders.stop]);
        // Messages in the server's log are looked for by their English text.
        command.env("LC_ALL", "C");
        // A pipe held open would keep `cargo test | tail` waiting.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A Ctrl-C is for the caller; the watchdog sees its pipe close, and cleans up.
        command.process_group(0);
        Ok(Self { shell: command.spawn()?, folder: orders.folder.clone() })
    }

    /// Says whether the server has ended by itself.
    pub(super) fn ended(&mut self) -> bool {
        self.folder.join("ended").exists() || !matches!(self.shell.try_wait(), Ok(None))
    }

    /// Gives the last lines of the server's log.
    pub(super) fn log(&self) -> String {
        let log = fs::read(self.folder.join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n")
    }

    /// Stops the server and removes its files, and waits until that is done.
    pub(super) fn stop(mut self) {
        drop(self.shell.stdin.take());
        // A shell that cannot be waited for is gone already.
        let _ = self.shell.wait();
    }
}

/// Makes a name that no other call makes, in this process or another.
pub(super) fn unique_name(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}_{}_{nanoseconds:x}_{count}", std::process::id())
}

/// Gives a folder's name for a server's files, under the system's temporary folder (`TMPDIR`).
pub(super) fn unique_folder(prefix: &str) -> PathBuf {
    env::temp_dir().join(unique_name(prefix))
}
