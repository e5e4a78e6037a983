//! Measures live events: how long after a command was sent the last of many listeners has its event.
//!
//! `cargo run --release -p ims-server --example live_load -- target/release/ims 2000 500 10` starts the program on a new
//! SQLite store, opens 2,000 WebSockets, has 500 commands a second done for 10 seconds, and prints the delays and the
//! memory of the server. Times are of this process alone, so that no clocks are compared.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs
)]

use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PASSWORD: &str = "eleven badgers in a row";
/// Connections that send commands side by side.
const WRITERS: u64 = 8;

/// What is known of each event, by its place after the first one that is measured.
struct Tally {
    began: Instant,
    first: u64,
    /// How many listeners have it.
    heard: Vec<AtomicU64>,
    /// When the last of them had it, in microseconds.
    last_us: Vec<AtomicU64>,
    /// The command of each event, as one listener reads it.
    commands: Mutex<HashMap<String, usize>>,
}

struct Server {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start(program: &str) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", folder.path().join("shop.db").display());
        let run = |arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).env("IMS_STORE", &store).env("IMS_PASSWORD", PASSWORD);
            command
        };
        let done = |arguments: &[&str]| assert!(run(arguments).output().unwrap().status.success(), "{arguments:?}");
        done(&["init", "--name", "Corner shop", "--currency", "GBP", "--time-zone", "Europe/London"]);
        done(&["user", "add", "ada", "--role", "admin"]);
        let settings = ["limits.rate_limits=off", "live.listeners=100000", "live.listeners_per_caller=100000"];
        let mut serve = run(&["serve", "--listen", "127.0.0.1:0"]);
        settings.iter().for_each(|setting| _ = serve.args(["--set", setting]));
        let mut child = serve.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server ended");
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().parse().unwrap();
            }
        };
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Server { child, address, _folder: folder }
    }

    /// Kilobytes that it has in memory now.
    fn memory_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|kb| kb.parse().ok()).unwrap_or_default()
    }

    fn sign_in(&self) -> String {
        let body = json!({"name": "ada", "password": PASSWORD});
        let mut stream = std::net::TcpStream::connect(self.address).unwrap();
        stream.write_all(request("POST", "/v1/tokens", "Connection: close\r\n", &body).as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        serde_json::from_str::<Value>(body).unwrap()["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn request(method: &str, path: &str, headers: &str, body: &Value) -> String {
    let body = body.to_string();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: ims\r\n{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Reads until a response's head is whole; what follows it stays.
async fn head(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> String {
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes.drain(..end + 4).collect()).unwrap();
            return head;
        }
        assert!(stream.read_buf(bytes).await.unwrap() > 0, "the server hung up");
    }
}

/// Opens a WebSocket and subscribes to everything from now on.
async fn listen(address: SocketAddr, token: &str) -> (TcpStream, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /v1/events/ws HTTP/1.1\r\nHost: ims\r\nAuthorization: Bearer {token}\r\nConnection: upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let head = head(&mut stream, &mut bytes).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    // A mask of zeros leaves the text as it is.
    let said = br#"{"type":"subscribe"}"#;
    let frame = [&[0x81, 0x80 | said.len() as u8, 0, 0, 0, 0][..], said].concat();
    stream.write_all(&frame).await.unwrap();
    while frames(&mut bytes, &mut |_| {}) == 0 {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    (stream, bytes)
}

/// Takes all whole frames out.
fn frames(bytes: &mut Vec<u8>, each: &mut impl FnMut(&[u8])) -> usize {
    let (mut at, mut count) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= 2) {
        let (begin, length) = match rest[1] {
            126 if rest.len() >= 4 => (4, u16::from_be_bytes([rest[2], rest[3]]).into()),
            127 if rest.len() >= 10 => (10, u64::from_be_bytes(rest[2..10].try_into().unwrap()) as usize),
            short @ 0..=125 => (2, short.into()),
            _ => break,
        };
        let Some(payload) = rest.get(begin..begin + length) else { break };
        each(payload);
        at += begin + length;
        count += 1;
    }
    bytes.drain(..at);
    count
}

/// Hears events until the last one that is measured.
async fn hear(mut stream: TcpStream, mut bytes: Vec<u8>, tally: Arc<Tally>, reads_commands: bool) {
    let mut left = tally.heard.len();
    while left > 0 {
        bytes.reserve(256 * 1024);
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "a listener was dropped");
        let now = tally.began.elapsed().as_micros() as u64;
        frames(&mut bytes, &mut |payload| {
            let Some(rest) = payload.strip_prefix(br#"{"offset":"#) else { return };
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
            let offset = digits.fold(0, |offset, digit| offset * 10 + u64::from(digit - b'0'));
            let Some(place) = offset.checked_sub(tally.first).map(|place| place as usize) else { return };
            tally.heard[place].fetch_add(1, Ordering::Relaxed);
            tally.last_us[place].fetch_max(now, Ordering::Relaxed);
            if reads_commands {
                let event: Value = serde_json::from_slice(payload).unwrap();
                tally.commands.lock().unwrap().insert(event["command"].as_str().unwrap().to_owned(), place);
            }
            left -= 1;
        });
    }
}

/// Has commands done at a steady pace; when each was sent, in microseconds.
async fn write(
    address: SocketAddr,
    token: String,
    writer: u64,
    count: u64,
    per_s: u64,
    began: Instant,
) -> Vec<(String, u64)> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut pace = tokio::time::interval(Duration::from_micros(1_000_000 * WRITERS / per_s));
    let mut sent = Vec::new();
    for number in 0..count {
        pace.tick().await;
        let key = uuid::Uuid::now_v7().to_string();
        let headers = format!("Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n");
        let contact = json!({"name": "Somebody", "contact": "", "email": "somebody@example.com", "phone": "", "address": "", "city": "Lisbon", "country": ""});
        let body = json!({"code": format!("C-{writer}-{number}"), "contact": contact});
        sent.push((key, began.elapsed().as_micros() as u64));
        stream.write_all(request("POST", "/v1/customers", &headers, &body).as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let head = head(&mut stream, &mut bytes).await;
        assert!(head.starts_with("HTTP/1.1 201"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        while bytes.len() < length {
            stream.read_buf(&mut bytes).await.unwrap();
        }
    }
    sent
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: u64| arguments.get(at).map_or(usual, |text| text.parse().unwrap());
    let program = arguments.first().expect("the path of the ims program");
    let (listeners, per_s, seconds) = (number(1, 2000), number(2, 500), number(3, 10));
    let server = Server::start(program);
    let token = server.sign_in();
    let before_kb = server.memory_kb();
    let mut opened = Vec::new();
    for _ in 0..listeners {
        opened.push(listen(server.address, &token).await);
    }
    let idle_kb = server.memory_kb();
    println!("{listeners} listeners, idle: {} MiB more than without", idle_kb.saturating_sub(before_kb) / 1024);
    if seconds == 0 {
        return;
    }
    let count = per_s * seconds / WRITERS;
    let events = (count * WRITERS) as usize;
    let numbers = || (0..events).map(|_| AtomicU64::new(0)).collect();
    // A new shop with one site has two events.
    let tally =
        Tally { began: Instant::now(), first: 3, heard: numbers(), last_us: numbers(), commands: Mutex::default() };
    let tally = Arc::new(tally);
    let mut hearing = tokio::task::JoinSet::new();
    for (number, (stream, bytes)) in opened.into_iter().enumerate() {
        hearing.spawn(hear(stream, bytes, Arc::clone(&tally), number == 0));
    }
    let mut writing = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        writing.spawn(write(server.address, token.clone(), writer, count, per_s, tally.began));
    }
    let sent: Vec<(String, u64)> = writing.join_all().await.into_iter().flatten().collect();
    let written = tally.began.elapsed();
    let _ = hearing.join_all().await;
    assert!(tally.heard.iter().all(|heard| heard.load(Ordering::Relaxed) == listeners), "everybody hears all, once");
    let places = tally.commands.lock().unwrap();
    let delay = |(command, sent): &(String, u64)| tally.last_us[places[command]].load(Ordering::Relaxed) - sent;
    let mut delays: Vec<u64> = sent.iter().map(delay).collect();
    delays.sort_unstable();
    let at = |percent: usize| delays[(delays.len() - 1) * percent / 100] / 1000;
    println!(
        "{events} events in {:.1} s: the last listener has one after {} ms (half of them), {} ms (95 %), {} ms (99 %), {} ms (all)",
        written.as_secs_f64(),
        at(50),
        at(95),
        at(99),
        at(100)
    );
    println!("the server's memory at the end: {} MiB", server.memory_kb() / 1024);
}
