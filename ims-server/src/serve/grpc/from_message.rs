//! The JSON that a message stands for.

use super::forms::{Form, Forms};
use crate::serve::Problem;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value as Given};
use serde_json::{Map, Value};

/// Reads a message. What is not set is left out: whether that will do, the type says that the JSON is of.
pub(super) fn json(forms: &Forms, message: &DynamicMessage) -> Result<Value, Problem> {
    match forms.message(&message.descriptor()) {
        Form::Record => Ok(Value::Object(fields(forms, message)?)),
        Form::Choice => {
            let (name, content) = set(forms, message)?;
            Ok(Value::Object(Map::from_iter([(name, content)])))
        }
        Form::Tagged(tag) => match set(forms, message)? {
            (name, Value::Object(mut fields)) => {
                fields.insert(tag.clone(), Value::String(name));
                Ok(Value::Object(fields))
            }
            (name, _) => Err(Problem::internal(format!("{name} is no record"))),
        },
        Form::Places => {
            let places = message.descriptor().fields().collect::<Vec<_>>().into_iter();
            let places = places.map(|field| value(forms, &field, &message.get_field(&field)));
            Ok(Value::Array(places.map(|place| Ok(place?.unwrap_or_default())).collect::<Result<_, Problem>>()?))
        }
        Form::List | Form::Optional => only(forms, message),
    }
}

/// The fields of a record.
pub(super) fn fields(forms: &Forms, message: &DynamicMessage) -> Result<Map<String, Value>, Problem> {
    let mut fields = Map::new();
    for field in message.descriptor().fields() {
        if field.supports_presence() && !message.has_field(&field) {
            continue;
        }
        if let Some(value) = value(forms, &field, &message.get_field(&field))? {
            fields.insert(field.name().to_owned(), value);
        }
    }
    Ok(fields)
}

/// The one field of a choice that is set.
fn set(forms: &Forms, message: &DynamicMessage) -> Result<(String, Value), Problem> {
    let set = message.fields().next();
    let (field, given) = set.ok_or_else(|| {
        let name = message.descriptor().name().to_owned();
        Problem::malformed(format!("nothing is set in a {name}"))
    })?;
    Ok((field.name().to_owned(), value(forms, &field, given)?.unwrap_or_default()))
}

/// The only field of a message that is there so that it can be absent.
fn only(forms: &Forms, message: &DynamicMessage) -> Result<Value, Problem> {
    let Some(field) = message.descriptor().fields().next() else { return Ok(Value::Null) };
    if field.supports_presence() && !message.has_field(&field) {
        return Ok(Value::Null);
    }
    Ok(value(forms, &field, &message.get_field(&field))?.unwrap_or_default())
}

/// The value of a field, unless it is a word that was not said.
fn value(forms: &Forms, field: &FieldDescriptor, given: &Given) -> Result<Option<Value>, Problem> {
    match given {
        Given::List(list) => {
            let values = list.iter().map(|given| Ok(value(forms, field, given)?.unwrap_or_default()));
            Ok(Some(Value::Array(values.collect::<Result<_, Problem>>()?)))
        }
        Given::String(text) => Ok(Some(Value::String(text.clone()))),
        Given::U32(number) => Ok(Some((*number).into())),
        Given::U64(number) => Ok(Some((*number).into())),
        Given::Message(message) => json(forms, message).map(Some),
        Given::EnumNumber(0) => Ok(None),
        Given::EnumNumber(number) => {
            let Kind::Enum(made) = field.kind() else { return Err(unlike(field)) };
            let word = forms.word(&made, *number);
            let word = word.ok_or_else(|| Problem::malformed(format!("{}: there is no {number}", field.name())))?;
            Ok(Some(word.into()))
        }
        _ => Err(unlike(field)),
    }
}

fn unlike(field: &FieldDescriptor) -> Problem {
    Problem::internal(format!("{} is of a type that no form has", field.full_name()))
}
