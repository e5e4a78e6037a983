//! What an attacker tries, against the real server: the OWASP API Security Top 10 of 2023, forged and stolen credentials,
//! other people's ids, floods, and what may leak.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{
    Shop,
    server::{ADMIN, PASSWORD, Reply, Server},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::{io::Write, process::Stdio};

/// A key that the tests know, as the configuration may give one.
const KEY_BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const KEY: [u8; 32] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    31,
];

/// A shop with two sites, each with an order, a hold and a purchase order; and a clerk and a till who work at one of them.
struct TwoSites {
    server: Server,
    admin: String,
    main: String,
    other: String,
    item: String,
    supplier: String,
}

impl TwoSites {
    fn new(shop: &Shop, settings: &[&str]) -> TwoSites {
        shop.ok(&["site", "add", "OTHER", "Other shop"]);
        shop.ok(&["supplier", "add", "ACME", "Acme Ltd"]);
        shop.ok(&["receive", "TEA-1=20@13.37", "--site", "OTHER"]);
        let server = shop.serve(settings);
        let admin = server.admin();
        let location = |code: &str| {
            let rows = server.get("/v1/locations", &admin).ok()["rows"].clone();
            let row = rows.as_array().unwrap().iter().find(|row| row["code"] == code).cloned();
            row.unwrap()["id"].as_str().unwrap().to_owned()
        };
        let (main, other) = (location("MAIN"), location("OTHER"));
        let item = server.get("/v1/items", &admin).ok()["rows"][0]["id"].as_str().unwrap().to_owned();
        let supplier = server.get("/v1/suppliers", &admin).ok()["rows"][0]["id"].as_str().unwrap().to_owned();
        TwoSites { server, admin, main, other, item, supplier }
    }

    fn order(&self, site: &str) -> String {
        let lines = json!([{"item": self.item, "quantity": "1"}]);
        made(self.server.command("POST", "/v1/orders", &self.admin, &json!({"site": site, "lines": lines})))
    }

    fn hold(&self, token: &str, site: &str) -> Reply {
        let hold = json!({"item": self.item, "site": site, "quantity": "1", "until": "2999-01-01T00:00:00Z"});
        self.server.command("POST", "/v1/holds", token, &hold)
    }

    fn purchase(&self, site: &str) -> String {
        let lines = json!([{"item": self.item, "quantity": "2", "unit_cost": "13.37"}]);
        let purchase = json!({"supplier": self.supplier, "site": site, "lines": lines});
        made(self.server.command("POST", "/v1/purchases", &self.admin, &purchase))
    }

    /// Makes a key of the admin's with these scopes.
    fn key(&self, name: &str, scopes: &[&str], site: Option<&str>) -> String {
        let key = json!({"name": name, "scopes": scopes, "site": site});
        self.server.post("/v1/keys", &self.admin, &key).ok()["key"].as_str().unwrap().to_owned()
    }
}

fn made(reply: Reply) -> String {
    reply.ok()["id"].as_str().unwrap().to_owned()
}

/// What a till may do.
const TILL: &[&str] = &["catalogue:read", "stock:read", "holds:write", "orders:read", "orders:write"];

// --- The OWASP API Security Top 10 of 2023, in its order. ---

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
fn api2_a_token_that_is_not_good_opens_nothing() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[&format!("auth.signing_key={KEY_BASE64}")]);
    let good = server.admin();
    let header = jsonwebtoken::decode_header(&good).unwrap();
    let claims: Value = jsonwebtoken::dangerous::insecure_decode(&good).unwrap().claims;
    let sign = |header: &Header, claims: &Value, key: &[u8]| {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(key)).unwrap()
    };
    let with = |field: &str, value: Value| {
        let mut claims = claims.clone();
        claims[field] = value;
        claims
    };
    let without = |field: &str| {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(field);
        claims
    };
    // The test can tell a good one from a bad one.
    assert_eq!(server.get("/v1/account", &sign(&header, &claims, &KEY)).status, 200);

    let mut bad = vec![("signed with another key", sign(&header, &claims, &[7; 32]))];
    for (what, algorithm) in [("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)] {
        bad.push((what, sign(&Header { alg: algorithm, ..header.clone() }, &claims, &KEY)));
    }
    bad.push(("another type", sign(&Header { typ: Some("JWT".into()), ..header.clone() }, &claims, &KEY)));
    bad.push(("another kid", sign(&Header { kid: Some("other".into()), ..header.clone() }, &claims, &KEY)));
    bad.push(("no kid", sign(&Header { kid: None, ..header.clone() }, &claims, &KEY)));
    for field in ["iss", "aud", "sub", "iat", "exp", "jti", "sid"] {
        bad.push(("a claim is missing", sign(&header, &without(field), &KEY)));
    }
    for (field, value) in [
        ("aud", json!("another")),
        ("iss", json!("another")),
        ("sub", json!("nobody")),
        ("exp", json!(1_000_000_000)),
        ("exp", json!("9999999999")),
        ("iat", json!(9_999_999_999_u64)),
        ("sid", json!("00000000-0000-0000-0000-000000000000")),
    ] {
        bad.push((field, sign(&header, &with(field, value), &KEY)));
    }
    let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("{good}") };
    let none = base64(&json!({"alg": "none", "typ": "at+jwt", "kid": header.kid}).to_string());
    bad.push(("alg none", format!("{none}.{body}.")));
    bad.push(("alg none, signed", format!("{none}.{body}.{signature}")));
    bad.push(("no signature", format!("{head}.{body}.")));
    let admin = base64(&with("sub", json!("root")).to_string());
    bad.push(("another body", format!("{head}.{admin}.{signature}")));
    bad.push(("no token at all", "x".into()));
    bad.push(("too long", "x".repeat(5_000)));
    for (what, token) in bad {
        assert_eq!(server.get("/v1/account", &token).refused(401), "unauthenticated", "{what}");
    }
    for authorization in ["", "Basic YWRhOmE=", "Bearer", "Bearer ", "bearer\t"] {
        let reply = server.send_with("GET", "/v1/account", &[("Authorization", authorization)], None);
        assert_eq!(reply.status, 401, "{authorization:?}");
        assert!(reply.headers["www-authenticate"].starts_with("Bearer"));
    }
}

