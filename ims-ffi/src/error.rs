//! Why a call has no answer, as Kotlin and Swift catch it.

use crate::mirror::{CommandId, Mirror, Rejection};
use ims_core::{Error, StoreError};

/// Why a call was not answered. `code` is the same in every language; `reason` is for people.
#[derive(Clone, Debug, PartialEq, thiserror::Error, uniffi::Error)]
pub enum ImsError {
    /// The rules said no. This is final and recorded; nothing else changed.
    #[error("{reason}")]
    Rejected {
        /// The code of the rejection.
        code: String,
        /// What it means.
        reason: String,
        /// The rejection with its numbers.
        rejection: Rejection,
    },
    /// What was given is not a value of its kind: not a number, not an id, not a command. Nothing was done.
    #[error("{reason}")]
    InvalidInput {
        /// `invalid_input`.
        code: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The command's id was used before for a command that says something else. Nothing changed.
    #[error("{reason}")]
    IdReused {
        /// `id_reused`.
        code: String,
        /// What it means.
        reason: String,
        /// The id.
        id: CommandId,
    },
    /// The store failed. Send the same command again, with the same id: it is done at most once.
    #[error("{reason}")]
    Store {
        /// The code of the kind.
        code: String,
        /// What the store said.
        reason: String,
        /// Whether a retry can help, and whether anything may have been written.
        kind: StoreErrorKind,
    },
    /// Other writers were faster every time. Nothing changed; send the same command again.
    #[error("{reason}")]
    Contended {
        /// `contended`.
        code: String,
        /// What it means.
        reason: String,
        /// How many times it was tried.
        attempts: u32,
    },
    /// The shop was closed. A command that was under way may have been done: open it and send the command again.
    #[error("{reason}")]
    Stopped {
        /// `stopped`.
        code: String,
        /// What it means.
        reason: String,
    },
    /// The engine is wrong about itself. The command may have been done; the shop can still be used.
    #[error("{reason}")]
    Internal {
        /// `internal`.
        code: String,
        /// What should have been true.
        reason: String,
    },
}

/// What kind of failure of the store it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum StoreErrorKind {
    /// Nothing was written, and trying again may help: a deadlock, a busy file.
    Retry,
    /// The answer to a commit was lost: it may have been written. Sending the same command ids again settles it.
    Unknown,
    /// The store cannot be reached, or not in time. Nothing was written.
    Unavailable,
    /// The store is full. Nothing was written.
    Full,
    /// A total that the store keeps would not fit any more. Nothing was written.
    OutOfRange,
    /// The store may only be read. Nothing was written.
    ReadOnly,
    /// The store does not let this user in, or not see this. Nothing was written.
    Denied,
    /// There is no such store: no file, no database of this name.
    Missing,
    /// The address names no kind of store, or cannot be read.
    Address,
    /// The store was made by a newer version of this software, or is not a store of it at all.
    Schema,
    /// Rows that this software cannot have written: the store is damaged, or was changed by hand.
    Corrupt,
    /// A list was asked for in an order that it does not come in, or with a cursor of another order.
    Question,
}

/// Names the kinds on both sides once.
macro_rules! kinds {
    ($($kind:ident)*) => {
        impl From<ims_core::StoreErrorKind> for StoreErrorKind {
            fn from(kind: ims_core::StoreErrorKind) -> Self {
                match kind { $(ims_core::StoreErrorKind::$kind => StoreErrorKind::$kind,)* }
            }
        }

        impl From<StoreErrorKind> for ims_core::StoreErrorKind {
            fn from(kind: StoreErrorKind) -> Self {
                match kind { $(StoreErrorKind::$kind => ims_core::StoreErrorKind::$kind,)* }
            }
        }
    };
}

kinds!(Retry Unknown Unavailable Full OutOfRange ReadOnly Denied Missing Address Schema Corrupt Question);

impl ImsError {
    pub(crate) fn internal(reason: impl Into<String>) -> Self {
        ImsError::Internal { code: "internal".into(), reason: reason.into() }
    }

    pub(crate) fn invalid(reason: impl std::fmt::Display) -> Self {
        ImsError::InvalidInput { code: "invalid_input".into(), reason: reason.to_string() }
    }

    pub(crate) fn stopped() -> Self {
        ImsError::Stopped { code: "stopped".into(), reason: "the shop was closed".into() }
    }
}

impl From<Error> for ImsError {
    fn from(error: Error) -> Self {
        let (code, reason) = (error.code().to_owned(), error.to_string());
        match error {
            Error::Rejected(rejection) => match Rejection::from_core(&*rejection) {
                Ok(rejection) => ImsError::Rejected { code, reason, rejection },
                Err(error) => error,
            },
            Error::IdReused { id } => ImsError::IdReused { code, reason, id: CommandId { text: id.to_string() } },
            Error::Store(error) => ImsError::Store { code, reason, kind: error.kind.into() },
            Error::Contended { attempts } => ImsError::Contended { code, reason, attempts },
            Error::Stopped => ImsError::Stopped { code, reason },
            Error::Internal { .. } => ImsError::Internal { code, reason },
        }
    }
}

impl From<StoreError> for ImsError {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}
