//! Why a command has no answer.

use crate::{CommandId, Rejection, StoreError};
use std::sync::Arc;

/// A command was refused, or has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The rules said no. This is final and recorded; nothing else changed.
    #[error(transparent)]
    Rejected(Box<Rejection>),
    /// The command's id was used before for a command that says something else. Nothing changed.
    #[error("this command id was used before, for a command that said something else")]
    IdReused {
        /// The id.
        id: CommandId,
    },
    /// The store failed. Send the same command again, with the same id: it is done at most once.
    #[error("{0}")]
    Store(Arc<StoreError>),
    /// Other writers were faster every time. Nothing changed; send the same command again.
    #[error("other writers were faster {attempts} times in a row; send the same command again")]
    Contended {
        /// How many times it was tried.
        attempts: u32,
    },
    /// The engine was stopped before the command was answered: it may have been done. Send it again to find out.
    #[error("the engine was stopped; send the same command again to settle it")]
    Stopped,
    /// The engine is wrong about itself. Nothing changed.
    #[error("the engine's own rule was broken: {invariant}")]
    Internal {
        /// What should have been true.
        invariant: &'static str,
    },
}

impl Error {
    /// The codes of what is neither a refusal nor a failure of the store.
    pub const CODES: &'static [&'static str] = &["id_reused", "contended", "stopped", "internal"];

    /// A code that is the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Rejected(rejection) => rejection.code(),
            Error::IdReused { .. } => "id_reused",
            Error::Store(error) => error.kind.code(),
            Error::Contended { .. } => "contended",
            Error::Stopped => "stopped",
            Error::Internal { .. } => "internal",
        }
    }
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        Error::Rejected(Box::new(rejection))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::Store(Arc::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_its_own_is_listed() {
        let own = [
            Error::IdReused { id: CommandId::from_u128(1) },
            Error::Contended { attempts: 1 },
            Error::Stopped,
            Error::Internal { invariant: "" },
        ];
        assert_eq!(own.each_ref().map(Error::code).as_slice(), Error::CODES);
    }
}
