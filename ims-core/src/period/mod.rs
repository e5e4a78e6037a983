//! Periods: what is closed stays closed.

mod close;

pub use close::ClosePeriod;
