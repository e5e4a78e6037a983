//! Asks what this machine has.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Folders that hold server programs and are often not on an ordinary user's `PATH`.
const BEYOND_PATH: [&str; 4] = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];

/// Finds a program on `PATH`, or in the folders where packages put servers.
///
/// ```
/// use xtask::machine::find_program;
///
/// assert!(find_program("sh").is_some());
/// assert!(find_program("no-such-program").is_none());
/// ```
#[must_use]
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(BEYOND_PATH.map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Says whether this process runs as root.
#[must_use]
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
