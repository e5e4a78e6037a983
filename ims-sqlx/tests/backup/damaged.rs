//! Files that are not backups, or not whole.

use crate::place::{Folder, Place};
use crate::run;
use crate::till::{context, engine, furnish, look, open, pack, sale, unpack};
use ims_sqlx::OpenOptions;
use ims_sqlx::backup::{BackupError, Existing, back_up, read, restore};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// A backup of a small shop.
async fn backup(folder: &Folder) -> PathBuf {
    let place = Place::sqlite();
    let ims = engine(open(place.url()).await);
    furnish(&ims, 50).await;
    ims.execute(context(100), sale()).await.unwrap();
    let file = PathBuf::from(folder.file("shop"));
    back_up(ims.store(), &file, Existing::Keep).await.unwrap();
    file
}

/// Reading, and restoring, both say why a file is refused; no database is made for it.
async fn refused(folder: &Folder, file: &Path) -> BackupError {
    let new = folder.file("new.db");
    let why = restore(file, &format!("sqlite:{new}"), OpenOptions::default()).await.unwrap_err();
    assert!(!Path::new(&new).exists());
    assert_eq!(read(file).await.unwrap_err().to_string(), why.to_string());
    why
}

/// Changes the lines of a backup, and lets its last line say that all is well.
fn forge(from: &Path, to: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = unpack(from).lines().map(str::to_owned).collect();
    let trailer = lines.pop().unwrap();
    change(&mut lines);
    let body = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let mut trailer: serde_json::Value = serde_json::from_str(&trailer).unwrap();
    let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    trailer["sha256"] = hash.into();
    pack(to, &format!("{body}{trailer}\n"));
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_refused() {
    let folder = Folder::new();
    run(async {
        let whole = std::fs::read(backup(&folder).await).unwrap();
        let cut = PathBuf::from(folder.file("cut"));
        for length in (0..whole.len()).rev().step_by(7).chain(0..20) {
            std::fs::write(&cut, &whole[..length]).unwrap();
            let why = refused(&folder, &cut).await;
            assert!(matches!(why, BackupError::CutOff { .. }), "{length}: {why}");
        }
    });
}

#[test]
fn lines_that_end_too_early_are_cut_off_however_well_they_are_packed() {
    let folder = Folder::new();
    run(async {
        let lines = unpack(&backup(&folder).await);
        let cut = PathBuf::from(folder.file("cut"));
        for length in (1..lines.len()).step_by(501) {
            pack(&cut, &lines[..length]);
            let why = refused(&folder, &cut).await;
            assert!(matches!(why, BackupError::CutOff { .. } | BackupError::Damaged { .. }), "{length}: {why}");
        }
        pack(&cut, &lines[..lines.len() - 1]);
        assert!(matches!(refused(&folder, &cut).await, BackupError::CutOff { .. }));
    });
}

#[test]
fn a_file_in_which_a_bit_flipped_is_refused_where_it_says_anything_else() {
    let folder = Folder::new();
    run(async {
        let file = backup(&folder).await;
        let (whole, lines) = (std::fs::read(&file).unwrap(), unpack(&file));
        let flipped = PathBuf::from(folder.file("flipped"));
        let mut harmless = 0;
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            std::fs::write(&flipped, &bytes).unwrap();
            match read(&flipped).await {
                // Some bits of the packing say nothing: when and where it was packed, what fills the last byte.
                Ok(_) => {
                    assert_eq!(unpack(&flipped), lines, "byte {at}");
                    harmless += 1;
                }
                Err(BackupError::Foreign { .. } | BackupError::CutOff { .. }) => {}
                Err(BackupError::Damaged { .. } | BackupError::Newer { .. }) => {}
                Err(other) => panic!("{at}: {other}"),
            }
        }
        assert!(harmless < 24, "{harmless} of {} bytes", whole.len());
    });
}

#[test]
fn a_line_that_changed_is_found_however_well_it_is_packed() {
    let folder = Folder::new();
    run(async {
        let lines = unpack(&backup(&folder).await);
        let changed = PathBuf::from(folder.file("changed"));
        for at in (0..lines.len()).step_by(97) {
            let mut bytes = lines.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let Ok(text) = String::from_utf8(bytes) else { continue };
            pack(&changed, &text);
            refused(&folder, &changed).await;
        }
    });
}

