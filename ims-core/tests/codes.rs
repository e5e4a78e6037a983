//! The list of codes in `docs/codes.md` is what the code says.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use ims_core::{Error, Rejection, StoreErrorKind};
use std::path::Path;

const REJECTIONS: &str = include_str!("forms/v1/rejections.json");

/// The rows of the list: a code and, where there is a column for them, its fields.
fn listed() -> Vec<(String, Vec<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes.md");
    let text = std::fs::read_to_string(path).expect("docs/codes.md");
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let code = cells.next()?.strip_suffix('`')?.to_owned();
        let fields = cells.next()?.split(", ").filter_map(|field| field.strip_prefix('`')?.strip_suffix('`'));
        Some((code, fields.map(str::to_owned).collect()))
    };
    // What follows is the server's own, and its test's.
    let (engine, _) = text.split_once("\n## The server\n").expect("a part about the server");
    engine.lines().filter_map(row).collect()
}

#[test]
fn every_code_is_listed_in_order_of_precedence() {
    let listed: Vec<String> = listed().into_iter().map(|(code, _)| code).collect();
    let codes = [Rejection::CODES, Error::CODES, StoreErrorKind::CODES].concat();
    assert_eq!(listed, codes);
}

#[test]
fn the_precedence_is_the_order_of_the_variants() {
    let source = include_str!("../src/rejection.rs");
    let (_, variants) = source.split_once("pub enum Rejection {\n").unwrap();
    let (variants, _) = variants.split_once("\n}").unwrap();
    let name = |line: &str| {
        let name = line.strip_prefix("    ")?.split([' ', ',']).next()?;
        name.starts_with(|c: char| c.is_ascii_uppercase()).then(|| snake_case(name))
    };
    assert_eq!(variants.lines().filter_map(name).collect::<Vec<_>>(), Rejection::CODES);
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (at, c) in name.char_indices() {
        if at > 0 && c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[test]
fn the_fields_of_a_refusal_are_listed() {
    let listed = listed();
    let forms: Vec<serde_json::Value> = serde_json::from_str(REJECTIONS).unwrap();
    for form in forms {
        let code = form["code"].as_str().expect("a code");
        let (_, fields) = listed.iter().find(|(listed, _)| listed == code).expect(code);
        let mut expected: Vec<&str> = form.as_object().unwrap().keys().map(String::as_str).collect();
        expected.retain(|key| *key != "code");
        let mut fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, expected, "{code}");
    }
}
