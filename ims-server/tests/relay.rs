//! Two servers on one database relay to Redis; one is killed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use serde_json::Value;
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
