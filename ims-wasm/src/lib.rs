//! The engine for JavaScript: `ims_core` on memory or on IndexedDB, behind one class.
//!
//! What is exported here takes and gives JSON text; the package's TypeScript (`ims-wasm/ts`) makes typed methods of it.
//! Nothing here knows a rule: it parses, calls and prints.
#![cfg(target_family = "wasm")]

mod ask;
mod door;
mod engine;
mod failure;
mod indexed;
mod panics;
mod text;

pub use door::{Door, On};
pub use engine::{Engine, message_of};
pub use failure::Failure;
pub use indexed::IndexedStore;
pub use panics::Panicked;
