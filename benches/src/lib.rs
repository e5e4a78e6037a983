//! One unit of work, and hand-written code that does the same: what the benchmarks compare the engine with.
//!
//! The unit is an order of three lines over 10,000 items, placed and shipped at once: the idempotency record, the order,
//! its lines, the stock, the movements with their cost, the sales totals of the day, and the event.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects, clippy::float_arithmetic)]
#![allow(clippy::indexing_slicing)]

pub mod plain;
pub mod table;
pub mod work;
