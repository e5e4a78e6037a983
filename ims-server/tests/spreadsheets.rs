//! Files of spreadsheets: none that is written has a formula in it, and those of other countries are read.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Shop;
use serde_json::json;

const FORMULAS: [&str; 4] = ["=HYPERLINK(\"http://x\";\"y\")", "＝1+1", "@SUM(A1)", "'=1"];

/// Every line of a file whose cells begin as a formula does.
fn live(text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let cells = reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    let beginnings = ['=', '+', '@', '＝', '＋', '－', '＠', '\t', '\r'];
    cells.filter(|cell| cell.starts_with(beginnings)).collect()
}

#[test]
fn no_file_has_a_formula_in_it() {
    let shop = Shop::open();
    for (sku, name) in ["A", "B", "C", "D"].into_iter().zip(FORMULAS) {
        shop.ok(&["item", "add", sku, name, "--price", "1", "--reorder-point", "3"]);
        shop.ok(&["receive", &format!("{sku}=2@1")]);
        shop.ok(&["order", "sell", &format!("{sku}=1")]);
    }
    shop.ok(&["customer", "add", "=C", "=1+1", "--city", "+1"]);
    for list in [
        &["item", "list"][..],
        &["stock"],
        &["alerts"],
        &["report", "reorder"],
        &["report", "profit", "--by", "item"],
        &["customer", "list"],
        &["order", "list"],
        &["movements"],
        &["events"],
        &["verify"],
        &["item", "show", "A"],
        &["customer", "show", "=C"],
    ] {
        let said = shop.run(&[list, &["--format", "csv"]].concat());
        assert_eq!(live(&said.out), [""; 0], "{list:?}: {said:?}");
    }
    let folder = shop.path("export").display().to_string();
    shop.ok(&["export", &folder]);
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(live(&std::fs::read_to_string(&path).unwrap()), [""; 0], "{}", path.display());
    }
    let list = shop.ok(&["item", "list", "--format", "csv"]);
    assert!(list.contains("'=HYPERLINK"), "{list}");
}

/// A shop with one of everything that an import can bring.
fn shop_of_all() -> Shop {
    let shop = Shop::open();
    for (name, code) in FORMULAS.into_iter().zip(["A", "B", "C", "D"]) {
        shop.ok(&["item", "add", code, name, "--price", "1.50"]);
        shop.ok(&["supplier", "add", code, name, "--phone", "+49 40 000", "--address", "Hafen 1\n2nd floor"]);
        shop.ok(&["customer", "add", code, name, "--email", "@home", "--contact", "Anna", "--country", "PT"]);
    }
    shop.ok(&["supplier", "retire", "D"]);
    shop.ok(&["customer", "retire", "D"]);
    let kg = ["item", "add", "RICE", "Rice; loose", "--unit", "kg", "--unit-decimals", "3", "--price", "1234.5"];
    let more =
        ["--barcode", "4006381333931", "--barcode", "RICE-2", "--reorder-point", "2.5", "--reorder-to", "12.750"];
    let rest = ["--supplier", "A", "--brand", "Leaf", "--category", "Pantry/Dry", "--description", "two\nlines"];
    shop.ok(&[&kg[..], &more, &rest].concat());
    shop.ok(&["item", "add", "FEE", "Delivery", "--service", "--price=-2"]);
    let standard = ["--costing", "standard", "--standard-cost", "1.234", "--backorder-limit", "7"];
    shop.ok(&[&["item", "add", "JAR", "Jar"][..], &standard].concat());
    shop.ok(&["item", "retire", "B"]);
    shop
}

/// Everything of a list but what is of its own shop.
fn told(shop: &Shop, what: &str) -> serde_json::Value {
    let mut rows = shop.json(&[what, "list", "--all"]);
    rows.as_array_mut().unwrap().iter_mut().for_each(|row| _ = row.as_object_mut().unwrap().remove("id"));
    rows
}

const LISTS: [&str; 3] = ["supplier", "customer", "item"];

