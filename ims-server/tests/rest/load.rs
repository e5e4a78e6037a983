//! Callers who ask too much: what they cost is bounded, is given back, and keeps no sale waiting.

use super::*;
use std::{
    collections::BTreeSet,
    io::ErrorKind,
    time::{Duration, Instant},
};

const ORDERS: usize = 300;
const LINES: usize = 30;
/// What the program may have in memory after an abuse, as it is built for tests.
#[cfg(target_os = "linux")]
const MOST_MIB: u64 = 160;
/// Connections that say nothing.
#[cfg(target_os = "linux")]
const SILENT: usize = 800;
/// What they may take: 10 KiB each, of which a server that reads each of them needs three times as much.
#[cfg(target_os = "linux")]
const MOST_MIB_OF_SILENT: u64 = 8;
/// How long a test waits for memory to be given back before it fails: an allocator waits a moment.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(30);

/// Sells orders of many lines in one batch.
fn sell_orders(server: &Server, token: &str) {
    let line = json!({"item": "sku:TEA-1", "quantity": "1", "unit_price": "1"});
    let order = json!({"site": "code:MAIN", "lines": vec![&line; LINES]});
    let command = |number: usize| json!({"key": format!("order-{number}"), "command": {"sell": order}});
    let commands: Vec<Value> = (0..ORDERS).map(command).collect();
    let answers = server.post("/v1/batch", token, &json!({"commands": commands})).ok();
    let answers = answers["answers"].as_array().unwrap();
    assert!(answers.iter().all(|answer| answer["receipt"].is_object()), "{:?}", answers[0]);
}

fn shop_with_orders(settings: &[&str]) -> (Shop, Server, String) {
    let shop = Shop::with_tea();
    shop.ok(&["receive", "TEA-1=1000000@1"]);
    let server = shop.serve(&[settings, &["limits.rate_limits=off"]].concat());
    let admin = server.admin();
    sell_orders(&server, &admin);
    (shop, server, admin)
}

#[test]
fn a_page_of_large_rows_has_fewer_of_them_and_none_is_missed() {
    let (_shop, server, admin) = shop_with_orders(&[]);
    let viewer = server.user("vera", "viewer");
    for token in [&admin, &viewer] {
        let (mut seen, mut pages, mut path) = (BTreeSet::new(), 0, "/v1/orders?limit=1000".to_owned());
        loop {
            let page = server.get(&path, token).ok();
            for order in page["rows"].as_array().unwrap() {
                assert_eq!(order["lines"].as_array().unwrap().len(), LINES);
                assert!(seen.insert(order["id"].as_str().unwrap().to_owned()), "twice: {}", order["id"]);
            }
            pages += 1;
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/v1/orders?limit=1000&cursor={next}");
        }
        assert_eq!(seen.len(), ORDERS);
        assert!(pages > 1, "all in one page");
    }
    let csv = csv_of(&server, "/v1/orders", &admin);
    assert_eq!(csv.text.lines().count(), ORDERS + 1);
}

#[test]
fn the_log_is_looked_through_in_parts_and_says_where_to_go_on() {
    let (_shop, server, admin) = shop_with_orders(&[]);
    let newest = server.get("/v1/events?limit=1", &admin).ok()["newest"].as_u64().unwrap();
    let (mut after, mut answers) = (0, 0);
    while after < newest {
        let page = server.get(&format!("/v1/events?room=category:Nope&after={after}"), &admin).ok();
        assert_eq!(page["events"], json!([]));
        let next = page["next"].as_u64().unwrap();
        assert!(next > after, "{page}");
        (after, answers) = (next, answers + 1);
    }
    assert!(answers >= 1);
}

/// Sends a request of which only the half comes: as much as the system takes at once.
fn half_sent(server: &Server, path: &str, headers: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_nonblocking(true).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: ims\r\n{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    let sent = [head.as_bytes(), b"{\"commands\": [", "[],".repeat(length / 6).as_bytes()].concat();
    let mut left = &*sent;
    while !left.is_empty() {
        match stream.write(left) {
            Ok(bytes) => left = &left[bytes..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
    stream
}

#[test]
fn half_sent_bodies_keep_nobody_else_waiting() {
    let (_shop, server, admin) = shop_with_orders(&["limits.trusted_proxies=127.0.0.1"]);
    let clerk = server.user("carl", "clerk");
    let authorization = format!("Authorization: Bearer {admin}\r\nIdempotency-Key: half\r\n");
    let mut half: Vec<TcpStream> =
        (0..100).map(|_| half_sent(&server, "/v1/batch", &authorization, 1024 * 1024)).collect();
    // By way of a proxy that is trusted: what one address sends keeps it alone from signing in.
    let stranger = "X-Forwarded-For: 192.0.2.7\r\n";
    half.extend((0..40).map(|_| half_sent(&server, "/v1/tokens", stranger, 16 * 1024)));
    let sale = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "1"}]});
    server.command("POST", "/v1/sales", &clerk, &sale).ok();
    server.command("POST", "/v1/sales", &admin, &sale).ok();
    server.admin();
    // Nobody reads a body that is larger than it may be.
    let large = [("Authorization", &*format!("Bearer {admin}"))];
    let reply = server.send_with("POST", "/v1/batch", &large, Some(&json!("x".repeat(1024 * 1024))));
    assert_eq!(reply.refused(413), "body_too_large");
    drop(half);
    server.post("/v1/batch", &admin, &json!({"commands": []})).ok();
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_given_back_after_each_abuse() {
    let (_shop, server, admin) = shop_with_orders(&["http.request_timeout_ms=600000"]);
    let viewer = server.user("vera", "viewer");
    let given_back = |abuse: &str| {
        let began = Instant::now();
        loop {
            // Also where nobody asks for anything.
            std::thread::sleep(Duration::from_millis(100));
            let mib = server.resident_mib();
            if mib <= MOST_MIB {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "after {abuse}: {mib} MiB");
        }
    };
    given_back("nothing");
    let before = server.resident_mib();
    let silent: Vec<TcpStream> = (0..SILENT).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    server.get("/v1/account", &admin).ok();
    let grown = server.resident_mib().saturating_sub(before);
    assert!(grown <= MOST_MIB_OF_SILENT, "{SILENT} silent connections take {grown} MiB");
    drop(silent);
    std::thread::scope(|scope| {
        for number in 0..40 {
            let (server, body) = (&server, json!({"name": format!("nobody-{number}"), "password": "a wrong one"}));
            scope.spawn(move || {
                let status = server.send("POST", "/v1/tokens", None, Some(&body)).status;
                assert!([401, 503].contains(&status), "{status}");
            });
        }
    });
    given_back("40 sign-ins with wrong passwords");

    let authorization = format!("Authorization: Bearer {admin}\r\nIdempotency-Key: half\r\n");
    let half: Vec<TcpStream> = (0..300).map(|_| half_sent(&server, "/v1/batch", &authorization, 1024 * 1024)).collect();
    drop(half);
    given_back("300 half-sent bodies");

    for path in ["/v1/orders?limit=1000", "/v1/orders?category=Nope", "/v1/events?room=category:Nope&limit=1000"] {
        std::thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| assert_eq!(server.get(path, &viewer).status, 200));
            }
            let sale = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "1"}]});
            server.command("POST", "/v1/sales", &admin, &sale).ok();
        });
        given_back(path);
    }
}
