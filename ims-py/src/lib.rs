//! The native half of the Python package `ims`: it parses what Python gives, calls the engine, and gives Python what
//! came of it. What a Python programmer sees is in `python/ims`.
//!
//! - `book`: which Python class stands for which Rust type; Python tells it once, when it is imported.
//! - `take`, `give`: Python objects as serde input and output, so that a new command needs no code here.
//! - `engine`: the class that everything goes through; `wait`: with the interpreter's lock released; `answers`: for those
//!   who do not wait; `gate`: nobody is in here when the interpreter ends.
//! - `question`, `columns`, `stream`: reports as objects and as Arrow.

mod answers;
mod book;
mod cache;
mod columns;
mod context;
mod driver;
mod engine;
mod failure;
mod fuse;
mod gate;
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
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::answers::give_answers;
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

    /// Has Python say when it ends.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let end = wrap_pyfunction!(crate::gate::end, module)?;
        module.py().import("atexit")?.call_method1("register", (end,))?;
        Ok(())
    }
}
