//! Other people's ids: what is of another site, or of somebody else, is not there (API1).

use super::*;

#[test]
fn api1_objects_of_another_site_are_not_there() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let (orders, purchases) =
        ([two.order(&two.main), two.order(&two.other)], [two.purchase(&two.main), two.purchase(&two.other)]);
    let holds = [made(two.hold(&two.admin, &two.main)), made(two.hold(&two.admin, &two.other))];
    let till =
        two.key("till-main", &[TILL, &["purchases:read", "purchases:write", "stock:write"]].concat(), Some(&two.main));
    let server = &two.server;

    for (path, [own, others]) in [("orders", &orders), ("purchases", &purchases), ("holds", &holds)] {
        assert_eq!(server.get(&format!("/v1/{path}/{own}"), &till).status, 200, "{path}");
        assert_eq!(server.get(&format!("/v1/{path}/{others}"), &till).refused(404), "not_found", "{path}");
    }
    let others = [
        ("POST", format!("/v1/orders/{}/shipments", orders[1]), json!({}), "unknown_order"),
        ("POST", format!("/v1/orders/{}/cancel", orders[1]), json!({}), "unknown_order"),
        ("POST", format!("/v1/purchases/{}/cancel", purchases[1]), json!({}), "unknown_purchase"),
        ("DELETE", format!("/v1/holds/{}", holds[1]), json!({}), "unknown_hold"),
        ("PATCH", format!("/v1/holds/{}", holds[1]), json!({"until": "2998-01-01T00:00:00Z"}), "unknown_hold"),
    ];
    for (method, path, body, code) in others {
        assert_eq!(server.command(method, &path, &till, &body).refused(404), code, "{method} {path}");
    }
    let lines = json!([{"item": two.item, "quantity": "1"}]);
    let sale = json!({"site": two.other, "lines": lines});
    assert_eq!(server.command("POST", "/v1/sales", &till, &sale).refused(404), "unknown_location");
    assert_eq!(two.hold(&till, &two.other).refused(404), "unknown_location");
    let transfer = json!({"from": two.other, "to": two.main, "lines": lines});
    assert_eq!(server.command("POST", "/v1/stock/transfers", &till, &transfer).refused(404), "unknown_location");
    // In a batch as alone.
    let one = json!({"key": "a-sale-elsewhere", "command": {"sell": sale}});
    let batch = server.post("/v1/batch", &till, &json!({"commands": [one]})).ok();
    assert_eq!(batch["answers"][0]["problem"]["code"], "unknown_location");
}

#[test]
fn api1_numbers_of_another_site_are_not_taken() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let lines = json!([{"item": two.item, "quantity": "1"}]);
    let sale = |site: &str, series: &str| json!({"site": site, "series": series, "lines": lines});
    let (till, others) = (two.key("till-main", TILL, Some(&two.main)), two.key("till-other", TILL, Some(&two.other)));
    let sell = |token: &str, sale: &Value| two.server.command("POST", "/v1/sales", token, sale);
    assert_eq!(sell(&others, &sale(&two.other, "TILL-9")).ok()["order"]["number"], 1);

    // The other site's own series, however it is written, and one that only it has used.
    for series in ["OTHER", "other", "TILL-9"] {
        let sale = sale(&two.main, series);
        for path in ["/v1/sales", "/v1/orders"] {
            let refused = two.server.command("POST", path, &till, &sale);
            assert_eq!(refused.json()["at"], "series", "{path} {series}");
            assert_eq!(refused.refused(403), "not_at_one_site", "{path} {series}");
        }
        for command in ["sell", "place_order"] {
            let one = json!({"key": format!("{command}-{series}"), "command": {command: sale}});
            let batch = two.server.post("/v1/batch", &till, &json!({"commands": [one]})).ok();
            assert_eq!(batch["answers"][0]["problem"]["code"], "not_at_one_site", "{command} {series}");
        }
    }
    // Its own, one that is new, and again; and whoever works at all sites names any.
    for series in ["MAIN", "TILL-1", "TILL-1"] {
        sell(&till, &sale(&two.main, series)).ok();
    }
    sell(&two.admin, &sale(&two.main, "TILL-9")).ok();
    assert_eq!(sell(&others, &sale(&two.other, "TILL-9")).ok()["order"]["number"], 3);
    assert_eq!(sell(&others, &sale(&two.other, "OTHER")).ok()["order"]["number"], 1, "no number was lost");

    // What else takes a number takes it from the site's own series.
    for (path, body) in [
        ("/v1/purchases", json!({"supplier": two.supplier, "site": two.main, "series": "P-OTHER", "lines": []})),
        ("/v1/returns", json!({"goods": {"loose": {"site": two.main, "lines": []}}, "series": "OTHER"})),
        ("/v1/stock/transfers", json!({"from": two.main, "to": two.other, "series": "OTHER", "lines": lines})),
    ] {
        assert_eq!(two.server.command("POST", path, &two.admin, &body).refused(400), "malformed", "{path}");
    }
}

