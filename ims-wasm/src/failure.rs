//! What a caller is told who gets no answer.

use ims_core::{CommandId, Error, StoreError};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// Why there is no answer, as data: the package makes an error class of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Failure {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<CommandId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

impl Failure {
    /// What was given cannot be read as what was asked for.
    pub fn invalid_input(problem: impl std::fmt::Display) -> Self {
        Failure { code: "invalid_input", message: problem.to_string(), ..Failure::default() }
    }

    /// The engine is wrong about itself.
    pub(crate) fn internal(problem: impl std::fmt::Display) -> Self {
        Failure { code: "internal", message: problem.to_string(), ..Failure::default() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let told = Failure { code: error.code(), message: error.to_string(), ..Failure::default() };
        match error {
            Error::IdReused { id } => Failure { id: Some(id), ..told },
            Error::Contended { attempts } => Failure { attempts: Some(attempts), ..told },
            Error::Store(error) => Failure { source: Some(error.source.to_string()), ..told },
            Error::Rejected(_) | Error::Stopped | Error::Internal { .. } => told,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        // It has nothing that could not be written.
        serde_json::to_string(&failure).unwrap_or_default().into()
    }
}
