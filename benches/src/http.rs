//! The server as a process of its own, and those who order from it.

use crate::{seller::Seller, work::PlainOrder};
use ims_core::Command;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command as Program, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const USER: &str = "bench";
const PASSWORD: &str = "correct horse battery staple";
/// Room for the head and the body of an answer.
const ANSWER_BYTES: usize = 64 * 1024;

/// A server. It ends with the value.
#[derive(Debug)]
pub struct Server {
    process: Child,
    address: SocketAddr,
    token: String,
}

impl Server {
    /// Starts a server on a store and signs in.
    pub async fn start(store: &str) -> Server {
        let program = std::env::var_os("IMS_BIN").expect("IMS_BIN names the server's program");
        let added = Program::new(&program)
            .args(["--quiet", "--store", store, "user", "add", USER, "--role", "manager"])
            .env("IMS_PASSWORD", PASSWORD)
            .status();
        assert!(added.expect("the program runs").success(), "a user can be added");
        let settings = ["http.address=127.0.0.1:0", "limits.rate_limits=off", "auth.access_token_ms=3600000"];
        let mut process = Program::new(&program)
            .args(["--store", store, "serve"])
            .args(settings.iter().flat_map(|setting| ["--set", setting]))
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program runs");
        let said = BufReader::new(process.stderr.take().expect("what it says"));
        let mut lines = said.lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split("http://").nth(1)?.split(['/', ' ', '"']).next()?.parse().ok())
            .expect("a server that says where it listens");
        // Whoever writes to a pipe that nobody reads waits for ever.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Server { process, address, token: String::new() };
        let signed_in = server.post("/v1/tokens", &json!({"name": USER, "password": PASSWORD})).await;
        server.token = signed_in["access_token"].as_str().expect("a token").to_owned();
        server
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let stream = TcpStream::connect(self.address).await.expect("a server that listens");
        let mut talk = Talk::new(stream);
        let body = body.to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let (status, answer) = talk.ask(format!("{head}{body}").as_bytes()).await;
        assert!((200..300).contains(&status), "{status}: {}", String::from_utf8_lossy(answer));
        serde_json::from_slice(answer).expect("JSON")
    }

    /// The most memory that it ever had, in MiB.
    pub fn most_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Requests and answers on one connection.
#[derive(Debug)]
struct Talk {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Talk {
    fn new(stream: TcpStream) -> Talk {
        stream.set_nodelay(true).expect("a connection");
        Talk { stream, read: Vec::with_capacity(ANSWER_BYTES) }
    }

    /// Sends a request and reads the status and the body of the answer.
    async fn ask(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.stream.write_all(request).await.expect("a server that reads");
        self.read.clear();
        loop {
            assert_ne!(self.stream.read_buf(&mut self.read).await.expect("a server that answers"), 0, "an answer");
            if let Some((status, from)) = whole(&self.read) {
                return (status, &self.read[from..]);
            }
        }
    }
}

/// The status and where the body begins, once all of it is there.
fn whole(read: &[u8]) -> Option<(u16, usize)> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&read[..end]).expect("a head of plain text");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().expect("a number"))
    });
    let status = head.split(' ').nth(1)?.parse().expect("a status");
    (read.len() - end - 4 >= length.expect("a body of known length")).then_some((status, end + 4))
}

/// A connection on which somebody orders.
#[derive(Debug)]
pub struct Connection {
    talk: Talk,
    head: String,
    took: Vec<Duration>,
    all: Arc<Mutex<Vec<Duration>>>,
}

impl Connection {
    /// Connects. How long each order took is added to `took` when the connection ends.
    pub async fn open(server: &Server, took: Arc<Mutex<Vec<Duration>>>) -> Connection {
        let stream = TcpStream::connect(server.address).await.expect("a server that listens");
        let head = format!(
            "POST /v1/sales HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
            server.token
        );
        Connection { talk: Talk::new(stream), head, took: Vec::new(), all: took }
    }
}

impl Seller for Connection {
    async fn sell(&mut self, order: &PlainOrder) {
        let (context, command) = order.command();
        let Command::Sell(sale) = command else { unreachable!("an order is a sale") };
        let body = serde_json::to_string(&sale).expect("a request that JSON has a form for");
        let request =
            format!("{}Idempotency-Key: {}\r\nContent-Length: {}\r\n\r\n{body}", self.head, context.id, body.len());
        let begin = Instant::now();
        let (status, answer) = self.talk.ask(request.as_bytes()).await;
        assert!(status == 200 || status == 201, "{status}: {}", String::from_utf8_lossy(answer));
        self.took.push(begin.elapsed());
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.append(&mut self.took);
        }
    }
}
