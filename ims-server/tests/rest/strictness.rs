//! Bad requests: each is refused with its status and a document that says where the fault is.

use super::*;

/// The problem that a body for a new item is answered with: status, code and where.
fn problem(server: &Server, token: &str, body: &[u8]) -> (u16, String, String) {
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "one")];
    let reply = send(server, "POST /v1/items", token, &headers, body);
    assert_eq!(reply.headers["content-type"], "application/problem+json", "{reply:?}");
    let problem = reply.json();
    assert_eq!(problem["status"], reply.status);
    let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("type"), format!("urn:ims:problem:{}", text("code")));
    (reply.status, text("code"), text("at"))
}

#[test]
fn a_body_that_cannot_be_understood_says_where() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let deep = format!("{{\"sku\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let cases: [(&[u8], &str); 16] = [
        (b"{\"sku\": \"A\", \"sku\": \"B\", \"name\": \"a\"}", ""),
        (b"{\"sku\": \"A\", \"name\": \"a\", \"unit\": {\"code\": \"kg\", \"code\": \"g\", \"decimals\": 0}}", "unit"),
        (b"{\"sku\": \"A\", \"name\": \"a\xff\"}", ""),
        (b"{\"sku\": \"A\", \"name\": \"a\\u0000b\"}", "name"),
        (b"{\"sku\": \"A\", \"name\": \"a\", \"price\": 4.5}", "price"),
        (b"{\"sku\": \"A\", \"name\": \"a\", \"price\": \"1e400\"}", "price"),
        (b"{\"sku\": \"A\", \"name\": \"a\", \"price\": 1e400}", "price"),
        (b"{\"sku\": \"A\", \"name\": \"a\", \"colour\": \"red\"}", "colour"),
        (b"{\"sku\": \"A\", \"name\": \"a\", \"barcodes\": [\"1\", 2]}", "barcodes[1]"),
        (b"{\"sku\": \"A\"}", ""),
        (b"{\"sku\": [], \"name\": \"a\"}", "sku"),
        (deep.as_bytes(), "sku"),
        (b"[]", ""),
        (b"\"a\"", ""),
        (b"{", ""),
        (b"{} {}", ""),
    ];
    for (body, at) in cases {
        let (status, code, found) = problem(&server, &admin, body);
        let body = String::from_utf8_lossy(&body[..body.len().min(90)]);
        assert_eq!((status, code.as_str()), (400, "malformed"), "{body}");
        assert!(found == at || found.starts_with(&format!("{at}[")), "{body}: at {found:?} and not {at:?}");
    }
    let large = format!("{{\"name\": \"{}\"}}", "a".repeat(2 * 1024 * 1024));
    assert_eq!(problem(&server, &admin, large.as_bytes()).1, "body_too_large");
    assert_eq!(server.get("/v1/items", &admin).ok()["rows"], json!([]), "nothing was done");
}

#[test]
fn headers_and_queries_are_read_strictly() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    for (path, at) in [
        ("/v1/items?limit=0", "limit"),
        ("/v1/items?limit=1001", "limit"),
        ("/v1/items?limit=18446744073709551616", "limit"),
        ("/v1/items?limit=2&limit=2", "limit"),
        ("/v1/items?text=%00", "text"),
        ("/v1/items?text=%FF", ""),
        ("/v1/items?colour=red", "colour"),
        ("/v1/items?standing=lost", "standing"),
        ("/v1/items?min_offset=-1", "min_offset"),
        ("/v1/items/%FF", ""),
        ("/v1/items/a%00b", "item"),
        ("/v1/items/no-id", "item"),
    ] {
        let reply = server.get(path, &admin);
        assert_eq!(reply.status, 400, "{path}: {reply:?}");
        let problem = reply.json();
        assert_eq!(problem["at"].as_str().unwrap_or_default(), at, "{path}: {problem}");
    }
    let body = json!({"sku": "A", "name": "a"}).to_string();
    let add =
        |path: &str, headers: &[(&str, &str)]| send(&server, &format!("POST {path}"), &admin, headers, body.as_bytes());
    let json = ("Content-Type", "application/json");
    assert_eq!(add("/v1/items", &[json]).refused(400), "idempotency_key_missing");
    assert_eq!(add("/v1/items", &[json, ("Idempotency-Key", "")]).refused(400), "idempotency_key_invalid");
    let twice = [json, ("Idempotency-Key", "a"), ("Idempotency-Key", "b")];
    assert_eq!(add("/v1/items", &twice).refused(400), "malformed");
    assert_eq!(
        add("/v1/items", &[("Content-Type", "text/plain"), ("Idempotency-Key", "a")]).refused(415),
        "media_type"
    );
    assert_eq!(add("/v1/items", &[("Idempotency-Key", "a")]).refused(415), "media_type");
    assert_eq!(add("/v1/items?mode=maybe", &[json, ("Idempotency-Key", "a")]).refused(400), "malformed");
    assert_eq!(add("/v1/items?moed=simulate", &[json, ("Idempotency-Key", "a")]).refused(400), "malformed");
    let tried = add("/v1/items?mode=simulate", &[json, ("Idempotency-Key", "a")]);
    assert_eq!(tried.status, 200, "{tried:?}");
    assert_eq!(server.get("/v1/items/sku:A", &admin).refused(404), "unknown_name");
}

