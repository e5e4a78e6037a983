//! Live events, as clients of `ims serve` hear them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::{Shop, server::Server};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::{JoinSet, spawn_blocking},
};
use tokio_websockets::{ClientBuilder, Error, Message, WebSocketStream, upgrade};

/// A WebSocket of a client.
struct Socket(WebSocketStream<TcpStream>);

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

/// Opens a WebSocket: the status of the refusal where it is refused.
async fn open(server: &Server, query: &str, headers: &[(&str, String)]) -> Result<Socket, u16> {
    let stream = TcpStream::connect(server.address).await.unwrap();
    open_on(stream, server, query, headers).await
}

async fn open_on(stream: TcpStream, server: &Server, query: &str, headers: &[(&str, String)]) -> Result<Socket, u16> {
    let uri = format!("ws://{}/v1/events/ws{query}", server.address);
    let mut builder = ClientBuilder::new().uri(&uri).unwrap();
    for (name, value) in headers {
        builder = builder.add_header(name.parse().unwrap(), value.parse().unwrap()).unwrap();
    }
    match builder.connect_on(stream).await {
        Ok((socket, _)) => Ok(Socket(socket)),
        Err(Error::Upgrade(upgrade::Error::DidNotSwitchProtocols(status))) => Err(status),
        Err(error) => panic!("{error}"),
    }
}

impl Socket {
    async fn say(&mut self, said: &Value) {
        self.0.send(Message::text(said.to_string())).await.unwrap();
    }

