//! Text from JavaScript, and the values that it says.

use crate::Failure;
use ims_core::limits::COMMAND_JSON_BYTES;
use js_sys::JsString;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// Takes a string of well-formed Unicode; `what` names it in the refusal.
pub(crate) fn text(what: &str, given: &JsValue) -> Result<String, Failure> {
    let Some(text) = given.dyn_ref::<JsString>() else {
        return Err(Failure::invalid_input(format_args!("{what} must be a string")));
    };
    // In UTF-8 it is at least as long.
    if usize::try_from(text.length()).unwrap_or(usize::MAX) > COMMAND_JSON_BYTES {
        return Err(too_long(what));
    }
    if !text.is_valid_utf16() {
        return Err(Failure::invalid_input(format_args!("{what} has an unpaired surrogate")));
    }
    let text = String::from(text);
    if text.len() > COMMAND_JSON_BYTES { Err(too_long(what)) } else { Ok(text) }
}

/// Reads a value from JSON.
pub(crate) fn parsed<T: DeserializeOwned>(what: &str, given: &JsValue) -> Result<T, Failure> {
    read(what, &text(what, given)?)
}

/// Reads a value from JSON.
pub(crate) fn read<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::invalid_input(format_args!("{what}: {error}")))
}

fn too_long(what: &str) -> Failure {
    Failure::invalid_input(format_args!("{what} is longer than {COMMAND_JSON_BYTES} bytes"))
}