#[test]
fn a_name_may_have_any_character_in_a_path() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    for (sku, path) in
        [("A/B", "A%2FB"), ("50%", "50%25"), ("a b+c", "a%20b+c"), ("é?#", "%C3%A9%3F%23"), ("A:B", "A:B")]
    {
        add_item(&server, &admin, sku);
        let item = server.get(&format!("/v1/items/sku:{path}"), &admin).ok();
        assert_eq!(item["sku"], sku);
    }
}

#[test]
fn a_path_says_which_methods_it_has() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let wrong = server.send("DELETE", "/v1/items", Some(&admin), None);
    assert_eq!(wrong.headers["allow"], "POST,GET,HEAD");
    assert_eq!(wrong.refused(405), "method_not_allowed");
    let asked = server.send("OPTIONS", "/v1/items", Some(&admin), None);
    assert_eq!((asked.status, asked.headers["allow"].as_str()), (204, "POST,GET,HEAD"));
    let head = server.send("HEAD", "/v1/shop", Some(&admin), None);
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(server.get("/v1/nothing", &admin).refused(404), "not_found");
    assert_eq!(server.get("/v1/items/", &admin).refused(404), "not_found");
}

#[test]
fn what_is_no_value_of_a_field_is_refused_in_words_of_json() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    server.user("carl", "clerk");
    let detail = |method: &str, path: &str, body: Value| {
        let reply = server.command(method, path, &admin, &body);
        assert_eq!(reply.status, 400, "{reply:?}");
        reply.json()["detail"].as_str().unwrap().to_owned()
    };
    for field in ["role", "standing"] {
        let told = detail("PATCH", "/v1/users/carl", json!({ field: null }));
        assert!(told.starts_with(&format!("{field}: it must be ")) && told.ends_with(" null"), "{told}");
    }
    assert_eq!(detail("POST", "/v1/items", json!({"sku": "A"})), "the field name is missing");
    assert_eq!(
        detail("POST", "/v1/items", json!({"sku": "A", "name": 5})),
        "name: it must be a text, and is the number 5"
    );
    let told = detail("POST", "/v1/items", json!({"sku": "A", "name": "a", "colour": "red"}));
    assert!(told.starts_with("colour: there is no such field; there are sku, name, "), "{told}");
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "1")];
    let cut = send(&server, "POST /v1/items", &admin, &headers, b"{\"sku\": ").json()["detail"].clone();
    assert!(cut.as_str().unwrap().starts_with("the body is not JSON: it ends too early, at line 1, "), "{cut}");
    for (method, path, told) in [
        (
            "GET",
            "/v1/customers?colour=red",
            "colour: there is no such query parameter; there are text, city, standing, limit, cursor, sort, min_offset",
        ),
        (
            "GET",
            "/v1/customers.csv?limit=1",
            "limit: there is no such query parameter; there are text, city, standing, sort, min_offset",
        ),
        ("POST", "/v1/items?moed=simulate", "moed: there is no such query parameter; there are occurred_at, mode"),
        ("POST", "/v1/keys?mode=simulate", "mode: there is no such query parameter; there is none"),
    ] {
        assert_eq!(detail(method, path, json!({})), told);
    }
    let told = detail("GET", "/v1/reports/profit?by=day&from=2026-01-31T09:00:00Z", json!({}));
    assert!(told.starts_with("from: ") && told.contains("2026-01-31") && told.contains("day"), "{told}");
    assert_eq!(detail("GET", "/v1/items?limit=ten", json!({})), "limit: write how many rows: 1 to 1000");
    assert_eq!(detail("GET", "/v1/items?min_offset=x", json!({})), "min_offset: write a whole number of 0 or more");
}
