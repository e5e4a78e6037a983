//! The command line as a person and a script use it: results, exit codes, shapes of JSON.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Shop;
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_shop_sells_what_it_received() {
    let shop = Shop::with_tea();
    let sold = shop.json(&["order", "sell", "TEA-1=3"]);
    assert_eq!(sold["document"], "MAIN-1");
    assert_eq!(sold["receipt"]["sold"]["order"]["total"], "13.5");
    let stock = shop.json(&["stock"]);
    let [line] = stock.as_array().unwrap().as_slice() else { panic!("{stock}") };
    for (field, value) in [
        ("sku", "TEA-1"),
        ("name", "Green tea"),
        ("site", "MAIN"),
        ("on_hand", "17"),
        ("committed", "0"),
        ("available", "17"),
        ("incoming", "0"),
    ] {
        assert_eq!(line[field], value, "{field}");
    }
}

#[test]
fn the_shapes_that_scripts_rely_on() {
    let shop = Shop::with_tea();
    shop.ok(&["item", "add", "FEE", "Delivery", "--service", "--price", "5"]);
    shop.ok(&["order", "sell", "TEA-1=16", "FEE=1"]);

    let profit = shop.json(&["report", "profit", "--by", "item"]);
    let [tea, fee] = profit.as_array().unwrap().as_slice() else { panic!("{profit}") };
    assert_eq!(tea["key"], "TEA-1");
    assert_eq!(tea["units"], "16");
    assert_eq!(tea["revenue"], "72");
    assert_eq!(tea["cost"], "33.6");
    assert_eq!(tea["profit"], "38.4");
    assert_eq!(tea["margin"], "0.5333");
    assert_eq!((&fee["key"], &fee["revenue"], &fee["cost"]), (&json!("FEE"), &json!("5"), &json!("0")));

    let verdict = shop.json(&["verify"]);
    assert_eq!(verdict["ok"], true);
    assert_eq!(verdict["state_hash"].as_str().unwrap().len(), 64);
    assert_eq!(verdict["counts"]["items"], 2);

    let value = shop.json(&["report", "value"]);
    assert_eq!((&value["quantity"], &value["value"]), (&json!("4"), &json!("8.4")));

    let alerts = shop.json(&["alerts"]);
    let alert = &alerts[0];
    assert_eq!((&alert["sku"], &alert["site"], &alert["kind"]), (&json!("TEA-1"), &json!("MAIN"), &json!("low")));
    assert_eq!((&alert["available"], &alert["threshold"]), (&json!("4"), &json!("5")));
    assert!(keys(alert).contains(&"raised_at"));

    let reorder = shop.json(&["report", "reorder"]);
    assert_eq!((&reorder[0]["sku"], &reorder[0]["propose"]), (&json!("TEA-1"), &json!("6")));
}

#[test]
fn profit_can_be_asked_by_everything() {
    let shop = Shop::with_tea();
    shop.ok(&["customer", "add", "C1", "A customer", "--city", "Old Town"]);
    shop.ok(&["receive", "TEA-1=1@2.10", "--at", "2026-01-01"]);
    shop.ok(&["order", "sell", "TEA-1=1", "--customer", "C1", "--at", "2026-01-31 23:30"]);
    for (by, key) in [
        ("item", "TEA-1"),
        ("brand", "Leaf"),
        ("category", ""),
        ("customer", "C1"),
        ("day", "2026-01-31"),
        ("month", "2026-01"),
        ("site", "MAIN"),
    ] {
        let lines = shop.json(&["report", "profit", "--by", by]);
        assert_eq!(lines[0]["key"], key, "{by}");
    }
    assert_eq!(shop.json(&["report", "profit", "--from", "2026-02-01"]), json!([]));
    assert_eq!(shop.json(&["customer", "list", "--city", "old town"])[0]["code"], "C1");
}

