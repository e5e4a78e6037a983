//! Callers who may not see or do everything.

use super::{Remote, key, served};
use crate::common::{Said, Shop, server::PASSWORD};
use serde_json::Value;

/// A till that sells and takes goods in, and sees no costs.
const SCOPES: &[&str] = &[
    "catalogue:read",
    "stock:read",
    "stock:write",
    "orders:read",
    "orders:write",
    "purchases:read",
    "events:read",
    "reports:read",
    "parties:read",
    "alerts:read",
];

/// Whether a cost stands anywhere in it.
fn tells_costs(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            matches!(name.as_str(), "cost" | "value" | "unit_cost" | "profit" | "margin") || tells_costs(value)
        }),
        Value::Array(values) => values.iter().any(tells_costs),
        _ => false,
    }
}

#[test]
fn who_may_not_see_costs_works_without_them_and_is_shown_no_zeros_instead() {
    let shop = Shop::with_tea();
    shop.ok(&["supplier", "add", "S1", "A supplier"]);
    shop.ok(&["purchase", "place", "S1", "TEA-1=10@2.20"]);
    let server = shop.serve(&[]);
    let till = Remote::of(&server, &key(&server, "till", SCOPES, None));
    assert!(tells_costs(&shop.json(&["stock"])));
    assert!(till.ok(&["receive", "TEA-1=2@2.10"]).contains("for –."));
    for words in [
        ["order", "sell", "TEA-1=2"].as_slice(),
        &["order", "list"],
        &["order", "show", "MAIN-1"],
        &["purchase", "list"],
        &["purchase", "show", "P-MAIN-1"],
        &["stock"],
        &["movements"],
        &["report", "profit", "--by", "item"],
        &["item", "show", "TEA-1"],
    ] {
        let said = till.json(words);
        assert!(!tells_costs(&said), "{words:?}: {said}");
    }
    let events = till.ok(&["events", "--format", "json"]);
    assert!(events.contains("\"sold\"") && !events.contains("\"cost\""), "{events}");
    assert!(till.ok(&["stock"]).contains('–'));
    let csv = till.ok(&["stock", "--format", "csv"]);
    assert!(csv.ends_with("TEA-1,Green tea,MAIN,20,0,20,10,0,\n"), "{csv}");
    assert!(till.ok(&["purchase", "show", "P-MAIN-1"]).contains('–'));
}

#[test]
fn a_till_of_one_site_sells_there_and_nowhere_else() {
    let shop = Shop::with_tea();
    shop.ok(&["site", "add", "DEPOT", "The depot"]);
    shop.ok(&["receive", "TEA-1=7@2", "--site", "DEPOT"]);
    shop.ok(&["order", "place", "TEA-1=1", "--site", "DEPOT"]);
    let server = shop.serve(&[]);
    let till = Remote::of(&server, &key(&server, "till", SCOPES, Some("MAIN")));
    assert_eq!(till.json(&["order", "sell", "TEA-1=2", "--site", "MAIN"])["document"], "MAIN-1");
    let stock = till.json(&["stock"]);
    assert_eq!((stock.as_array().unwrap().len(), &stock[0]["on_hand"]), (1, &"18".into()));
    assert_eq!(till.json(&["order", "show", "MAIN-1"])["order_number"], "MAIN-1");
    assert_eq!(till.fails(1, &["order", "show", "DEPOT-1"])["code"], "unknown_order");
    let foreign = shop.json(&["order", "show", "DEPOT-1"])["id"].as_str().unwrap().to_owned();
    assert_eq!(till.fails(1, &["order", "show", &foreign])["code"], "unknown_order");
    assert_eq!(till.fails(1, &["order", "sell", "TEA-1=1", "--site", "DEPOT"])["code"], "unknown_location");
    let error = till.fails(1, &["report", "profit"]);
    assert_eq!(error["code"], "not_at_one_site");
    assert!(error["hint"].as_str().unwrap().contains("not of one site"), "{error}");
    assert_eq!(till.ok(&["events", "--format", "json"]).matches("\"order_placed\"").count(), 0);
}

#[test]
fn users_are_looked_after_as_at_the_store() {
    let (shop, server) = served();
    let admin = Remote::of(&server, &server.admin());
    let add = ["user", "add", "Ben", "--role", "clerk", "--site", "main"];
    let added = admin.command(&add).env("IMS_PASSWORD", PASSWORD).output().unwrap();
    assert_eq!(Said::from(added).out, "Added the user ben.\n");
    server.sign_in("ben", PASSWORD);
    for format in ["table", "json", "csv"] {
        let list = ["user", "list", "--format", format];
        assert_eq!(admin.ok(&list), shop.ok(&list));
    }
    assert_eq!(admin.json(&["user", "role", "ben", "viewer"])["role"], "viewer");
    let other = "nineteen moles in a row";
    let reset = admin.command(&["user", "password", "ben"]).env("IMS_PASSWORD", other).output().unwrap();
    assert!(reset.status.success(), "{reset:?}");
    server.sign_in("ben", other);
    assert_eq!(admin.ok(&["user", "disable", "ben"]), "Disabled the user ben.\n");
    assert_eq!(admin.json(&["user", "enable", "ben"])["standing"], "active");
    assert_eq!(admin.fails(1, &["user", "role", "nobody", "viewer"])["code"], "not_found");
    let again = admin.command(&add).env("IMS_PASSWORD", PASSWORD).output().unwrap();
    assert_eq!(Said::from(again).code, 1, "the name is taken");
    let till = Remote::of(&server, &key(&server, "till", SCOPES, None));
    assert_eq!(till.fails(1, &["user", "list"])["right"], "admin");
    let wide = Remote::of(&server, &key(&server, "wide", &["admin", "catalogue:read"], None));
    wide.ok(&["user", "list"]);
    let error = wide.fails(1, &["user", "disable", "ben"]);
    assert_eq!(error["code"], "not_for_keys");
    assert!(error["hint"].as_str().unwrap().contains("access token"), "{error}");
}

#[test]
fn a_key_needs_no_more_scopes_than_are_said() {
    let (shop, server) = served();
    let with = |name: &str, scopes: &[&str]| Remote::of(&server, &key(&server, name, scopes, None));
    with("stock", &["catalogue:read", "stock:read"]).ok(&["stock"]);
    with("seller", &["catalogue:read", "orders:write"]).ok(&["order", "sell", "TEA-1=1"]);
    with("prover", &["admin"]).ok(&["verify"]);
    let folder = shop.path("tables").display().to_string();
    let scopes = ["catalogue:read", "admin", "costs:read", "events:read"];
    with("writer", &scopes).ok(&["export", &folder]);
    assert_eq!(with("blind", &["catalogue:read", "admin"]).fails(1, &["export", &folder])["right"], "costs:read");
}

#[test]
fn holds_are_listed_without_the_rights_of_an_admin() {
    let (shop, server) = served();
    shop.ok(&["hold", "place", "TEA-1=2", "--for", "1d"]);
    let till = Remote::of(&server, &key(&server, "till", SCOPES, None));
    assert_eq!(till.json(&["hold", "list"])[0]["quantity"], "2");
}
