//! A made-up shop that trades for some months: something to look at. Everything follows from one seed.

mod assortment;
mod random;
mod setup;
mod trade;

pub(crate) use trade::{Traded, run};