#[test]
fn lists_are_narrowed_to_a_period_a_city_and_wares() {
    let shop = Shop::with_tea();
    shop.ok(&["supplier", "add", "LEAFCO", "Leaf & Co", "--city", "Köln"]);
    shop.ok(&["customer", "add", "C1", "A customer", "--city", "Old Town"]);
    shop.ok(&["item", "update", "TEA-1", "--supplier", "LEAFCO", "--category", "Drinks/Tea"]);
    shop.ok(&["item", "add", "MUG-1", "Blue mug", "--price", "7"]);
    shop.ok(&["receive", "MUG-1=5@3.10", "--at", "2026-01-01"]);
    shop.ok(&["receive", "TEA-1=1@2.10", "--at", "2026-01-01"]);
    shop.ok(&["order", "sell", "TEA-1=1", "--customer", "C1", "--at", "2026-01-31 23:30"]);
    shop.ok(&["order", "sell", "MUG-1=1", "--at", "2026-02-01"]);
    shop.ok(&["purchase", "place", "LEAFCO", "TEA-1=10@2.20", "--at", "2026-02-02"]);

    let listed = |list: &[&str], filter: &[&str], field: &str| {
        let rows = shop.json(&[list, filter].concat());
        rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (filter, numbers) in [
        (["--from", "2026-02-01"].as_slice(), ["MAIN-2"].as_slice()),
        (&["--until", "2026-01-31"], &["MAIN-1"]),
        (&["--from", "2026-01-31 23:30", "--until", "2026-02-01"], &["MAIN-2", "MAIN-1"]),
        (&["--from", "2026-02-02", "--until", "2026-01-01"], &[]),
        (&["--city", "old town"], &["MAIN-1"]),
        (&["--brand", "Leaf"], &["MAIN-1"]),
        (&["--category", "Drinks", "--item", "TEA-1"], &["MAIN-1"]),
        (&["--category", "Drinks", "--item", "MUG-1"], &[]),
    ] {
        assert_eq!(listed(&["order", "list"], filter, "number"), numbers, "{filter:?}");
    }
    for (filter, numbers) in [
        (["--from", "2026-02-02", "--until", "2026-02-02"].as_slice(), ["P-MAIN-1"].as_slice()),
        (&["--until", "2026-02-01"], &[]),
        (&["--city", "KÖLN", "--brand", "Leaf", "--category", "Drinks/Tea"], &["P-MAIN-1"]),
        (&["--brand", "lEAF"], &["P-MAIN-1"]),
        (&["--brand", "Lea"], &[]),
    ] {
        assert_eq!(listed(&["purchase", "list"], filter, "number"), numbers, "{filter:?}");
    }
    assert_eq!(listed(&["item", "list"], &["--supplier", "leafco"], "sku"), ["TEA-1"]);
    assert_eq!(shop.fails(1, &["item", "list", "--supplier", "LEAF"])["code"], "unknown_supplier");
    let period = ["--from", "2026-01-31", "--until", "2026-01-31"];
    assert_eq!(listed(&["movements"], &period, "occurred_at"), ["2026-01-31T23:30:00Z"]);
}

#[test]
fn what_the_rules_refuse_ends_with_1_and_the_numbers() {
    let shop = Shop::with_tea();
    let error = shop.fails(1, &["order", "sell", "TEA-1=21"]);
    assert_eq!(error["code"], "insufficient_stock");
    assert_eq!((&error["wanted"], &error["available"], &error["sku"]), (&json!("21"), &json!("20"), &json!("TEA-1")));
    assert_eq!(error["message"], "21 of TEA-1 wanted, 20 available at MAIN");

    let error = shop.fails(1, &["order", "sell", "NONE=1"]);
    assert_eq!((&error["code"], &error["sku"]), (&json!("unknown_item"), &json!("NONE")));
    assert_eq!(error["hint"], "`ims item list --text NONE` searches");
    assert_eq!(shop.fails(1, &["order", "sell", "TEA-1=0"])["code"], "quantity_not_positive");
    assert_eq!(shop.fails(1, &["order", "sell", "TEA-1=-1"])["code"], "quantity_not_positive");
    assert_eq!(shop.fails(1, &["order", "sell", "TEA-1=0.5"])["code"], "quantity_too_fine");
    assert_eq!(shop.fails(1, &["order", "show", "MAIN-99"])["code"], "unknown_order");
    assert_eq!(shop.fails(1, &["receive", "TEA-1=1@1", "--site", "NONE"])["code"], "unknown_location");
    assert_eq!(shop.fails(1, &["init"])["code"], "shop_already_open");
    assert_eq!(shop.fails(1, &["receive", "TEA-1=999999999999@999999999999"])["code"], "overflow");
    shop.ok(&["period", "close", "2026-01-31"]);
    assert_eq!(shop.fails(1, &["order", "sell", "TEA-1=1", "--at", "2026-01-31"])["code"], "period_closed");
    assert_eq!(shop.fails(1, &["period", "close", "2025-12-31"])["code"], "period_closed");
    assert_eq!(shop.fails(1, &["period", "reopen", "2026-02-28", "--reason", "a typo"])["code"], "period_open");
    shop.ok(&["period", "reopen", "2025-12-31", "--reason", "a typo"]);
    // The goods came today.
    let error = shop.fails(1, &["order", "sell", "TEA-1=1", "--at", "2026-01-31"]);
    assert_eq!((&error["code"], &error["on_hand"]), (&json!("insufficient_stock_then"), &json!("0")));
    shop.ok(&["item", "retire", "TEA-1"]);
    assert_eq!(shop.fails(1, &["order", "sell", "TEA-1=1"])["code"], "item_retired");
    shop.ok(&["item", "update", "TEA-1", "--restore"]);
    shop.ok(&["order", "sell", "tea-1=1"]);
}

#[test]
fn what_is_not_understood_ends_with_2() {
    let shop = Shop::with_tea();
    assert_eq!(shop.fails(2, &["order", "sell", "TEA-1"])["code"], "usage");
    let error = shop.fails(2, &["order", "sell", "TEA-1=1000000000000000000000000000000"]);
    assert!(error["message"].as_str().unwrap().contains("the number is out of range"), "{error}");
    assert_eq!(shop.fails(2, &["order", "sell", "TEA-1=1", "--at", "yesterday"])["code"], "usage");
    let lisbon = Shop::none();
    lisbon.ok(&["init", "--currency", "EUR", "--time-zone", "Europe/Lisbon"]);
    for (at, told) in [("2026-03-29 01:30", "never showed 2026-03-29 01:30"), ("2026-10-25 01:30", "01:30:00+01:00 or")]
    {
        let error = lisbon.fails(2, &["item", "add", "TEA-1", "Tea", "--at", at]);
        assert_eq!(error["code"], "time");
        assert!(error["message"].as_str().unwrap().contains(told), "{error}");
    }
    assert_eq!(shop.fails(2, &["no-such-command"])["code"], "usage");
    assert_eq!(shop.fails(2, &["stock", "--store", "nowhere"])["code"], "store_address");
    assert_eq!(shop.fails(2, &["adjust", "TEA-1=1", "TEA-1=-1", "--reason", "found"])["code"], "mixed_signs");
    assert_eq!(shop.fails(2, &["item", "update", "TEA-1"])["code"], "nothing_to_change");
    let said = shop.run(&["order", "sell"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("Usage: ims order sell"), "{}", said.err);
}

#[test]
fn a_store_that_fails_ends_with_3() {
    let shop = Shop::none();
    let error = shop.fails(3, &["stock"]);
    assert_eq!(error["code"], "store_missing");
    assert!(error["hint"].as_str().unwrap().contains("ims init"));
    let not_a_store = shop.file("notes.txt", "this is no database, however often it is opened as one\n".repeat(40));
    let error = shop.fails(3, &["stock", "--store", &format!("sqlite:{not_a_store}")]);
    assert_eq!(error["code"], "store_schema");

    let shop = Shop::with_tea();
    let read_only = format!("{}?mode=ro", shop.store());
    assert_eq!(shop.json(&["stock", "--store", &read_only])[0]["on_hand"], "20");
    assert_eq!(shop.fails(3, &["order", "sell", "TEA-1=1", "--store", &read_only])["code"], "store_read_only");
}

#[test]
fn a_shop_that_is_not_open_says_how_to_open_it() {
    let shop = Shop::none();
    let error = shop.fails(1, &["receive", "TEA-1=1@1", "--store", "memory:"]);
    assert_eq!(error["code"], "shop_not_open");
    assert_eq!(error["hint"], "`ims init` opens a shop in this store");
    // Nothing is no proof of a shop.
    assert_eq!(shop.fails(1, &["verify", "--store", "memory:"])["code"], "shop_not_open");
}

#[test]
fn the_same_id_does_nothing_twice() {
    let shop = Shop::with_tea();
    let id = "0190163d-8694-739b-aea5-966c26f8ad91";
    let first = shop.json(&["order", "sell", "TEA-1=3", "--id", id]);
    let second = shop.json(&["order", "sell", "TEA-1=3", "--id", id]);
    assert_eq!((&first["receipt"], &first["document"]), (&second["receipt"], &second["document"]));
    assert_eq!((&first["repeated"], &second["repeated"]), (&json!(false), &json!(true)));
    assert_eq!(first["id"], id);
    assert_eq!(shop.json(&["stock"])[0]["on_hand"], "17");
    assert_eq!(shop.fails(1, &["order", "sell", "TEA-1=4", "--id", id])["code"], "id_reused");
}

#[test]
fn an_order_goes_its_way() {
    let shop = Shop::with_tea();
    shop.ok(&["item", "update", "TEA-1", "--backorder-limit", "10"]);
    let placed = shop.json(&["order", "place", "TEA-1=25@4-10%", "--on-shortage", "backorder"]);
    let line = &placed["receipt"]["order_placed"]["lines"][0];
    assert_eq!((&line["allocated"], &line["backordered"], &line["total"]), (&json!("20"), &json!("5"), &json!("90")));
    shop.ok(&["order", "ship", "MAIN-1", "TEA-1=4"]);
    shop.ok(&["order", "ship", "MAIN-1"]);
    shop.ok(&["order", "cancel", "MAIN-1"]);
    let returned = shop.json(&["order", "return", "MAIN-1", "#1=2"]);
    assert_eq!(returned["receipt"]["goods_returned"]["goods"]["refund"], "7.2");
    let order = shop.json(&["order", "show", "main-1"]);
    assert_eq!((&order["status"], &order["order_number"]), (&json!("shipped"), &json!("MAIN-1")));
    assert_eq!(order["lines"][0]["returned"], "2");
    assert_eq!(shop.fails(1, &["order", "cancel", "MAIN-1"])["code"], "order_ended");
    assert_eq!(shop.json(&["order", "list", "--status", "shipped"])[0]["number"], "MAIN-1");
    shop.ok(&["order", "take-back", "TEA-1=1@4"]);
    assert_eq!(shop.json(&["stock"])[0]["on_hand"], "3");
}

#[test]
fn what_was_cancelled_is_not_to_be_paid() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "place", "TEA-1=10@5.00"]);
    shop.ok(&["order", "ship", "MAIN-1", "TEA-1=3"]);
    let said = shop.ok(&["order", "cancel", "MAIN-1"]);
    assert!(said.starts_with("Cancelled the rest of MAIN-1: 15.00 GBP to pay, 50.00 GBP ordered."), "{said}");
    let list = shop.ok(&["order", "list"]);
    assert!(list.contains("To pay") && list.contains("15.00") && !list.contains("50.00"), "{list}");
    let row = &shop.json(&["order", "list"])[0];
    assert_eq!((&row["total"], &row["to_pay"]), (&json!("50"), &json!("15")));
    let shown = shop.ok(&["order", "show", "MAIN-1"]);
    for fact in ["Total", "50.00 GBP", "Cancelled", "35.00 GBP", "To pay", "15.00 GBP"] {
        assert!(shown.contains(fact), "{fact}: {shown}");
    }
    let events = shop.ok(&["events"]);
    assert!(events.contains("MAIN-1, 15.00 GBP"), "{events}");
    shop.ok(&["order", "place", "TEA-1=30@5.00", "--on-shortage", "cancel"]);
    assert_eq!(shop.json(&["order", "show", "MAIN-2"])["amounts"]["to_pay"], "85");
    assert_eq!(shop.json(&["verify"])["ok"], true);
}