fn base64(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(text)
}

#[test]
fn api2_an_expired_token_opens_nothing_and_a_refresh_token_is_good_once() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let refresh =
        |token: &Value| server.send("POST", "/v1/tokens/refresh", None, Some(&json!({"refresh_token": token})));
    let first = server.tokens(ADMIN.0, ADMIN.1);
    let second = refresh(&first["refresh_token"]).ok();
    let access = second["access_token"].as_str().unwrap();
    assert_eq!(server.get("/v1/account", access).status, 200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    // Somebody uses the old one: one of the two has stolen it, and both are out.
    assert_eq!(refresh(&first["refresh_token"]).refused(401), "unauthenticated");
    assert_eq!(refresh(&second["refresh_token"]).refused(401), "unauthenticated");
    assert_eq!(server.get("/v1/account", access).refused(401), "unauthenticated");
    for token in ["", "imsr_", "imsr_00000000000000000000000000000000.ada_x", access] {
        assert_eq!(refresh(&json!(token)).refused(401), "unauthenticated", "{token}");
    }
}

#[test]
fn api2_passwords_are_not_guessed() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[
        "limits.trusted_proxies=127.0.0.1",
        "limits.sign_in_failures=5",
        "limits.sign_in_failures_window_ms=3600000",
        "limits.sign_in_name_failures=8",
        "limits.sign_in_name_failures_window_ms=3600000",
        "limits.sign_in_pause_ms=1",
    ]);
    let tried =
        |from: &str, body: &Value| server.send_with("POST", "/v1/tokens", &[("X-Forwarded-For", from)], Some(body));
    let wrong = |from: &str, name: &str| tried(from, &json!({"name": name, "password": "a guess"}));
    let right = |from: &str| tried(from, &json!({"name": ADMIN.0, "password": ADMIN.1}));
    let tokens = right("198.51.100.1").ok();
    for _ in 0..5 {
        assert_eq!(wrong("192.0.2.1", ADMIN.0).refused(401), "sign_in_failed");
    }
    // Who guessed is kept out, and whoever they guessed at is not.
    let refused = wrong("192.0.2.1", "ADA");
    assert!(refused.headers["retry-after"].parse::<u64>().unwrap() > 0);
    assert_eq!(refused.refused(429), "rate_limited");
    assert_eq!(right("192.0.2.1").refused(429), "rate_limited");
    right("203.0.113.1").ok();
    // Also not where many guess from many places.
    for place in 2..8 {
        wrong(&format!("192.0.2.{place}"), ADMIN.0);
    }
    right("203.0.113.2").ok();
    // Where strangers were kept out, somebody who is known is not.
    for _ in 0..5 {
        wrong("198.51.100.1", ADMIN.0);
        wrong("192.0.2.9", ADMIN.0);
    }
    right("198.51.100.1").ok();
    assert_eq!(right("192.0.2.9").refused(429), "rate_limited");
    let known = json!({"name": ADMIN.0, "password": ADMIN.1, "refresh_token": tokens["refresh_token"]});
    tried("192.0.2.9", &known).ok();
    let guess =
        json!({"name": ADMIN.0, "password": ADMIN.1, "refresh_token": "imsr_00000000000000000000000000000007.ada_x"});
    assert_eq!(tried("192.0.2.10", &guess).status, 200, "it is no credential");
    server.send("POST", "/v1/tokens/refresh", None, Some(&json!({"refresh_token": tokens["refresh_token"]}))).ok();
    // Users that are there and users that are not are refused alike, where nobody is known from.
    shop.add_user("anna", PASSWORD, "clerk");
    let server = shop.serve(&["limits.sign_in_failures=2", "limits.sign_in_failures_window_ms=3600000"]);
    let told = |name: &str| {
        let reply = server.send("POST", "/v1/tokens", None, Some(&json!({"name": name, "password": "x"})));
        (reply.status, reply.text)
    };
    for status in [401, 401, 429] {
        let known = told("anna");
        assert_eq!((known.0, &known), (status, &told("nobody")));
        assert_eq!(known, told("' OR 1=1 --"));
    }
}

