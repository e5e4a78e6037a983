//! What is said and done is the same on a server as on its store.

use super::{Remote, id, key};
use crate::common::Shop;
use std::{collections::BTreeMap, path::Path};

/// Everything that changes a shop, each with what it says for people.
const WRITES: &[&[&str]] = &[
    &["init", "--name", "Corner shop", "--currency", "GBP", "--time-zone", "Europe/London"],
    &["site", "add", "DEPOT", "The depot"],
    &["supplier", "add", "S1", "A supplier", "--city", "Leeds"],
    &["customer", "add", "C1", "A customer", "--city", "York"],
    &["item", "add", "TEA-1", "Green tea", "--price", "4.50", "--reorder-point", "5", "--brand", "Leaf"],
    &["item", "add", "MUG-1", "Blue mug", "--price", "8", "--backorder-limit", "10"],
    &["item", "add", "JAR-1", "Jar", "--price", "2", "--costing", "standard", "--standard-cost", "1"],
    &["item", "update", "MUG-1", "--brand", "Clay"],
    &["item", "retire", "JAR-1"],
    &["item", "update", "JAR-1", "--restore"],
    &["receive", "TEA-1=20@2.10", "MUG-1=2@3", "JAR-1=4@1.20", "--site", "MAIN"],
    &["cost", "set", "JAR-1", "1.50"],
    &["send-back", "TEA-1=1", "--site", "MAIN"],
    &["adjust", "TEA-1=-1", "--reason", "damaged", "--note", "wet", "--site", "MAIN"],
    &["transfer", "TEA-1=5", "--from", "MAIN", "--to", "DEPOT"],
    &["hold", "place", "TEA-1=2", "--until", "2035-01-31", "--site", "MAIN"],
    &["order", "place", "MUG-1=5", "--customer", "C1", "--on-shortage", "backorder", "--site", "MAIN"],
    &["order", "ship", "MAIN-1"],
    &["order", "sell", "TEA-1=9@4-10%", "--site", "MAIN", "--customer", "C1"],
    &["order", "return", "MAIN-2", "#1=1"],
    &["order", "take-back", "TEA-1=1@4", "--site", "MAIN"],
    &["order", "place", "TEA-1=1", "--site", "DEPOT"],
    &["order", "cancel", "DEPOT-1"],
    &["purchase", "place", "S1", "MUG-1=10@2.90", "--expected", "2030-01-31", "--site", "MAIN"],
    &["purchase", "receive", "P-MAIN-1", "MUG-1=4"],
    &["purchase", "close", "P-MAIN-1"],
    &["purchase", "place", "S1", "MUG-1=1@2.90", "--site", "MAIN"],
    &["purchase", "cancel", "P-MAIN-2"],
    &["alerts", "ack", "TEA-1", "--site", "MAIN"],
    &["item", "retire", "JAR-1"],
    &["period", "close", "2025-12-31"],
];

/// Everything that only looks.
const READS: &[&[&str]] = &[
    &["item", "list"],
    &["item", "list", "--text", "tea", "--brand", "Leaf"],
    &["item", "list", "--text", ""],
    &["item", "list", "--supplier", "S1"],
    &["item", "show", "tea-1"],
    &["site", "list"],
    &["supplier", "list"],
    &["supplier", "show", "S1"],
    &["customer", "list", "--city", "york"],
    &["customer", "show", "c1"],
    &["stock"],
    &["stock", "TEA-1", "--site", "DEPOT"],
    &["hold", "list"],
    &["order", "list"],
    &["order", "list", "--status", "cancelled", "--customer", "C1"],
    &["order", "list", "--brand", "Leaf", "--from", "2020-01-01"],
    &["order", "list", "--until", "2020-01-01"],
    &["order", "list", "--city", "york"],
    &["order", "show", "main-1"],
    &["purchase", "list"],
    &["purchase", "list", "--from", "2026-01-02", "--city", "leeds"],
    &["purchase", "show", "P-MAIN-1"],
    &["alerts"],
    &["alerts", "--all"],
    &["report", "profit", "--by", "brand"],
    &["report", "profit", "--by", "customer", "--from", "2026-01-01"],
    &["report", "value"],
    &["report", "value", "--site", "DEPOT", "--as-of", "2026-02-01"],
    &["report", "reorder"],
    &["movements"],
    &["movements", "--from", "2026-01-20"],
    &["movements", "TEA-1", "--site", "MAIN"],
    &["events"],
    &["events", "--after", "3", "--limit", "4"],
    &["verify"],
];

/// Gives all commands that change a shop, each with an id and at a time of its own, and returns what they said.
fn trade(shop: &Shop, mut run: impl FnMut(&[&str]) -> String) -> Vec<String> {
    let items = shop.file("items.csv", "sku,name,price,quantity,cost\nPEN-1,Pen,1.20,3,0.50\nPEN-2,Red pen,1.30,,\n");
    let parties = shop.file("parties.csv", "code,name,city,standing\nP1,Paper mill,Porto,\nP2,Old mill,,retired\n");
    let imports = [
        vec!["item", "import", &items, "--site", "MAIN"],
        vec!["item", "import", &items, "--site", "MAIN", "--dry-run"],
        vec!["supplier", "import", &parties],
        vec!["customer", "import", &parties],
        vec!["customer", "import", &parties],
    ];
    let all = WRITES.iter().copied().chain(imports.iter().map(Vec::as_slice));
    all.zip(1_u32..)
        .map(|(words, number)| {
            let (id, at) = (id(number), format!("2026-01-{:02} 09:30", number.min(31)));
            run(&[words, &["--id", &id, "--at", &at]].concat())
        })
        .collect()
}