#[test]
fn no_more_is_refunded_than_was_paid_unless_there_is_a_reason() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "sell", "TEA-1=1@7.50"]);
    let refused = shop.fails(1, &["order", "return", "MAIN-1", "TEA-1=1@20000"]);
    assert_eq!((&refused["code"], &refused["refundable"]), (&json!("refund_too_large"), &json!("7.5")));
    let kindly = ["order", "return", "MAIN-1", "TEA-1=1@8", "--reason", "It came late"];
    assert_eq!(shop.json(&kindly)["receipt"]["goods_returned"]["goods"]["refund_reason"], "It came late");
    assert_eq!(shop.fails(1, &["order", "take-back", "TEA-1=1@4.51"])["code"], "refund_too_large");
    shop.ok(&["order", "take-back", "TEA-1=1@4.51", "--reason", "Its receipt is lost"]);
    assert_eq!(shop.json(&["verify"])["ok"], true);
}

#[test]
fn nothing_has_a_margin_where_nothing_was_earned() {
    let shop = Shop::with_tea();
    shop.ok(&["receive", "TEA-1=1@34.50"]);
    shop.ok(&["order", "sell", "TEA-1=21"]);
    shop.ok(&["order", "return", "MAIN-1", "TEA-1=1"]);
    shop.ok(&["order", "take-back", "TEA-1=21@4.50"]);
    for by in ["item", "brand", "month"] {
        let profit = shop.json(&["report", "profit", "--by", by]);
        assert_eq!(profit[0]["margin"], Value::Null, "{profit}");
    }
    let shown = shop.ok(&["report", "profit", "--by", "brand"]);
    assert!(!shown.contains('%'), "{shown}");
}

