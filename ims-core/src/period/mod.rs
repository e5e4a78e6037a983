//! Periods: what is closed stays closed, unless somebody opens it again and says why.

mod close;

pub use close::ClosePeriod;
