//! Alerts: raised once when stock sinks to a threshold, resolved when it recovers.

mod acknowledge;
mod watch;

pub use acknowledge::AcknowledgeAlert;
pub(crate) use watch::watch;