#[test]
fn an_old_order_keeps_the_name_of_its_customer() {
    let shop = Shop::with_tea();
    shop.ok(&["customer", "add", "C1", "Bea Bell", "--city", "Graz", "--address", "1 Hill Road"]);
    shop.ok(&["supplier", "add", "S1", "Tea Ltd", "--city", "Hull"]);
    shop.ok(&["order", "sell", "TEA-1=1", "--customer", "C1"]);
    shop.ok(&["purchase", "place", "S1", "TEA-1=1@2"]);
    shop.ok(&["customer", "update", "C1", "--name", "Bea Brown", "--city", "Wien"]);
    shop.ok(&["supplier", "update", "S1", "--name", "Coffee Ltd"]);
    for (list, then, now) in [("order", "Bea Bell", "Bea Brown"), ("purchase", "Tea Ltd", "Coffee Ltd")] {
        let number = if list == "order" { "MAIN-1" } else { "P-MAIN-1" };
        for said in [shop.ok(&[list, "list"]), shop.ok(&[list, "show", number])] {
            assert!(said.contains(then) && !said.contains(now), "{said}");
        }
    }
    assert!(shop.ok(&["order", "show", "MAIN-1"]).contains("1 Hill Road, Graz"));
    assert_eq!(shop.json(&["order", "list", "--city", "graz"]).as_array().unwrap().len(), 1);
    assert_eq!(shop.json(&["order", "list", "--city", "Wien"]), json!([]));
    assert_eq!(shop.json(&["order", "list", "--customer", "C1"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_purchase_goes_its_way() {
    let shop = Shop::with_tea();
    shop.ok(&["supplier", "add", "S1", "A supplier"]);
    let placed = shop.json(&["purchase", "place", "S1", "TEA-1=10@2.20", "--expected", "2030-01-31"]);
    assert_eq!(placed["document"], "P-MAIN-1");
    assert_eq!(shop.json(&["stock"])[0]["incoming"], "10");
    shop.ok(&["purchase", "receive", "P-MAIN-1", "TEA-1=4@2.30"]);
    assert_eq!(shop.fails(1, &["purchase", "cancel", "P-MAIN-1"])["code"], "purchase_partly_received");
    assert_eq!(shop.fails(1, &["purchase", "receive", "P-MAIN-1", "#1=7"])["code"], "receives_too_much");
    shop.ok(&["purchase", "close", "P-MAIN-1"]);
    assert_eq!(shop.json(&["purchase", "show", "P-MAIN-1"])["status"], "closed_short");
    let stock = &shop.json(&["stock"])[0];
    assert_eq!((&stock["on_hand"], &stock["incoming"], &stock["value"]), (&json!("24"), &json!("0"), &json!("51.2")));
}

#[test]
fn stock_is_moved_adjusted_held_and_sent_back() {
    let shop = Shop::with_tea();
    shop.ok(&["site", "add", "DEPOT", "The depot"]);
    assert_eq!(shop.fails(2, &["adjust", "TEA-1=-1", "--reason", "damaged"])["code"], "site_needed");
    shop.ok(&["transfer", "TEA-1=5", "--from", "MAIN", "--to", "DEPOT"]);
    shop.ok(&["adjust", "TEA-1=-1", "--reason", "damaged", "--note", "wet", "--site", "DEPOT"]);
    shop.ok(&["adjust", "TEA-1=+2@2.10", "--reason", "found", "--site", "MAIN"]);
    shop.ok(&["send-back", "TEA-1=1", "--site", "MAIN"]);
    let held = shop.json(&["hold", "place", "TEA-1=10", "--for", "30m", "--site", "MAIN"]);
    let hold = held["document"].as_str().unwrap();
    assert_eq!(shop.fails(1, &["order", "sell", "TEA-1=7", "--site", "MAIN"])["available"], "6");
    assert_eq!(shop.json(&["hold", "list"])[0]["quantity"], "10");
    shop.ok(&["hold", "extend", hold, "--for", "2h"]);
    shop.ok(&["order", "sell", "TEA-1=12", "--site", "MAIN", "--hold", hold]);
    assert_eq!(shop.fails(1, &["hold", "release", hold])["code"], "unknown_hold");
    let stock = shop.json(&["stock", "TEA-1"]);
    let on_hand: Vec<&str> = stock.as_array().unwrap().iter().map(|line| line["on_hand"].as_str().unwrap()).collect();
    assert_eq!(on_hand, ["4", "4"]);
    let movements = shop.json(&["movements", "TEA-1"]);
    assert_eq!(movements.as_array().unwrap().len(), 6);
    assert_eq!((&movements[0]["from"], &movements[0]["to"]), (&json!("*suppliers"), &json!("MAIN")));
}

#[test]
fn standard_costs_are_set_and_stock_revalued() {
    let shop = Shop::open();
    shop.ok(&["item", "add", "MUG", "Mug", "--costing", "standard", "--standard-cost", "3"]);
    shop.ok(&["receive", "MUG=10@2.50"]);
    let set = shop.json(&["cost", "set", "MUG", "2.80"]);
    assert_eq!(set["receipt"]["standard_cost_set"]["revaluation"], "-2");
    assert_eq!(shop.json(&["report", "value"])["value"], "28");
}

#[test]
fn alerts_are_acknowledged_and_resolved() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "sell", "TEA-1=20"]);
    assert_eq!(shop.json(&["alerts"])[0]["kind"], "out");
    shop.ok(&["alerts", "ack", "TEA-1"]);
    assert_eq!(shop.json(&["alerts", "--new"]), json!([]));
    shop.ok(&["receive", "TEA-1=50@2"]);
    assert_eq!(shop.json(&["alerts"]), json!([]));
    assert!(shop.json(&["alerts", "--all"])[0]["resolved_at"].is_string());
}

#[test]
fn what_is_low_and_never_sank_is_told_beside_the_alerts() {
    let shop = Shop::with_tea();
    assert_eq!(shop.run(&["alerts"]).err, "");
    shop.ok(&["item", "add", "MUG", "Mug", "--reorder-point", "2"]);
    let alerts = shop.run(&["alerts"]);
    assert_eq!(alerts.out, "No alerts.\n");
    assert!(
        alerts.err.starts_with("1 item is low that never sank") && alerts.err.contains("`ims report reorder`"),
        "{alerts:?}"
    );
    assert_eq!(shop.json(&["report", "reorder"])[0]["sku"], "MUG");
    // Once there was any it has an alert like all else.
    shop.ok(&["receive", "MUG=2@1"]);
    let alerts = shop.run(&["alerts"]);
    assert!(alerts.out.contains("MUG") && alerts.err.is_empty(), "{alerts:?}");
}

#[test]
fn a_site_is_retired_when_it_is_empty_and_restored() {
    let shop = Shop::with_tea();
    let refused = shop.fails(1, &["site", "retire", "MAIN"]);
    assert_eq!(
        (&refused["code"], &refused["items"], &refused["holds"]),
        (&json!("location_in_use"), &json!(1), &json!(0))
    );
    let said = shop.run(&["site", "retire", "MAIN"]);
    assert_eq!(
        said.err,
        "error: site MAIN cannot be retired yet: it has 1 item on hand; transfer, sell or adjust what is on hand first\n  \
         `ims stock --site MAIN` shows what there is\n"
    );
    shop.ok(&["order", "sell", "TEA-1=20"]);
    shop.ok(&["site", "retire", "MAIN"]);
    let nowhere = shop.fails(1, &["receive", "TEA-1=1@1"]);
    assert_eq!(nowhere["message"], "all sites of the shop are retired");
    assert!(nowhere["hint"].as_str().unwrap().contains("`ims site restore MAIN`"), "{nowhere}");
    assert!(shop.ok(&["site", "list"]).starts_with("All sites are retired"));
    shop.ok(&["site", "restore", "MAIN"]);
    shop.ok(&["receive", "TEA-1=1@1"]);
}

#[test]
fn moments_in_a_refusal_are_those_of_the_shop() {
    let shop = Shop::with_tea();
    let late = ["order", "sell", "TEA-1=1", "--at", "2020-07-01 12:00"];
    let said = shop.run(&late);
    assert!(said.code == 1 && said.err.contains("at 2020-07-01 12:00:00 +01:00"), "{said:?}");
    let error = shop.fails(1, &late);
    assert_eq!(error["occurred_at"], "2020-07-01T11:00:00Z");
    assert!(error["message"].as_str().unwrap().contains("2020-07-01 12:00:00 +01:00"), "{error}");
}

#[test]
fn the_log_has_every_event_once_and_in_order() {
    let shop = Shop::with_tea();
    let log = shop.ok(&["events", "--format", "json"]);
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let offsets: Vec<u64> = events.iter().map(|event| event["offset"].as_u64().unwrap()).collect();
    assert_eq!(offsets, (1..=events.len() as u64).collect::<Vec<_>>());
    assert!(events[0]["body"]["done"]["shop_opened"].is_object());
    let rest = shop.ok(&["events", "--format", "json", "--after", "1", "--limit", "1"]);
    assert_eq!(rest.lines().collect::<Vec<_>>(), [log.lines().nth(1).unwrap()]);
    let csv = shop.ok(&["events", "--format", "csv", "--limit", "1"]);
    assert!(csv.starts_with("offset,occurred_at,command,actor,event\n1,"), "{csv}");
    assert!(csv.ends_with(",cli,shop_opened\n"), "{csv}");
}

#[test]
fn tables_are_for_people_and_csv_for_spreadsheets() {
    let shop = Shop::with_tea();
    let table = shop.ok(&["stock"]);
    let expected = "\
SKU     Name        Site   On hand   Committed   Available   Incoming   Backordered   Value
─────────────────────────────────────────────────────────────────────────────────────────────
TEA-1   Green tea   MAIN        20           0          20          0             0   42.00
";
    assert_eq!(table, expected);
    assert_eq!(
        shop.ok(&["stock", "--format", "csv"]),
        "sku,name,site,on_hand,committed,available,incoming,backordered,value\nTEA-1,Green tea,MAIN,20,0,20,0,0,42\n"
    );
    assert_eq!(shop.ok(&["alerts", "--format", "csv"]).lines().count(), 1);
    assert_eq!(shop.ok(&["alerts"]), "No alerts.\n");
}

#[test]
fn messages_are_not_results() {
    let shop = Shop::open();
    let said = shop.run(&["item", "add", "TEA-1", "Green tea"]);
    assert_eq!(said.out, "Added TEA-1 Green tea.\n");
    assert_eq!(said.err, "Next: ims receive TEA-1=QUANTITY@COST\n");
    let said = shop.run(&["item", "add", "TEA-2", "Black tea", "--quiet"]);
    assert_eq!(said.err, "");
    let said = shop.run(&["order", "sell", "TEA-1=1"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.out, "");
    assert_eq!(
        said.err,
        "error: TEA-1 has no price: state one\n  give it as TEA-1=QUANTITY@PRICE, or for good with `ims item update TEA-1 --price PRICE`\n"
    );
}

#[test]
fn help_says_what_there_is_and_how_it_ends() {
    let shop = Shop::none();
    let help = shop.ok(&["--help"]);
    for word in ["receive", "report", "IMS_STORE", "Exit codes:", "refused by a rule", "First steps:"] {
        assert!(help.contains(word), "{word}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    for words in [&["item", "import"][..], &["order", "sell"], &["replay", "online-retail"], &["export"]] {
        let help = shop.ok(&[words, &["--help"]].concat());
        assert!(help.contains("Usage: ims"), "{words:?}");
    }
    assert!(shop.ok(&["completions", "bash"]).contains("_ims"));
}

#[test]
fn closing_and_opening_the_books_speaks_of_days() {
    let shop = Shop::open();
    let future = shop.run(&["period", "close", "9999-12-31"]);
    assert_eq!(future.code, 1, "{future:?}");
    assert!(future.err.contains("9999-12-31 is not over yet") && !future.err.contains("--at"), "{future:?}");
    shop.ok(&["period", "close", "2026-02-28"]);
    let again = shop.run(&["period", "close", "2026-02-28"]);
    assert!(again.code == 1 && again.err.contains("closed until 2026-02-28 already"), "{again:?}");
    let same = shop.run(&["period", "reopen", "2026-02-28", "--reason", "a wrong clock"]);
    assert!(same.code == 1 && same.err.contains("name the last day that is to stay closed"), "{same:?}");
    shop.ok(&["period", "reopen", "2026-01-31", "--reason", "a wrong clock"]);
    let events = shop.ok(&["events"]);
    assert!(
        events.contains("2026-01-31, open again after it; were closed until 2026-02-28 (a wrong clock)"),
        "{events}"
    );
}

#[test]
fn none_of_the_best_sellers_is_all_of_them() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "sell", "TEA-1=1"]);
    assert!(shop.ok(&["report", "profit", "--by", "item", "--top", "0"]).contains("TEA-1"));
}

