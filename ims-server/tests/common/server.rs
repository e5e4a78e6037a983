//! Starts `ims serve` and talks to it over TCP.

use super::Shop;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

/// What the admin of the tests is called, and their password.
pub const ADMIN: (&str, &str) = ("ada", "lovelace-1843!");

/// What all others have as their password.
pub const PASSWORD: &str = "eleven badgers in a row";

/// A server that runs; it ends when this is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
}

/// A response.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// By their names in lower case.
    pub headers: HashMap<String, String>,
    pub text: String,
}

impl Reply {
    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body of what must have been done.
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.json()
    }

    /// The code of what must have been refused with this status.
    pub fn refused(self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

impl Shop {
    /// Adds a user at the store, as somebody who has access to it.
    pub fn add_user(&self, name: &str, password: &str, role: &str) {
        let mut command = self.command(&["user", "add", name, "--role", role]);
        let output = command.env("IMS_PASSWORD", password).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// Serves the shop, with an admin.
    pub fn serve(&self, settings: &[&str]) -> Server {
        if !self.ok(&["user", "list"]).contains(ADMIN.0) {
            self.add_user(ADMIN.0, ADMIN.1, "admin");
        }
        self.serve_as_it_is(settings)
    }

    /// Serves the shop with the users that it has.
    pub fn serve_as_it_is(&self, settings: &[&str]) -> Server {
        Server::start(self.command(&[]), settings)
    }
}

impl Server {
    /// Serves with a command that is given the arguments of `ims`.
    pub fn start(mut command: Command, settings: &[&str]) -> Server {
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(String::new()));
        let address = loop {
            let mut line = String::new();
            let bytes = lines.read_line(&mut line).unwrap();
            log.lock().unwrap().push_str(&line);
            assert!(bytes > 0, "the server ended: {}", log.lock().unwrap());
            if let Some((_, url)) = line.split_once("listening at ") {
                let (_, address) = url.split_once("://").unwrap();
                break address.trim().parse().unwrap();
            }
        };
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                kept.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Server { child, address, log }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells the server to end, and waits until it has.
    #[cfg(unix)]
    pub fn end(mut self) {
        self.terminate();
        assert!(self.child.wait().unwrap().success(), "{}", self.log());
    }

    /// Sends a request. `token` is an access token or an API key.
    pub fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Reply {
        let authorization = token.map(|token| format!("Bearer {token}"));
        let mut headers = Vec::new();
        headers.extend(authorization.as_deref().map(|authorization| ("Authorization", authorization)));
        self.send_with(method, path, &headers, body)
    }

    /// Sends a request with headers of one's own.
    pub fn send_with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Reply {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        if !body.is_empty() {
            request += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        request += &body;
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        reply(&String::from_utf8_lossy(&response))
    }

    /// Asks.
    pub fn get(&self, path: &str, token: &str) -> Reply {
        self.send("GET", path, Some(token), None)
    }

    /// Does something of the server's own.
    pub fn post(&self, path: &str, token: &str, body: &Value) -> Reply {
        self.send("POST", path, Some(token), Some(body))
    }

    /// Has a command done, with an idempotency key that was never used.
    pub fn command(&self, method: &str, path: &str, token: &str, body: &Value) -> Reply {
        let authorization = format!("Bearer {token}");
        let key = uuid::Uuid::now_v7().to_string();
        let headers = [("Authorization", authorization.as_str()), ("Idempotency-Key", key.as_str())];
        self.send_with(method, path, &headers, Some(body))
    }

    /// Signs somebody in: `access_token` and `refresh_token`.
    pub fn tokens(&self, name: &str, password: &str) -> Value {
        self.send("POST", "/v1/tokens", None, Some(&json!({"name": name, "password": password}))).ok()
    }

    /// Signs somebody in, and gives the access token.
    pub fn sign_in(&self, name: &str, password: &str) -> String {
        self.tokens(name, password)["access_token"].as_str().unwrap().to_owned()
    }

    /// Signs the admin in.
    pub fn admin(&self) -> String {
        self.sign_in(ADMIN.0, ADMIN.1)
    }

    /// Makes a user of this role, signs them in, and gives the access token.
    pub fn user(&self, name: &str, role: &str) -> String {
        let user = json!({"name": name, "role": role, "password": PASSWORD});
        self.post("/v1/users", &self.admin(), &user).ok();
        self.sign_in(name, PASSWORD)
    }

    /// Tells the server to end, as an operator does.
    #[cfg(unix)]
    pub fn terminate(&self) {
        let done = std::process::Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(done.unwrap().success());
    }

    /// MiB of its own that the server has in memory: without the pages of its file.
    #[cfg(target_os = "linux")]
    pub fn resident_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
    }

    /// Waits for a line that has these words.
    pub fn line(&self, words: &str) -> String {
        let found = || self.log().lines().find(|line| line.contains(words)).map(str::to_owned);
        loop {
            if let Some(line) = found() {
                return line;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// What stands behind these words: `said("gRPC at grpc://")` is where gRPC is served.
    pub fn said(&self, words: &str) -> String {
        self.line(words).split_once(words).unwrap().1.to_owned()
    }

    /// What the server has written so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Takes a response apart.
fn reply(response: &str) -> Reply {
    let (head, text) = response.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response: {response:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Reply { status, headers: lines.filter_map(header).collect(), text: text.to_owned() }
}
