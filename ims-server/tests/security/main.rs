//! What an attacker tries, against the real server: the OWASP API Security Top 10 of 2023, forged and stolen credentials,
//! other people's ids, floods, and what may leak.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod abuse;
#[path = "../common/mod.rs"]
mod common;
mod credentials;
mod leaks;
mod rights;
mod sites;

use common::{
    Shop,
    server::{ADMIN, PASSWORD, Reply, Server},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::{io::Write, process::Stdio};

/// A key that the tests know, as the configuration may give one.
const KEY_BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const KEY: [u8; 32] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    31,
];

/// A shop with two sites, each with an order, a hold and a purchase order; and a clerk and a till who work at one of them.
struct TwoSites {
    server: Server,
    admin: String,
    main: String,
    other: String,
    item: String,
    supplier: String,
}

impl TwoSites {
    fn new(shop: &Shop, settings: &[&str]) -> TwoSites {
        shop.ok(&["site", "add", "OTHER", "Other shop"]);
        shop.ok(&["supplier", "add", "ACME", "Acme Ltd"]);
        shop.ok(&["receive", "TEA-1=20@13.37", "--site", "OTHER"]);
        let server = shop.serve(settings);
        let admin = server.admin();
        let location = |code: &str| {
            let rows = server.get("/v1/locations", &admin).ok()["rows"].clone();
            let row = rows.as_array().unwrap().iter().find(|row| row["code"] == code).cloned();
            row.unwrap()["id"].as_str().unwrap().to_owned()
        };
        let (main, other) = (location("MAIN"), location("OTHER"));
        let item = server.get("/v1/items", &admin).ok()["rows"][0]["id"].as_str().unwrap().to_owned();
        let supplier = server.get("/v1/suppliers", &admin).ok()["rows"][0]["id"].as_str().unwrap().to_owned();
        TwoSites { server, admin, main, other, item, supplier }
    }

    fn order(&self, site: &str) -> String {
        let lines = json!([{"item": self.item, "quantity": "1"}]);
        made(self.server.command("POST", "/v1/orders", &self.admin, &json!({"site": site, "lines": lines})))
    }

    fn hold(&self, token: &str, site: &str) -> Reply {
        let hold = json!({"item": self.item, "site": site, "quantity": "1", "until": "2999-01-01T00:00:00Z"});
        self.server.command("POST", "/v1/holds", token, &hold)
    }

    fn purchase(&self, site: &str) -> String {
        let lines = json!([{"item": self.item, "quantity": "2", "unit_cost": "13.37"}]);
        let purchase = json!({"supplier": self.supplier, "site": site, "lines": lines});
        made(self.server.command("POST", "/v1/purchases", &self.admin, &purchase))
    }

    /// Makes a key of the admin's with these scopes.
    fn key(&self, name: &str, scopes: &[&str], site: Option<&str>) -> String {
        let key = json!({"name": name, "scopes": scopes, "site": site});
        self.server.post("/v1/keys", &self.admin, &key).ok()["key"].as_str().unwrap().to_owned()
    }
}

fn made(reply: Reply) -> String {
    reply.ok()["id"].as_str().unwrap().to_owned()
}

/// What a till may do.
const TILL: &[&str] = &["catalogue:read", "stock:read", "holds:write", "orders:read", "orders:write"];