#[test]
fn api2_a_password_is_not_guessed_by_whoever_finds_a_session() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[
        "limits.sign_in_failures=2",
        "limits.sign_in_failures_window_ms=3600000",
        "limits.sign_in_pause_ms=1",
    ]);
    let anna = server.user("anna", "clerk");
    let change = |current: &str| {
        let body = json!({"current": current, "new": "twelve badgers in a row"});
        server.send("PUT", "/v1/account/password", Some(&anna), Some(&body))
    };
    for _ in 0..3 {
        assert_eq!(change("a guess").refused(403), "password_wrong");
    }
    // A stranger there is kept out by these; Anna, who has a session there, is not.
    change(PASSWORD).ok();
    server.sign_in("anna", "twelve badgers in a row");
}

#[test]
fn api2_who_is_signed_out_or_disabled_is_out() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let anna = server.user("anna", "clerk");
    let again = server.sign_in("anna", PASSWORD);
    server.send("DELETE", "/v1/tokens", Some(&anna), None).ok();
    assert_eq!(server.get("/v1/account", &anna).refused(401), "unauthenticated");
    assert_eq!(server.get("/v1/account", &again).status, 200, "the other session goes on");
    server.send("DELETE", "/v1/account/sessions", Some(&again), None).ok();
    assert_eq!(server.get("/v1/account", &again).refused(401), "unauthenticated");

    let anna = server.sign_in("anna", PASSWORD);
    let key = json!({"name": "annas-scanner", "scopes": ["stock:read"]});
    let key = server.post("/v1/keys", &anna, &key).ok()["key"].as_str().unwrap().to_owned();
    assert_eq!(server.get("/v1/stock", &key).status, 200);
    server.send("PATCH", "/v1/users/anna", Some(&admin), Some(&json!({"standing": "disabled"}))).ok();
    assert_eq!(server.get("/v1/account", &anna).refused(401), "unauthenticated");
    assert_eq!(server.get("/v1/stock", &key).refused(401), "unauthenticated", "her keys are out with her");
    let body = json!({"name": "anna", "password": PASSWORD});
    assert_eq!(server.send("POST", "/v1/tokens", None, Some(&body)).refused(401), "sign_in_failed");
    // An admin takes the key over, and it goes on.
    server.send("POST", "/v1/keys/annas-scanner/take-over", Some(&admin), None).ok();
    assert_eq!(server.get("/v1/stock", &key).status, 200);
    server.send("DELETE", "/v1/keys/annas-scanner", Some(&admin), None).ok();
    assert_eq!(server.get("/v1/stock", &key).refused(401), "unauthenticated");
    let taken = json!({"name": "annas-scanner", "scopes": []});
    assert_eq!(server.post("/v1/keys", &admin, &taken).refused(409), "name_taken", "a name is not given twice");
}

#[test]
fn api2_what_is_ended_at_one_instance_is_ended_at_the_other() {
    let shop = Shop::with_tea();
    // Nothing is believed for longer than a request.
    let (one, other) = (shop.serve(&["auth.believed_ms=0"]), shop.serve(&["auth.believed_ms=0"]));
    let token = one.admin();
    assert_eq!(other.get("/v1/account", &token).status, 200, "the instances share their keys and sessions");
    one.send("DELETE", "/v1/account/sessions", Some(&token), None).ok();
    assert_eq!(other.get("/v1/account", &token).refused(401), "unauthenticated");
    let token = one.admin();
    assert_eq!(other.get("/v1/account", &token).status, 200);
    one.send("POST", "/v1/admin/signing-keys", Some(&token), None).ok();
    assert_eq!(one.get("/v1/account", &token).refused(401), "unauthenticated");
    assert_eq!(other.get("/v1/account", &token).refused(401), "unauthenticated");
}

#[test]
fn api2_a_changed_password_ends_the_other_sessions() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let (here, there) = (server.user("anna", "clerk"), server.sign_in("anna", PASSWORD));
    let change = |current: &str, new: &str| {
        server.send("PUT", "/v1/account/password", Some(&here), Some(&json!({"current": current, "new": new})))
    };
    assert_eq!(change("something else", "twelve badgers in a row").refused(403), "password_wrong");
    assert_eq!(change(PASSWORD, "short").refused(422), "password_too_weak");
    change(PASSWORD, "twelve badgers in a row").ok();
    assert_eq!(server.get("/v1/account", &here).status, 200);
    assert_eq!(server.get("/v1/account", &there).refused(401), "unauthenticated");
    let old = json!({"name": "anna", "password": PASSWORD});
    assert_eq!(server.send("POST", "/v1/tokens", None, Some(&old)).refused(401), "sign_in_failed");
    server.sign_in("anna", "twelve badgers in a row");
}

