//! Too much of what is allowed, and what is said to be taken for something else (API4, API6, API7, API10).

use super::*;

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
