//! What an operator sees of `ims serve`: how it starts, what it bears, what it tells, and how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    unreachable_pub
)]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;
mod connections;
mod deployment;
mod ending;
mod figures;
#[path = "../common/grpc.rs"]
mod grpc;
mod health;
mod proxy;
mod server;
mod set_up;
mod tls;
mod traces;