#[test]
fn api3_nobody_gives_themselves_a_property_that_is_not_theirs() {
    let shop = Shop::with_tea();
    let server = shop.serve(&["auth.registration=viewer"]);
    let register = |body: Value| server.send("POST", "/v1/account/register", None, Some(&body));
    for extra in ["role", "standing", "epoch", "site", "rights"] {
        let mut body = json!({"name": "eve", "password": PASSWORD});
        body[extra] = json!("admin");
        assert_eq!(register(body).refused(400), "malformed", "{extra}");
    }
    assert_eq!(register(json!({"name": "eve", "password": PASSWORD})).ok()["role"], "viewer");
    let eve = server.sign_in("eve", PASSWORD);
    let wide = json!({"name": "eves-key", "scopes": ["stock:read", "costs:read"]});
    assert_eq!(server.post("/v1/keys", &eve, &wide).refused(403), "scope_too_wide");
    let own = json!({"name": "eves-key", "scopes": ["account"]});
    assert_eq!(server.post("/v1/keys", &eve, &own).refused(403), "scope_too_wide");
}

#[test]
fn api3_costs_are_not_shown_to_those_without_the_right() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let (order, purchase) = (two.order(&two.other), two.purchase(&two.other));
    made(two.hold(&two.admin, &two.other));
    two.server.command("POST", &format!("/v1/orders/{order}/shipments"), &two.admin, &json!({})).ok();
    let viewer = two.key(
        "viewer",
        &[TILL, &["parties:read", "purchases:read", "alerts:read", "events:read", "reports:read"]].concat(),
        None,
    );
    let document: Value = serde_json::from_str(&two.server.send("GET", "/openapi.json", None, None).text).unwrap();
    let (mut asked, mut shown) = (0, 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods.get("get").is_none() || path.starts_with("/v1/users") || path.starts_with("/v1/keys") {
            continue;
        }
        let path = path
            .replace("{item}", &two.item)
            .replace("{site}", &two.other)
            .replace("{order}", &order)
            .replace("{purchase}", &purchase)
            .replace("{command}", &order)
            .replace("{supplier}", &two.supplier);
        // A stream has no end.
        if path.contains('{') || path == "/v1/events/stream" {
            continue;
        }
        let path = if path.ends_with("/profit") { format!("{path}?by=item") } else { path };
        let path = if path.ends_with("/search") { format!("{path}?text=tea") } else { path };
        for accept in ["application/json", "text/csv"] {
            let ask = |token: &str| {
                let authorization = format!("Bearer {token}");
                let headers = [("Authorization", authorization.as_str()), ("Accept", accept)];
                two.server.send_with("GET", &path, &headers, None)
            };
            let (all, some) = (ask(&two.admin), ask(&viewer));
            asked += usize::from(all.status == 200);
            shown += usize::from(all.text.contains("13.37"));
            for cost in ["13.37", "26.74", "254.03", "267.4"] {
                assert!(!some.text.contains(cost), "{path} shows a cost: {}", some.text);
            }
        }
    }
    assert!(asked > 20, "only {asked} answers were looked at");
    assert!(shown > 3, "only {shown} answers have a cost in them: this test looks for nothing");
}

#[test]
fn api3_what_a_command_did_is_told_to_those_who_may_read_it() {
    const SECRET: &str = "07700 900123";
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let server = &two.server;
    let customer = json!({"code": "ANNA", "contact": {"name": "Anna", "phone": SECRET}});
    let customer = made(server.command("POST", "/v1/customers", &two.admin, &customer));
    assert!(server.get("/v1/events?limit=1000", &two.admin).text.contains(SECRET));
    let order = two.order(&two.other);

    let till = two.key("till", &[TILL, &["events:read"]].concat(), None);
    let heard = server.get("/v1/events?limit=1000", &till).ok();
    let text = heard.to_string();
    assert!(text.contains("order_placed") && text.contains("stock_received"), "{text}");
    assert!(!text.contains(SECRET) && !text.contains("customer_created"), "{text}");
    assert_eq!(heard["next"], heard["newest"], "what is not shown is passed over");

    let command = |id: &str, token: &str| server.get(&format!("/v1/commands/{id}"), token);
    assert!(command(&customer, &two.admin).text.contains(SECRET));
    assert_eq!(command(&customer, &till).refused(403), "no_right");
    assert_eq!(command(&format!("%22{customer}%22"), &till).refused(403), "no_right");
    assert_eq!(command(&order, &till).status, 200);
    let looked_up = server.post("/v1/lookups", &till, &json!({"commands": [customer, order]})).ok();
    assert_eq!(looked_up["commands"].as_array().unwrap().len(), 1, "{looked_up}");
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

#[test]
fn api4_nobody_makes_the_server_work_without_end() {
    let shop = Shop::with_tea();
    let settings = ["limits.caller_requests=5", "limits.caller_window_ms=3600000", "http.body_limit_bytes=2000"];
    let two = TwoSites::new(&shop, &settings[2..]);
    let long = json!({"name": "x".repeat(3_000), "password": "x"});
    assert_eq!(two.server.send("POST", "/v1/tokens", None, Some(&long)).refused(413), "body_too_large");
    let mut deep = json!("x");
    for _ in 0..50 {
        deep = json!([deep]);
    }
    let deep = json!({"name": deep, "password": "x"});
    assert_eq!(two.server.send("POST", "/v1/tokens", None, Some(&deep)).refused(400), "malformed");
    drop(two);

    let server = shop.serve(&settings);
    let (anna, ben) = (server.admin(), server.user("ben", "clerk"));
    let first = server.get("/v1/items", &anna);
    assert!(first.headers["ratelimit-policy"].contains("\"caller\";q=5;w=3600"), "{first:?}");
    assert!(first.headers["ratelimit"].contains("\"caller\";r=4;t="), "{first:?}");
    let rest: Vec<u16> = (0..5).map(|_| server.get("/v1/items", &anna).status).collect();
    assert_eq!(rest, [200, 200, 200, 200, 429]);
    assert_eq!(server.get("/v1/items", &ben).status, 200, "each caller for themselves");
    let busiest = server.get("/v1/admin/rate-limits", &anna).ok();
    let caller = busiest["policies"].as_array().unwrap().iter().find(|policy| policy["policy"] == "caller").unwrap();
    assert_eq!(caller["busiest"][0], json!({"key": "user:ada", "asked": 6, "refused": 1}));
}

#[test]
fn api5_every_function_needs_its_right() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let viewer = server.user("vera", "viewer");
    let document: Value = serde_json::from_str(&server.send("GET", "/openapi.json", None, None).text).unwrap();
    let open = [
        "/v1/tokens",
        "/v1/tokens/refresh",
        "/v1/account/first-admin",
        "/v1/account/register",
        "/v1/invitations/accept",
    ];
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/v1/")) {
        for method in
            ["get", "post", "put", "patch", "delete"].into_iter().filter(|method| methods.get(method).is_some())
        {
            let method = method.to_uppercase();
            let at = path.replace(['{', '}'], "");
            if method == "POST" && open.contains(&path.as_str()) {
                continue;
            }
            tried += 1;
            assert_eq!(server.send(&method, &at, None, None).refused(401), "unauthenticated", "{method} {path}");
            let is_admins = at.starts_with("/v1/users") || at.starts_with("/v1/admin") || at == "/v1/invitations";
            let own = ["/v1/account", "/v1/keys", "/v1/events"].iter().any(|own| path.starts_with(own));
            let writes = method != "GET" && !own;
            let reads_or_asks_for_each = ["/v1/tokens", "/v1/batch", "/v1/lookups"].contains(&path.as_str());
            if is_admins || writes && !reads_or_asks_for_each {
                assert_eq!(server.send(&method, &at, Some(&viewer), None).refused(403), "no_right", "{method} {path}");
            }
        }
    }
    assert!(tried > 50, "only {tried} operations were tried");
}