#[test]
fn a_list_is_read_back_as_it_was() {
    let (shop, other) = (shop_of_all(), Shop::open());
    for what in LISTS {
        let list = shop.ok(&[what, "list", "--all", "--format", "csv"]);
        other.ok(&[what, "import", &other.file("list.csv", list)]);
        assert_eq!(told(&other, what), told(&shop, what));
    }
}

#[test]
fn an_export_is_read_back_as_it_was() {
    let (shop, other) = (shop_of_all(), Shop::open());
    let folder = shop.path("export");
    shop.ok(&["export", &folder.display().to_string()]);
    for what in LISTS {
        let file = folder.join(format!("{what}s.csv")).display().to_string();
        other.ok(&[what, "import", &file]);
        assert_eq!(told(&other, what), told(&shop, what));
    }
}

#[test]
fn a_file_of_another_country_is_imported_and_it_is_said_how() {
    let file = "SKU;Name;Price;Cost;Quantity\r\nA;Caf\u{e9};1,50;0,75;1.000\r\nB;\"Tea; green\";1.250,00;;\r\n";
    let latin: Vec<u8> = file.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(file.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, note) in [
        (file.as_bytes().to_vec(), "The file was read with ; between columns, with decimal commas."),
        (latin, "The file was read as Windows-1252, with ; between columns, with decimal commas."),
        (utf16, "The file was read as UTF-16, with ; between columns, with decimal commas."),
    ] {
        let shop = Shop::open();
        let said = shop.run(&["item", "import", &shop.file("items.csv", &bytes)]);
        assert_eq!(said.code, 0, "{said:?}");
        assert!(said.err.contains(note), "{said:?}");
        assert_eq!(said.out, "Imported 2 items and 1 quantity.\n");
        let item = shop.json(&["item", "show", "A"]);
        assert_eq!((&item["name"], &item["price"]), (&json!("Café"), &json!("1.5")));
        assert_eq!(item["stock"][0]["on_hand"], "1000");
        assert_eq!(shop.json(&["item", "show", "B"])["price"], "1250");
    }
}

#[test]
fn what_may_be_read_in_two_ways_is_asked_about() {
    let shop = Shop::open();
    let file = shop.file("items.csv", "sku;name;price\nA;Tea;1.250\n");
    let error = shop.fails(1, &["item", "import", &file]);
    let problem = error["rows"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("1.250 may be 1.250 or 1250") && problem.contains("decimal-mark"), "{problem}");
    shop.ok(&["item", "import", &file, "--decimal-mark", ","]);
    assert_eq!(shop.json(&["item", "show", "A"])["price"], "1250");
    let file = shop.file("items.csv", "sku:name\nB:Tea\n");
    let error = shop.fails(2, &["item", "import", &file]);
    assert!(error["hint"].as_str().unwrap().contains("delimiter"), "{error}");
    shop.ok(&["item", "import", &file, "--delimiter", ":"]);
}

#[test]
fn the_same_file_after_selling_is_nothing_new() {
    let shop = Shop::open();
    let file = shop.file("items.csv", "sku,name,price,quantity,cost\nA,Tea,2,5,1\n");
    assert_eq!(shop.ok(&["item", "import", &file]), "Imported 1 item and 1 quantity.\n");
    shop.ok(&["order", "sell", "A=5"]);
    assert_eq!(shop.ok(&["item", "import", &file]), "Nothing new: 1 row was imported before.\n");
    let again = json!({ "dry_run": false, "rows": 1, "items": 0, "receipts": 0, "imported_before": 1 });
    assert_eq!(shop.json(&["item", "import", &file]), again);
    assert_eq!(shop.json(&["stock", "A"])[0]["on_hand"], "0");
    let file = shop.file("items.csv", "sku,name,price,quantity,cost\nA,Tea,2,5,1\nB,Mug,3,,\n");
    assert_eq!(
        shop.ok(&["item", "import", &file, "--dry-run"]),
        "All rows are fine: 1 item and 0 quantities would be written; 1 row was imported before.\n"
    );
    assert_eq!(shop.ok(&["item", "import", &file]), "Imported 1 item and 0 quantities; 1 row was imported before.\n");
}
