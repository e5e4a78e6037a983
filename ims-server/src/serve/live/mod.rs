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
pub(crate) use question::page;
pub(crate) use rooms::Rooms;
pub(crate) use tickets::ticket;
pub(crate) use view::View;
pub(crate) use watched::watched;

use super::Service;
use axum::{Router, routing::get};

/// The streams, which are no questions with one answer.
pub(crate) fn routes() -> Router<Service> {
    Router::new().route("/v1/events/stream", get(stream::serve)).route("/v1/events/ws", get(socket::serve))
}