#[test]
fn api5_no_key_manages_accounts() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let server = &two.server;
    server.user("carl", "clerk");
    let invitation = server.post("/v1/invitations", &two.admin, &json!({"role": "clerk"})).ok()["id"].clone();
    let key = two.key("wide", &["admin"], None);
    let user = json!({"name": "mallory", "password": PASSWORD, "role": "admin"});
    for (method, path, body) in [
        ("POST", "/v1/users", Some(user)),
        ("PATCH", "/v1/users/carl", Some(json!({"role": "admin"}))),
        ("PUT", "/v1/users/carl/password", Some(json!({"password": "nineteen moles in a row"}))),
        ("DELETE", "/v1/users/carl/sessions", None),
        ("POST", "/v1/invitations", Some(json!({"role": "admin"}))),
        ("DELETE", &format!("/v1/invitations/{}", invitation.as_str().unwrap()), None),
        ("POST", "/v1/keys/wide/take-over", None),
        ("POST", "/v1/admin/signing-keys", None),
    ] {
        let refused = server.send(method, path, Some(&key), body.as_ref());
        assert_eq!(refused.refused(403), "not_for_keys", "{method} {path}");
    }
    assert_eq!(server.get("/v1/users/mallory", &key).refused(404), "not_found");
    assert_eq!(server.get("/v1/users/carl", &key).ok()["role"], "clerk");
    server.sign_in("carl", PASSWORD);
}

#[test]
fn api5_a_webhook_is_told_what_whoever_adds_it_may_read() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let add = |key: &str, costs: &str| {
        let hook = json!({"url": "https://shop.example/hooks", "costs": costs});
        two.server.command("POST", "/v1/webhooks", key, &hook)
    };
    let reads = ["catalogue:read", "parties:read", "stock:read", "orders:read", "purchases:read", "alerts:read"];
    let all = [&["admin", "events:read"], &reads[..]].concat();
    for left_out in &all[1..] {
        let scopes: Vec<&str> = all.iter().copied().filter(|scope| scope != left_out).collect();
        let key = two.key(&format!("no-{}", left_out.replace(':', "-")), &scopes, None);
        let refused = add(&key, "hidden");
        assert_eq!((refused.status, &refused.json()["right"]), (403, &json!(left_out)), "{refused:?}");
    }
    let key = two.key("all-but-costs", &all, None);
    assert_eq!(add(&key, "shown").json()["right"], "costs:read");
    assert_eq!(add(&key, "hidden").status, 201);
    assert_eq!(add(&two.admin, "shown").status, 201);
}

#[test]
fn api3_profit_by_customer_is_for_those_who_may_read_customers() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let key = two.key("reporter", &["reports:read"], None);
    for path in ["/v1/reports/profit?by=customer", "/v1/reports/profit.csv?by=customer"] {
        let refused = two.server.get(path, &key);
        assert_eq!((refused.status, &refused.json()["right"]), (403, &json!("parties:read")), "{path}");
    }
    assert_eq!(two.server.get("/v1/reports/profit?by=item", &key).status, 200);
    let reader = two.key("reader", &["reports:read", "parties:read"], None);
    assert_eq!(two.server.get("/v1/reports/profit?by=customer", &reader).status, 200);
}

