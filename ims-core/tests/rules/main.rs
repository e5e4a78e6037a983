//! What the rules are, each told as a short story: `check(given(..), command, expect(..))`.
//!
//! One file a noun; the words are in `words`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod alert;
mod bundle;
mod cost;
mod exactly_once;
mod hold;
mod item;
mod limit;
mod location;
mod order;
mod party;
mod period;
mod purchase;
mod return_goods;
mod shop;
mod stock;
mod words;
