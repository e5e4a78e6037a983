//! The native half of the Python package `ims`: it parses what Python gives, calls the engine, and gives Python what
//! came of it. What a Python programmer sees is in `python/ims`.
//!
//! - `book`: which Python class stands for which Rust type; Python tells it once, when it is imported.
//! - `take`, `give`: Python objects as serde input and output, so that a new command needs no code here.
//! - `engine`: the class that everything goes through; `wait`: with the interpreter's lock released.
//! - `question`, `columns`, `stream`: reports as objects and as Arrow.

mod book;
mod cache;
mod columns;
mod context;
mod driver;
mod engine;
mod failure;
mod fuse;
mod give;
mod logging;
mod outcomes;
mod question;
mod runtime;
mod stream;
mod take;
mod wait;
mod words;

/// The module `ims._native`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::book::learn;
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::logging::{log_level, log_records};
    #[pymodule_export]
    use crate::outcomes::{Replies, Told};
    #[pymodule_export]
    use crate::stream::Fetched;
    #[pymodule_export]
    use crate::words::words;
}