#[test]
fn api6_one_caller_does_not_hold_all_the_stock() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &["auth.open_holds=3"]);
    let till = two.key("till-main", TILL, Some(&two.main));
    let holds: Vec<String> = (0..3).map(|_| made(two.hold(&till, &two.main))).collect();
    assert_eq!(two.hold(&till, &two.main).refused(409), "too_many_holds");
    assert_eq!(two.hold(&two.admin, &two.main).status, 201, "each caller for themselves");
    two.server.command("DELETE", &format!("/v1/holds/{}", holds[0]), &till, &json!({})).ok();
    made(two.hold(&till, &two.main));
    assert_eq!(two.hold(&till, &two.main).refused(409), "too_many_holds");
}

#[test]
fn api7_no_request_makes_the_server_ask_another_one() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    // Nothing that an account says is fetched: addresses stay texts.
    let user = json!({"name": "eve", "password": PASSWORD, "role": "clerk", "email": "http://169.254.169.254/latest"});
    assert_eq!(server.post("/v1/users", &server.admin(), &user).refused(400), "malformed");
    let headers = [("X-Forwarded-Host", "169.254.169.254"), ("X-Forwarded-For", "169.254.169.254")];
    let body = json!({"name": ADMIN.0, "password": ADMIN.1});
    assert_eq!(server.send_with("POST", "/v1/tokens", &headers, Some(&body)).status, 200);
    let sessions = server.get("/v1/account/sessions", &server.admin()).ok();
    let addresses: Vec<&Value> = sessions["rows"].as_array().unwrap().iter().map(|row| &row["address"]).collect();
    assert!(
        addresses.iter().all(|address| *address == "127.0.0.1"),
        "no client says from where it comes: {addresses:?}"
    );
}

#[test]
fn api8_an_answer_tells_nothing_of_the_machine() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let store = shop.store().trim_start_matches("sqlite:").to_owned();
    let replies = [
        server.get("/v1/items/not-an-id", &admin),
        server.get("/v1/items?cursor=x", &admin),
        server.get("/v1/nothing", &admin),
        server.send("BREW", "/v1/items", Some(&admin), None),
        server.post("/v1/users", &admin, &json!({"name": "a/b"})),
    ];
    for reply in replies {
        assert!(reply.status >= 400 && reply.status < 500, "{reply:?}");
        for secret in [store.as_str(), "sqlite", "src/", "panicked", "SELECT"] {
            assert!(!reply.text.contains(secret), "{reply:?}");
        }
    }
}

#[test]
fn api9_the_document_lists_what_there_is_and_nothing_else_answers() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    for path in
        ["/v0/items", "/v2/items", "/items", "/admin", "/v1/debug", "/.env", "/v1/../v1/nothing", "/debug/pprof"]
    {
        assert_eq!(server.get(path, &admin).status, 404, "{path}");
    }
}

#[test]
fn api10_what_others_say_is_not_believed() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[
        "limits.trusted_proxies=127.0.0.1",
        "limits.sign_in_requests=2",
        "limits.sign_in_window_ms=3600000",
    ]);
    let body = json!({"name": "nobody", "password": "x"});
    let from =
        |forwarded: &str| server.send_with("POST", "/v1/tokens", &[("X-Forwarded-For", forwarded)], Some(&body)).status;
    assert_eq!([from("192.0.2.1"), from("192.0.2.1"), from("192.0.2.1")], [401, 401, 429]);
    assert_eq!(from("192.0.2.2"), 401, "a trusted proxy is believed of whom it saw itself");
    assert_eq!(from("198.51.100.1, 192.0.2.1"), 429, "and not of what that one said");
    let forwarded = [("Forwarded", "for=192.0.2.99"), ("X-Real-IP", "192.0.2.99"), ("X-Forwarded-For", "192.0.2.1")];
    let status = server.send_with("POST", "/v1/tokens", &forwarded, Some(&body)).status;
    assert_eq!(status, 429, "nor of what stands in other headers than the one that is named");
    assert!(!server.log().contains("192.0.2.99"), "not in the audit either");
    let server = shop.serve(&["limits.sign_in_requests=1", "limits.sign_in_window_ms=3600000", "limits.keys=100"]);
    let from =
        |forwarded: &str| server.send_with("POST", "/v1/tokens", &[("X-Forwarded-For", forwarded)], Some(&body)).status;
    assert_eq!([from("192.0.2.1"), from("192.0.2.2")], [401, 429], "without one nobody is");
}

// --- What else is tried. ---

