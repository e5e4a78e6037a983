//! What may leak of the machine, of what is served and of secrets (API8, API9).

use super::*;

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
