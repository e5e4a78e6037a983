//! Measures what callers who ask too much cost the others: memory during and after, and how long a sale takes meanwhile.
//!
//! `cargo run --release -p ims-server --example heavy_load -- target/release/ims 180000` starts the program on a new SQLite
//! store (a third argument names another one, which has to be empty), sells 180,000 orders of three lines, and prints a
//! line for each abuse. Times are of this process alone.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    missing_docs
)]

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

const PASSWORD: &str = "eleven badgers in a row";
const ITEMS: usize = 1_000;
const ORDERS_PER_BATCH: usize = 1_000;
/// Sales that are timed, with and without the abuse beside them.
const SALES: usize = 400;
/// How long the server has to give memory back, as an allocator may wait a little.
const GIVEN_BACK: Duration = Duration::from_secs(3);

struct Server {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start(program: &str, store: Option<&str>) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let new = format!("sqlite:{}", folder.path().join("shop.db").display());
        let store = store.unwrap_or(&new);
        let run = |arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).env("IMS_STORE", store).env("IMS_PASSWORD", PASSWORD);
            command
        };
        let done = |arguments: &[&str]| {
            let output = run(arguments).output().unwrap();
            assert!(output.status.success(), "{arguments:?}: {output:?}");
        };
        done(&["init", "--name", "Corner shop", "--currency", "GBP", "--time-zone", "Europe/London"]);
        for (user, role) in [("admin", "admin"), ("viewer", "viewer"), ("clerk", "clerk")] {
            done(&["user", "add", user, "--role", role]);
        }
        let mut serve = run(&["serve", "--listen", "127.0.0.1:0"]);
        ["limits.rate_limits=off", "log.level=warn"].iter().for_each(|setting| _ = serve.args(["--set", setting]));
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

    /// MiB that it has in memory, now or at most.
    fn mib(&self, which: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(which)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
    }

    /// Forgets the most that it ever had.
    fn begin_to_watch(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    async fn connect(&self) -> Talk {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Talk { stream, read: Vec::new() }
    }

    async fn sign_in(&self, user: &str) -> String {
        let body = json!({"name": user, "password": PASSWORD}).to_string();
        let (status, answer) = self.connect().await.ask("POST", "/v1/tokens", "", &body).await.unwrap();
        assert_eq!(status, 200);
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    async fn line(&self, name: &str, note: &str) {
        let most = self.mib("VmHWM:");
        sleep(GIVEN_BACK).await;
        println!("{name:<44} {most:>6} MiB at most {:>6} MiB afterwards   {note}", self.mib("VmRSS:"));
        self.begin_to_watch();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Requests and answers on one connection.
struct Talk {
    stream: TcpStream,
    read: Vec<u8>,
}

fn request(method: &str, path: &str, token: &str, key: &str, length: usize) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: ims\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

impl Talk {
    async fn ask(&mut self, method: &str, path: &str, token: &str, body: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let key = uuid::Uuid::now_v7().to_string();
        let mut sent = request(method, path, token, &key, body.len());
        if token.is_empty() {
            sent = sent.replace("Authorization: Bearer \r\n", "");
        }
        self.stream.write_all((sent + body).as_bytes()).await?;
        self.read.clear();
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.read[..end]).unwrap();
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
            let whole = end + 4 + length.parse::<usize>().unwrap();
            while self.read.len() < whole {
                self.stream.read_buf(&mut self.read).await?;
            }
            return Ok((status, self.read[end + 4..whole].to_vec()));
        }
    }

    async fn done(&mut self, method: &str, path: &str, token: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(method, path, token, &body.to_string()).await.unwrap();
        assert!((200..300).contains(&status), "{path}: {status} {}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap()
    }
}

fn sku(number: usize) -> String {
    format!("sku:A-{:04}", number % ITEMS)
}

fn order(number: usize) -> Value {
    let line = |place| json!({"item": sku(number * 3 + place), "quantity": "1", "unit_price": "2.50"});
    json!({"site": "code:MAIN", "lines": [line(0), line(1), line(2)]})
}

/// Fills the shop.
async fn sell_orders(server: &Server, token: &str, orders: usize) {
    let mut talk = server.connect().await;
    for item in 0..ITEMS {
        let body = json!({"sku": format!("A-{item:04}"), "name": format!("Item no. {item}"), "category": "Drinks/Tea"});
        talk.done("POST", "/v1/items", token, &body).await;
    }
    let goods: Vec<Value> =
        (0..ITEMS).map(|item| json!({"item": sku(item), "quantity": "1000000", "unit_cost": "1"})).collect();
    talk.done("POST", "/v1/stock/receipts", token, &json!({"site": "code:MAIN", "lines": goods})).await;
    for batch in 0..orders.div_ceil(ORDERS_PER_BATCH) {
        let command = |number| json!({"key": format!("order-{batch}-{number}"), "command": {"sell": order(number)}});
        let commands: Vec<Value> = (0..ORDERS_PER_BATCH).map(command).collect();
        let answers = talk.done("POST", "/v1/batch", token, &json!({"commands": commands})).await;
        let refused = answers["answers"].as_array().unwrap().iter().find(|answer| answer.get("problem").is_some());
        assert!(refused.is_none(), "{refused:?}");
    }
}

/// How long some sales take, in milliseconds: half of them, and 99 of a hundred.
async fn sales(server: &Server, token: &str) -> (f64, f64) {
    let mut talk = server.connect().await;
    let mut took = Vec::with_capacity(SALES);
    for number in 0..SALES {
        let body = order(number).to_string();
        let began = Instant::now();
        let (status, answer) = talk.ask("POST", "/v1/sales", token, &body).await.unwrap();
        assert!((200..300).contains(&status), "{status} {}", String::from_utf8_lossy(&answer));
        took.push(began.elapsed().as_secs_f64() * 1e3);
        sleep(Duration::from_millis(5)).await;
    }
    took.sort_by(f64::total_cmp);
    (took[SALES / 2], took[SALES * 99 / 100])
}

/// Sells while one viewer asks the same question on many connections, again and again.
async fn beside(server: &Arc<Server>, viewer: &str, clerk: &str, path: &'static str, connections: usize) -> String {
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut asking = JoinSet::new();
    for _ in 0..connections {
        let (server, viewer) = (Arc::clone(server), viewer.to_owned());
        let (over, answered) = (Arc::clone(&over), Arc::clone(&answered));
        asking.spawn(async move {
            while !over.load(Ordering::Relaxed) {
                let mut talk = server.connect().await;
                let Ok(reply) = talk.ask("GET", path, &viewer, "").await else { continue };
                if reply.0 == 200 {
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
    sleep(Duration::from_secs(1)).await;
    let (half, slow) = sales(server, clerk).await;
    over.store(true, Ordering::Relaxed);
    asking.abort_all();
    while asking.join_next().await.is_some() {}
    let answered = answered.load(Ordering::Relaxed);
    format!("a sale takes {half:.1} ms (half), {slow:.1} ms (99 %); {answered} answers")
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let program = arguments.first().expect("the path of the ims program");
    let orders = arguments.get(1).map_or(180_000, |text| text.parse().unwrap());
    let server = Arc::new(Server::start(program, arguments.get(2).map(String::as_str)));
    let _ = rlimit::increase_nofile_limit(20_000);
    server.line("at rest", "").await;

    let (admin, viewer) = (server.sign_in("admin").await, server.sign_in("viewer").await);
    let clerk = server.sign_in("clerk").await;
    let mut wrong = JoinSet::new();
    for number in 0..40 {
        let server = Arc::clone(&server);
        wrong.spawn(async move {
            let body = json!({"name": format!("nobody-{number}"), "password": "a wrong one"}).to_string();
            server.connect().await.ask("POST", "/v1/tokens", "", &body).await.unwrap().0
        });
    }
    wrong.join_all().await;
    server.line("40 sign-ins with wrong passwords at once", "").await;

    let mut half_sent = JoinSet::new();
    for _ in 0..300 {
        let (server, admin) = (Arc::clone(&server), admin.clone());
        half_sent.spawn(async move {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let length = 1024 * 1024;
            let body = "[],".repeat(length / 6);
            let sent = request("POST", "/v1/batch", &admin, "half", length) + "{\"commands\": [" + &body;
            // More than the server reads before it has room for it waits in the system.
            let _ = timeout(Duration::from_secs(4), stream.write_all(sent.as_bytes())).await;
            stream
        });
    }
    drop(half_sent.join_all().await);
    server.line("300 half-sent bodies at once", "").await;

    let began = Instant::now();
    sell_orders(&server, &admin, orders).await;
    let rate = orders as f64 / began.elapsed().as_secs_f64();
    server.line(&format!("{orders} orders"), &format!("{rate:.0} orders/s in batches")).await;
    let (half, slow) = sales(&server, &clerk).await;
    server.line("sales alone", &format!("a sale takes {half:.1} ms (half), {slow:.1} ms (99 %)")).await;
    for path in ["/v1/orders?limit=1000", "/v1/orders?category=Nope", "/v1/events?room=category:Nope&limit=1000"] {
        let note = beside(&server, &viewer, &clerk, path, 40).await;
        server.line(&format!("40 x {path}"), &note).await;
    }
    let (half, slow) = sales(&server, &clerk).await;
    server.line("sales alone", &format!("a sale takes {half:.1} ms (half), {slow:.1} ms (99 %)")).await;

    let mut idle = Vec::new();
    for _ in 0..10_000 {
        idle.push(server.connect().await);
    }
    sleep(Duration::from_secs(1)).await;
    let open = server.mib("VmRSS:");
    drop(idle);
    server.line("10,000 connections", &format!("{open} MiB while they are open")).await;
}
