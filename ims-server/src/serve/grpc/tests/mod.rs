#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod client;
mod events;
mod flow;
mod forms;
mod limits;
