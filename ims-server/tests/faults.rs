//! Stores that cannot be written, as a person at the command line sees them: told apart, nothing lost.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{
    Said, Shop,
    server::{ADMIN, Server},
};
use serde_json::json;
use std::{fs, path::PathBuf, process::Command};

#[test]
fn a_store_of_a_newer_version_says_so() {
    let shop = Shop::with_tea();
    let raise = "INSERT INTO ims_schema (version) VALUES (1000)";
    rusqlite::Connection::open(shop.path("shop.db")).unwrap().execute(raise, []).unwrap();
    let error = shop.fails(3, &["stock"]);
    assert_eq!(error["code"], "store_schema");
    let said = shop.run(&["stock"]);
    assert!(said.err.contains("1000"), "{said:?}");
}

#[test]
fn a_store_that_may_only_be_read_says_so() {
    let shop = Shop::with_tea();
    let read_only = format!("{}?mode=ro", shop.store());
    assert_eq!(shop.fails(3, &["order", "sell", "TEA-1=1", "--store", &read_only])["code"], "store_read_only");
    assert_eq!(shop.json(&["stock", "--store", &read_only])[0]["on_hand"], "20");
}

#[cfg(target_os = "linux")]
#[test]
fn an_error_that_nobody_can_be_told_still_ends_with_its_exit_code() {
    let shop = Shop::open();
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for (code, arguments) in
        [(1, ["order", "sell", "NONE=1"].as_slice()), (3, &["stock", "--store", "sqlite:/dev/null"])]
    {
        for format in ["table", "json"] {
            let mut command = shop.command(&[arguments, &["--format", format]].concat());
            let status = command.stderr(full()).status().unwrap();
            assert_eq!(status.code(), Some(code), "{arguments:?} {format}");
        }
    }
}

