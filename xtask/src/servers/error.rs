use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::Engine;

/// Says why there is no server, or why it did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServerError {
    /// No address in the environment, no binary and no Docker engine.
    #[error("there is no {engine} server here: {advice}")]
    Missing {
        /// The engine that was asked for.
        engine: Engine,
        /// What to install or to set.
        advice: String,
    },
    /// The address in the environment is not one. Its text is left out: it may hold a password.
    #[error(
        "{variable} is not an address of a {engine} server, such as {example}",
        variable = engine.variable(),
        example = engine.example()
    )]
    Address {
        /// The engine that was asked for.
        engine: Engine,
    },
    /// The server ended before it answered, or did not answer in time.
    #[error("{engine} did not start ({why}); the end of its log:\n{log}")]
    NotStarted {
        /// The engine that was asked for.
        engine: Engine,
        /// What was seen from outside.
        why: String,
        /// The last lines of the server's log.
        log: String,
    },
    /// The server answered, and the answer was an error.
    #[error("{engine} refused `{statement}`: {message}")]
    Refused {
        /// The engine that was asked.
        engine: Engine,
        /// The SQL that was sent.
        statement: String,
        /// What the server or its client said.
        message: String,
    },
    /// A program could not be run at all.
    #[error("cannot run {}", program.display())]
    Program {
        /// The program's path or name.
        program: PathBuf,
        /// What the operating system said.
        source: Arc<io::Error>,
    },
}

impl ServerError {
    pub(super) fn program(program: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Program { program: program.into(), source: Arc::new(source) }
    }
}
