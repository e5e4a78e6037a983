//! What the program says: what happened, to what, by the name that was typed, and what to do next.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Shop;
use serde_json::Value;

/// The message and the hint of what must be refused.
fn refused(shop: &Shop, arguments: &[&str]) -> (String, String) {
    let said = shop.run(&[arguments, &["--format", "json"]].concat());
    assert!(said.code == 1 || said.code == 2, "{arguments:?}: {said:?}");
    let error: serde_json::Value = serde_json::from_str(said.err.lines().last().unwrap()).unwrap();
    let text = |name: &str| error["error"][name].as_str().unwrap_or_default().to_owned();
    (text("message"), text("hint"))
}

#[test]
fn an_order_that_was_shipped_is_taken_back_by_a_return() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "sell", "TEA-1=1"]);
    let (message, hint) = refused(&shop, &["order", "cancel", "MAIN-1"]);
    assert_eq!(message, "the order was shipped: take goods back with a return");
    assert!(hint.contains("ims order return"), "{hint}");
    shop.ok(&["order", "return", "MAIN-1"]);
    let (message, hint) = refused(&shop, &["order", "return", "MAIN-1"]);
    assert_eq!(message, "nothing of MAIN-1 can come back: all that was shipped came back already");
    assert!(hint.contains("ims order show MAIN-1"), "{hint}");
    shop.ok(&["order", "place", "TEA-1=1"]);
    let (message, hint) = refused(&shop, &["order", "return", "MAIN-2"]);
    assert_eq!(message, "nothing of MAIN-2 can come back: nothing of it was shipped");
    assert!(hint.contains("ims order cancel MAIN-2"), "{hint}");
    let (message, _) = refused(&shop, &["order", "return", "MAIN-1", "TEA-1=1"]);
    assert!(message.starts_with("TEA-1 (line 1): 1 cannot come back, 0 was shipped"), "{message}");
}

#[test]
fn a_name_that_is_taken_says_by_what() {
    let shop = Shop::with_tea();
    let (message, hint) = refused(&shop, &["item", "add", "tea-1", "Another"]);
    assert_eq!(message, "SKU tea-1 is taken by TEA-1 (Green tea)");
    assert!(hint.contains("ims item show TEA-1"), "{hint}");
    shop.ok(&["item", "add", "NEW", "Something new", "--barcode", "4006381333931"]);
    shop.ok(&["item", "retire", "NEW"]);
    let (message, hint) = refused(&shop, &["item", "add", "NEW", "Another"]);
    assert_eq!(message, "SKU NEW is taken by NEW (Something new), which is retired");
    assert!(hint.contains("ims item update NEW --restore"), "{hint}");
    let (message, _) = refused(&shop, &["item", "add", "X", "Another", "--barcode", "4006381333931"]);
    assert!(message.ends_with("is taken by NEW (Something new), which is retired"), "{message}");
    let (_, hint) = refused(&shop, &["order", "sell", "NEW=1@2"]);
    assert!(hint.contains("ims item update NEW --restore"), "{hint}");
    shop.ok(&["item", "restore", "NEW"]);
    assert_eq!(shop.json(&["item", "show", "NEW"])["standing"], "active");
}

