//! Relays of servers that run: two on one database, of which one is killed, and what an admin does over HTTP.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::Shop;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use xtask::servers::{self, brokers};

/// Longer than anything here ever takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server, killed at the latest with the test.
struct Serving(Child);

impl Serving {
    fn start(store: &str, config: &Path) -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ims"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).arg("--config").arg(config);
        let mut child = command.env("IMS_STORE", store).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = said.find(|line| line.as_ref().is_ok_and(|line| line.contains("listening at")));
        assert!(ready.is_some(), "it ended before it listened");
        // What it says later is read, so that it never waits for a reader.
        std::thread::spawn(move || said.for_each(drop));
        Serving(child)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Killed, it is gone: there is nothing to be said.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ims(store: &str, arguments: &[&str]) {
    let said = Command::new(env!("CARGO_BIN_EXE_ims")).args(arguments).env("IMS_STORE", store).output().unwrap();
    assert!(said.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said.stderr));
}

/// The offsets in the stream, in their order.
fn offsets(connection: &mut redis::Connection) -> Vec<u64> {
    let entries: Vec<(String, Vec<(String, String)>)> =
        redis::cmd("XRANGE").arg("shop").arg("-").arg("+").query(connection).unwrap();
    let offset = |fields: &[(String, String)]| {
        let event = &fields.iter().find(|(name, _)| name == "event").unwrap().1;
        let event: Value = serde_json::from_str(event).unwrap();
        event["offset"].as_str().unwrap().parse().unwrap()
    };
    entries.iter().map(|(_, fields)| offset(fields)).collect()
}

fn wait_for(connection: &mut redis::Connection, offset: u64) {
    let began = Instant::now();
    while offsets(connection).last() != Some(&offset) {
        assert!(began.elapsed() < PATIENCE, "event {offset} never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_server_is_killed_and_the_other_one_relays_on() {
    let Some(database) = servers::or_skip(servers::postgres()).unwrap() else { return };
    let Some(broker) = brokers::or_skip(brokers::Kind::Redis).unwrap() else { return };
    let database = database.create_database().unwrap();
    let store = database.url();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("ims.toml");
    std::fs::write(folder.path().join("url"), broker.url()).unwrap();
    let settings = format!(
        "[relays]\nlease_ms = 1500\npoll_ms = 20\n[[relay]]\nname = \"stock\"\nkind = \"redis_stream\"\n\
         target = \"shop\"\nack_timeout_ms = 900\nurl_file = \"{}\"\n[webhooks]\ntimeout_ms = 900\n",
        folder.path().join("url").display()
    );
    std::fs::write(&config, settings).unwrap();
    ims(store, &["init", "--name", "Corner shop", "--currency", "GBP", "--time-zone", "Europe/London"]);
    ims(store, &["item", "add", "TEA-1", "Green tea", "--price", "4.50"]);

    let first = Serving::start(store, &config);
    let mut connection = redis::Client::open(broker.url()).unwrap().get_connection().unwrap();
    wait_for(&mut connection, 3);
    let _second = Serving::start(store, &config);
    ims(store, &["receive", "TEA-1=20@2.10"]);
    wait_for(&mut connection, 4);
    assert_eq!(offsets(&mut connection), [1, 2, 3, 4], "one of the two relays");
    drop(first);
    ims(store, &["receive", "TEA-1=5@2.20"]);
    wait_for(&mut connection, 5);
    let mut all = offsets(&mut connection);
    all.dedup();
    assert_eq!(all, [1, 2, 3, 4, 5]);
}

#[test]
fn a_relay_that_cannot_be_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("ims.toml");
    std::fs::write(&config, "[[relay]]\nname = \"a\"\nurl = \"amqp://me:s3cret@mq\"\ntypes = [\"SaleCreatd\"]\n")
        .unwrap();
    let said = Command::new(env!("CARGO_BIN_EXE_ims"))
        .args(["--store", "memory:", "serve", "--listen", "127.0.0.1:0"])
        .arg("--config")
        .arg(&config)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8(said.stderr).unwrap();
    assert!(!said.status.success() && told.contains("SaleCreatd"), "{told}");
    assert!(!told.contains("s3cret"), "{told}");
}

#[test]
fn webhooks_are_managed_by_an_admin_and_by_nobody_else() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let hook = json!({"url": "https://shop.example/hooks", "types": ["SaleCreated"], "description": "the till"});
    let clerk = server.user("cleo", "clerk");
    assert_eq!(server.command("POST", "/v1/webhooks", &clerk, &hook).refused(403), "no_right");
    assert_eq!(server.post("/v1/webhooks", &admin, &hook).refused(400), "idempotency_key_missing");
    for url in ["http://shop.example/", "https://127.0.0.1/", "https://169.254.169.254/latest", "no url"] {
        let wrong = json!({"url": url});
        assert_eq!(server.command("POST", "/v1/webhooks", &admin, &wrong).refused(422), "webhook_invalid", "{url}");
    }

    let key = "0190f5a4-7e1b-7c3d-8f00-0000000000aa";
    let authorization = format!("Bearer {admin}");
    let headers = [("Authorization", authorization.as_str()), ("Idempotency-Key", key)];
    let made = server.send_with("POST", "/v1/webhooks", &headers, Some(&hook));
    assert_eq!((made.status, made.headers["location"].as_str()), (201, &*format!("/v1/webhooks/{key}")));
    let secret = made.ok()["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"));
    let again = server.send_with("POST", "/v1/webhooks", &headers, Some(&hook));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!((again.status, again.ok()["secret"].clone()), (201, Value::Null));

    for other in [json!({"url": "https://shop.example/hooks"}), json!({"url": "https://shop.example/other"})] {
        assert_eq!(server.send_with("POST", "/v1/webhooks", &headers, Some(&other)).refused(422), "id_reused");
    }

    let listed = server.get("/v1/webhooks", &admin).ok();
    assert_eq!(listed["rows"][0]["id"], key);
    assert_eq!(listed["rows"][0]["types"], json!(["SaleCreated"]));
    let shown = server.get(&format!("/v1/webhooks/{key}"), &admin).text;
    assert!(!shown.contains(&secret) && !server.log().contains(&secret));
    let relays = server.get("/v1/admin/relays", &admin).ok();
    assert_eq!(relays["rows"][0]["name"], format!("webhook:{key}"));
    assert_eq!(relays["rows"][0]["lag"], 0);
    assert_eq!(server.get("/v1/admin/relays", &clerk).refused(403), "no_right");
    let rewind = json!({"offset": 0});
    server.post(&format!("/v1/admin/relays/webhook:{key}/rewind"), &admin, &rewind).ok();
    assert_eq!(server.post("/v1/admin/relays/none/rewind", &admin, &rewind).refused(404), "not_found");

    server.send("DELETE", &format!("/v1/webhooks/{key}"), Some(&admin), None).ok();
    assert_eq!(server.get(&format!("/v1/webhooks/{key}"), &admin).refused(404), "not_found");
    assert_eq!(server.get("/v1/admin/relays", &admin).ok()["rows"], json!([]));
}