#[test]
fn api1_lists_show_the_callers_own_site_alone() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let ids = [two.order(&two.main), two.order(&two.other)];
    let till = two.key("till-main", &[TILL, &["alerts:read"]].concat(), Some(&two.main));
    let rows = |path: &str, token: &str| two.server.get(path, token).ok()["rows"].as_array().unwrap().clone();
    assert_eq!(rows("/v1/orders", &two.admin).len(), 2);
    let seen = rows("/v1/orders", &till);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0]["id"], ids[0]);
    assert_eq!(rows("/v1/stock", &two.admin).len(), 2);
    assert_eq!(rows("/v1/stock", &till).len(), 1);
    for path in ["/v1/orders", "/v1/stock", "/v1/holds"] {
        let named = format!("{path}?site={}", two.other);
        assert_eq!(two.server.get(&named, &till).refused(404), "unknown_location", "{path}");
    }
    assert_eq!(two.server.get("/v1/orders?site=code:OTHER", &till).refused(404), "unknown_location");
    // A number of another site's order is like one that nobody was given.
    let there = two.server.get("/v1/orders/number:OTHER-1", &till);
    let nowhere = two.server.get("/v1/orders/number:OTHER-7", &till);
    assert_eq!((there.status, there.json()["code"].clone()), (nowhere.status, nowhere.json()["code"].clone()));
    // A key of a manager that works at one site sees no report of the whole shop.
    let key = two.key("manager-main", &["reports:read", "costs:read", "events:read", "stock:read"], Some(&two.main));
    assert_eq!(two.server.get("/v1/reports/profit?by=item", &key).refused(403), "not_at_one_site");
    let (all, own) = (two.server.get("/v1/events", &two.admin), two.server.get("/v1/events", &key));
    assert!(all.text.contains(&two.other), "{all:?}");
    assert!(own.text.contains(&two.main) && !own.text.contains(&two.other), "{own:?}");
}

#[test]
fn api1_accounts_and_keys_of_others_are_not_there() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let (anna, ben) = (server.user("anna", "clerk"), server.user("ben", "clerk"));
    let key = json!({"name": "annas-scanner", "scopes": ["stock:read"]});
    server.post("/v1/keys", &anna, &key).ok();
    let sessions = server.get("/v1/account/sessions", &anna).ok();
    let session = sessions["rows"][0]["id"].as_str().unwrap();
    assert_eq!(server.get("/v1/keys/annas-scanner", &ben).refused(404), "not_found");
    assert_eq!(server.send("DELETE", "/v1/keys/annas-scanner", Some(&ben), None).refused(404), "not_found");
    assert_eq!(server.get("/v1/keys", &ben).ok()["rows"], json!([]));
    let path = format!("/v1/account/sessions/{session}");
    assert_eq!(server.send("DELETE", &path, Some(&ben), None).refused(404), "not_found");
    assert_eq!(server.get("/v1/account", &anna).status, 200, "nobody ended her session");
}

#[test]
fn api1_an_admin_of_one_site_sees_the_keys_of_that_site_alone() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let (server, main) = (&two.server, Some(two.main.as_str()));
    for (name, site) in [("of-main", main), ("of-other", Some(two.other.as_str())), ("of-all", None)] {
        two.key(name, &["stock:read"], site);
    }
    let user = json!({"name": "mia", "role": "admin", "password": PASSWORD, "site": main});
    server.post("/v1/users", &two.admin, &user).ok();
    let mia = server.sign_in("mia", PASSWORD);
    server.post("/v1/keys", &mia, &json!({"name": "mias", "scopes": []})).ok();
    let names = |token: &str| -> Vec<String> {
        let rows = server.get("/v1/keys", token).ok()["rows"].clone();
        rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&mia), ["mias", "of-main"]);
    assert_eq!(names(&two.admin).len(), 4);
    for others in ["of-other", "of-all"] {
        let path = format!("/v1/keys/{others}");
        assert_eq!(server.get(&path, &mia).refused(404), "not_found", "{others}");
        assert_eq!(server.send("DELETE", &path, Some(&mia), None).refused(404), "not_found", "{others}");
        assert_eq!(server.get(&path, &two.admin).ok()["revoked_at"], Value::Null);
    }
    assert!(server.send("DELETE", "/v1/keys/of-main", Some(&mia), None).ok()["revoked_at"].is_string());
}

#[test]
fn api1_nobody_of_one_site_ends_the_trade_of_all_sites_with_somebody() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let server = &two.server;
    shop.ok(&["customer", "add", "C1", "A customer"]);
    let user = json!({"name": "carl", "role": "clerk", "password": PASSWORD, "site": two.main});
    server.post("/v1/users", &two.admin, &user).ok();
    let (carl, vic) = (server.sign_in("carl", PASSWORD), server.user("vic", "clerk"));
    for (path, command, field) in
        [("suppliers", "update_supplier", "supplier"), ("customers", "update_customer", "customer")]
    {
        let code = if path == "suppliers" { "code:ACME" } else { "code:C1" };
        let at = format!("/v1/{path}/{code}");
        for standing in ["retired", "active"] {
            let change = json!({"standing": standing});
            assert_eq!(server.command("PATCH", &at, &carl, &change).refused(403), "not_at_one_site", "{path}");
        }
        let one = json!({"key": "a-1",
            "command": {command: {field: code, "standing": "retired"}}});
        let batch = server.command("POST", "/v1/batch", &carl, &json!({"commands": [one]})).text;
        assert!(batch.contains("not_at_one_site"), "{batch}");
        let contact = json!({"contact": {"name": "Another name"}});
        server.command("PATCH", &at, &carl, &contact).ok();
        assert_eq!(server.get(&at, &carl).ok()["standing"], "active");
        server.command("PATCH", &at, &vic, &json!({"standing": "retired"})).ok();
    }
}

#[test]
fn api1_the_answer_to_a_command_elsewhere_is_not_shown_by_its_id() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let order = two.order(&two.other);
    let till = two.key("till-main", &[TILL, &["events:read"]].concat(), Some(&two.main));
    for id in [order.clone(), format!("%22{order}%22")] {
        for path in [format!("/v1/commands/{id}"), format!("/v1/commands/{id}/movements")] {
            assert_eq!(two.server.get(&path, &till).refused(403), "not_at_one_site", "{path}");
        }
    }
}
