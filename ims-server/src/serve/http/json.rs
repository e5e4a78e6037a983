//! JSON read strictly: what two readers could understand in two ways is refused.

use crate::serve::Problem;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, error::Category};
use std::fmt;

/// Reads a text whose values lie at most so deep inside each other.
///
/// # Errors
/// `malformed`, with the place of the fault: JSON that is none, a field that is there twice, a text with a NUL, values too
/// deep inside each other.
pub(crate) fn read(bytes: &[u8], depth_limit: usize) -> Result<Value, Problem> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Problem::malformed("the body is not UTF-8"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
    let read = Strict { depth_left: depth_limit, depth_limit }.deserialize(tracked);
    // The reader ends a path with a question mark where it does not know the name of a field yet.
    let path = |path: String| path.trim_end_matches('?').trim_end_matches('.').to_owned();
    let value = read.map_err(|error| match error.classify() {
        // Where it ends too early says nothing about a field.
        Category::Eof => Problem::malformed(said(&error)),
        Category::Data | Category::Syntax | Category::Io => Problem::at(&path(track.path().to_string()), &said(&error)),
    })?;
    reader.end().map_err(|error| Problem::malformed(said(&error)))?;
    Ok(value)
}

/// What is wrong. What `Strict` says comes with the place in the text behind it, which the path says better.
fn said(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Data => {
            let said = error.to_string();
            said.rsplit_once(" at line ").map_or(said.clone(), |(said, _)| said.to_owned())
        }
        Category::Eof => format!("the body is not JSON: it ends too early, at {place}"),
        Category::Syntax | Category::Io => format!("the body is not JSON: see {place}"),
    }
}

/// Reads a value that may have so many more values inside each other.
#[derive(Clone, Copy)]
struct Strict {
    depth_left: usize,
    depth_limit: usize,
}

impl Strict {
    fn inside<E: Error>(self) -> Result<Strict, E> {
        let too_deep = || E::custom(format!("more than {} values lie inside each other", self.depth_limit));
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(too_deep)?;
        Ok(Strict { depth_left, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is too large"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        if text.contains('\0') {
            return Err(E::custom("a text must not have a NUL in it"));
        }
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(inside)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut fields = Map::new();
        while let Some(Name(name)) = object.next_key()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format!("the field {name} is there twice")));
            }
            let value = object.next_value_seed(inside)?;
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}

/// The name of a field.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Name, D::Error> {
        String::deserialize(reader).map(Name)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(text: &[u8]) -> (Option<String>, String) {
        let problem = read(text, 4).unwrap_err();
        assert_eq!(problem.code(), "malformed");
        let at = problem.fields().get("at").and_then(Value::as_str).map(str::to_owned);
        (at, problem.detail().to_owned())
    }

    #[test]
    fn json_is_read_as_it_is() {
        let text = br#" {"a": [1, -2, 2.5, true, null, "\u00e9"], "b": {}} "#;
        assert_eq!(read(text, 4).unwrap(), json!({"a": [1, -2, 2.5, true, null, "é"], "b": {}}));
    }

    #[test]
    fn a_field_that_is_there_twice_is_refused_where_it_is() {
        let (at, detail) = refused(br#"{"lines": [{"item": "a"}, {"item": "b", "item": "c"}]}"#);
        assert_eq!(at.as_deref(), Some("lines[1]"));
        assert!(detail.contains("the field item is there twice"), "{detail}");
    }

    #[test]
    fn a_nul_is_refused_where_it_is() {
        let (at, detail) = refused(br#"{"lines": [{"note": "a\u0000b"}]}"#);
        assert_eq!(at.as_deref(), Some("lines[0].note"));
        assert!(detail.contains("NUL"), "{detail}");
    }

    #[test]
    fn values_too_deep_inside_each_other_are_refused() {
        assert!(read(b"[[[[]]]]", 4).is_ok());
        assert!(refused(b"[[[[[]]]]]").1.contains("more than 4 values"));
        assert!(refused("[".repeat(100_000).as_bytes()).1.contains("more than 4 values"));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [&b"{"[..], b"{} {}", b"nul", b"\xff", b"\"\xff\"", b"{\"a\": 1e999}", b"{\"a\": 01}", b"", b"NaN"]
        {
            refused(text);
        }
    }
}
