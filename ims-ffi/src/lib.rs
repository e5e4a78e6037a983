//! IMS for Kotlin and Swift.
//!
//! [`Ims`] is the whole of it: a shop opened by URL, with a function for every command and every report. The types that
//! cross the border are in `mirror/`: each looks like one of `ims-core` and is turned into it, so that this crate knows
//! no rule. A store may also be written on the other side of the border: see [`KeyedStore`].
//!
//! Every function returns a `Result`: what panics here is an [`ImsError::Internal`] there. Work runs on threads of this
//! crate, so that a caller that gives up leaves nothing half done.

#![allow(
    clippy::result_large_err,
    clippy::large_enum_variant,
    reason = "what crosses the border is written out anyway"
)]

mod conformance;
mod engine;
mod error;
mod events;
mod foreign;
mod ims;
mod mirror;
mod reports;
mod runtime;
mod store;
mod verbs;

pub use conformance::{ConformanceReport, KeyedStores, check_conformance};
pub use error::{ImsError, StoreErrorKind};
pub use foreign::{KeyRange, KeyedRow, KeyedRows, KeyedStore, KeyedStoreError, KeyedWrite};
pub use ims::{Ims, Outcome, Request};
pub use mirror::*;

uniffi::setup_scaffolding!("ims");