#[test]
fn a_discount_is_not_taken_off_twice() {
    let shop = Shop::with_tea();
    let said = shop.run(&["order", "sell", "TEA-1=1@5--1"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("a discount is taken off as it is: write -1"), "{said:?}");
}

#[test]
fn what_comes_next_is_what_can_be_done() {
    let shop = Shop::with_tea();
    let said = shop.run(&["order", "place", "TEA-1=1"]);
    assert!(said.err.contains("Next: ims order ship MAIN-1"), "{said:?}");
    shop.ok(&["item", "update", "TEA-1", "--backorder-limit", "100"]);
    shop.ok(&["order", "sell", "TEA-1=19"]);
    let said = shop.run(&["order", "place", "TEA-1=5", "--on-shortage", "backorder"]);
    assert!(!said.err.contains("ims order ship") && said.err.contains("It waits for goods"), "{said:?}");
}

#[test]
fn what_was_done_before_is_said() {
    let shop = Shop::none();
    let id = |number: u32| format!("0190f5a4-7e1b-7c3d-8f00-{number:012}");
    let twice = |arguments: &[&str], number: u32| {
        let (id, again) = (id(number), "Done before, nothing new: ");
        let first = shop.ok(&[arguments, &["--id", &id]].concat());
        let second = shop.ok(&[arguments, &["--id", &id]].concat());
        assert_eq!(second, format!("{again}{first}"), "{arguments:?}");
        let json = shop.json(&[arguments, &["--id", &id]].concat());
        assert_eq!(json["repeated"], true, "{arguments:?}");
    };
    let again = |arguments: &[&str], number: u32| {
        let said = shop.ok(&[arguments, &["--id", &id(number)]].concat());
        assert!(said.starts_with("Done before, nothing new: "), "{arguments:?}: {said}");
    };
    twice(&["init", "--name", "Corner shop"], 1);
    twice(&["item", "add", "TEA", "Tea", "--price", "2"], 2);
    twice(&["receive", "TEA=5@1"], 3);
    twice(&["order", "sell", "TEA=1"], 4);
    twice(&["order", "place", "TEA=1"], 5);
    twice(&["supplier", "add", "S", "Somebody"], 6);
    twice(&["purchase", "place", "S", "TEA=1@1"], 7);
    twice(&["adjust", "TEA=-1", "--reason", "lost"], 8);
    assert_eq!(shop.json(&["order", "sell", "TEA=1"])["repeated"], false);
    // What follows from what is there now, or from the clock, is not worked out anew.
    twice(&["order", "return", "MAIN-1"], 9);
    twice(&["order", "take-back", "TEA=1"], 10);
    twice(&["hold", "place", "TEA=1", "--for", "1h"], 11);
    assert_eq!(shop.json(&["hold", "list"]).as_array().unwrap().len(), 1);
    let hold = shop.json(&["hold", "list"])[0]["id"].as_str().unwrap().to_owned();
    twice(&["hold", "extend", &hold, "--for", "2h"], 12);
    twice(&["supplier", "update", "S", "--name", "Somebody else"], 13);
    twice(&["item", "update", "TEA", "--price", "3"], 14);
    again(&["order", "take-back", "TEA=1"], 10);
    twice(&["item", "update", "TEA", "--sku", "TEA-2", "--brand", "Leaf"], 15);
    twice(&["period", "close", "2020-02-28", "--reason", "old"], 16);
    twice(&["period", "reopen", "2020-01-31", "--reason", "a wrong clock"], 17);
    shop.ok(&["supplier", "update", "S", "--city", "Leeds"]);
    again(&["supplier", "update", "S", "--name", "Somebody else"], 13);
    // An id of something else is refused, and nothing is done.
    for arguments in [
        ["order", "return", "MAIN-2"].as_slice(),
        &["hold", "place", "TEA-2=2", "--for", "1h"],
        &["hold", "place", "TEA-2=1", "--until", "2035-01-31"],
        &["supplier", "update", "S", "--name", "A third one"],
        &["item", "update", "TEA-2", "--price", "4"],
        &["period", "close", "2019-12-31"],
    ] {
        for number in [4, 11] {
            let error = shop.fails(1, &[arguments, &["--id", &id(number)]].concat());
            assert_eq!(error["code"], "id_reused", "{arguments:?} {number}");
        }
    }
    assert_eq!(shop.json(&["hold", "list"]).as_array().unwrap().len(), 1);
    // What was refused stays so.
    let refused = ["hold", "place", "TEA-2=100", "--for", "1h", "--id", &id(18)];
    let first = shop.fails(1, &refused);
    shop.ok(&["receive", "TEA-2=200@1"]);
    let second = shop.fails(1, &refused);
    assert_eq!((&first["code"], &first["repeated"]), (&"insufficient_stock".into(), &Value::Null));
    assert_eq!((&second["message"], &second["repeated"]), (&first["message"], &true.into()));
    assert!(shop.run(&refused).err.contains("was refused before; leave --id out"));
    // A part is not all that is out, and another verb is not told what refused the first one.
    shop.ok(&["order", "sell", "TEA-2=3"]);
    shop.ok(&["order", "return", "MAIN-4", "TEA-2=1", "--id", &id(19)]);
    for (arguments, number) in [
        (["order", "return", "MAIN-4"].as_slice(), 19),
        (&["order", "return", "MAIN-4"], 18),
        (&["order", "take-back", "TEA-2=1"], 18),
        (&["supplier", "update", "S", "--name", "A third one"], 18),
        (&["item", "update", "TEA-2", "--price", "4"], 18),
        (&["period", "close", "2020-02-15"], 18),
    ] {
        let error = shop.fails(1, &[arguments, &["--id", &id(number)]].concat());
        assert_eq!(error["code"], "id_reused", "{arguments:?} {number}");
    }
    twice(&["order", "return", "MAIN-4"], 20);
}

#[test]
fn what_enters_nothing_takes_neither_a_time_nor_an_id() {
    let shop = Shop::with_tea();
    let id = "0190f5a4-7e1b-7c3d-8f00-000000000001";
    let file = shop.file("items.csv", "sku,name\nMUG,Mug\n");
    for (words, next) in [
        (["report", "value"].as_slice(), "--as-of"),
        (&["report", "profit"], "--from"),
        (&["report", "reorder"], "leave it out"),
        (&["order", "list"], "--from"),
        (&["movements"], "--until"),
        (&["stock"], "leave it out"),
        (&["item", "show", "TEA-1"], "leave it out"),
        (&["hold", "list"], "leave it out"),
        (&["alerts"], "leave it out"),
        (&["verify"], "leave it out"),
        (&["user", "list"], "leave it out"),
    ] {
        let error = shop.fails(2, &[words, &["--at", "2026-01-31"]].concat());
        assert_eq!(error["code"], "at", "{words:?}");
        assert!(error["hint"].as_str().unwrap().contains(next), "{words:?}: {error}");
        assert_eq!(shop.fails(2, &[words, &["--id", id]].concat())["code"], "id", "{words:?}");
    }
    shop.ok(&["item", "import", &file, "--at", "2026-01-31", "--id", id]);
}

#[test]
fn an_item_that_never_was_anywhere_is_to_be_ordered() {
    let shop = Shop::open();
    shop.ok(&["item", "add", "N", "Never", "--reorder-point", "3", "--reorder-to", "10"]);
    let reorder = shop.json(&["report", "reorder"]);
    let line = &reorder[0];
    assert_eq!((&line["sku"], &line["site"], &line["propose"]), (&"N".into(), &"MAIN".into(), &"10".into()));
    let stock = shop.json(&["stock", "N"]);
    assert_eq!((&stock[0]["on_hand"], &stock[0]["available"]), (&"0".into(), &"0".into()));
    shop.ok(&["site", "add", "AAA", "First by its code"]);
    assert_eq!(shop.json(&["report", "reorder"])[0]["site"], "AAA");
    shop.ok(&["site", "retire", "AAA"]);
    assert_eq!(shop.json(&["report", "reorder"])[0]["site"], "MAIN");
    shop.ok(&["receive", "N=4@1", "--site", "MAIN"]);
    assert_eq!(shop.json(&["report", "reorder"]).as_array().unwrap().len(), 0);
    assert_eq!(shop.json(&["verify"])["ok"], true);
}

#[test]
fn an_alert_shows_what_there_is_today() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "sell", "TEA-1=15"]);
    shop.ok(&["order", "sell", "TEA-1=1"]);
    shop.ok(&["item", "update", "TEA-1", "--reorder-point", "8"]);
    let alert = &shop.json(&["alerts"])[0];
    assert_eq!((&alert["available"], &alert["threshold"]), (&"4".into(), &"8".into()), "{alert}");
    let table = shop.ok(&["alerts"]);
    assert!(table.contains("Available then"), "{table}");
}

