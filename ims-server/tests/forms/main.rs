//! What the server tells other programs about the engine's forms, held against the forms themselves.
//!
//! `src/forms/schemas.json` is written from the sources of the engine; what is checked here are values that the engine
//! has written, and whether it refuses what the schemas refuse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod answers;
mod examples;
mod refusals;

use jsonschema::Validator;
use serde_json::{Value, json};
use std::{fs, path::Path};

/// A path from the folder of the workspace.
fn text_of(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json_of(path: &str) -> Value {
    serde_json::from_str(&text_of(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The schemas, as a frontend publishes them.
struct Schemas {
    file: Value,
}

impl Schemas {
    fn read() -> Self {
        Schemas { file: json_of("ims-server/src/forms/schemas.json") }
    }

    /// Tells whether a value has the form of this type.
    fn of(&self, name: &str) -> Validator {
        assert!(self.file["schemas"].get(name).is_some(), "there is no schema for {name}");
        self.at(&json!({"$ref": format!("#/components/schemas/{name}")}))
    }

    /// Tells whether a value is as a schema says that names others.
    fn at(&self, schema: &Value) -> Validator {
        let mut whole = schema.clone();
        whole["components"] = json!({"schemas": self.file["schemas"]});
        jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
    }

    fn names(&self, part: &str) -> Vec<String> {
        self.file[part].as_object().unwrap().keys().cloned().collect()
    }

    fn words(&self, name: &str) -> Vec<String> {
        serde_json::from_value(self.file["schemas"][name]["enum"].clone()).unwrap()
    }
}

/// Fails with all that a schema has against a value.
fn assert_fits(validator: &Validator, value: &Value) {
    let problems: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(problems.is_empty(), "{value}\n{}", problems.join("\n"));
}
