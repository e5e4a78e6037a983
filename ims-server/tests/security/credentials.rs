//! Forged, guessed and stolen credentials (API2), and who is let in.

use super::*;

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
