//! The shop itself.

mod open;

pub use open::OpenShop;
