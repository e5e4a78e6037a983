//! What a caller is told who gets no answer.

use ims_core::{Error, StoreError};
use serde::Serialize;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

/// Why there is no answer, as data: the package makes an error class of it.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Failure(Value);

impl Failure {
    /// What was given cannot be read as what was asked for.
    pub fn invalid_input(problem: impl std::fmt::Display) -> Self {
        Failure(json!({ "code": "invalid_input", "message": problem.to_string() }))
    }

    /// The engine is wrong about itself.
    pub(crate) fn internal(problem: impl std::fmt::Display) -> Self {
        Failure(json!({ "code": "internal", "message": problem.to_string() }))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut failure = json!({ "code": error.code(), "message": error.to_string() });
        let more = match &error {
            Error::Rejected(rejection) => ("rejection", json!(rejection)),
            Error::IdReused { id } => ("id", json!(id)),
            Error::Contended { attempts } => ("attempts", json!(attempts)),
            Error::Store(error) => ("source", json!(error.source.to_string())),
            Error::Stopped | Error::Internal { .. } => return Failure(failure),
        };
        if let Value::Object(fields) = &mut failure {
            fields.insert(more.0.to_owned(), more.1);
        }
        Failure(failure)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        failure.0.to_string().into()
    }
}
