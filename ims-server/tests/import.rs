//! `ims item import`: everything is checked before anything is written.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Shop;
use serde_json::json;

const GOOD: &str = "\
sku,name,brand,category,price,cost,reorder_point,barcode,supplier,quantity,unit,unit_decimals
TEA-1,Green tea,Leaf,Drinks/Tea,4.50,2.10,5,4006381333931|96385074,S1,20,,
RICE,\"Rice, loose\",,Pantry,3.20,1.05,2.5,,,12.750,kg,3
MUG,Mug,,,7,,,,,,,
";

fn shop() -> Shop {
    let shop = Shop::open();
    shop.ok(&["supplier", "add", "S1", "A supplier"]);
    shop
}

#[test]
fn a_file_becomes_items_with_stock() {
    let shop = shop();
    let file = shop.file("items.csv", GOOD);
    let imported = shop.json(&["item", "import", &file]);
    assert_eq!(imported, json!({ "dry_run": false, "rows": 3, "items": 3, "receipts": 2, "imported_before": 0 }));
    let item = shop.json(&["item", "show", "96385074"]);
    assert_eq!((&item["sku"], &item["supplier"], &item["price"]), (&json!("TEA-1"), &json!("S1"), &json!("4.5")));
    assert_eq!(item["stock"][0]["on_hand"], "20");
    assert_eq!(shop.json(&["stock", "RICE"])[0]["on_hand"], "12.75");
}

#[test]
fn the_same_file_again_does_nothing_and_new_rows_are_done() {
    let shop = shop();
    let file = shop.file("items.csv", GOOD);
    shop.ok(&["item", "import", &file]);
    let before = shop.state_hash();
    shop.ok(&["item", "import", &file]);
    assert_eq!(shop.state_hash(), before);
    let file = shop.file("items.csv", format!("{GOOD}JAR,Jar,,,2,1,,,,6,,\n"));
    shop.ok(&["item", "import", &file]);
    assert_eq!(shop.json(&["stock"]).as_array().unwrap().len(), 4);
    assert_eq!(shop.json(&["stock", "TEA-1"])[0]["on_hand"], "20");
}

#[test]
fn a_dry_run_writes_nothing() {
    let shop = shop();
    let file = shop.file("items.csv", GOOD);
    let before = shop.state_hash();
    assert_eq!(shop.json(&["item", "import", &file, "--dry-run"])["dry_run"], true);
    assert_eq!(shop.state_hash(), before);
}

#[test]
fn every_bad_row_is_named_and_nothing_is_written() {
    let shop = shop();
    shop.ok(&["item", "add", "OLD", "Old item"]);
    let mut content = Vec::new();
    content.extend_from_slice(b"sku,name,price,quantity,cost,supplier,category\n");
    content.extend_from_slice("A,Fine crème,1,2,1,,\n".as_bytes());
    content.extend_from_slice(b"B,caf\xe9,1,,,,\n");
    content.extend_from_slice(b"C,Too few,1\n");
    content.extend_from_slice(b"D,Bad price,1e3,,,,\n");
    content.extend_from_slice(b"a,Twice,1,,,,\n");
    content.extend_from_slice(b"E,Half,1,0.5,1,,\n");
    content.extend_from_slice(b"F,No cost,1,5,,,\n");
    content.extend_from_slice(b"G,Nobody,1,,,NONE,\n");
    content.extend_from_slice(b",No sku,1,,,,\n");
    content.extend_from_slice(b"old,Taken,1,,,,\n");
    content.extend_from_slice(b"H,Bad category,1,,,,Drinks//Tea\n");
    content.extend_from_slice(b"I,Huge,1,1000000000000000000000000000000,1,,\n");
    content.extend_from_slice(b"J,Negative,1,-5,1,,\n");
    let file = shop.file("items.csv", content);
    let before = shop.state_hash();
    for dry_run in [&["--dry-run"][..], &[]] {
        let error = shop.fails(1, &[&["item", "import", &file], dry_run].concat());
        assert_eq!(error["code"], "bad_rows");
        let rows: Vec<(u64, String)> = error["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["line"].as_u64().unwrap(), row["problem"].as_str().unwrap().to_owned()))
            .collect();
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], "{rows:?}");
        let problem = |line: u64| rows.iter().find(|row| row.0 == line).map(|row| row.1.as_str()).unwrap();
        assert_eq!(problem(3), "name is not UTF-8");
        assert_eq!(problem(4), "has 3 fields instead of 7");
        assert_eq!(problem(5), "price \"1e3\": not a plain number such as 12 or 12.5 (character 2)");
        assert_eq!(problem(6), "sku a is in line 2 too");
        assert_eq!(problem(7), "quantity 0.5 has more than the 0 decimals of its unit");
        assert_eq!(problem(8), "cost is missing: a quantity needs the cost of one");
        assert_eq!(problem(9), "no supplier has the code NONE");
        assert!(problem(11).starts_with("SKU old is taken"), "{}", problem(11));
    }
    assert_eq!(shop.state_hash(), before);
}

#[test]
fn a_file_that_is_not_understood_ends_with_2() {
    let shop = shop();
    let file = shop.file("items.csv", "sku,name,colour\nA,B,C\n");
    let error = shop.fails(2, &["item", "import", &file]);
    assert!(error["message"].as_str().unwrap().ends_with("there is no column \"colour\""), "{error}");
    assert_eq!(shop.fails(2, &["item", "import", "not-there.csv"])["code"], "file");
    let file = shop.file("items.csv", "sku;name\nA;Tea\n");
    shop.ok(&["item", "import", &file]);
}
