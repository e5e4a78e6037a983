//! What a backup is never written over: the store that it is made of.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// What SQLite adds to the name of a file for what it keeps beside it.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Whether a path leads to the file that a store is in, or to one that SQLite keeps or would look for beside it. No file
/// is opened: closing it again would take away the locks that this process has on it.
pub(super) fn is_of_store(path: &Path, store: &Path) -> bool {
    // The files beside it are where a symbolic link leads to.
    let store = resolved(store);
    BESIDE.iter().any(|ending| is_same(path, &with_ending(&store, ending)))
}

fn with_ending(store: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(ending);
    name.into()
}

/// Whether two paths lead to one file, or would if it were there.
fn is_same(one: &Path, other: &Path) -> bool {
    resolved(one) == resolved(other) || is_one_file(one, other)
}

/// A path without links and dots in it, also of a file that is not there yet.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(found) = fs::canonicalize(path) {
        return found;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Whether two names are names of one file, as hard links are.
#[cfg(unix)]
fn is_one_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
    matches!((number(one), number(other)), (Ok(one), Ok(other)) if one == other)
}

/// Whether two names are names of one file: not known here. A name of several that is written over leaves the file be.
#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
}