#[test]
fn a_line_is_found_by_every_name_of_its_item() {
    let shop = Shop::with_tea();
    shop.ok(&["item", "update", "TEA-1", "--barcode", "4006381333931"]);
    shop.ok(&["supplier", "add", "S1", "A supplier"]);
    shop.ok(&["order", "place", "TEA-1=6"]);
    shop.ok(&["purchase", "place", "S1", "TEA-1=6@2"]);
    shop.ok(&["item", "update", "TEA-1", "--sku", "GREEN"]);
    for name in ["TEA-1", "green", "4006381333931"] {
        let line = format!("{name}=2");
        shop.ok(&["order", "ship", "MAIN-1", &line]);
        shop.ok(&["order", "return", "MAIN-1", &line]);
        shop.ok(&["purchase", "receive", "P-MAIN-1", &line]);
        let unknown = shop.fails(1, &["order", "ship", "MAIN-1", "JAR=1"]);
        assert_eq!(unknown["message"], "MAIN-1 has no line with JAR");
    }
    assert_eq!(shop.json(&["order", "show", "MAIN-1"])["lines"][0]["returned"], "6");
    assert_eq!(shop.json(&["purchase", "show", "P-MAIN-1"])["status"], "received");
}

#[test]
fn a_barcode_that_is_added_takes_none_away() {
    let shop = Shop::with_tea();
    let barcodes = |words: &[&str]| {
        shop.ok(&[&["item", "update", "TEA-1"], words].concat());
        shop.json(&["item", "show", "TEA-1"])["barcodes"].as_str().unwrap().to_owned()
    };
    assert_eq!(barcodes(&["--barcode", "4006381333931", "--barcode", "B"]), "4006381333931|B");
    assert_eq!(barcodes(&["--barcode", "C", "--barcode", "b"]), "4006381333931|B|C");
    assert_eq!(barcodes(&["--brand", "Leaf & Co"]), "4006381333931|B|C");
    assert_eq!(barcodes(&["--clear", "barcodes", "--barcode", "D"]), "D");
    assert_eq!(barcodes(&["--clear", "barcodes"]), "");
}

