//! Which JSON a message stands for.

use prost_reflect::{DescriptorPool, EnumDescriptor, MessageDescriptor};
use serde_json::Value;
use std::collections::HashMap;

/// The JSON Schemas of the engine's types.
pub(super) const SCHEMAS: &str = include_str!("../../forms/schemas.json");

/// The forms of all messages and enums.
#[derive(Debug)]
pub(super) struct Forms {
    messages: HashMap<String, Form>,
    enums: HashMap<String, Words>,
}

/// The JSON that a message stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An object with a field for each of its own.
    Record,
    /// An object whose only field is the one that is set.
    Choice,
    /// An object in which a field names the one that is set, and the fields of that stand beside it.
    Tagged(String),
    /// A list with a place for each of its fields.
    Places,
    /// A list, alone in a message so that it can be absent.
    List,
    /// A value or null, alone in a message so that it can be absent.
    Optional,
}

/// The words of an enum.
#[derive(Debug, Default)]
struct Words {
    of_number: HashMap<i32, String>,
    of_word: HashMap<String, i32>,
}

impl Forms {
    /// Learns them from the descriptors and the schemas, which are written from one source.
    pub(super) fn of(pool: &DescriptorPool) -> Result<Forms, String> {
        let file: Value = serde_json::from_str(SCHEMAS).map_err(|error| error.to_string())?;
        let schemas = file.get("schemas").ok_or("there are no schemas")?;
        let messages = pool.all_messages();
        let messages = messages.map(|message| (message.full_name().to_owned(), form_of(&message, schemas))).collect();
        let mut enums = HashMap::new();
        for made in pool.all_enums() {
            enums.insert(made.full_name().to_owned(), words_of(&made, schemas)?);
        }
        Ok(Forms { messages, enums })
    }

    /// The JSON that a message stands for.
    pub(super) fn message(&self, message: &MessageDescriptor) -> &Form {
        self.messages.get(message.full_name()).unwrap_or(&Form::Record)
    }

    /// The word of a number.
    pub(super) fn word(&self, made: &EnumDescriptor, number: i32) -> Option<&str> {
        self.enums.get(made.full_name())?.of_number.get(&number).map(String::as_str)
    }

    /// The number of a word.
    pub(super) fn number(&self, made: &EnumDescriptor, word: &str) -> Option<i32> {
        self.enums.get(made.full_name())?.of_word.get(word).copied()
    }
}

fn form_of(message: &MessageDescriptor, schemas: &Value) -> Form {
    if let Some(owner) = message.parent_message() {
        return if is_list(message, &owner, schemas) { Form::Places } else { Form::Record };
    }
    let name = message.name();
    if let Some(schema) = schemas.get(name) {
        return match schema.get("oneOf").and_then(Value::as_array) {
            Some(cases) => tag_of(cases).map_or(Form::Choice, Form::Tagged),
            None => Form::Record,
        };
    }
    let mut fields = message.fields();
    match (fields.next(), fields.next()) {
        (Some(only), None) if name.ends_with("List") && only.name() == "values" => Form::List,
        (Some(only), None) if name.starts_with("Optional") && only.name() == "value" => Form::Optional,
        _ if message.oneofs().any(|one_of| !one_of.is_synthetic()) => Form::Choice,
        _ => Form::Record,
    }
}

/// Whether a case of a choice is a list in JSON.
fn is_list(case: &MessageDescriptor, owner: &MessageDescriptor, schemas: &Value) -> bool {
    let field = owner.fields().find(|field| field.kind().as_message() == Some(case));
    let cases = schemas.get(owner.name()).and_then(|schema| schema.get("oneOf")).and_then(Value::as_array);
    let (Some(field), Some(cases)) = (field, cases) else { return false };
    let form = |schema: &Value| schema.get("properties")?.get(field.name())?.get("type").cloned();
    cases.iter().any(|schema| form(schema).is_some_and(|form| form == "array"))
}

/// The field that tells cases apart, where there is one.
fn tag_of(cases: &[Value]) -> Option<String> {
    let fields = cases.first()?.get("properties")?.as_object()?;
    fields.iter().find(|(_, schema)| schema.get("const").is_some()).map(|(name, _)| name.clone())
}

fn words_of(made: &EnumDescriptor, schemas: &Value) -> Result<Words, String> {
    let name = made.name();
    let unspecified = made.default_value();
    let prefix = unspecified.name().strip_suffix("UNSPECIFIED").ok_or_else(|| format!("{name} has no zero"))?;
    let listed = schemas.get(name).and_then(|schema| schema.get("enum")).and_then(Value::as_array);
    let listed = listed.ok_or_else(|| format!("there are no words of {name}"))?;
    let mut words = Words::default();
    for word in listed.iter().filter_map(Value::as_str) {
        let value = format!("{prefix}{}", word.replace('-', "_").to_ascii_uppercase());
        let value = made.get_value_by_name(&value).ok_or_else(|| format!("{name} has no {value}"))?;
        words.of_number.insert(value.number(), word.to_owned());
        words.of_word.insert(word.to_owned(), value.number());
    }
    Ok(words)
}