    /// What comes next: JSON, or the code that it was closed with; 1006 where it just ended.
    async fn next(&mut self) -> Result<Value, u16> {
        loop {
            match self.0.next().await {
                Some(Ok(message)) => {
                    if let Some(text) = message.as_text() {
                        return Ok(serde_json::from_str(text).unwrap());
                    }
                    if let Some((code, _)) = message.as_close() {
                        return Err(code.into());
                    }
                }
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next message of this type.
    async fn told(&mut self, kind: &str) -> Value {
        loop {
            let said = self.next().await.unwrap();
            if said["type"] == kind {
                return said;
            }
        }
    }

    async fn subscribe(&mut self, said: Value) -> Value {
        self.say(&said).await;
        self.told("subscribed").await
    }

    /// The next event.
    async fn event(&mut self) -> Value {
        loop {
            let said = self.next().await.unwrap();
            if said.get("type").is_none() {
                return said;
            }
        }
    }

    /// The offsets of the events up to this one.
    async fn hear_until(&mut self, last: u64) -> Vec<u64> {
        let mut heard = Vec::new();
        while heard.last() != Some(&last) {
            heard.push(self.event().await["offset"].as_u64().unwrap());
        }
        heard
    }
}

/// A stream of server-sent events.
struct Stream {
    connection: TcpStream,
    text: String,
}

impl Stream {
    /// Opens one with HTTP/1.0, which has no chunks: the body is what comes until the end.
    async fn open(server: &Server, token: &str, query: &str, last: Option<u64>) -> Stream {
        let mut connection = TcpStream::connect(server.address).await.unwrap();
        let last = last.map_or(String::new(), |last| format!("Last-Event-ID: {last}\r\n"));
        let request = format!("GET /v1/events/stream{query} HTTP/1.0\r\nAuthorization: Bearer {token}\r\n{last}\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut stream = Stream { connection, text: String::new() };
        while !stream.text.contains("\r\n\r\n") {
            stream.read().await.unwrap();
        }
        let (head, body) = stream.text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.0 200") && head.contains("content-type: text/event-stream"), "{head}");
        stream.text = body.to_owned();
        stream
    }

    /// Reads a little more; nothing at the end.
    async fn read(&mut self) -> Option<()> {
        let mut bytes = Vec::new();
        let read = self.connection.read_buf(&mut bytes).await.unwrap_or_default();
        self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        (read > 0).then_some(())
    }

    /// The next event of the stream, whatever it is; `None` at its end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            self.read().await?;
        }
    }

    /// The next event of the log, with what the stream says its id is.
    async fn event(&mut self) -> (u64, Value) {
        loop {
            let block = self.block().await.unwrap();
            if let Some((id, data)) = block.strip_prefix("id: ").and_then(|block| block.split_once("\ndata: ")) {
                return (id.parse().unwrap(), serde_json::from_str(data).unwrap());
            }
        }
    }
}

fn customer(code: &str) -> Value {
    let contact =
        json!({"name": "Somebody", "contact": "", "email": "", "phone": "", "address": "", "city": "", "country": ""});
    json!({"code": code, "contact": contact})
}

/// Has the shop make customers: each is an event.
async fn customers(server: &Arc<Server>, token: &str, prefix: &str, count: usize) {
    let (server, token, prefix) = (Arc::clone(server), token.to_owned(), prefix.to_owned());
    let make = move || {
        for number in 0..count {
            let body = customer(&format!("{prefix}-{number}"));
            server.command("POST", "/v1/customers", &token, &body).ok();
        }
    };
    spawn_blocking(make).await.unwrap();
}

async fn serve(shop: &Arc<Shop>, settings: &'static [&'static str]) -> (Arc<Server>, String) {
    let shop = Arc::clone(shop);
    let start = move || {
        let server = shop.serve(settings);
        let token = server.admin();
        (Arc::new(server), token)
    };
    spawn_blocking(start).await.unwrap()
}

async fn get(server: &Arc<Server>, token: &str, path: &str) -> Value {
    let (server, token, path) = (Arc::clone(server), token.to_owned(), path.to_owned());
    spawn_blocking(move || server.get(&path, &token).ok()).await.unwrap()
}

async fn newest(server: &Arc<Server>, token: &str) -> u64 {
    get(server, token, "/v1/events?limit=1").await["newest"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_hear_everything_once_and_in_order_whatever_they_listen_with() {
    const EACH: usize = 30;
    let shop = Arc::new(Shop::open());
    let (server, token) = serve(&shop, &[]).await;
    let last = newest(&server, &token).await + 2 * EACH as u64;
    let mut listeners = JoinSet::new();
    for number in 0..8 {
        let (server, token) = (Arc::clone(&server), token.clone());
        listeners.spawn(async move {
            // Comes back after each few events.
            let mut heard: Vec<u64> = Vec::new();
            while heard.last() != Some(&last) {
                let after = heard.last().copied();
                let mut stream = Stream::open(&server, &token, "?after=0", after).await;
                for _ in 0..5 + number {
                    let (id, event) = stream.event().await;
                    assert_eq!(event["offset"], id);
                    heard.push(id);
                    if id == last {
                        break;
                    }
                }
            }
            heard
        });
    }
    for _ in 0..8 {
        let (server, token) = (Arc::clone(&server), token.clone());
        listeners.spawn(async move {
            let mut socket = open(&server, "", &[bearer(&token)]).await.unwrap();
            socket.subscribe(json!({"type": "subscribe", "rooms": ["all"], "after": 0})).await;
            socket.hear_until(last).await
        });
    }
    for limit in [3, 100] {
        let (server, token) = (Arc::clone(&server), token.clone());
        listeners.spawn(async move {
            let mut heard = Vec::new();
            let mut next = 0;
            while next < last {
                let page = get(&server, &token, &format!("/v1/events?after={next}&limit={limit}&wait_ms=5000")).await;
                heard.extend(page["events"].as_array().unwrap().iter().map(|event| event["offset"].as_u64().unwrap()));
                next = page["next"].as_u64().unwrap();
            }
            heard
        });
    }
    tokio::join!(customers(&server, &token, "A", EACH), customers(&server, &token, "B", EACH));
    for heard in listeners.join_all().await {
        assert_eq!(heard, (1..=last).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_reads_is_dropped_and_the_others_hear_on() {
    let shop = Arc::new(Shop::open());
    let (server, token) = serve(&shop, &["live.write_timeout_ms=3000", "live.listeners_per_caller=2"]).await;
    // Some events that are too large for the buffers between a server and its client.
    let large = move |server: Arc<Server>, token: String| {
        let item = json!({"sku": "FEE", "name": "A fee", "tracking": "service", "price": "1"});
        let item = server.command("POST", "/v1/items", &token, &item).ok();
        let line = json!({"item": item["id"], "quantity": "1"});
        let order = json!({"site": "code:MAIN", "lines": vec![line; 1000]});
        for _ in 0..12 {
            server.command("POST", "/v1/orders", &token, &order).ok();
        }
    };
    let (writer, its_token) = (Arc::clone(&server), token.clone());
    spawn_blocking(move || large(writer, its_token)).await.unwrap();
    let last = newest(&server, &token).await;

    let slow = TcpSocket::new_v4().unwrap();
    slow.set_recv_buffer_size(4096).unwrap();
    let slow = slow.connect(server.address).await.unwrap();
    let mut slow = open_on(slow, &server, "", &[bearer(&token)]).await.unwrap();
    slow.say(&json!({"type": "subscribe", "after": 0})).await;

    let mut quick = open(&server, "", &[bearer(&token)]).await.unwrap();
    quick.subscribe(json!({"type": "subscribe", "after": 0})).await;
    assert_eq!(quick.hear_until(last).await, (1..=last).collect::<Vec<_>>());
    // The seat of the slow one is free when it is dropped, and not before.
    let third = loop {
        match open(&server, "", &[bearer(&token)]).await {
            Ok(third) => break third,
            Err(status) => assert_eq!(status, 429),
        }
    };
    customers(&server, &token, "C", 1).await;
    assert_eq!(quick.hear_until(last + 1).await, [last + 1]);
    drop((slow, third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_writes_is_heard_at_another() {
    let Some(database) = xtask::servers::or_skip(xtask::servers::postgres()).unwrap() else { return };
    let database = database.create_database().unwrap();
    let shop = Arc::new(Shop::open_at(database.url()));
    let (here, token) = serve(&shop, &[]).await;
    let (there, its_token) = serve(&shop, &[]).await;
    let before = newest(&here, &token).await;
    let mut socket = open(&here, "", &[bearer(&token)]).await.unwrap();
    socket.subscribe(json!({"type": "subscribe"})).await;
    let mut stream = Stream::open(&here, &token, "", None).await;
    customers(&there, &its_token, "T", 3).await;
    assert_eq!(socket.hear_until(before + 3).await, [before + 1, before + 2, before + 3]);
    assert_eq!(stream.event().await.0, before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_opens_one_websocket() {
    let shop = Arc::new(Shop::open());
    let (server, token) = serve(&shop, &[]).await;
    let ticket = {
        let (server, token) = (Arc::clone(&server), token.clone());
        spawn_blocking(move || server.post("/v1/events/tickets", &token, &json!({})).ok()).await.unwrap()
    };
    let query = format!("?ticket={}", ticket["ticket"].as_str().unwrap());
    let mut socket = open(&server, &query, &[]).await.unwrap();
    socket.subscribe(json!({"type": "subscribe", "after": 0})).await;
    assert_eq!(socket.event().await["offset"], 1);
    assert_eq!(open(&server, &query, &[]).await.err(), Some(401));
    assert_eq!(open(&server, "?ticket=guess", &[]).await.err(), Some(401));
    assert_eq!(open(&server, "", &[]).await.err(), Some(401));
    assert_eq!(open(&server, &format!("?token={token}"), &[]).await.err(), Some(400));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_from_elsewhere_opens_no_websocket() {
    let shop = Arc::new(Shop::open());
    let (server, token) = serve(&shop, &["live.origins=https://till.example,https://other.example"]).await;
    let from = async |origin: String| open(&server, "", &[bearer(&token), ("origin", origin)]).await.err();
    assert_eq!(from("https://evil.example".into()).await, Some(403));
    assert_eq!(from("https://till.example".into()).await, None);
    assert_eq!(from(format!("http://{}", server.address)).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_hears_of_its_rooms_alone() {
    let shop = Arc::new(Shop::with_tea());
    let (server, token) = serve(&shop, &[]).await;
    let mut alerts = open(&server, "", &[bearer(&token)]).await.unwrap();
    alerts.subscribe(json!({"type": "subscribe", "rooms": ["alerts"]})).await;
    let mut site = Stream::open(&server, &token, "?room=site:MAIN", None).await;
    let sell = {
        let (server, token) = (Arc::clone(&server), token.clone());
        move || {
            let customer = customer("C-1");
            server.command("POST", "/v1/customers", &token, &customer).ok();
            let sale = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "16"}]});
            server.command("POST", "/v1/sales", &token, &sale).ok()
        }
    };
    let sold = spawn_blocking(sell).await.unwrap();
    assert_eq!(site.event().await.1["body"]["done"]["sold"]["order"]["id"], sold["order"]["id"]);
    assert!(alerts.event().await["body"].get("alert_raised").is_some());
    let newest = newest(&server, &token).await;
    let page = get(&server, &token, "/v1/events?room=alerts").await;
    assert_eq!((page["events"].as_array().unwrap().len(), page["next"].as_u64()), (1, Some(newest)));
    let left = alerts.subscribe(json!({"type": "unsubscribe", "rooms": ["alerts"]})).await;
    assert_eq!(left["rooms"], json!([]));
    alerts.say(&json!({"type": "subscribe", "rooms": ["kitchen"]})).await;
    assert_eq!(alerts.told("problem").await["problem"]["code"], "malformed");
}

/// Waits until a WebSocket is closed: with which code.
async fn closed(socket: &mut Socket) -> u16 {
    loop {
        if let Err(code) = socket.next().await {
            return code;
        }
    }
}

/// Reads a stream to its end: its last word.
async fn last_word(stream: &mut Stream) -> String {
    let mut last = String::new();
    while let Some(block) = stream.block().await {
        last = block;
    }
    last
}

/// Somebody who listens in three ways, here and at another instance, and what they are told at the end.
async fn heard_the_end(token: &str, servers: &[Arc<Server>], end: impl FnOnce() + Send + 'static) {
    let mut listening = Vec::new();
    for server in servers {
        let mut socket = open(server, "", &[bearer(token)]).await.unwrap();
        socket.subscribe(json!({"type": "subscribe"})).await;
        let stream = Stream::open(server, token, "", None).await;
        let (waiting, its_token) = (Arc::clone(server), token.to_owned());
        let page = spawn_blocking(move || {
            let newest = waiting.get("/v1/events?limit=1", &its_token).ok()["newest"].clone();
            waiting.get(&format!("/v1/events?after={newest}&wait_ms=3600000"), &its_token)
        });
        listening.push((socket, stream, page));
    }
    spawn_blocking(end).await.unwrap();
    for (mut socket, mut stream, page) in listening {
        assert_eq!(closed(&mut socket).await, 1008);
        let last = last_word(&mut stream).await;
        assert!(last.starts_with("event: end\ndata: {") && last.contains("unauthenticated"), "{last}");
        assert_eq!(page.await.unwrap().refused(401), "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_out_hears_nothing_any_more_at_any_instance() {
    let shop = Arc::new(Shop::open());
    // Nobody is asked again by the clock: what was ended is told.
    let settings: &'static [&'static str] =
        &["live.recheck_ms=3600000", "live.most_wait_ms=3600000", "http.request_timeout_ms=7200000"];
    let (here, token) = serve(&shop, settings).await;
    let (there, _) = serve(&shop, settings).await;
    let servers = [Arc::clone(&here), there];
    let anna = {
        let server = Arc::clone(&here);
        spawn_blocking(move || server.user("anna", "viewer")).await.unwrap()
    };
    let (server, hers) = (Arc::clone(&here), anna.clone());
    heard_the_end(&anna, &servers, move || _ = server.send("DELETE", "/v1/tokens", Some(&hers), None).ok()).await;

    let key = {
        let (server, token) = (Arc::clone(&here), token.clone());
        let key = json!({"name": "till-1", "scopes": ["events:read", "stock:read"]});
        spawn_blocking(move || server.post("/v1/keys", &token, &key).ok()).await.unwrap()
    };
    let (server, admin) = (Arc::clone(&here), token.clone());
    let revoke = move || _ = server.send("DELETE", "/v1/keys/till-1", Some(&admin), None).ok();
    heard_the_end(key["key"].as_str().unwrap(), &servers, revoke).await;

    let anna = {
        let server = Arc::clone(&here);
        spawn_blocking(move || server.sign_in("anna", common::server::PASSWORD)).await.unwrap()
    };
    let (server, disabled) = (Arc::clone(&here), json!({"standing": "disabled"}));
    let disable = move || _ = server.send("PATCH", "/v1/users/anna", Some(&token), Some(&disabled)).ok();
    heard_the_end(&anna, &servers, disable).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_websocket_is_closed_with_the_reason() {
    let shop = Arc::new(Shop::open());
    let (server, token) = serve(&shop, &["live.message_bytes=100"]).await;
    let say = async |message: Message| {
        let mut socket = open(&server, "", &[bearer(&token)]).await.unwrap();
        // The connection may be closed while it is written to.
        let _ = socket.0.send(message).await;
        closed(&mut socket).await
    };
    assert_eq!(say(Message::text("x".repeat(101))).await, 1009);
    assert_eq!(say(Message::text("x".repeat(4 * 1024 * 1024))).await, 1009, "also while it is still being sent");
    assert_eq!(say(Message::binary("{}")).await, 1003);
    // Frames that no library sends: a reserved bit, a frame without a mask, and a text that is not UTF-8.
    for (frame, code) in
        [([0xc1, 0x80, 0, 0, 0, 0].as_slice(), 1002), (&[0x81, 0x00], 1002), (&[0x81, 0x81, 0, 0, 0, 0, 0xff], 1007)]
    {
        let mut socket = open(&server, "", &[bearer(&token)]).await.unwrap();
        socket.0.get_mut().write_all(frame).await.unwrap();
        assert_eq!(closed(&mut socket).await, code, "{frame:x?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_more_than_there_is_is_told_to_begin_anew() {
    let shop = Arc::new(Shop::open());
    let (server, token) = serve(&shop, &[]).await;
    let newest = newest(&server, &token).await;
    for (query, waits) in [("", "0"), ("&room=alerts", "0"), ("", "20000")] {
        let (server, token) = (Arc::clone(&server), token.clone());
        let path = format!("/v1/events?after=99999999&wait_ms={waits}{query}");
        let told = spawn_blocking(move || server.get(&path, &token)).await.unwrap();
        let problem = told.json();
        assert_eq!((told.status, problem["code"].as_str()), (409, Some("resync")), "{told:?}");
        assert_eq!((&problem["from"], &problem["offset"]), (&json!(newest), &json!(newest)));
    }
    let at_the_end = get(&server, &token, &format!("/v1/events?after={newest}")).await;
    assert_eq!((&at_the_end["events"], &at_the_end["next"]), (&json!([]), &json!(newest)));
    let mut stream = Stream::open(&server, &token, "?after=99999999", None).await;
    while !stream.block().await.unwrap().contains("event: resync") {}
    let mut socket = open(&server, "", &[bearer(&token)]).await.unwrap();
    socket.say(&json!({"type": "subscribe", "after": 99_999_999})).await;
    assert_eq!(socket.told("resync").await["offset"], newest);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn costs_are_for_those_who_may_see_them() {
    let shop = Arc::new(Shop::with_tea());
    let (server, token) = serve(&shop, &[]).await;
    let clerk = {
        let server = Arc::clone(&server);
        spawn_blocking(move || server.user("ben", "clerk")).await.unwrap()
    };
    let page = get(&server, &token, "/v1/events").await.to_string();
    assert!(page.contains("\"cost\""), "{page}");
    let page = get(&server, &clerk, "/v1/events").await.to_string();
    assert!(page.contains("stock_received") && !page.contains("\"cost\""), "{page}");
    let mut socket = open(&server, "", &[bearer(&clerk)]).await.unwrap();
    socket.subscribe(json!({"type": "subscribe", "after": 0})).await;
    let received = loop {
        let event = socket.event().await;
        if event["body"]["done"].get("stock_received").is_some() {
            break event.to_string();
        }
    };
    assert!(!received.contains("\"cost\""), "{received}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_tells_its_listeners_to_come_again() {
    let shop = Arc::new(Shop::open());
    let (server, token) = serve(&shop, &[]).await;
    let mut socket = open(&server, "", &[bearer(&token)]).await.unwrap();
    socket.subscribe(json!({"type": "subscribe"})).await;
    let mut stream = Stream::open(&server, &token, "", None).await;
    server.terminate();
    assert_eq!(socket.next().await, Err(1012));
    let mut last = String::new();
    while let Some(block) = stream.block().await {
        last = block;
    }
    assert_eq!(last.lines().collect::<Vec<_>>(), [": the server ends, come again", "retry: 1000"]);
}
