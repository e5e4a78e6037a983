//! `ims serve` by gRPC: its connections, what is seen of its calls, and the log that it tells.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;
#[path = "common/grpc.rs"]
mod grpc;

use common::{Shop, server::Server};
use grpc::{Caller, reason};
use prost_reflect::Value;
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::mpsc,
    time::Duration,
};
use tonic::Code;

const GRPC: &str = "grpc.address=127.0.0.1:0";

/// Has the shop make a customer, by HTTP: an event of no site.
fn customer(server: &Server, token: &str, code: &str) {
    let contact =
        json!({"name": "Somebody", "contact": "", "email": "", "phone": "", "address": "", "city": "", "country": ""});
    server.command("POST", "/v1/customers", token, &json!({"code": code, "contact": contact})).ok();
}

/// Where the log is.
fn newest(server: &Server, token: &str) -> u64 {
    server.get("/v1/events?limit=1", token).ok()["newest"].as_u64().unwrap()
}

/// Asks the listener for figures.
fn figures(server: &Server) -> String {
    let url = server.said("figures at http://");
    let mut stream = TcpStream::connect(url.strip_suffix("/metrics").unwrap()).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn connections_are_encrypted_with_the_certificate_of_the_server() {
    let shop = Shop::with_tea();
    // Who signs in at one server has signed in at all of the shop.
    let token = shop.serve(&[]).admin();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = shop.file("certificate.pem", made.cert.pem());
    let key = shop.file("key.pem", made.signing_key.serialize_pem());
    let [certificate, key] =
        [("certificate_file", certificate), ("key_file", key)].map(|(name, file)| format!("tls.{name}={file}"));
    let server = shop.serve(&[GRPC, &certificate, &key]);
    let url = format!("grpcs://{}", server.said("gRPC at grpcs://"));
    let caller = Caller::encrypted(&url, made.cert.der().clone()).with(&token);
    let told = caller.call("Item", &[("item", Value::String("sku:TEA-1".into()))]).unwrap();
    assert_eq!(told.get_field_by_name("name").unwrap().as_str(), Some("Green tea"));
    assert_eq!(caller.events(0).offset(), 1);
}

#[test]
fn more_connections_than_there_may_be_wait_for_their_turn() {
    let shop = Shop::open();
    let server = shop.serve(&[GRPC, "http.connection_limit=1", "http.idle_timeout_ms=3600000"]);
    let token = server.admin();
    let address = server.said("gRPC at grpc://");
    let first = TcpStream::connect(&address).unwrap();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let caller = Caller::new(&format!("grpc://{address}")).with(&token);
        tell.send(caller.call("Shop", &[])).unwrap();
    });
    assert!(told.recv_timeout(Duration::from_millis(300)).is_err(), "there is no room for a second one");
    drop(first);
    told.recv().unwrap().unwrap();
}

#[test]
fn a_caller_that_says_nothing_or_says_it_too_slowly_is_cut_off() {
    let shop = Shop::open();
    let server = shop.serve(&[GRPC, "http.idle_timeout_ms=200"]);
    let address = server.said("gRPC at grpc://");
    for part in ["", "PRI * HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nhost: te"] {
        let mut slow = TcpStream::connect(&address).unwrap();
        slow.write_all(part.as_bytes()).unwrap();
        let mut said = Vec::new();
        // It may be reset as well as closed.
        let _ = slow.read_to_end(&mut said);
        assert!(!said.starts_with(b"HTTP/1.1 200"), "{part:?}");
    }
}

#[test]
fn calls_are_counted_and_named_in_the_log_as_requests_are() {
    let shop = Shop::open();
    let server = shop.serve(&[GRPC, "metrics.address=127.0.0.1:0"]);
    let caller = Caller::new(&format!("grpc://{}", server.said("gRPC at grpc://")));
    let status = caller.call_with("Shop", &[("x-request-id", "till-1")], &[]).unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unauthenticated, "unauthenticated"));
    assert_eq!(status.metadata().get("x-request-id").unwrap(), "till-1");
    let caller = caller.with(&server.admin());
    let answer = caller.call_with("Shop", &[("x-request-id", "till-2")], &[]).unwrap();
    assert_eq!(answer.metadata().get("x-request-id").unwrap(), "till-2");
    assert!(caller.call_with("Shop", &[], &[]).unwrap().metadata().contains_key("x-request-id"));
    let figures = figures(&server);
    for sample in [
        "ims_requests_total{operation=\"shop\",status=\"4xx\"} 1\n",
        "ims_requests_total{operation=\"shop\",status=\"2xx\"} 2\n",
        "ims_request_duration_seconds_count{operation=\"shop\",status=\"2xx\"} 2\n",
        "ims_problems_total{code=\"unauthenticated\"} 1\n",
        "ims_connections_open{listener=\"grpc\"} 1\n",
    ] {
        assert!(figures.contains(sample), "{sample}: {figures}");
    }
    let line: serde_json::Value = serde_json::from_str(&server.line("till-2")).unwrap();
    assert_eq!(
        (&line["operation"], &line["status"], &line["caller"]),
        (&json!("shop"), &json!(200), &json!("user:ada"))
    );
    assert_eq!(line["path"], "/ims.v1.Inventory/Shop");
    let line: serde_json::Value = serde_json::from_str(&server.line("till-1")).unwrap();
    assert_eq!((&line["status"], &line["code"]), (&json!(401), &json!("unauthenticated")));
}

