//! Describes the engine's forms to other programs, from its Rust sources.
//!
//! The types of the core derive serde and nothing else, so the sources are the only place that says all of it: names,
//! what may be left out, what it means. `sources` reads them, `model` is what they say, and each other module writes it
//! in one language.

mod docs;
mod json;
mod model;
mod numbers;
mod operations;
mod proto;
mod schemas;
mod serde_words;
mod sources;
mod texts;

use std::fs;

use serde::Serialize;

use crate::project;
use crate::steps::Done;
use model::Model;
use numbers::FieldNumbers;
use sources::Sources;

const SOURCES: &str = "ims-core/src";
const OPERATIONS: &str = "ims-server/src/serve/operations";
const SCHEMAS: &str = "ims-server/src/forms/schemas.json";
const PROTO: &str = "ims-server/proto/ims/v1/ims.proto";
const NUMBERS: &str = "ims-server/proto/numbers.json";

/// A file that is written from the sources.
struct Written {
    path: &'static str,
    text: String,
}

/// Writes the files.
pub(crate) fn write() -> Result<(), String> {
    for Written { path, text } in files()? {
        fs::write(project::root().join(path), text).map_err(|error| format!("{path}: {error}"))?;
        println!("{path} is written");
    }
    Ok(())
}

/// Fails where a file is not what the sources say.
pub(crate) fn check() -> Result<Done, String> {
    for Written { path, text } in files()? {
        let there = fs::read_to_string(project::root().join(path)).map_err(|error| format!("{path}: {error}"))?;
        if there != text {
            return Err(format!("{path} is not what ims-core says: run `cargo xtask forms`"));
        }
        println!("{path} is what ims-core says");
    }
    Ok(Done::Ran)
}

fn files() -> Result<Vec<Written>, String> {
    let sources = Sources::read(&project::root().join(SOURCES))?;
    let listed = operations::read(&project::root().join(OPERATIONS))?;
    let model = Model::of(&sources, &listed)?;
    let mut numbers = read_numbers()?;
    let proto = proto::print(&proto::file_of(&model)?, &mut numbers);
    Ok(vec![
        Written { path: SCHEMAS, text: pretty(&schemas::file_of(&model, &sources.numbers)?)? },
        Written { path: PROTO, text: proto },
        Written { path: NUMBERS, text: pretty(&numbers)? },
    ])
}

fn pretty(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(value).map(|json| json + "\n").map_err(|error| error.to_string())
}

/// The numbers that were given before: this file is read as well as written.
fn read_numbers() -> Result<FieldNumbers, String> {
    let text = fs::read_to_string(project::root().join(NUMBERS)).map_err(|error| format!("{NUMBERS}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{NUMBERS}: {error}"))
}
