//! Relays against real brokers, ones that die, ones that never answer, and listeners that say no.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod brokers;
mod codes;
mod heard;
mod instances;
mod kafka;
mod recorder;
mod shop;
mod webhooks;

use super::{
    Relays, Running, Settings,
    config::{Kind, Pace, Relay, Webhooks},
    status::RelayLine,
};
use heard::Heard;
use ims_core::{AnyStore, Offset};
use ims_sqlx::Registry;
use shop::Shop;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Longer than anything here ever takes.
const PATIENCE: Duration = Duration::from_secs(180);

/// How fast relays are in tests.
const PACE: Pace = Pace { lease_ms: 3_000, poll_ms: 20 };

/// Waits until a question is answered with something.
async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "this never came: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A relay to a broker that fails fast.
fn relay(kind: Kind, url: &str) -> Relay {
    Relay {
        name: "test".to_owned(),
        kind,
        url: Some(url.to_owned().into()),
        batch: 4,
        ack_timeout_ms: 2_000,
        backoff_most_ms: 200,
        ..Relay::default()
    }
}

/// Starts relays on a store.
fn start(store: &AnyStore, registry: &Registry, relays: &[Relay]) -> (Relays, Running) {
    let woken = watch::channel(Offset::START).1;
    let webhooks = &Webhooks { timeout_ms: 500, ..Webhooks::default() };
    let settings = Settings { relays, pace: PACE, webhooks };
    Relays::start(store.clone(), registry.clone(), settings, woken).unwrap()
}

/// What is known of the one relay.
async fn line(relays: &Relays) -> RelayLine {
    eventually("a relay", async || relays.list().await.unwrap().into_iter().next()).await
}

/// Waits until the one relay has come this far.
async fn reached(relays: &Relays, offset: u64) {
    eventually("the relay's position", async || (line(relays).await.position.0 >= offset).then_some(())).await;
}

/// Waits until the one relay has sent everything.
async fn caught_up(relays: &Relays) {
    eventually("no lag", async || {
        let line = line(relays).await;
        (line.lag == 0 && line.state == "running").then_some(())
    })
    .await;
}
