//! What serde calls the kinds of Rust, in the words of JSON.

use serde::de::Unexpected;

/// Characters of a text that are shown of it.
const SHOWN_CHARS: usize = 40;

/// What stands there.
pub(super) fn found(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(is) => is.to_string(),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Char(letter) => text(&letter.to_string()),
        Unexpected::Str(text) => format!("the text {}", self::text(text)),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq | Unexpected::TupleVariant => "a list".to_owned(),
        Unexpected::Map | Unexpected::StructVariant | Unexpected::NewtypeStruct | Unexpected::NewtypeVariant => {
            "an object".to_owned()
        }
        Unexpected::Enum | Unexpected::UnitVariant => "a word".to_owned(),
        Unexpected::Bytes(_) => "no text".to_owned(),
        Unexpected::Other(what) => what.to_owned(),
    }
}

/// A text as it stands in JSON, and not more of it than a person wants to read.
pub(super) fn text(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    let end = if shown.len() < text.len() { "…" } else { "" };
    serde_json::Value::from(format!("{shown}{end}")).to_string()
}

/// What should stand there. What the project's own types expect is said in words already.
pub(super) fn expected(expected: &str) -> String {
    let first = expected.split(' ').next().unwrap_or_default();
    match (first, expected) {
        ("u8" | "u16", _) => "a small whole number of 0 or more".to_owned(),
        ("u32", _) => format!("a whole number from 0 to {}", u32::MAX),
        ("u64" | "usize" | "u128", _) => "a whole number of 0 or more".to_owned(),
        ("i8" | "i16" | "i32" | "i64" | "isize" | "i128", _) => "a whole number".to_owned(),
        ("f32" | "f64", _) => "a number".to_owned(),
        (_, "a string" | "string" | "str" | "a borrowed string") => "a text".to_owned(),
        (_, "a character") => "one character".to_owned(),
        (_, "a boolean") => "true or false".to_owned(),
        (_, "unit") => "null".to_owned(),
        (_, "a sequence") => "a list".to_owned(),
        (_, "a map" | "map" | "object") => "an object".to_owned(),
        ("struct" | "internally" | "adjacently", _) => "an object".to_owned(),
        ("enum" | "variant", _) | (_, "string or map") => "a word, or an object with one field".to_owned(),
        ("tuple", _) if expected.starts_with("tuple variant") => "a list".to_owned(),
        ("tuple", _) => "a list of a certain length".to_owned(),
        _ => expected.to_owned(),
    }
}
