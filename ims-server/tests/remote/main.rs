//! The command line on a server: every verb as on a store of one's own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod alike;
mod failures;
mod gateway;
mod rights;

use common::{Said, Shop, server::Server};
use serde_json::{Value, json};
use std::process::{Command, Stdio};

/// The command line, on a server.
struct Remote {
    url: String,
    key: Option<String>,
}

impl Remote {
    /// With an access token or an API key.
    fn of(server: &Server, key: &str) -> Remote {
        Remote { url: format!("http://{}", server.address), key: Some(key.to_owned()) }
    }

    fn at(url: &str, key: Option<&str>) -> Remote {
        Remote { url: url.to_owned(), key: key.map(str::to_owned) }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ims"));
        program.args(words).env("IMS_STORE", &self.url).env_remove("IMS_API_KEY").env_remove("IMS_ACTOR");
        program.envs(self.key.iter().map(|key| ("IMS_API_KEY", key))).stdin(Stdio::null());
        program
    }

    fn run(&self, words: &[&str]) -> Said {
        Said::from(self.command(words).output().unwrap())
    }

    /// What must be done; what it wrote.
    fn ok(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, 0, "{words:?}: {said:?}");
        said.out
    }

    fn json(&self, words: &[&str]) -> Value {
        let out = self.ok(&[words, &["--format", "json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}: {out}"))
    }

    /// What must fail with this exit code; the error as scripts get it.
    fn fails(&self, code: i32, words: &[&str]) -> Value {
        let said = self.run(&[words, &["--format", "json"]].concat());
        assert_eq!(said.code, code, "{words:?}: {said:?}");
        let last = said.err.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{words:?}: {said:?}"));
        error["error"].clone()
    }
}

/// Makes an API key with these scopes, of one site where one is named.
fn key(server: &Server, name: &str, scopes: &[&str], site: Option<&str>) -> String {
    let mut key = json!({"name": name, "scopes": scopes});
    if let Some(site) = site {
        key["site"] = format!("code:{site}").into();
    }
    server.post("/v1/keys", &server.admin(), &key).ok()["key"].as_str().unwrap().to_owned()
}

/// What there is of an item, over the network.
fn on_hand(remote: &Remote, sku: &str) -> String {
    remote.json(&["stock", sku])[0]["on_hand"].as_str().unwrap().to_owned()
}

/// An id for a command of a test.
fn id(number: u32) -> String {
    format!("0190163d-8694-739b-aea5-{number:012}")
}

/// A shop with tea, served.
fn served() -> (Shop, Server) {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    (shop, server)
}