#[test]
fn what_a_refusal_says_to_do_can_be_done() {
    let shop = Shop::with_tea();
    shop.ok(&["item", "add", "NEW", "Never here", "--price", "5"]);
    let refused = shop.fails(1, &["order", "take-back", "NEW=1"]);
    assert_eq!(refused["hint"], "say what one had cost with --cost ITEM=COST");
    shop.ok(&["order", "take-back", "NEW=1", "TEA-1=1", "--cost", "new=4.10"]);
    assert_eq!(shop.json(&["report", "value"])["value"], "48.2");
    let none = shop.fails(2, &["order", "take-back", "TEA-1=1", "--cost", "NEW=4.10"]);
    assert_eq!(none["message"], "NEW has a cost, and is not among what comes back");

    let refused = shop.fails(1, &["order", "sell", "TEA-1=0.5"]);
    assert!(refused["hint"].as_str().unwrap().contains("--unit-decimals"), "{refused}");
    shop.ok(&["item", "update", "TEA-1", "--unit-decimals", "1"]);
    shop.ok(&["order", "sell", "TEA-1=0.5"]);

    let refused = shop.fails(1, &["item", "update", "NEW", "--costing", "standard"]);
    assert!(refused["hint"].as_str().unwrap().starts_with("an item gets its first standard cost"), "{refused}");
}