#[test]
fn where_there_is_no_reorder_point_none_is_shown() {
    let shop = Shop::open();
    shop.ok(&["item", "add", "N", "None", "--price", "4", "--backorder-limit", "5"]);
    shop.ok(&["receive", "N=1@1"]);
    shop.ok(&["order", "sell", "N=1"]);
    shop.ok(&["order", "place", "N=2", "--on-shortage", "backorder"]);
    for verb in [["alerts"].as_slice(), &["report", "reorder"]] {
        let line = &shop.json(verb)[0];
        assert_eq!((&line["sku"], &line["threshold"]), (&"N".into(), &Value::Null), "{line}");
        let table = shop.ok(verb);
        assert!(table.lines().any(|line| line.starts_with("N ") && line.contains('–')), "{table}");
    }
}

#[test]
fn a_proof_names_the_event_that_is_missing() {
    let shop = Shop::with_tea();
    let path = shop.path("shop.db");
    let sql = |sql: &str| _ = rusqlite::Connection::open(&path).unwrap().execute(sql, []).unwrap();
    sql("DELETE FROM events WHERE event_offset = 2");
    let said = shop.run(&["verify"]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("events: offset 2: this event (event_offset) is missing"), "{said:?}");
    assert!(!said.out.contains("Everything adds up"), "{said:?}");
    sql("DELETE FROM events");
    let said = shop.run(&["verify"]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("head: the newest offset (newest) is 4, and the log ends at 0"), "{said:?}");
}
