//! Everything that the engine has written down somewhere is as its schema says.

use crate::{Schemas, assert_fits, json_of, text_of};
use ims_core::{Command, Error, Rejection, StoreErrorKind};
use serde_json::Value;
use std::{collections::BTreeSet, fs};

fn examples(name: &str) -> Vec<Value> {
    serde_json::from_str(&text_of(&format!("ims-core/tests/forms/v1/{name}.json"))).unwrap()
}

/// The steps of all scenarios that are told, not made from a seed.
fn steps() -> Vec<Value> {
    let mut steps = Vec::new();
    for entry in fs::read_dir(ims_scenarios::folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".json") {
            steps.extend(json_of(&format!("scenarios/{name}"))["steps"].as_array().into_iter().flatten().cloned());
        }
    }
    assert!(steps.len() > 100, "only {} steps were found", steps.len());
    steps
}

#[test]
fn every_guarded_form_is_as_its_schema_says() {
    let schemas = Schemas::read();
    for (file, name) in [
        ("commands", "Command"),
        ("contexts", "Context"),
        ("receipts", "Receipt"),
        ("rejections", "Rejection"),
        ("events", "Event"),
        ("answers", "Answer"),
    ] {
        let validator = schemas.of(name);
        let examples = examples(file);
        assert!(!examples.is_empty());
        examples.iter().for_each(|example| assert_fits(&validator, example));
    }
}

#[test]
fn every_step_of_a_scenario_is_as_its_schema_says() {
    let schemas = Schemas::read();
    let (context, command, answer) = (schemas.of("Context"), schemas.of("Command"), schemas.of("Answer"));
    for step in steps() {
        assert_fits(&context, &step["context"]);
        assert_fits(&command, &step["command"]);
        // A file may say only the code of a refusal.
        let said = &step["answer"];
        if said["refused"].as_object().is_none_or(|refusal| refusal.len() > 1) {
            assert_fits(&answer, said);
        }
    }
}

#[test]
fn every_request_is_known_by_the_name_of_its_command() {
    let schemas = Schemas::read();
    let names: BTreeSet<&str> = Command::NAMES.iter().copied().collect();
    let listed = schemas.names("commands");
    assert_eq!(listed.iter().map(String::as_str).collect::<BTreeSet<_>>(), names);
    for example in examples("commands") {
        let (name, request) = example.as_object().unwrap().iter().next().unwrap();
        let schema = schemas.file["commands"][name]["request"].as_str().unwrap();
        assert_fits(&schemas.of(schema), request);
    }
}

#[test]
fn every_code_is_listed() {
    let schemas = Schemas::read();
    assert_eq!(schemas.words("ErrorCode"), Error::CODES);
    assert_eq!(schemas.words("StoreErrorCode"), StoreErrorKind::CODES);
    let refusals = schemas.file["schemas"]["Rejection"]["oneOf"].as_array().unwrap();
    let codes: Vec<&str> =
        refusals.iter().map(|refusal| refusal["properties"]["code"]["const"].as_str().unwrap()).collect();
    assert_eq!(codes, Rejection::CODES);
}
