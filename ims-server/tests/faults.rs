//! Stores that cannot be written, as a person at the command line sees them: told apart, nothing lost.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Said, Shop};
use std::process::Command;

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
