//! One unit of work, and hand-written code that does the same: what the benchmarks compare the engine with.
//!
//! The unit is an order of three lines over 10,000 items, placed and shipped at once: the idempotency record with the
//! answer, the order's number, the order, its lines and shipment, the stock, the movements with their cost, the sales
//! totals of the day, and the event with its place in the log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::arithmetic_side_effects)]
#![allow(clippy::float_arithmetic, clippy::indexing_slicing)]

pub mod books;
pub mod by_hand;
pub mod contest;
pub mod effort;
pub mod encrypted;
pub mod http;
pub mod instances;
pub mod machine;
pub mod plain;
pub mod seller;
pub mod table;
pub mod work;
