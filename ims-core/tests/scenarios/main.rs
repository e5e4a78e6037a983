//! The stories that every store and language agrees on, on the memory store.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use futures_executor::block_on;
use ims_core::MemoryStore;
use ims_scenarios::{check_all, play};

#[test]
fn every_story_holds() {
    check_all("memory", |story| block_on(play(MemoryStore::new(), story))).unwrap_or_else(|wrong| panic!("{wrong}"));
}
