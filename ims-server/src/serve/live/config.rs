//! How live events are served.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How live events are served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Listeners at once, of all callers: streams, WebSockets and those who wait for a page.
    pub(crate) listeners: usize,
    /// Listeners at once of one caller.
    pub(crate) listeners_per_caller: usize,
    /// Between two looks at the log while it grows and somebody listens. What this process writes is heard at once; other
    /// processes on the same store are not.
    pub(crate) poll_fastest_ms: u64,
    /// Between two looks at the log while nothing happens and somebody listens.
    pub(crate) poll_slowest_ms: u64,
    /// For every thousand listeners, how long events are gathered before they are sent together. The first event after a
    /// pause never waits.
    pub(crate) gather_ms_per_1000: u64,
    /// At most how long events are gathered.
    pub(crate) gather_most_ms: u64,
    /// Events that are kept in memory for listeners who are a little behind.
    pub(crate) kept_events: usize,
    /// Bytes of events that are kept in memory.
    pub(crate) kept_bytes: usize,
    /// Listeners who are further behind read the store; so many of them at once, and one of each caller.
    pub(crate) readers: u32,
    /// A listener who had caught up and falls this many events behind is told to begin anew.
    pub(crate) most_behind_events: u64,
    /// Events that are sent to a listener at once.
    pub(crate) batch_events: usize,
    /// Bytes that are sent to a listener at once.
    pub(crate) batch_bytes: usize,
    /// Until a listener who does not read is dropped.
    pub(crate) write_timeout_ms: u64,
    /// Between two signs of life.
    pub(crate) heartbeat_ms: u64,
    /// Until a WebSocket that answers no ping is dropped.
    pub(crate) idle_timeout_ms: u64,
    /// Until it is asked again whether a listener may still listen.
    pub(crate) recheck_ms: u64,
    /// How long a stream's client should wait before it comes again.
    pub(crate) retry_ms: u64,
    /// At most how long a page of events is waited for.
    pub(crate) most_wait_ms: u64,
    /// Bytes of a message that a WebSocket's client sends.
    pub(crate) message_bytes: usize,
    /// Rooms that a listener may be in at once.
    pub(crate) rooms: usize,
    /// Until a ticket for a WebSocket lapses.
    pub(crate) ticket_ms: u64,
    /// Pages that may open a WebSocket, such as `https://shop.example`. Pages of this server itself always may.
    pub(crate) origins: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listeners: 10_000,
            listeners_per_caller: 1_000,
            poll_fastest_ms: 20,
            poll_slowest_ms: 250,
            gather_ms_per_1000: 25,
            gather_most_ms: 100,
            kept_events: 10_000,
            kept_bytes: 16 * 1024 * 1024,
            readers: 2,
            most_behind_events: 100_000,
            batch_events: 100,
            batch_bytes: 64 * 1024,
            write_timeout_ms: 10_000,
            heartbeat_ms: 15_000,
            idle_timeout_ms: 45_000,
            recheck_ms: 30_000,
            retry_ms: 1_000,
            most_wait_ms: 25_000,
            message_bytes: 16 * 1024,
            rooms: 100,
            ticket_ms: 30_000,
            origins: Vec::new(),
        }
    }
}
