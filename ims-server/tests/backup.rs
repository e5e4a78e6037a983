//! `ims backup` and `ims restore`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Said, Shop};
use std::process::{Command, Stdio};

/// The URL of a store in a shop's folder that is not there yet.
fn new_store(shop: &Shop, name: &str) -> String {
    format!("sqlite:{}", shop.path(name).display())
}

#[test]
fn a_shop_is_restored_with_everything_in_it() {
    let shop = Shop::with_tea();
    let id = "01900000-0000-7000-8000-000000000001";
    let sell = ["order", "sell", "TEA-1=3", "--id", id];
    let sold = shop.json(&sell);
    let file = shop.path("shop.backup").display().to_string();
    let saved = shop.json(&["backup", &file]);
    assert_eq!(saved["state_hash"], shop.state_hash());

    let new = new_store(&shop, "new.db");
    let restored = shop.json(&["restore", &file, "--store", &new]);
    assert_eq!(restored, saved);
    let verdict = shop.json(&["verify", "--store", &new]);
    assert_eq!((&verdict["ok"], &verdict["state_hash"]), (&true.into(), &saved["state_hash"]));
    assert_eq!(shop.ok(&["events", "--store", &new]), shop.ok(&["events"]));
    // What was answered before is answered as before, and nothing is sold twice.
    let again = shop.json(&[sell.as_slice(), &["--store", &new]].concat());
    assert_eq!((&again["receipt"], &again["repeated"]), (&sold["receipt"], &true.into()));
    assert_eq!(shop.json(&["stock", "--store", &new])[0]["on_hand"], "17");
    // The log goes on after its last offset.
    shop.ok(&["order", "sell", "TEA-1=1", "--store", &new]);
    let events = shop.ok(&["events", "--store", &new, "--format", "json"]);
    assert_eq!(events.lines().count() as u64, saved["events"].as_u64().unwrap() + 1);
}

#[test]
fn people_and_spreadsheets_are_told_too() {
    let shop = Shop::with_tea();
    let (first, second) = (shop.path("a").display().to_string(), shop.path("b").display().to_string());
    let told = shop.ok(&["backup", &first]);
    assert!(told.starts_with("backed up: ") && told.contains(&shop.state_hash()), "{told}");
    let told = shop.ok(&["backup", &second, "--format", "csv"]);
    assert_eq!(told.lines().next(), Some("file,rows,events,state_hash"));
}

#[test]
fn nothing_is_written_over_without_being_told() {
    let shop = Shop::with_tea();
    let file = shop.file("notes.txt", "mine");
    assert_eq!(shop.fails(2, &["backup", &file])["code"], "backup_exists");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    shop.ok(&["backup", &file, "--replace"]);
    let error = shop.fails(1, &["restore", &file]);
    assert_eq!((error["code"].as_str().unwrap(), error["table"].as_str().unwrap()), ("store_not_empty", "locations"));
    assert_eq!(shop.json(&["verify"])["ok"], true);
}

#[test]
fn the_store_itself_is_never_written_over() {
    let shop = Shop::with_tea();
    let before = shop.state_hash();
    for arguments in [["backup", "shop.db"].as_slice(), &["backup", "shop.db", "--replace"]] {
        let mut command = shop.command(&[arguments, &["--format", "json"]].concat());
        let said = Said::from(command.current_dir(&shop.folder).output().unwrap());
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains("backup_is_store") && !said.err.contains("--replace"), "{said:?}");
    }
    assert_eq!(shop.state_hash(), before);
}

#[test]
fn what_cannot_be_restored_is_told_apart_and_makes_no_store() {
    let shop = Shop::with_tea();
    let file = shop.path("shop.backup");
    shop.ok(&["backup", &file.display().to_string()]);
    let whole = std::fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 16;
    let cases = [
        (shop.file("letter", "Dear Sir or Madam"), "backup_foreign"),
        (shop.file("cut", &whole[..whole.len() - 9]), "backup_cut_off"),
        (shop.file("flipped", &flipped), "backup_damaged"),
        (shop.path("missing").display().to_string(), "backup_file"),
    ];
    let new = new_store(&shop, "new.db");
    for (file, code) in cases {
        let error = shop.fails(2, &["restore", &file, "--store", &new]);
        assert_eq!(error["code"], code);
        assert!(error["message"].as_str().unwrap().contains(&file), "{error}");
        assert!(!shop.path("new.db").exists());
    }
}

