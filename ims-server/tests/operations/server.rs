//! The real server, on a free port, in a folder of its own.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// How long a test waits for what has to come, before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. It is ended with the value, if it has not ended before.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    figures: Option<String>,
    lines: Receiver<String>,
    _folder: Option<tempfile::TempDir>,
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let of = |line: &'_ str| -> bool { line.split(':').next().unwrap().eq_ignore_ascii_case(name) };
        self.head.lines().find(|line| of(line)).map(|line| line.split_once(':').unwrap().1.trim())
    }
}

impl Server {
    /// Starts a server with these settings on a store of its own.
    pub fn start(settings: &[&str]) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ims"));
        command.current_dir(folder.path());
        let mut server = Server::spawn(command, settings);
        server._folder = Some(folder);
        server
    }

    /// Starts a server with these settings on this store.
    pub fn on(store: &str, settings: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ims"));
        command.args(["--store", store]);
        Server::spawn(command, settings)
    }

    /// Asks whether it is ready, on a connection of its own, and comes back when the server has begun to answer.
    pub fn begin_to_ask(&self, figures: &str) -> TcpStream {
        let mut asking = self.connect();
        asking.write_all(b"GET /health/ready HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
        while !get(figures, "/metrics", &[]).body.contains("ims_requests_in_flight 1\n") {}
        asking
    }

    /// Starts a server on this store that tells figures; returns the server and the URL of the other listener.
    pub fn with_figures(store: &str, settings: &[&str]) -> (Server, String) {
        let mut server = Server::on(store, &[settings, &["metrics.address=127.0.0.1:0"]].concat());
        let figures = std::mem::take(&mut server.figures).unwrap();
        (server, figures)
    }

    fn spawn(mut command: Command, settings: &[&str]) -> Server {
        for name in ["IMS_STORE", "IMS_CONFIG"] {
            command.env_remove(name);
        }
        command.args(["serve", "--set", "http.address=127.0.0.1:0"]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let said = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                // A test that has seen enough listens no more.
                let _ = tell.send(line);
            }
        });
        let mut server = Server { child, url: String::new(), figures: None, lines, _folder: None };
        let first = server.line(|_| true);
        let url = first.strip_prefix("listening at ");
        server.url = url.unwrap_or_else(|| panic!("the first line is {first:?}")).to_owned();
        if settings.iter().any(|setting| setting.starts_with("metrics.address=")) {
            let line = server.line(|line| line.starts_with("figures at "));
            let url = line.strip_prefix("figures at ").unwrap();
            server.figures = Some(url.trim_end_matches("/metrics").to_owned());
        }
        server
    }

    /// Waits for a line of the server's standard error.
    pub fn line(&self, wanted: impl Fn(&str) -> bool) -> String {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if wanted(&line) => return line,
                Ok(line) => seen.push(line),
                Err(error) => panic!("{error}; the server said:\n{}", seen.join("\n")),
            }
        }
    }

    /// Waits for a line of the log that has these words.
    pub fn logged(&self, words: &str) -> Value {
        serde_json::from_str(&self.line(|line| line.starts_with('{') && line.contains(words))).unwrap()
    }

    pub fn connect(&self) -> TcpStream {
        connect(&self.url)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[&str]) -> Answer {
        get(&self.url, path, headers)
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the server to end.
    pub fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Tells the server to end and waits until it has.
    pub fn end(self) -> ExitStatus {
        self.signal("TERM");
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn connect(url: &str) -> TcpStream {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Asks on a connection of its own.
pub fn get(url: &str, path: &str, headers: &[&str]) -> Answer {
    let mut stream = connect(url);
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{headers}\r\n").unwrap();
    read(stream)
}

/// Reads the one answer of a connection that is closed after it.
pub fn read(mut stream: TcpStream) -> Answer {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body =
        if head.to_ascii_lowercase().contains("transfer-encoding: chunked") { unchunked(body) } else { body.into() };
    Answer { status, head: head.into(), body }
}

fn unchunked(mut text: &str) -> String {
    let mut body = String::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        body.push_str(&rest[..size]);
        text = rest[size..].trim_start_matches("\r\n");
        if size == 0 {
            break;
        }
    }
    body
}