#[test]
fn nothing_is_missing_at_a_site_that_is_retired() {
    let shop = Shop::with_tea();
    shop.ok(&["site", "add", "W", "Warehouse"]);
    shop.ok(&["transfer", "TEA-1=3", "--from", "MAIN", "--to", "W"]);
    shop.ok(&["transfer", "TEA-1=3", "--from", "W", "--to", "MAIN"]);
    let sites = |words: &[&str]| {
        let rows = shop.json(words);
        rows.as_array().unwrap().iter().map(|row| row["site"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let listed = || [sites(&["alerts"]), sites(&["report", "reorder"])];
    assert_eq!(listed(), [["W"], ["W"]]);
    shop.ok(&["site", "retire", "W"]);
    assert_eq!(listed(), [[""; 0]; 2]);
    shop.ok(&["site", "restore", "W"]);
    assert_eq!(listed(), [["W"], ["W"]]);
}

#[test]
fn what_customers_wait_for_is_to_be_reordered_without_a_reorder_point() {
    let shop = Shop::with_tea();
    shop.ok(&["item", "add", "MUG", "Mug", "--price", "5", "--backorder-limit", "10"]);
    shop.ok(&["order", "place", "MUG=4", "--on-shortage", "backorder"]);
    let proposed = || {
        let reorder = shop.json(&["report", "reorder"]);
        reorder.as_array().unwrap().iter().map(|row| (row["sku"].clone(), row["propose"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(proposed(), [(json!("MUG"), json!("4"))]);
    shop.ok(&["supplier", "add", "S1", "A supplier"]);
    shop.ok(&["purchase", "place", "S1", "MUG=4@2"]);
    assert_eq!(proposed(), []);
}
