//! The schemas of all that is asked and answered: the engine's, which are written from its sources, and the server's own.

use super::{auth, batch, days, operations, problem, reference};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The engine's, as `cargo xtask forms` writes them.
const ENGINE: &str = include_str!("../forms/schemas.json");
/// The server's own: JSON objects of schemas by name.
const OWN: &[&str] = &[problem::SCHEMAS, batch::SCHEMAS, reference::SCHEMAS, days::SCHEMAS, auth::SCHEMAS];

/// What the file of the engine's schemas says.
#[derive(Deserialize)]
struct File {
    commands: Map<String, Value>,
    reports: Map<String, Value>,
    schemas: IndexMap<String, Value>,
}

/// The fields of a schema, in its order.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shape {
    properties: IndexMap<String, Value>,
}

/// All of them.
struct Forms {
    commands: Map<String, Value>,
    reports: Map<String, Value>,
    schemas: Map<String, Value>,
    shapes: IndexMap<String, Shape>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(read);

/// The texts are a part of the program, and a test reads them.
fn read() -> Forms {
    #[derive(Deserialize)]
    struct Shapes {
        schemas: IndexMap<String, Shape>,
    }
    let none = || File { commands: Map::new(), reports: Map::new(), schemas: IndexMap::new() };
    let file: File = serde_json::from_str(ENGINE).unwrap_or_else(|_| none());
    let mut schemas: Map<String, Value> = file.schemas.into_iter().collect();
    let mut shapes = serde_json::from_str::<Shapes>(ENGINE).map(|file| file.schemas).unwrap_or_default();
    for own in OWN.iter().chain(operations::SCHEMAS) {
        schemas.extend(serde_json::from_str::<Map<String, Value>>(own).unwrap_or_default());
        shapes.extend(serde_json::from_str::<IndexMap<String, Shape>>(own).unwrap_or_default());
    }
    Forms { commands: file.commands, reports: file.reports, schemas, shapes }
}

/// All schemas by name.
pub(crate) fn schemas() -> &'static Map<String, Value> {
    &FORMS.schemas
}

/// A command, as it is documented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    /// What it does, in a line.
    pub(crate) summary: &'static str,
    /// The schema of its request.
    pub(crate) request: &'static str,
    /// The schema of what it makes or changes.
    pub(crate) answer: &'static str,
}

/// The command of this name.
pub(crate) fn command(name: &str) -> Option<Command> {
    let command = FORMS.commands.get(name)?;
    let text = |field: &str| command.get(field)?.as_str();
    Some(Command { summary: text("description")?, request: text("request")?, answer: text("answer")? })
}

/// The schema of a filter of the engine's list of this name.
fn filter(list: &str, field: &str) -> Option<&'static Value> {
    let query = FORMS.reports.get(list)?.get("parameters")?.get("query")?;
    let query = FORMS.schemas.get(target(query)?)?;
    match query.get("properties") {
        Some(fields) => fields.get(field),
        // A word alone, such as which alerts.
        None => Some(query),
    }
}

/// The schema of a filter of a list, or of the list that this one is a part of: the movements of an item are some of all.
pub(crate) fn filter_of(list: &str, field: &str) -> Option<&'static Value> {
    let whole = || list.split_once('_').and_then(|(_, whole)| filter(whole, field));
    filter(list, field).or_else(whole)
}

/// Whether a filter of a list is a moment.
pub(crate) fn is_moment(list: &str, field: &str) -> bool {
    let mut is_moment = false;
    if let Some(schema) = filter_of(list, field) {
        each_target(schema, &mut |name| is_moment |= name == "Timestamp");
    }
    is_moment
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One text, number or word.
    Scalar,
    /// Several of these.
    Scalars,
    /// An object of this schema.
    Object(String),
    /// A list of something else, or one of several things.
    Other,
}

/// The fields of a schema, in its order.
pub(crate) fn fields(schema: &str) -> impl Iterator<Item = (&'static str, Kind)> {
    let shape = FORMS.shapes.get(schema);
    shape.into_iter().flat_map(|shape| &shape.properties).map(|(name, value)| (name.as_str(), kind(value)))
}

fn kind(schema: &Value) -> Kind {
    if let Some(name) = target(schema) {
        let Some(schema) = FORMS.schemas.get(name) else { return Kind::Other };
        let is_object = schema.get("type").is_some_and(|kind| kind == "object") && schema.get("properties").is_some();
        return if is_object { Kind::Object(name.to_owned()) } else { kind(schema) };
    }
    let one_of = || schema.get("oneOf").and_then(Value::as_array);
    match schema.get("type") {
        Some(Value::String(list)) if list == "array" => match schema.get("items").map(kind) {
            Some(Kind::Scalar) => Kind::Scalars,
            _ => Kind::Other,
        },
        Some(Value::String(kind)) => of_types(std::iter::once(kind.as_str())),
        Some(Value::Array(kinds)) => of_types(kinds.iter().filter_map(Value::as_str)),
        _ => match one_of().map(Vec::as_slice) {
            // Something or nothing.
            Some([some, nothing]) if nothing.get("type").is_some_and(|kind| kind == "null") => kind(some),
            _ => Kind::Other,
        },
    }
}

fn of_types<'a>(mut kinds: impl Iterator<Item = &'a str>) -> Kind {
    if kinds.all(|kind| matches!(kind, "string" | "integer" | "number" | "boolean" | "null")) {
        Kind::Scalar
    } else {
        Kind::Other
    }
}

/// Where the schemas of a document are.
const PLACE: &str = "#/components/schemas/";

/// The name of the schema that one names in its place.
pub(crate) fn target(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(PLACE)
}

/// Names a schema in its place.
pub(crate) fn named(schema: &str) -> Value {
    serde_json::json!({ "$ref": format!("{PLACE}{schema}") })
}

/// Visits the names of all schemas that one names.
pub(crate) fn each_target<'a>(schema: &'a Value, visit: &mut impl FnMut(&'a str)) {
    match schema {
        Value::Object(fields) => {
            if let Some(name) = target(schema) {
                visit(name);
            }
            fields.values().for_each(|value| each_target(value, visit));
        }
        Value::Array(values) => values.iter().for_each(|value| each_target(value, visit)),
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_schema_is_read_and_none_is_there_twice() {
        let engine: File = serde_json::from_str(ENGINE).unwrap();
        let mut names: Vec<String> = engine.schemas.keys().cloned().collect();
        for own in OWN.iter().chain(operations::SCHEMAS) {
            names.extend(serde_json::from_str::<IndexMap<String, Value>>(own).unwrap().into_keys());
        }
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert_eq!(schemas().len(), names.len());
        assert_eq!(FORMS.shapes.len(), names.len());
    }

    #[test]
    fn every_schema_that_is_named_is_there() {
        for (name, schema) in schemas() {
            each_target(schema, &mut |other| assert!(schemas().contains_key(other), "{name} names {other}"));
        }
    }

    #[test]
    fn fields_are_told_in_their_order() {
        let fields: Vec<(&str, Kind)> = fields("Customer").collect();
        assert_eq!(fields[0], ("id", Kind::Scalar));
        assert_eq!(fields[2], ("contact", Kind::Object("Contact".to_owned())));
        assert!(super::fields("Order").any(|field| field == ("lines", Kind::Other)));
        assert!(super::fields("Order").any(|field| field == ("customer", Kind::Scalar)));
    }
}