/// A disk of one megabyte, for as long as the script runs; it needs no rights that every user does not have.
fn on_a_small_disk(shop: &Shop, script: &str) -> Said {
    let folder = shop.path("disk");
    std::fs::create_dir(&folder).unwrap();
    let mount = format!("mount -t tmpfs -o size=1m tmpfs '{}' && cd '{0}' && {script}", folder.display());
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--map-root-user", "sh", "-ec", &mount]);
    shell.env("IMS", env!("CARGO_BIN_EXE_ims")).env("IMS_STORE", "sqlite:shop.db");
    Said::from(shell.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing_and_is_told_apart() {
    // The command that found no room is sent again with its id when there is some.
    let script = "\
        $IMS init --quiet\n\
        $IMS item add TEA-1 Tea --price 4 --quiet\n\
        $IMS receive TEA-1=20@2 --quiet\n\
        dd if=/dev/zero of=filler bs=1k 2>/dev/null || true\n\
        sell='order sell TEA-1=3 --id 01900000-0000-7000-8000-000000000001 --format json'\n\
        code=0; $IMS $sell >/dev/null 2>../error || code=$?\n\
        echo code $code $(tail -n 1 ../error)\n\
        rm filler\n\
        $IMS $sell --quiet >/dev/null\n\
        $IMS $sell --quiet >/dev/null\n\
        $IMS verify --quiet --format json >verdict\n\
        echo stock $($IMS stock --format csv | tail -n 1)\n";
    let said = on_a_small_disk(&Shop::none(), script);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("code 3 ") && said.out.contains("store_full"), "{said:?}");
    assert!(said.out.contains("stock TEA-1,Tea,MAIN,17,"), "{said:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_import_and_a_restore_go_on_when_there_is_room() {
    let script = "\
        mount -o remount,size=3m \"$PWD\"\n\
        $IMS init --quiet\n\
        awk 'BEGIN { print \"sku,name\"; for (i = 0; i < 4000; i++) print \"S-\" i \",Thing \" i }' >../many.csv\n\
        code=0; $IMS item import ../many.csv --quiet 2>../error || code=$?\n\
        echo import $code $(cat ../error)\n\
        code=0; $IMS item import ../many.csv --quiet --format json 2>../error || code=$?\n\
        echo again $code $(tail -n 1 ../error)\n\
        mount -o remount,size=40m \"$PWD\"\n\
        $IMS item import ../many.csv\n\
        $IMS verify --quiet\n\
        $IMS backup ../many.backup --quiet\n\
        rm shop.db*; mount -o remount,size=1m \"$PWD\"\n\
        code=0; $IMS restore ../many.backup --quiet 2>../error || code=$?\n\
        echo restore $code $(cat ../error)\n\
        mount -o remount,size=40m \"$PWD\"\n\
        $IMS restore ../many.backup --quiet\n\
        echo listed $($IMS item list --format csv | wc -l)\n";
    let said = on_a_small_disk(&Shop::none(), script);
    assert_eq!(said.code, 0, "{said:?}");
    let line = |word: &str| said.out.lines().find(|line| line.starts_with(word)).unwrap_or_default();
    let stopped = line("import 3 ");
    assert!(
        stopped.contains("nothing more was written") && stopped.contains(" of 4000 commands were done"),
        "{said:?}"
    );
    assert!(stopped.contains("goes on where it stopped"), "{said:?}");
    assert!(line("again 3 ").contains("store_full"), "{said:?}");
    assert!(said.out.contains("rows were imported before."), "{said:?}");
    assert!(line("restore 3 ").contains("the store is empty as it was before"), "{said:?}");
    assert_eq!(line("listed "), "listed 4001", "{said:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_store_on_a_disk_that_may_only_be_read_is_read_alone() {
    let script = "\
        $IMS init --quiet\n\
        $IMS item add TEA-1 Tea --price 4 --quiet\n\
        mount -o remount,ro \"$PWD\"\n\
        for store in sqlite:shop.db 'sqlite:shop.db?mode=ro'; do\n\
            code=0; $IMS item list --store \"$store\" --format json >/dev/null 2>../error || code=$?\n\
            echo code $code $(tail -n 1 ../error)\n\
        done\n\
        export IMS_STORE='sqlite:shop.db?immutable=1'\n\
        echo item $($IMS item list --format csv | tail -n 1)\n\
        $IMS verify --quiet\n\
        code=0; $IMS receive TEA-1=20@2 --format json 2>../error || code=$?\n\
        echo write $code $(tail -n 1 ../error)\n";
    let said = on_a_small_disk(&Shop::none(), script);
    assert_eq!(said.code, 0, "{said:?}");
    let told: Vec<&str> = said.out.lines().filter(|line| line.starts_with("code 3 ")).collect();
    assert_eq!(told.len(), 2, "{said:?}");
    assert!(told.iter().all(|line| line.contains("store_read_only") && line.contains("shop.db?immutable=1 reads it")));
    assert!(said.out.contains("item TEA-1,Tea,"), "{said:?}");
    assert!(said.out.contains("write 3 ") && said.out.contains("attempt to write a readonly"), "{said:?}");
}

/// A server whose store is on a disk of two megabytes, and where that disk is for this process.
#[cfg(target_os = "linux")]
fn served_on_a_small_disk(shop: &Shop, settings: &[&str]) -> (Server, PathBuf) {
    let folder = shop.path("disk");
    fs::create_dir(&folder).unwrap();
    let mount = format!(
        "mount -t tmpfs -o size=2m tmpfs '{0}' && cp '{1}' '{0}' && cd '{0}' && exec \"$IMS\" \"$@\"",
        folder.display(),
        shop.path("shop.db").display(),
    );
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--map-root-user", "sh", "-ec", &mount, "ims"]);
    shell.env("IMS", env!("CARGO_BIN_EXE_ims")).env("IMS_STORE", "sqlite:shop.db").env_remove("IMS_CONFIG");
    let server = Server::start(shell, settings);
    let inside = PathBuf::from(format!("/proc/{}/root{}", server.id(), folder.display()));
    (server, inside)
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_makes_a_server_unready_until_there_is_room() {
    let shop = Shop::with_tea();
    shop.add_user(ADMIN.0, ADMIN.1, "admin");
    let (server, disk) = served_on_a_small_disk(&shop, &["health.keep_ms=0", "health.written_ms=0"]);
    let admin = format!("Bearer {}", server.admin());
    let ready = || server.send("GET", "/health/ready", None, None);
    assert_eq!(ready().status, 200, "{:?}", ready());

    // What cannot be written any more is what fills the disk.
    fs::write(disk.join("filler"), vec![0; 4 * 1024 * 1024]).unwrap_err();
    let make = |number: usize| {
        let site = json!({"code": format!("S-{number}"), "name": "x".repeat(200)});
        let key = format!("site-{number}");
        let headers = [("Authorization", admin.as_str()), ("Idempotency-Key", key.as_str())];
        server.send_with("POST", "/v1/locations", &headers, Some(&site))
    };
    let (number, refused) =
        (0..1_000).map(|number| (number, make(number))).find(|(_, made)| made.status != 201).unwrap();
    assert_eq!((refused.status, refused.json()["code"].as_str()), (507, Some("store_full")), "{refused:?}");
    assert!(refused.headers["retry-after"].parse::<u64>().unwrap() > 0);
    let unready = ready();
    assert_eq!((unready.status, &unready.json()["failing"]), (503, &json!(["store"])), "{unready:?}");
    assert_eq!(unready.json()["parts"]["store"]["status"], "full");
    assert!(unready.headers.contains_key("retry-after"));
    let page = server.send_with("GET", "/v1/locations", &[("Authorization", admin.as_str())], None);
    assert_eq!(page.status, 200, "what is there is still told: {page:?}");

    // Room for a little is none for a sale.
    let filler = fs::File::options().write(true).open(disk.join("filler")).unwrap();
    filler.set_len(filler.metadata().unwrap().len() - 48 * 1024).unwrap();
    drop(filler);
    assert_eq!(ready().status, 503, "{:?}", ready());

    fs::remove_file(disk.join("filler")).unwrap();
    assert_eq!(ready().status, 200, "{:?}", ready());
    assert_eq!(make(number).status, 201, "the same request again");
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_does_not_fill_the_disk_of_a_shop_that_is_small() {
    let shop = Shop::with_tea();
    shop.ok(&["receive", "TEA-1=1000@2"]);
    shop.add_user(ADMIN.0, ADMIN.1, "admin");
    let (server, disk) = served_on_a_small_disk(&shop, &["health.keep_ms=0", "health.written_ms=0"]);
    let admin = server.admin();
    let sale = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "1"}]});
    for number in 0..60 {
        let sold = server.command("POST", "/v1/sales", &admin, &sale);
        let log = fs::metadata(disk.join("shop.db-wal")).unwrap().len();
        assert_eq!(sold.status, 201, "{number} sales and a log of {log} bytes: {sold:?}");
    }
    assert_eq!(server.send("GET", "/health/ready", None, None).status, 200);
}

#[test]
fn a_store_that_somebody_else_keeps_locked_is_told_of_and_waited_for_once() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[
        "database.lock_timeout_ms=1500",
        "health.keep_ms=0",
        "health.written_ms=0",
        "health.deadline_ms=200",
    ]);
    let admin = format!("Bearer {}", server.admin());
    let make = || {
        let headers = [("Authorization", admin.as_str()), ("Idempotency-Key", "pier")];
        server.send_with("POST", "/v1/locations", &headers, Some(&json!({"code": "PIER", "name": "Pier"})))
    };
    let other = rusqlite::Connection::open(shop.path("shop.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = make();
    assert_eq!((refused.status, refused.json()["code"].as_str()), (503, Some("store_unavailable")), "{refused:?}");
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(
        server.log().matches("a commit waits for the store").count(),
        1,
        "it was waited for once: {}",
        server.log()
    );
    assert!(server.log().contains("lock_timeout"), "{}", server.log());
    let unready = server.send("GET", "/health/ready", None, None);
    assert_eq!((unready.status, &unready.json()["failing"]), (503, &json!(["store"])), "{unready:?}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(make().status, 201, "the same request again");
    assert_eq!(server.send("GET", "/health/ready", None, None).status, 200);
}

#[cfg(unix)]
#[test]
fn what_a_program_leaves_behind_is_one_file_with_all_in_it() {
    let shop = Shop::with_tea();
    let log = shop.path("shop.db-wal");
    assert!(!log.exists(), "after a command");
    for number in 0..8 {
        shop.add_user(&format!("till-{number}"), ADMIN.1, "admin");
        assert!(!log.exists(), "after a change beside the shop");
        let backup = shop.path(&format!("copy-{number}.ims")).display().to_string();
        shop.ok(&["backup", &backup]);
        assert!(!log.exists(), "after a backup");
        let restored = shop.path(&format!("restored-{number}.db"));
        shop.ok(&["restore", &backup, "--store", &format!("sqlite:{}", restored.display())]);
        assert!(!restored.with_extension("db-wal").exists(), "after a backup was restored");
    }
    let server = shop.serve(&[]);
    let admin = server.admin();
    let sale = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "3"}]});
    server.command("POST", "/v1/sales", &admin, &sale).ok();
    assert!(log.exists(), "while it is served");
    server.end();
    assert!(!log.exists(), "after the server");
    fs::copy(shop.path("shop.db"), shop.path("copy.db")).unwrap();
    let copy = format!("sqlite:{}", shop.path("copy.db").display());
    assert_eq!(shop.json(&["stock", "--store", &copy])[0]["on_hand"], "17");
}
