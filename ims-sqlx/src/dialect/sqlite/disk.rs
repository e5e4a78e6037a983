//! The disk that a file is on, and what the write-ahead log beside the file takes of it.
//!
//! The log is copied into the file now and then, and begins anew. The file may have to grow for that: where the log has
//! taken all that there was, it cannot be copied any more, and the store is full for good.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Less than this is as good as nothing: SQLite makes the file that connections share larger by half of it.
const NOTHING_BYTES: u64 = 64 * 1024;
/// What the log leaves to the file at least: more than a sale needs, so that there is still some after one.
const KEPT_BYTES: u64 = 256 * 1024;
/// What it leaves as a part of its own size, too: most of its pages are there already, in the file or again in the log.
/// It has grown when it is larger by as much.
const PART: u64 = 8;

/// How long a file is read that may be damaged, or on a disk that fails.
const LOOK: Duration = Duration::from_secs(10);

/// The disk below a file.
#[derive(Debug)]
pub(super) struct Disk {
    file: PathBuf,
    folder: PathBuf,
    log: PathBuf,
    /// How large the log was when it was last to be cut off: where somebody reads, that waits and does not help.
    tried: AtomicU64,
}

/// What is left beside the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// More than the log takes, or the log has hardly grown.
    Enough,
    /// Less than the log takes.
    Little,
    /// What the file may need when the log is copied into it.
    Kept,
}

impl Disk {
    /// Finds the disk that a file is on, or will be.
    pub(super) fn of(file: &Path) -> Disk {
        let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut log = OsString::from(&file);
        log.push("-wal");
        let (folder, log, tried) = (folder.to_owned(), log.into(), AtomicU64::default());
        Disk { file, folder, log, tried }
    }

    /// Whether there is no room on it, as far as that can be seen.
    pub(super) fn is_full(&self) -> bool {
        free_bytes(&self.folder).is_some_and(|free| free < NOTHING_BYTES)
    }

    /// Whether a part of the file or its log cannot be read, as far as that is found in a while. What was opened to see that
    /// stays open: closing it would take away the locks that this process has on the file.
    pub(super) fn cannot_be_read(&self) -> bool {
        let until = Instant::now().checked_add(LOOK);
        [&self.file, &self.log].into_iter().any(|path| {
            let Ok(file) = fs::File::open(path) else { return false };
            is_unreadable(Box::leak(Box::new(file)), until)
        })
    }

    /// What is left beside the log.
    pub(super) fn left(&self) -> Left {
        let log = fs::metadata(&self.log).map_or(0, |log| log.len());
        let tried = self.tried.load(Ordering::Relaxed);
        let left = free_bytes(&self.folder).map_or(Left::Enough, |free| left(free, log, tried));
        if left != Left::Enough || log < tried {
            self.tried.store(log, Ordering::Relaxed);
        }
        left
    }
}

fn left(free: u64, log: u64, tried: u64) -> Left {
    if free >= log {
        Left::Enough
    } else if free < KEPT_BYTES.max(log / PART) {
        Left::Kept
    } else if log.saturating_sub(tried) > tried / PART {
        Left::Little
    } else {
        Left::Enough
    }
}

/// Reads a file until it fails, ends, or there is no more time.
#[cfg(unix)]
fn is_unreadable(file: &fs::File, until: Option<Instant>) -> bool {
    use std::os::unix::fs::FileExt as _;
    let mut piece = vec![0; 1024 * 1024];
    let mut at: u64 = 0;
    while until.is_some_and(|until| Instant::now() < until) {
        match file.read_at(&mut piece, at) {
            Ok(0) => return false,
            Ok(read) => at = at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX)),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return true,
        }
    }
    false
}

/// Nobody says.
#[cfg(not(unix))]
fn is_unreadable(_: &fs::File, _: Option<Instant>) -> bool {
    false
}

/// What is left on the disk that a folder is on, to those who are not its administrators.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// Nobody says.
#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;

    #[test]
    fn a_log_leaves_to_its_file_what_it_may_need() {
        for (free, log, tried, expected) in [
            (0, 0, 0, Left::Enough),
            (MIB, MIB, 0, Left::Enough),
            (MIB - 1, MIB, 0, Left::Little),
            (MIB - 1, MIB, MIB, Left::Enough),
            (MIB, 9 * MIB, 8 * MIB, Left::Kept),
            (2 * MIB, 9 * MIB, 8 * MIB, Left::Enough),
            (2 * MIB, 9 * MIB + 1, 8 * MIB, Left::Little),
            (256 * KIB, MIB, 0, Left::Little),
            (256 * KIB - 1, MIB, MIB, Left::Kept),
            (MIB, 16 * MIB, 16 * MIB, Left::Kept),
            (8 * KIB, 24 * KIB, 24 * KIB, Left::Kept),
        ] {
            assert_eq!(left(free, log, tried), expected, "{free} beside {log} after {tried}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_is_told_from_what_can() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.db");
        assert!(!Disk::of(&file).cannot_be_read(), "it is not there");
        fs::write(&file, vec![7; 3_000_000]).unwrap();
        assert!(!Disk::of(&file).cannot_be_read());
        // To read a folder is refused by the system, as a bad block is.
        fs::create_dir(folder.path().join("shop.db-wal")).unwrap();
        assert!(Disk::of(&file).cannot_be_read());
    }

    #[cfg(unix)]
    #[test]
    fn the_room_beside_a_file_is_seen_before_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::of(&folder.path().join("shop.db"));
        assert!(free_bytes(&disk.folder).is_some());
        assert_eq!(disk.left(), Left::Enough);
        assert_eq!(free_bytes(&folder.path().join("none")), None);
    }
}
