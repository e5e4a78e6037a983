//! What the project's own commands and its tests share: the throw-away database servers.
//!
//! It needs a Unix: a server is kept by a shell, and its clean-up by a pipe.
//!
//! The commands themselves are in the binary: run `cargo xtask` to see them.

pub mod machine;
pub mod servers;
