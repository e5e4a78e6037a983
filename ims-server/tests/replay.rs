//! Real trade, replayed: totals, exactly once, after an interruption too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Shop, data, public_data};
use serde_json::{Value, json};
use std::{collections::BTreeMap, process::Stdio};

#[test]
fn a_small_replay_gives_the_totals_of_its_rows() {
    let shop = Shop::none();
    let summary = shop.json(&["replay", "online-retail", &data("online_retail_small.csv")]);
    assert_eq!((&summary["rows"], &summary["refused"]), (&json!(30), &json!(0)));
    let class = |rows: u64, quantity: &str, value: &str| json!({ "rows": rows, "quantity": quantity, "value": value });
    assert_eq!(
        summary["classes"],
        json!({
            "adjustment": class(4, "51", "0"),
            "bad-debt": class(2, "2", "0"),
            "free-issue": class(1, "1", "0"),
            "non-stock": class(7, "1004", "44.18"),
            "return": class(4, "-9", "-22.3"),
            "sale": class(12, "3187", "269.461"),
        })
    );
    let month =
        |lines: u64, units: &str, value: &str| json!({ "lines": lines, "net_units": units, "net_value": value });
    let months = &summary["months"];
    assert_eq!(months.as_object().unwrap().len(), 5);
    assert_eq!(months["2011-08"], month(2, "2", "0"));
    assert_eq!(months["2011-12"], month(2, "2", "9.9"));
    assert_eq!(shop.json(&["verify"])["ok"], true);
    // 85123A was sold eight times as 85123A and as 85123a, out of an opening stock of eight.
    assert_eq!(shop.json(&["stock", "85123a"])[0]["on_hand"], "0");
    // Four were found before two were sold, so six had to be there in the morning.
    let lantern = &shop.json(&["stock", "71053"])[0];
    assert_eq!((&lantern["on_hand"], &lantern["value"]), (&json!("2"), &json!("6.804")));
    // Postage is a service: it has no stock and counts under its own code.
    assert_eq!(shop.json(&["stock", "POST"]), json!([]));
    let profit = shop.json(&["report", "profit", "--by", "item"]);
    let post = profit.as_array().unwrap().iter().find(|line| line["key"] == "POST").unwrap();
    assert_eq!((&post["units"], &post["revenue"], &post["cost"]), (&json!("1002"), &json!("36"), &json!("0")));
    assert_eq!(shop.json(&["report", "profit", "--by", "month"]).as_array().unwrap().len(), 5);
}

#[test]
fn a_replay_that_is_repeated_does_nothing_twice() {
    let shop = Shop::none();
    let file = data("online_retail_small.csv");
    let first = shop.json(&["replay", "online-retail", &file]);
    let hash = shop.state_hash();
    let second = shop.json(&["replay", "online-retail", &file]);
    assert_eq!(shop.state_hash(), hash);
    for field in ["rows", "commands", "refused", "classes", "months"] {
        assert_eq!(first[field], second[field], "{field}");
    }
}

#[test]
fn memory_and_sqlite_come_to_the_same_state() {
    let (on_disk, in_memory) = (Shop::none(), Shop::none());
    let replay = ["replay", "online-retail", &data("online_retail_small.csv"), "--verify"];
    let disk = on_disk.json(&replay);
    let memory = in_memory.json(&[&replay[..], &["--store", "memory:"]].concat());
    for field in ["classes", "months", "state_hash"] {
        assert_eq!(disk[field], memory[field], "{field}");
    }
    assert_eq!(disk["state_hash"], on_disk.state_hash());
}

/// A file long enough to be interrupted in.
fn long_file(shop: &Shop) -> String {
    let small = std::fs::read_to_string(data("online_retail_small.csv")).unwrap();
    let (header, rows) = small.split_once('\n').unwrap();
    let mut file = format!("{header}\n");
    for day in 1..=28 {
        for hour in 0..24 {
            for row in rows.lines() {
                let (before, rest) = row.split_once(",2010-12-").or_else(|| row.split_once(",2011-")).unwrap();
                let after = rest.split_once(":00,").unwrap().1;
                let (invoice, before) = before.split_once(',').unwrap();
                file.push_str(&format!("{invoice}{day}{hour},{before},2010-12-{day:02} {hour:02}:00:00,{after}\n"));
            }
        }
    }
    shop.file("long.csv", file)
}