#[test]
fn a_key_of_another_caller_answers_nothing() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let (admin, anna) = (server.admin(), server.user("anna", "clerk"));
    let item = server.get("/v1/items", &admin).ok()["rows"][0]["id"].as_str().unwrap().to_owned();
    let hold = json!({"item": item, "site": "code:MAIN", "quantity": "1", "until": "2999-01-01T00:00:00Z"});
    let send = |token: &str, key: &str| {
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", authorization.as_str()), ("Idempotency-Key", key)];
        server.send_with("POST", "/v1/holds", &headers, Some(&hold))
    };
    let uuid = "0190f5a4-7e1b-7c3d-8f00-000000000001";
    let first = send(&admin, uuid).ok();
    assert_eq!(send(&admin, uuid).ok()["id"], first["id"]);
    assert_eq!(send(&anna, uuid).refused(422), "id_reused");
    // Keys of one's own words never meet those of others.
    let ids = [send(&admin, "basket-1").ok()["id"].clone(), send(&anna, "basket-1").ok()["id"].clone()];
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn an_api_key_works_in_either_header_and_within_its_scopes() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let till = two.key("till-2", &["stock:read", "costs:read"], None);
    assert!(till.starts_with("ims_till-2_"));
    assert_eq!(two.server.send_with("GET", "/v1/stock", &[("X-Api-Key", &till)], None).status, 200);
    assert_eq!(two.server.get("/v1/stock", &till).status, 200);
    assert_eq!(two.server.get("/v1/orders", &till).refused(403), "no_right");
    let authorization = format!("Bearer {till}");
    let both = [("X-Api-Key", till.as_str()), ("Authorization", authorization.as_str())];
    assert_eq!(two.server.send_with("GET", "/v1/stock", &both, None).refused(400), "malformed");
    for bad in ["ims_till-2_", "ims_till-2_x", "ims_till-3_x", &till[..till.len() - 1], &format!("{till}x")] {
        assert_eq!(two.server.get("/v1/stock", bad).refused(401), "unauthenticated", "{bad}");
    }
    let key = two.server.get("/v1/keys/till-2", &two.admin).ok();
    assert!(key["used_at"].is_string() && key.get("key").is_none(), "{key}");
    let expired = json!({"name": "old", "scopes": [], "expires_at": "2020-01-01T00:00:00Z"});
    assert_eq!(two.server.post("/v1/keys", &two.admin, &expired).refused(400), "malformed");
}

#[test]
fn keys_that_sign_tokens_are_changed_by_age_and_older_tokens_stay_good() {
    let shop = Shop::with_tea();
    let server = shop.serve(&["auth.signing_key_ms=300"]);
    let key_of = |token: &str| token.split('.').next().unwrap().to_owned();
    let old = server.admin();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let new = server.admin();
    assert_ne!(key_of(&old), key_of(&new), "signed with another key");
    for token in [&old, &new] {
        assert_eq!(server.get("/v1/account", token).status, 200);
    }
}

#[test]
fn the_first_admin_is_made_once_with_the_token_of_the_server() {
    let shop = Shop::with_tea();
    let file = shop.path("first-admin");
    let server = shop.serve_as_it_is(&[&format!("auth.first_admin_file={}", file.display())]);
    let token = std::fs::read_to_string(&file).unwrap();
    server.line(&format!("http://{}/first-admin makes the first admin", server.address));
    assert!(!server.log().contains(&token), "the log has it");
    let page = server.send("GET", "/first-admin", None, None);
    assert!(page.text.contains("<script src=\"/first-admin.js\">"), "{page:?}");
    assert!(page.headers["content-security-policy"].contains("script-src 'self'"), "{page:?}");
    assert!(server.send("GET", "/first-admin.js", None, None).text.contains("/v1/account/first-admin"));
    let make = |token: &str, name: &str| {
        let body = json!({"token": token, "name": name, "password": PASSWORD});
        server.send("POST", "/v1/account/first-admin", None, Some(&body))
    };
    assert_eq!(make("imsa_x", "eve").refused(403), "token_invalid");
    assert_eq!(make(&token, "ada").ok()["role"], "admin");
    assert_eq!(make(&token, "eve").refused(403), "token_invalid");
    assert!(!file.exists());
    let admin = server.sign_in("ada", PASSWORD);
    let change = json!({"role": "clerk"});
    assert_eq!(server.send("PATCH", "/v1/users/ada", Some(&admin), Some(&change)).refused(409), "last_admin");
    assert_eq!(
        server
            .send("POST", "/v1/account/register", None, Some(&json!({"name": "eve", "password": PASSWORD})))
            .refused(403),
        "registration_closed"
    );
}

