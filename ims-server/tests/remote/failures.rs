//! What goes wrong, and what is told of it.

use super::{Remote, key, served};
use crate::common::Shop;
use std::net::TcpListener;

#[test]
fn who_is_not_known_is_told_how_to_sign_in() {
    let (_shop, server) = served();
    let url = format!("http://{}", server.address);
    let error = Remote::at(&url, None).fails(1, &["stock"]);
    assert_eq!(error["code"], "unauthenticated");
    assert!(error["hint"].as_str().unwrap().contains("IMS_API_KEY"), "{error}");
    let error = Remote::at(&url, Some("ims_till-1_wrong")).fails(1, &["order", "sell", "TEA-1=1"]);
    assert_eq!(error["code"], "unauthenticated");
    assert!(error["hint"].as_str().unwrap().contains("does not take this API key"), "{error}");
    let said = Remote::at(&url, None).run(&["stock"]);
    assert!(said.err.starts_with("error: ") && !said.err.contains("the store"), "{said:?}");
    // An empty variable is none.
    assert_eq!(Remote::at(&url, Some("")).fails(1, &["stock"])["code"], "unauthenticated");
}

#[test]
fn who_has_no_right_is_told_which() {
    let (shop, server) = served();
    let remote = Remote::of(&server, &key(&server, "looker", &["catalogue:read", "stock:read"], None));
    remote.ok(&["stock"]);
    let folder = shop.path("tables").display().to_string();
    for (words, right) in [
        (["verify"].as_slice(), "admin"),
        (&["order", "sell", "TEA-1=1"], "orders:write"),
        (&["report", "profit"], "reports:read"),
        (&["events"], "events:read"),
        (&["export", &folder], "admin"),
    ] {
        let error = remote.fails(1, words);
        assert_eq!((&error["code"], &error["right"]), (&"no_right".into(), &right.into()), "{words:?}");
        assert!(error["hint"].as_str().unwrap().contains(right), "{error}");
        assert_eq!(error["id"], serde_json::Value::Null, "there is nothing to repeat: {error}");
    }
}

#[test]
fn a_server_that_is_not_there_is_told_with_its_address() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}");
    let remote = Remote::at(&url, Some("ims_till-1_key"));
    for words in [["stock"].as_slice(), &["order", "sell", "TEA-1=1"], &["verify"]] {
        let error = remote.fails(3, words);
        assert_eq!(error["code"], "store_unavailable", "{words:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&url) && message.contains("cannot be reached"), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("--store"), "{error}");
    }
}

#[test]
fn who_asks_too_much_is_told_when_to_come_back() {
    let shop = Shop::with_tea();
    let server = shop.serve(&["limits.caller_requests=3", "limits.caller_window_ms=3600000"]);
    let remote = Remote::of(&server, &server.admin());
    let error =
        std::iter::repeat_with(|| remote.run(&["stock", "--format", "json"])).take(9).find(|said| said.code != 0);
    let error = error.unwrap();
    assert_eq!(error.code, 3, "{error:?}");
    let error: serde_json::Value = serde_json::from_str(&error.err).unwrap();
    assert_eq!(error["error"]["code"], "rate_limited");
    assert!(error["error"]["retry_after_s"].is_u64(), "{error}");
}

#[test]
fn what_cannot_be_done_on_a_server_is_refused_at_once() {
    // Nobody listens there, and nobody is asked.
    let remote = Remote::at("http://127.0.0.1:9", Some("ims_till-1_key"));
    let shop = Shop::none();
    let file = shop.path("shop.backup").display().to_string();
    for words in [
        ["backup", &file].as_slice(),
        &["restore", &file],
        &["demo"],
        &["replay", "northwind", "folder"],
        &["serve"],
        &["config", "show"],
        &["config", "check"],
    ] {
        let error = remote.fails(2, words);
        assert_eq!(error["code"], "store", "{words:?}");
        assert!(error["message"].as_str().unwrap().contains("is a server: "), "{error}");
        assert!(error["hint"].is_string(), "{error}");
    }
    assert!(!shop.path("shop.backup").exists());
    // These look at no store.
    remote.ok(&["config", "reference"]);
    remote.ok(&["completions", "bash"]);
}

#[test]
fn what_says_nothing_to_a_server_is_refused_and_in_the_environment_left_be() {
    let (shop, server) = served();
    let remote = Remote::of(&server, &server.admin());
    let error = remote.fails(2, &["order", "sell", "TEA-1=1", "--actor", "ben"]);
    assert_eq!(error["code"], "actor");
    let sold = remote.command(&["order", "sell", "TEA-1=1"]).env("IMS_ACTOR", "ben").output().unwrap();
    assert!(sold.status.success(), "{sold:?}");
    let newest = remote.ok(&["events", "--format", "csv"]);
    assert!(newest.trim_end().ends_with(",user:ada,sold"), "{newest}");
    assert_eq!(shop.fails(2, &["stock", "--api-key", "ims_till-1_key"])["code"], "store");
    assert!(shop.command(&["stock"]).env("IMS_API_KEY", "ims_till-1_key").output().unwrap().status.success());
}

#[test]
fn a_key_goes_over_no_wire_unencrypted() {
    // A name that nobody has: were it asked for, the exit code would be another one.
    let remote = Remote::at("http://shop.invalid", Some("ims_till-1_key"));
    let error = remote.fails(2, &["stock"]);
    assert_eq!(error["code"], "plain_text");
    assert!(error["hint"].as_str().unwrap().contains("--allow-plain-text"), "{error}");
    assert!(!error.to_string().contains("ims_till-1_key"));
    assert_eq!(remote.fails(3, &["stock", "--allow-plain-text"])["code"], "store_unavailable");
    assert_eq!(Remote::at("http://shop.invalid", None).fails(3, &["stock"])["code"], "store_unavailable");
}

#[test]
fn no_proxy_is_asked_on_the_way_to_this_machine() {
    let (_shop, server) = served();
    let remote = Remote::of(&server, &server.admin());
    let mut look = remote.command(&["stock"]);
    // Nobody listens there.
    look.envs(["http_proxy", "HTTP_PROXY", "all_proxy"].map(|name| (name, "http://127.0.0.1:9")));
    let said = super::Said::from(look.env_remove("no_proxy").env_remove("NO_PROXY").output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn a_server_that_cannot_prove_who_it_is_gets_no_key() {
    let shop = Shop::with_tea();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let certificate = shop.file("certificate.pem", made.cert.pem());
    let key = shop.file("key.pem", made.signing_key.serialize_pem());
    let server = shop.serve_as_it_is(&[&format!("tls.certificate_file={certificate}"), &format!("tls.key_file={key}")]);
    let remote = Remote::at(&format!("https://{}", server.address), Some("ims_till-1_key"));
    let error = remote.fails(3, &["stock"]);
    assert_eq!(error["code"], "untrusted");
    assert!(error["hint"].as_str().unwrap().contains("SSL_CERT_FILE"), "{error}");
    let said = remote.command(&["stock"]).env("SSL_CERT_FILE", &certificate).output().unwrap();
    let said = super::Said::from(said);
    assert!(said.code == 1 && said.err.contains("API key"), "the server was asked: {said:?}");
}

#[test]
fn what_is_no_servers_address_is_refused() {
    for url in ["https://", "https://me:secret@shop.example", "https://shop.example/?key=1"] {
        let error = Remote::at(url, None).fails(2, &["stock"]);
        assert_eq!(error["code"], "store", "{url}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
