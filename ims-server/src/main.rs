//! The command line of IMS: a shop's stock, orders, purchases and reports, on any store.

mod cli;
mod client;
mod demo;
mod engine;
mod export;
mod failure;
mod import;
mod line_arg;
mod lookup;
mod memory;
mod moment;
mod output;
mod progress;
mod replay;
mod serve;
mod session;
mod spreadsheet;
mod stopwatch;
mod store_url;
mod wire;

use std::process::ExitCode;

/// Gives memory back to the system once it is free: the one that a system brings may keep it for good (docs/adr/0022).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