#[test]
fn whoever_has_the_store_manages_users_at_it() {
    let shop = Shop::none();
    let add = |name: &str, password: &str| {
        let mut command = shop.command(&["user", "add", name, "--role", "admin", "--format", "json"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let weak = add("ada", "short");
    assert_eq!(weak.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&weak.stderr).contains("password_too_weak"), "{weak:?}");
    assert_eq!(add("ada", "").status.code(), Some(2), "no password at all");
    assert!(add("ada", PASSWORD).status.success());
    assert_eq!(add("ADA", PASSWORD).status.code(), Some(1), "the name is taken");
    assert_eq!(shop.fails(1, &["user", "disable", "ada"])["code"], "last_admin");
    assert!(add("ben", PASSWORD).status.success());
    shop.ok(&["user", "role", "ben", "clerk"]);
    shop.ok(&["user", "disable", "ben"]);
    let users = shop.json(&["user", "list"]);
    assert_eq!([&users[1]["name"], &users[1]["role"], &users[1]["standing"]], ["ben", "clerk", "disabled"]);
    assert!(!users.to_string().contains("argon2"), "{users}");
    let server = shop.serve_as_it_is(&[]);
    assert_eq!(server.get("/v1/account", &server.sign_in("ada", PASSWORD)).ok()["role"], "admin");
    let ben = json!({"name": "ben", "password": PASSWORD});
    assert_eq!(server.send("POST", "/v1/tokens", None, Some(&ben)).refused(401), "sign_in_failed");
    shop.ok(&["user", "enable", "ben"]);
    server.sign_in("ben", PASSWORD);
}

#[test]
fn an_invitation_is_accepted_once() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let invited = server.post("/v1/invitations", &admin, &json!({"role": "manager"})).ok();
    let listed = server.get("/v1/invitations", &admin).ok();
    assert_eq!(listed["rows"][0]["id"], invited["id"]);
    assert!(listed["rows"][0].get("token").is_none());
    let accept = |token: &Value, name: &str| {
        let body = json!({"token": token, "name": name, "password": PASSWORD});
        server.send("POST", "/v1/invitations/accept", None, Some(&body))
    };
    assert_eq!(accept(&json!("imsi_x"), "anna").refused(403), "token_invalid");
    assert_eq!(accept(&invited["token"], ADMIN.0).refused(409), "name_taken", "the invitation is still good");
    assert_eq!(accept(&invited["token"], "anna").ok()["role"], "manager");
    assert_eq!(accept(&invited["token"], "ben").refused(403), "token_invalid");
    let invited = server.post("/v1/invitations", &admin, &json!({"role": "admin"})).ok();
    let path = format!("/v1/invitations/{}", invited["id"].as_str().unwrap());
    server.send("DELETE", &path, Some(&admin), None).ok();
    assert_eq!(accept(&invited["token"], "ben").refused(403), "token_invalid");
}

#[test]
fn what_is_said_is_never_run() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let before = server.get("/v1/items?standing=all", &admin).ok();
    for text in
        ["'; DROP TABLE items; --", "' OR '1'='1", "%' UNION SELECT * FROM registry --", "\u{0}", "../../etc/passwd"]
    {
        let query: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for path in
            ["/v1/items?text=", "/v1/search?text=", "/v1/items/sku:", "/v1/users/", "/v1/keys/", "/v1/orders/number:"]
        {
            let reply = server.get(&format!("{path}{query}"), &admin);
            assert!(reply.status < 500, "{path}{text}: {reply:?}");
        }
        let body = json!({"name": text, "password": text});
        assert!(server.send("POST", "/v1/tokens", None, Some(&body)).status < 500);
    }
    assert_eq!(server.get("/v1/items?standing=all", &admin).ok(), before);
}

#[test]
fn no_secret_is_in_an_answer_or_in_the_log_and_no_line_is_made_up() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let tokens = server.tokens(ADMIN.0, ADMIN.1);
    let admin = tokens["access_token"].as_str().unwrap();
    let key = server.post("/v1/keys", admin, &json!({"name": "till-2", "scopes": ["stock:read"]})).ok();
    let invited = server.post("/v1/invitations", admin, &json!({"role": "clerk"})).ok();
    let anna = server.user("anna", "clerk");
    let forged = "eve\r\n2026-01-01T00:00:00Z INFO audit: event=\"signed_in\" user=root \u{1b}[31m";
    let body = json!({"name": forged, "password": "hunter2 is my password"});
    server.send("POST", "/v1/tokens", None, Some(&body));
    server.send_with(
        "POST",
        "/v1/tokens",
        &[("User-Agent", "x\u{1b}[31mroot")],
        Some(&json!({"name": ADMIN.0, "password": ADMIN.1})),
    );
    server.send("POST", "/v1/tokens/refresh", None, Some(&json!({"refresh_token": tokens["refresh_token"]}))).ok();
    server.get("/v1/stock", "ims_till-2_guessed-secret");

    let secrets = [ADMIN.1, PASSWORD, admin, &anna, "hunter2", "guessed-secret", "$argon2id$"];
    let shown_once = [&tokens["refresh_token"], &key["key"], &invited["token"]].map(|value| value.as_str().unwrap());
    let admin = server.admin();
    let answers = [
        "/v1/users",
        "/v1/users/ada",
        "/v1/keys",
        "/v1/invitations",
        "/v1/account",
        "/v1/account/sessions",
        "/v1/admin/rate-limits",
    ];
    for path in answers {
        let text = server.get(path, &admin).text;
        for secret in secrets.iter().chain(&shown_once) {
            assert!(!text.contains(secret), "{path}: {text}");
        }
    }
    let log = server.log();
    for what in ["signed_in", "sign_in_failed", "user_made", "key_made", "invitation", "wrong_key"] {
        assert!(log.contains(what), "the audit lacks {what}: {log}");
    }
    for secret in secrets.iter().chain(&shown_once) {
        assert!(!log.contains(secret), "the log has a secret: {log}");
    }
    assert!(!log.contains("user=root") && !log.contains('\u{1b}'), "a line was made up: {log}");
}