#[test]
fn a_backup_that_is_named_as_a_store_is_to_be_restored() {
    let shop = Shop::with_tea();
    let file = shop.path("shop.backup").display().to_string();
    shop.ok(&["backup", &file]);
    let error = shop.fails(2, &["stock", "--store", &format!("sqlite:{file}")]);
    assert_eq!(error["code"], "store_address", "{error}");
    assert!(error["message"].as_str().unwrap().contains("shop.backup is a backup"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains(&format!("`ims restore {file}`")), "{error}");
}

#[test]
fn a_store_that_is_not_there_or_is_kept_nowhere_is_not_backed_up() {
    let shop = Shop::none();
    let file = shop.path("file").display().to_string();
    assert_eq!(shop.fails(3, &["backup", &file])["code"], "store_missing");
    for command in ["backup", "restore"] {
        assert_eq!(shop.fails(2, &[command, &file, "--store", "memory:"])["code"], "store");
        assert_eq!(shop.fails(2, &[command, &file, "--store", "shop.db"])["code"], "store_address");
    }
    assert!(!shop.path("file").exists());
}

/// Waits until something is so; the moment at which it is does not matter.
fn wait_until(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::yield_now();
    }
}

#[test]
fn a_restore_that_is_killed_leaves_nothing_or_everything() {
    let shop = Shop::none();
    shop.ok(&["replay", "online-retail", &common::data("online_retail_small.csv")]);
    let file = shop.path("shop.backup").display().to_string();
    let saved = shop.json(&["backup", &file]);
    for (name, seen) in [("a.db", "a.db"), ("b.db", "b.db-wal"), ("c.db", "c.db-shm")] {
        let new = new_store(&shop, name);
        let restore = ["restore", &file, "--store", &new];
        let mut child = shop.command(&restore).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let ended = std::cell::Cell::new(false);
        wait_until(|| {
            ended.set(shop.path(seen).exists());
            ended.get()
        });
        child.kill().unwrap();
        child.wait().unwrap();
        let again = shop.run(&[restore.as_slice(), &["--format", "json"]].concat());
        assert!(again.code == 0 || again.err.contains("store_not_empty"), "{again:?}");
        assert_eq!(shop.json(&["verify", "--store", &new])["state_hash"], saved["state_hash"]);
    }
}

/// A disk of so many megabytes, for as long as the script runs; it needs no rights that every user does not have.
#[cfg(target_os = "linux")]
fn on_a_small_disk(shop: &Shop, megabytes: u32, script: &str) -> Said {
    let folder = shop.path("disk");
    std::fs::create_dir(&folder).unwrap();
    let mount = format!("mount -t tmpfs -o size={megabytes}m tmpfs '{}' && cd '{0}' && {script}", folder.display());
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--map-root-user", "sh", "-ec", &mount]);
    shell.env("IMS", env!("CARGO_BIN_EXE_ims")).env("IMS_STORE", shop.store());
    Said::from(shell.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_is_told_and_nothing_is_left_on_it() {
    let shop = Shop::none();
    shop.ok(&["replay", "online-retail", &common::data("online_retail_small.csv")]);
    shop.ok(&["backup", &shop.path("shop.backup").display().to_string()]);
    let script = "\
        dd if=/dev/zero of=filler bs=1k 2>/dev/null || true\n\
        code=0; $IMS backup file --format json 2>../error || code=$?\n\
        echo backup $code $(tail -n 1 ../error) left $(ls -A)\n\
        code=0; $IMS restore ../shop.backup --store sqlite:new.db --format json 2>../error || code=$?\n\
        echo restore $code $(tail -n 1 ../error)\n\
        rm filler\n\
        $IMS backup file --quiet\n\
        $IMS restore file --store sqlite:new.db --quiet\n\
        $IMS verify --store sqlite:new.db --quiet\n";
    let said = on_a_small_disk(&shop, 8, script);
    assert_eq!(said.code, 0, "{said:?}");
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[0].starts_with("backup 2 ") && lines[0].contains("backup_full"), "{said:?}");
    assert!(lines[0].ends_with("left filler"), "{said:?}");
    assert!(lines[1].starts_with("restore 3 ") && lines[1].contains("store_full"), "{said:?}");
    assert!(said.out.contains(&shop.state_hash()), "{said:?}");
}