#[test]
fn a_replay_that_was_killed_finishes_the_job() {
    let (whole, killed) = (Shop::none(), Shop::none());
    let file = long_file(&whole);
    whole.ok(&["replay", "online-retail", &file]);

    let mut child = killed
        .command(&["replay", "online-retail", &file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // As soon as some of it is in the log, and before all of it is.
    while child.try_wait().unwrap().is_none() {
        let said = killed.run(&["events", "--after", "600", "--limit", "1", "--format", "json"]);
        if !said.out.is_empty() {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    killed.ok(&["replay", "online-retail", &file]);
    assert_eq!(killed.state_hash(), whole.state_hash());
}

#[test]
fn rows_that_cannot_be_read_are_reported_before_anything_is_done() {
    let shop = Shop::none();
    let small = std::fs::read_to_string(data("online_retail_small.csv")).unwrap();
    let file = shop.file("bad.csv", small.replace(",24,2010", ",two dozen,2010").replace("18.0,12583", "£18,12583"));
    let error = shop.fails(2, &["replay", "online-retail", &file]);
    let lines: Vec<u64> = error["rows"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [5, 6, 22]);
}

/// The whole file, where it is: every class and every month to the last digit.
#[test]
fn the_whole_year_comes_out_as_it_should() {
    let Some(file) = public_data("online_retail.csv.gz") else { return };
    let (Some(classes), Some(months)) =
        (public_data("online_retail_classes.csv"), public_data("online_retail_by_month.csv"))
    else {
        return;
    };
    let shop = Shop::none();
    let summary = shop.json(&["replay", "online-retail", &file.display().to_string(), "--store", "memory:"]);
    assert_eq!((&summary["rows"], &summary["refused"]), (&json!(541_909), &json!(0)));
    for (name, [rows, quantity, value]) in table(&classes) {
        let class = &summary["classes"][&name];
        let expected = json!({ "rows": rows.parse::<u64>().unwrap(), "quantity": quantity, "value": value });
        assert_eq!(class, &expected, "{name}");
    }
    for (name, [lines, units, value]) in table(&months) {
        let month = &summary["months"][&name];
        let expected = json!({ "lines": lines.parse::<u64>().unwrap(), "net_units": units, "net_value": value });
        assert_eq!(month, &expected, "{name}");
    }
}

/// Reads four columns, the numbers without idle zeros.
fn table(path: &std::path::Path) -> BTreeMap<String, [String; 3]> {
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |cell: &str| match cell.split_once('.') {
            Some((whole, fraction)) if fraction.trim_end_matches('0').is_empty() => whole.to_owned(),
            Some((whole, fraction)) => format!("{whole}.{}", fraction.trim_end_matches('0')),
            None => cell.to_owned(),
        };
        (cells[0].to_owned(), [number(cells[1]), number(cells[2]), number(cells[3])])
    });
    rows.collect()
}

/// Northwind, where it is: what is in stock and on order at the end, and what was ordered, discounts and all.
#[test]
fn northwind_ends_as_its_own_files_say() {
    let Some(folder) = public_data("northwind") else { return };
    let shop = Shop::none();
    let folder = folder.display().to_string();
    let summary = shop.json(&["replay", "northwind", &folder]);
    assert_eq!((&summary["orders"], &summary["refused"]), (&json!(830), &json!(0)));
    assert_eq!(summary["ordered_value"], "1265793.0395");
    let stock = shop.json(&["stock"]);
    let stock: BTreeMap<&str, &Value> =
        stock.as_array().unwrap().iter().map(|line| (line["sku"].as_str().unwrap(), line)).collect();
    let products = std::fs::read_to_string(format!("{folder}/products.csv")).unwrap();
    for line in products.lines().skip(1) {
        let cells: Vec<&str> = line.rsplitn(5, ',').collect();
        let (on_order, in_stock) = (cells[2], cells[3]);
        let sku = line.split(',').next().unwrap();
        assert_eq!((&stock[sku]["on_hand"], &stock[sku]["incoming"]), (&json!(in_stock), &json!(on_order)), "{sku}");
    }
    let hash = shop.state_hash();
    shop.ok(&["replay", "northwind", &folder]);
    assert_eq!(shop.state_hash(), hash);
}