/// The files of a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect()
}

#[test]
fn every_verb_says_and_does_on_a_server_what_it_does_on_a_store() {
    let (here, there) = (Shop::none(), Shop::none());
    there.add_user("ada", "lovelace-1843!", "admin");
    let server = there.serve_as_it_is(&[]);
    let remote = Remote::of(&server, &server.admin());
    let said_here = trade(&here, |words| here.ok(words));
    let said_there = trade(&here, |words| remote.ok(words));
    for (mut said_here, mut said_there) in said_here.into_iter().zip(said_there) {
        // `ims init` says where.
        said_here = said_here.replace(here.store(), "the store");
        said_there = said_there.replace(&remote.url, "the store");
        assert_eq!(said_here, said_there);
    }
    assert_eq!(remote.json(&["verify"])["state_hash"], here.state_hash());
    for words in READS {
        for format in ["table", "json", "csv"] {
            let words = [words, ["--format", format].as_slice()].concat();
            assert_eq!(remote.ok(&words), there.ok(&words), "{words:?}");
        }
    }
    for format in ["csv", "json"] {
        let folders = ["here", "there"].map(|name| here.path(&format!("{name}-{format}")));
        let [one, other] = folders.each_ref().map(|folder| folder.display().to_string());
        assert_eq!(there.ok(&["export", &one, "--format", format]), remote.ok(&["export", &other, "--format", format]));
        assert_eq!(files(&folders[0]), files(&folders[1]));
    }
}

#[test]
fn what_is_refused_is_refused_in_the_same_words() {
    let shop = Shop::with_tea();
    shop.ok(&["period", "close", "2025-12-31"]);
    let server = shop.serve(&[]);
    let remote = Remote::of(&server, &server.admin());
    for (code, words) in [
        (1, ["order", "sell", "TEA-1=200"].as_slice()),
        (1, &["order", "sell", "TEA-1=0.5"]),
        (1, &["order", "sell", "TEA-1=1", "--at", "2025-01-31"]),
        (1, &["order", "sell", "NONE=1"]),
        (1, &["order", "show", "MAIN-99"]),
        (1, &["purchase", "show", "P-MAIN-99"]),
        (1, &["init"]),
        (1, &["hold", "release", "0190163d-8694-739b-aea5-966c26f8ad91"]),
        (1, &["receive", "TEA-1=1@1", "--site", "NONE"]),
        (2, &["order", "sell", "TEA-1"]),
        (2, &["item", "update", "TEA-1"]),
    ] {
        assert_eq!(remote.fails(code, words), shop.fails(code, words), "{words:?}");
        let (there, here) = (remote.run(words), shop.run(words));
        assert_eq!(there.err, here.err, "{words:?}");
    }
}

#[test]
fn the_same_id_does_nothing_twice() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let remote = Remote::of(&server, &server.admin());
    let id = id(1);
    let first = remote.json(&["order", "sell", "TEA-1=3", "--id", &id]);
    assert_eq!(first["id"], id.as_str());
    let second = remote.json(&["order", "sell", "TEA-1=3", "--id", &id]);
    assert_eq!((&second["receipt"], &second["repeated"]), (&first["receipt"], &true.into()));
    assert_eq!(remote.fails(1, &["order", "sell", "TEA-1=4", "--id", &id])["code"], "id_reused");
    assert_eq!(super::on_hand(&remote, "TEA-1"), "17");
}

#[test]
fn no_timeout_of_the_server_ends_a_proof() {
    let shop = Shop::with_tea();
    let prover = key(&shop.serve(&[]), "prover", &["admin"], None);
    let server = shop.serve_as_it_is(&["http.request_timeout_ms=1"]);
    assert!(Remote::of(&server, &prover).ok(&["verify"]).contains("Everything adds up."));
}

#[test]
fn a_store_is_proved_as_of_one_moment_while_others_sell() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let (admin, remote) = (server.admin(), Remote::of(&server, &server.admin()));
    let sell = |times: usize| {
        for _ in 0..times {
            let sale = serde_json::json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "1"}]});
            server.command("POST", "/v1/sales", &admin, &sale).ok();
            let goods = serde_json::json!({"item": "sku:TEA-1", "quantity": "1", "unit_cost": "2.10"});
            let receipt = serde_json::json!({"site": "code:MAIN", "lines": [goods]});
            server.command("POST", "/v1/stock/receipts", &admin, &receipt).ok();
        }
    };
    std::thread::scope(|threads| {
        let selling = threads.spawn(|| sell(60));
        while !selling.is_finished() {
            assert!(remote.ok(&["verify"]).contains("Everything adds up."));
            assert!(shop.ok(&["verify"]).contains("Everything adds up."));
        }
    });
}
