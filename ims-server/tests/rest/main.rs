//! REST as its callers see it: the real server, asked over TCP.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

#[path = "../common/mod.rs"]
mod common;

mod document;
mod encodings;
mod kept;
mod lists;
mod load;
mod migrating;
mod money;
mod refusals;
mod strictness;
mod writes;

use common::{
    Shop,
    server::{Reply, Server},
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// Sends bytes as they are and reads everything that comes back.
fn raw(server: &Server, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(request).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let text = String::from_utf8_lossy(&response);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response: {text:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Reply { status, headers: lines.filter_map(header).collect(), text: body.to_owned() }
}

/// Sends a body of any kind. HTTP/1.0 is answered without chunks.
fn send(server: &Server, line: &str, token: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut request = format!("{line} HTTP/1.0\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "\r\n";
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    raw(server, &request)
}

/// The CSV of a list.
fn csv_of(server: &Server, path: &str, token: &str) -> Reply {
    send(server, &format!("GET {path}"), token, &[("Accept", "text/csv")], b"")
}

/// An item that costs nothing to make.
fn add_item(server: &Server, token: &str, sku: &str) -> Value {
    server.command("POST", "/v1/items", token, &json!({"sku": sku, "name": format!("The {sku}")})).ok()
}
