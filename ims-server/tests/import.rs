//! `ims item import`, `ims supplier import`, `ims customer import`: everything is checked before anything is written.
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
fn a_quote_that_swallows_rows_is_refused() {
    let shop = shop();
    for (verb, content) in [
        ("item", "sku,name,description\nU1,one,\"12 inch plate\nU2,two,x\n"),
        ("supplier", "code,name,address\nU1,one,\"Mill ro"),
        ("customer", "code,name,address\nU1,one,\"1 Mill road\nU2,two,\"2 Mill road\"\n"),
    ] {
        let file = shop.file("some.csv", content);
        let before = shop.state_hash();
        let error = shop.fails(2, &[verb, "import", &file]);
        assert!(error["message"].as_str().unwrap().contains("line 2: a"), "{verb}: {error}");
        assert!(error["hint"].as_str().unwrap().contains("written twice"), "{verb}: {error}");
        assert_eq!(shop.state_hash(), before);
    }
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
    content.extend_from_slice(b"4.00638E+12,Shortened,1,,,,\n");
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
        assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], "{rows:?}");
        let problem = |line: u64| rows.iter().find(|row| row.0 == line).map(|row| row.1.as_str()).unwrap();
        assert_eq!(problem(3), "name is not UTF-8: save the file as UTF-8 there (CSV UTF-8), and import that");
        assert_eq!(problem(4), "has 3 fields instead of 7");
        assert_eq!(problem(5), "price \"1e3\": not a plain number such as 12 or 12.5 (character 2)");
        assert_eq!(problem(6), "sku a is in line 2 too");
        assert_eq!(problem(7), "quantity 0.5 has more than the 0 decimals of its unit");
        assert_eq!(problem(8), "cost is missing: a quantity needs the cost of one");
        assert_eq!(problem(9), "no supplier has the code NONE");
        assert!(
            problem(15).starts_with("sku 4.00638E+12 is a number that a spreadsheet has shortened: format the column")
        );
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

