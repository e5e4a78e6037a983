//! Live events: the log of the shop, followed while it is written.
//!
//! Whatever is sent was read from the log. One task reads its end for all who listen ([`hub`]), writes each event once
//! ([`entry`]) and keeps the newest ([`ring`]). Everybody who listens has a position of their own ([`listener`]) and takes
//! what follows it, out of memory or, further back, out of the store: so nothing is lost and nothing comes twice, however
//! slow they are, and nothing is kept for any one of them.

mod belongs;
mod config;
mod entry;
mod follow;
mod handshake;
mod hub;
mod known;
mod listener;
mod origin;
mod pass;
mod question;
mod ring;
mod rooms;
mod seats;
mod socket;
mod stream;
#[cfg(test)]
mod tests;
mod tickets;
mod view;
mod watched;

pub(crate) use config::Config;
pub(crate) use entry::Entry;
pub(crate) use follow::{End, Follower, Words};
pub(crate) use hub::Hub;
pub(crate) use pass::Pass;
pub(crate) use question::{missed, page};
pub(crate) use rooms::Rooms;
pub(crate) use tickets::ticket;
pub(crate) use view::View;
pub(crate) use watched::watched;

use super::Service;
use axum::{Router, routing::get};

/// A way to follow the log, which is no question with one answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Followed {
    /// Its name in the log and in the document.
    pub(crate) name: &'static str,
    /// Where it is.
    pub(crate) path: &'static str,
    /// What it does.
    pub(crate) summary: &'static str,
    /// What may be said in its query, each with what it does.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    /// The status of its answer.
    pub(crate) status: u16,
    /// What that answer is.
    pub(crate) answer: &'static str,
    /// In which form it is sent; nothing of HTTP any more, where there is none.
    pub(crate) form: Option<&'static str>,
}

/// Server-sent events.
pub(crate) const STREAM: Followed = Followed {
    name: "event_stream",
    path: "/v1/events/stream",
    summary: "The log as server-sent events, from an offset on and as it grows.",
    fields: &[
        (
            "after",
            "Only events after this offset; from now on by default. A browser that lost the stream says it as Last-Event-ID.",
        ),
        ("room", "Only of these rooms, with commas between them."),
    ],
    status: 200,
    answer: "Each event is a `data` line with an `Event`, and its offset as `id`. `event: resync` says that some were \
             missed, `event: end` that the stream is over and why.",
    form: Some("text/event-stream"),
};

/// WebSockets.
pub(crate) const SOCKET: Followed = Followed {
    name: "websocket",
    path: "/v1/events/ws",
    summary: "The log by WebSocket, with rooms that may change. What is said on it is in docs/live.md.",
    fields: &[("ticket", "For browsers, which cannot send a header: what `POST /v1/events/tickets` gave.")],
    status: 101,
    answer: "The WebSocket is open.",
    form: None,
};

/// All of them at their places.
pub(crate) fn routes() -> Router<Service> {
    Router::new().route(STREAM.path, get(stream::serve)).route(SOCKET.path, get(socket::serve))
}
