//! `ims export` and `ims demo`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Shop, data};
use serde_json::Value;

#[test]
fn an_export_has_every_row_with_every_field() {
    let shop = Shop::none();
    shop.ok(&["replay", "online-retail", &data("online_retail_small.csv")]);
    shop.ok(&["supplier", "add", "S1", "A supplier"]);
    shop.ok(&["purchase", "place", "S1", "71053=5@2"]);
    shop.ok(&["hold", "place", "71053=1", "--for", "30m"]);
    let counts = shop.json(&["verify"])["counts"].clone();
    let (lines, sheets) = (shop.path("lines").display().to_string(), shop.path("sheets").display().to_string());
    shop.ok(&["export", &lines, "--format", "json"]);
    shop.ok(&["export", &sheets]);
    for (table, count) in counts.as_object().unwrap() {
        let text = std::fs::read_to_string(format!("{lines}/{table}.jsonl")).unwrap();
        let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len() as u64, count.as_u64().unwrap(), "{table}");
        let mut reader = csv::Reader::from_path(format!("{sheets}/{table}.csv")).unwrap();
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(reader.records().count(), rows.len(), "{table}");
        // Lists inside a row are files of their own.
        let is_column = |name: &&String| !["lines", "shipments"].contains(&name.as_str());
        for row in &rows {
            let mut fields: Vec<&String> = row.as_object().unwrap().keys().filter(is_column).collect();
            let mut columns: Vec<&String> = header.iter().collect();
            fields.sort();
            columns.sort();
            assert_eq!(fields, columns, "{table}");
        }
    }
    let mut order_lines = csv::Reader::from_path(format!("{sheets}/order_lines.csv")).unwrap();
    let place = order_lines.headers().unwrap().iter().position(|name| name == "total").unwrap();
    assert!(order_lines.records().all(|line| !line.unwrap()[place].is_empty()));
    let events = std::fs::read_to_string(format!("{lines}/events.jsonl")).unwrap();
    let parsed = |log: &str| log.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    assert_eq!(parsed(&events), parsed(&shop.ok(&["events", "--format", "json"])));
}

#[test]
fn an_export_replaces_nothing_without_being_told() {
    let shop = Shop::with_tea();
    let own = shop.file("items.csv", "mine");
    let folder = shop.folder.path().display().to_string();
    let said = shop.run(&["export", &folder]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains(&format!("{own} is there already")) && said.err.contains("--replace"), "{said:?}");
    assert_eq!((std::fs::read_to_string(&own).unwrap(), shop.path("orders.csv").exists()), ("mine".to_owned(), false));
    // Files of another form are not in its way.
    shop.ok(&["export", &folder, "--format", "json"]);
    let error = shop.fails(2, &["export", &folder]);
    assert_eq!(
        (&error["code"], error["file"].as_str().unwrap().ends_with("shop.jsonl")),
        (&"export_exists".into(), true)
    );
    assert!(error["message"].as_str().unwrap().contains("other files are there already"), "{error}");
    shop.ok(&["export", &folder, "--replace"]);
    assert!(std::fs::read_to_string(&own).unwrap().contains("TEA-1"));
}

#[test]
fn the_demo_trades_and_shows_what_an_owner_wants_to_see() {
    let shop = Shop::none();
    let said = shop.run(&["demo"]);
    assert_eq!(said.code, 0, "{said:?}");
    for word in ["Stock that needs attention", "Profit by category", "Profit by brand", "The last orders", "█"] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    // The three commands that it ends with can be typed as they stand.
    let last: Vec<&str> = said.out.lines().rev().take(3).collect();
    for line in last {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        assert!(line.contains(shop.store()), "{line}");
        shop.ok(&words);
    }
    assert_eq!(shop.json(&["verify"])["ok"], true);
    assert_eq!(shop.fails(1, &["demo"])["code"], "shop_already_open");
}