/// What `rows` of the refusal of a file say, each with its line.
fn problems(error: &serde_json::Value) -> Vec<(u64, String)> {
    let rows = error["rows"].as_array().unwrap().iter();
    rows.map(|row| (row["line"].as_u64().unwrap(), row["problem"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn what_the_rules_would_refuse_later_is_said_before_anything_is_written() {
    let shop = shop();
    shop.ok(&["site", "add", "W", "Warehouse"]);
    shop.ok(&["site", "retire", "W"]);
    shop.ok(&["supplier", "retire", "S1"]);
    let content = "sku,name,quantity,cost,site,supplier\nA,a,1,1,MAIN,\nB,b,2,1,W,\nC,c,,,,S1\nD,d,,,W,\n";
    let file = shop.file("items.csv", content);
    let before = shop.state_hash();
    for dry_run in [&["--dry-run"][..], &[]] {
        let error = shop.fails(1, &[&["item", "import", &file], dry_run].concat());
        let expected = [
            (3, "site W is retired: restore it to use it again".to_owned()),
            (4, "supplier S1 is retired: restore it to buy from it again".to_owned()),
        ];
        assert_eq!(problems(&error), expected, "{error}");
        assert_eq!(shop.state_hash(), before);
    }
    let plain = shop.file("plain.csv", "sku,name,quantity,cost\nA,a,1,1\n");
    let error = shop.fails(1, &["item", "import", &plain, "--site", "W", "--dry-run"]);
    assert_eq!(problems(&error), [(2, "site W is retired: restore it to use it again".to_owned())]);
    shop.ok(&["site", "restore", "W"]);
    shop.ok(&["supplier", "restore", "S1"]);
    shop.ok(&["period", "close", "2026-01-31"]);
    let error = shop.fails(1, &["item", "import", &file, "--at", "2026-01-31", "--dry-run"]);
    assert_eq!(problems(&error).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5], "{error}");
    assert_eq!(shop.ok(&["item", "import", &file]), "Imported 4 items and 2 quantities.\n");
    shop.ok(&["item", "retire", "D"]);
    assert_eq!(shop.ok(&["item", "import", &file]), "Nothing new: 4 rows were imported before.\n");
}

#[test]
fn a_row_that_was_imported_before_to_another_site_is_named() {
    let shop = shop();
    shop.ok(&["site", "add", "W", "Warehouse"]);
    let file = shop.file("items.csv", "sku,name,quantity,cost\nA,a,1,1\nB,b,,\n");
    shop.ok(&["item", "import", &file, "--site", "MAIN"]);
    let before = shop.state_hash();
    for dry_run in [&["--dry-run"][..], &[]] {
        let error = shop.fails(1, &[&["item", "import", &file, "--site", "W"], dry_run].concat());
        assert_eq!(problems(&error), [(2, "was imported before, to MAIN".to_owned())]);
        let error = shop.fails(1, &[&["item", "import", &file, "--site", "MAIN", "--actor", "ben"], dry_run].concat());
        let by_another = "was imported before, by somebody else or as of another time".to_owned();
        assert_eq!(problems(&error), [(2, by_another.clone()), (3, by_another)]);
        assert_eq!(shop.state_hash(), before);
    }
}

const PARTIES: &str = "\
code;name;contact;email;phone;address;city;country;standing
S1;\"Clay; works\";Order desk;orders@clay.example;+351 22 000;\"Rua 1
2nd floor\";Porto;Portugal;
S2;Mill;;;;;;;retired
";

#[test]
fn a_file_becomes_suppliers_and_one_becomes_customers() {
    let shop = Shop::open();
    let file = shop.file("parties.csv", PARTIES);
    for (side, many) in [("supplier", "suppliers"), ("customer", "customers")] {
        let tried = shop.ok(&[side, "import", &file, "--dry-run"]);
        assert_eq!(tried, format!("All rows are fine: 2 {many} would be written.\n"));
        assert_eq!(shop.json(&[side, "list", "--all"]), json!([]));
        let said = shop.run(&[side, "import", &file]);
        assert_eq!(said.out, format!("Imported 2 {many}.\n"));
        assert!(said.err.contains("The file was read with ; between columns."), "{said:?}");
        let party = shop.json(&[side, "show", "s1"]);
        let fields = ["name", "contact", "email", "phone", "address", "city", "country", "standing"];
        let told = fields.map(|field| party[field].as_str().unwrap());
        let address = "Rua 1\n2nd floor";
        let row =
            ["Clay; works", "Order desk", "orders@clay.example", "+351 22 000", address, "Porto", "Portugal", "active"];
        assert_eq!(told, row);
        assert_eq!(shop.json(&[side, "show", "S2"])["standing"], "retired");
        let before = shop.state_hash();
        assert_eq!(shop.ok(&[side, "import", &file]), "Nothing new: 2 rows were imported before.\n");
        assert_eq!(shop.state_hash(), before);
        let more = shop.file("more.csv", format!("{PARTIES}S3;New;;;;;;;\n"));
        let again = shop.json(&[side, "import", &more]);
        assert_eq!(again, json!({ "dry_run": false, "rows": 3, many: 1, "imported_before": 2 }));
    }
}

#[test]
fn every_bad_row_of_suppliers_is_named_and_nothing_is_written() {
    let shop = shop();
    let file = shop.file(
        "suppliers.csv",
        "code,name,city,phone,standing\nA,Fine,,,\n,No code,,,\nB,,,,\na,Twice,,,\ns1,Taken,,,\nC,Shortened,,4.91512E+12,\n\
         D,Few\nE,Word,,,gone\n",
    );
    let before = shop.state_hash();
    let error = shop.fails(1, &["supplier", "import", &file]);
    assert_eq!(error["code"], "bad_rows");
    let rows = error["rows"].as_array().unwrap();
    let problems: Vec<(u64, &str)> =
        rows.iter().map(|row| (row["line"].as_u64().unwrap(), row["problem"].as_str().unwrap())).collect();
    let shortened = "phone 4.91512E+12 is a number that a spreadsheet has shortened: format the column as text there, enter the \
                     whole number again and export the file anew";
    assert_eq!(
        problems,
        [
            (3, "code is missing"),
            (4, "name is missing"),
            (5, "code a is in line 2 too"),
            (6, "code s1 is taken by another one, in use or retired"),
            (7, shortened),
            (8, "has 2 fields instead of 5"),
            (9, "standing \"gone\": it is active or retired"),
        ]
    );
    assert_eq!(shop.state_hash(), before);
    let file = shop.file("suppliers.csv", "code,name,vat\nA,a,1\n");
    let error = shop.fails(2, &["supplier", "import", &file]);
    assert!(error["message"].as_str().unwrap().ends_with("there is no column \"vat\""), "{error}");
}

/// Has two programs import one file at once, and adds up what they say they did.
#[test]
fn two_imports_at_once_tell_apart_what_each_did() {
    let shop = Shop::open();
    let rows: String = (0..400).map(|number| format!("C{number},Customer {number}\n")).collect();
    let file = shop.file("customers.csv", format!("code,name\n{rows}"));
    let words = ["customer", "import", file.as_str()];
    let told = std::thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| shop.json(&words)));
        both.map(|one| one.join().unwrap())
    });
    let sum = |field: &str| told.iter().map(|told| told[field].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("customers"), sum("imported_before"), sum("rows")), (400, 400, 800), "{told:?}");
}
