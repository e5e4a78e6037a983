//! The suite that every store must pass.
//!
//! A store is conformant when nobody can tell it from [`crate::MemoryStore`] by what it loads, commits, reports and
//! logs, however many engines work on it at once. The suite knows a store only through [`StoreFactory`]; it spawns
//! nothing, sleeps never and needs no runtime of its own, so that it runs on threads, in a browser, and behind a foreign
//! language alike. Concurrency comes from futures that are polled side by side and from several handles of one store.
//!
//! ```
//! use ims_core::conformance::{self, StoreFactory};
//! use ims_core::{MemoryStore, StoreError};
//!
//! struct InMemory;
//!
//! impl StoreFactory for InMemory {
//!     type Store = MemoryStore;
//!
//!     async fn fresh(&self) -> Result<MemoryStore, StoreError> {
//!         Ok(MemoryStore::new())
//!     }
//!
//!     async fn reopen(&self, store: &MemoryStore) -> Result<MemoryStore, StoreError> {
//!         Ok(store.clone())
//!     }
//! }
//!
//! let report = futures_executor::block_on(conformance::run_case(&InMemory, "an_empty_store_is_empty"));
//! assert!(report.is_ok());
//! ```
//!
//! [`run`] runs every case and reports all that fail; [`conformance_tests!`](crate::conformance_tests) makes a `#[test]`
//! of each. Cases of the first kind commit hand-made changes and compare what is loaded, scanned and logged with a model
//! that is simple enough to be seen to be right. Cases of the second kind run [`crate::Ims`] on the store and compare
//! with the same commands on a [`crate::MemoryStore`].

mod batches;
mod cases;
mod conflicts;
mod drive;
mod engines;
mod events;
mod finding;
mod interruptions;
mod lists;
mod model;
mod questions;
mod races;
mod reports;
mod rows;
mod sample;
mod script;
mod totals;

pub use cases::{CASES, run_case};
pub use finding::{Failure, Finding};

use crate::{Reports, Store, StoreError};
use std::{fmt, future::Future};

/// Makes the stores that the suite works on.
pub trait StoreFactory {
    /// A handle of a store, with its reports.
    type Store: Store + Reports;

    /// Makes a store that has nothing in it and shares nothing with any other. Every case asks for one, once.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be made; the case fails with it.
    fn fresh(&self) -> impl Future<Output = Result<Self::Store, StoreError>>;

    /// Opens the store of a handle once more, as another process would: what both share is what is stored.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be opened; the case fails with it.
    fn reopen(&self, store: &Self::Store) -> impl Future<Output = Result<Self::Store, StoreError>>;
}

/// What became of every case.
#[derive(Debug, Default)]
pub struct Report {
    /// The cases that the store has passed, in the order in which they ran.
    pub passed: Vec<&'static str>,
    /// Those that it has not.
    pub failed: Vec<Failure>,
}

impl Report {
    /// Whether the store has passed every case.
    pub fn is_clean(&self) -> bool {
        self.failed.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.passed {
            writeln!(f, "passed  {case}")?;
        }
        for failure in &self.failed {
            writeln!(f, "FAILED  {failure}")?;
        }
        write!(f, "conformance: {} passed, {} failed", self.passed.len(), self.failed.len())
    }
}

/// Runs every case, each on a store of its own.
pub async fn run<F: StoreFactory>(factory: &F) -> Report {
    let mut report = Report::default();
    for case in CASES {
        match run_case(factory, case).await {
            Ok(()) => report.passed.push(case),
            Err(failure) => report.failed.push(failure),
        }
    }
    report
}