#[test]
fn a_file_of_another_kind_is_no_backup() {
    let folder = Folder::new();
    run(async {
        backup(&folder).await;
        let other = PathBuf::from(folder.file("other"));
        for content in [b"Dear Sir or Madam, this is a letter".as_slice(), &[0; 4096], b"SQLite format 3\0 and more"] {
            std::fs::write(&other, content).unwrap();
            assert!(matches!(refused(&folder, &other).await, BackupError::Foreign { .. }));
        }
        for lines in ["Dear Sir\n", "{}\n", "[1,2]\n", "{\"ims_backup\":\"1\"}\n"] {
            pack(&other, lines);
            assert!(matches!(refused(&folder, &other).await, BackupError::Foreign { .. }), "{lines}");
        }
        let missing = PathBuf::from(folder.file("missing"));
        assert!(matches!(refused(&folder, &missing).await, BackupError::File { .. }));
    });
}

#[test]
fn a_line_without_an_end_does_not_take_all_memory() {
    let folder = Folder::new();
    run(async {
        let bomb = PathBuf::from(folder.file("bomb"));
        let mut out = flate2::write::GzEncoder::new(std::fs::File::create(&bomb).unwrap(), flate2::Compression::best());
        for _ in 0..80 {
            std::io::Write::write_all(&mut out, &[b' '; 1024 * 1024]).unwrap();
        }
        out.finish().unwrap();
        assert!(matches!(refused(&folder, &bomb).await, BackupError::Foreign { .. }));
    });
}

#[test]
fn a_file_of_a_newer_version_says_so() {
    let folder = Folder::new();
    run(async {
        let file = backup(&folder).await;
        let newer = PathBuf::from(folder.file("newer"));
        pack(&newer, "{\"ims_backup\":2,\"by\":\"9.0.0\",\"whatever\":[]}\nand another form\n");
        let why = refused(&folder, &newer).await;
        assert!(matches!(&why, BackupError::Newer { by, .. } if by == "9.0.0"), "{why}");
        forge(&file, &newer, |lines| lines[0] = lines[0].replace("\"form\":", "\"form\":9"));
        assert!(matches!(refused(&folder, &newer).await, BackupError::Newer { .. }));

        // Which schema a file has to have is told by the database.
        for (schema, code) in [("9", "backup_newer"), ("0", "backup_older")] {
            forge(&file, &newer, |lines| {
                let (before, rest) = lines[0].split_once("\"schema\":").unwrap();
                let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
                lines[0] = format!("{before}\"schema\":{schema}{rest}");
            });
            let place = Place::sqlite();
            let why = restore(&newer, place.url(), OpenOptions::default()).await.unwrap_err();
            assert_eq!(why.code(), code);
            assert!(look(&open(place.url()).await).await.events.is_empty());
        }
    });
}

#[test]
fn what_follows_the_end_is_refused() {
    let folder = Folder::new();
    run(async {
        let file = backup(&folder).await;
        let more = PathBuf::from(folder.file("more"));
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.push(0);
        std::fs::write(&more, &bytes).unwrap();
        assert!(matches!(refused(&folder, &more).await, BackupError::Damaged { .. }));
        pack(&more, &format!("{}\n", unpack(&file)));
        assert!(matches!(refused(&folder, &more).await, BackupError::Damaged { .. }));
    });
}

#[test]
fn rows_that_were_changed_by_hand_are_not_kept() {
    let folder = Folder::new();
    crate::on_each(async |place: Place| {
        let file = backup(&folder).await;
        let forged = PathBuf::from(folder.file("forged"));
        let after = |lines: &[String], table: &str| {
            lines.iter().position(|line| line.starts_with(&format!("{{\"table\":\"{table}\""))).unwrap() + 1
        };
        // Another quantity on the shelf: everything can be written, and it is not what was backed up.
        forge(&file, &forged, |lines| {
            let at = after(lines, "stock");
            lines[at] = lines[at].replace("49000000", "48000000");
        });
        let why = restore(&forged, place.url(), OpenOptions::default()).await.unwrap_err();
        assert!(matches!(why, BackupError::OtherState { .. }), "{why}");
        // An item of a supplier that is not there, and twice the same row in place of another one: the database objects.
        let objections: [fn(&mut Vec<String>, usize, usize); 2] = [
            |lines, items, _| {
                lines[items] =
                    lines[items].replace("null,\"active\"", "\"0f0000000000000000000000000000ff\",\"active\"")
            },
            |lines, _, commands| lines[commands] = lines[commands + 1].clone(),
        ];
        for change in objections {
            forge(&file, &forged, |lines| {
                let (items, commands) = (after(lines, "items"), after(lines, "commands"));
                let before = lines.clone();
                change(lines, items, commands);
                assert_ne!(before, *lines);
            });
            let why = restore(&forged, place.url(), OpenOptions::default()).await.unwrap_err();
            assert_eq!(why.code(), "store_corrupt", "{why}");
        }
        let seen = look(&open(place.url()).await).await;
        assert!(seen.events.is_empty() && seen.entries.is_empty());
        restore(&file, place.url(), OpenOptions::default()).await.unwrap();
        std::fs::remove_file(&file).unwrap();
    });
}
