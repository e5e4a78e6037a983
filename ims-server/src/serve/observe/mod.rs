//! What those who run the server see of it: figures, traces and the log.

pub(crate) mod business;
mod connections;
mod engine;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod exported;
mod figures;
mod listener;
mod logs;
mod panics;
mod process;
mod relays;
mod requests;
mod seen;
mod store;
mod traces;
mod writes;

pub(crate) use connections::Connections;
pub(crate) use engine::Engine;
pub(crate) use figures::Figures;
pub(crate) use listener::router as figures_router;
pub(crate) use logs::start as start_logs;
pub(crate) use panics::watch as watch_panics;
pub(crate) use relays::RelaysSeen;
pub(crate) use requests::observe;
pub(crate) use seen::Seen;
pub(crate) use store::watched;
pub(crate) use traces::Traces;
pub(crate) use writes::Writes;
