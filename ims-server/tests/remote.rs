//! The command line on a server: every verb as on a store of its own.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Said, Shop};
use std::process::Command;

#[test]
fn the_command_line_works_on_a_server_as_on_a_store() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let url = format!("http://{}", server.address);
    let ims = |words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ims"));
        program.args(["--store", &url]).args(words).env_remove("IMS_STORE").env_remove("IMS_ACTOR");
        Said::from(program.env("IMS_API_KEY", &admin).output().unwrap())
    };
    for (words, says) in [
        (["item", "add", "MUG-1", "Blue mug"].as_slice(), "Added MUG-1"),
        (&["receive", "MUG-1=12@3.10"], "12 × MUG-1"),
        (&["order", "sell", "TEA-1=2"], "Sold MAIN-1"),
        (&["order", "show", "MAIN-1"], "shipped"),
        (&["order", "list", "--brand", "Leaf", "--from", "2020-01-01"], "MAIN-1"),
        (&["order", "list", "--brand", "Leaf", "--until", "2020-01-01"], "No order is like that."),
        (&["order", "list", "--city", "Köln"], "No order is like that."),
        (&["purchase", "list", "--category", "Tea"], "No purchase order is like that."),
        (&["movements", "--from", "2020-01-01"], "TEA-1"),
        (&["movements", "--from", "2100-01-01"], "Nothing has moved."),
        (&["stock", "TEA-1"], "18"),
        (&["report", "profit", "--by", "brand"], "Leaf"),
        (&["verify"], "Everything adds up."),
    ] {
        let said = ims(words);
        assert_eq!(said.code, 0, "{words:?}: {said:?}");
        assert!(said.out.contains(says), "{words:?}: {said:?}");
    }
    let refused = ims(&["--format", "json", "order", "sell", "TEA-1=200"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("\"insufficient_stock\"") && refused.err.contains("\"18\""), "{refused:?}");
}