#[test]
fn whoever_speaks_plain_http_to_it_is_told_so() {
    let shop = Shop::open();
    let server = shop.serve(&[GRPC]);
    let mut stream = TcpStream::connect(server.said("gRPC at grpc://")).unwrap();
    stream.write_all(b"GET /v1/items HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 415") && answer.contains("\"media_type\""), "{answer}");
}

#[test]
fn who_works_at_one_site_follows_it_and_no_other() {
    let shop = Shop::with_tea();
    shop.ok(&["site", "add", "OTHER", "Other shop"]);
    let server = shop.serve(&[GRPC]);
    let admin = server.admin();
    let sites = server.get("/v1/locations", &admin).ok()["rows"].clone();
    let other = sites.as_array().unwrap().iter().find(|site| site["code"] == "OTHER").unwrap()["id"].clone();
    let key = json!({"name": "till", "scopes": ["events:read", "stock:read", "alerts:read"], "site": other});
    let key = server.post("/v1/keys", &admin, &key).ok()["key"].as_str().unwrap().to_owned();
    let caller = Caller::new(&format!("grpc://{}", server.said("gRPC at grpc://"))).with(&key);
    let before = newest(&server, &admin);
    let mut events = caller.events(before);
    let goods = |site: &str| {
        let lines = json!([{"item": "sku:TEA-1", "quantity": "3", "unit_cost": "2.10"}]);
        server
            .command("POST", "/v1/stock/receipts", &admin, &json!({"site": format!("code:{site}"), "lines": lines}))
            .ok();
    };
    goods("MAIN");
    // These are fewer than there should be: the second event is the alert.
    goods("OTHER");
    assert_eq!([events.offset(), events.offset()], [before + 2, before + 3]);
}

#[test]
fn whoever_comes_back_goes_on_where_they_were() {
    let shop = Shop::open();
    let server = shop.serve(&[GRPC]);
    let token = server.admin();
    let caller = Caller::new(&format!("grpc://{}", server.said("gRPC at grpc://"))).with(&token);
    let before = newest(&server, &token);
    let mut events = caller.events(before);
    for code in ["A", "B", "C"] {
        customer(&server, &token, code);
    }
    assert_eq!([events.offset(), events.offset()], [before + 1, before + 2]);
    drop(events);
    customer(&server, &token, "D");
    let mut events = caller.events(before + 2);
    assert_eq!([events.offset(), events.offset()], [before + 3, before + 4]);
}

#[test]
fn a_server_that_ends_says_so_to_those_who_follow() {
    let shop = Shop::open();
    let server = shop.serve(&[GRPC]);
    let token = server.admin();
    let caller = Caller::new(&format!("grpc://{}", server.said("gRPC at grpc://"))).with(&token);
    let mut events = caller.events(0);
    assert_eq!(events.offset(), 1);
    server.terminate();
    let status = loop {
        if let Err(status) = events.next() {
            break status;
        }
    };
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "stopped"));
    server.line("\"ended\"");
}

#[test]
fn what_one_server_writes_is_heard_at_another() {
    let Some(postgres) = xtask::servers::or_skip(xtask::servers::postgres()).unwrap() else { return };
    let database = postgres.create_database().unwrap();
    let shop = Shop::open_at(database.url());
    let (here, there) = (shop.serve(&[GRPC]), shop.serve(&[GRPC]));
    let caller = Caller::new(&format!("grpc://{}", here.said("gRPC at grpc://"))).with(&here.admin());
    let before = newest(&here, &here.admin());
    let mut events = caller.events(before);
    customer(&there, &there.admin(), "FAR");
    assert_eq!(events.offset(), before + 1);
}
