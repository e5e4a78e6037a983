//! The message that stands for JSON.

use super::forms::{Form, Forms};
use crate::serve::Problem;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage, Value as Made};
use serde_json::{Map, Value};

/// Makes a message of JSON that the engine or the server has written.
pub(super) fn message(forms: &Forms, of: &MessageDescriptor, json: &Value) -> Result<DynamicMessage, Problem> {
    let mut message = DynamicMessage::new(of.clone());
    match (forms.message(of), json) {
        (Form::Record, Value::Object(fields)) => set_fields(forms, &mut message, fields)?,
        (Form::Choice, Value::Object(fields)) => {
            let (name, content) = fields.iter().next().ok_or_else(|| unlike(of))?;
            let field = of.get_field_by_name(name).ok_or_else(|| unlike(of))?;
            message.set_field(&field, value(forms, &field, content)?);
        }
        (Form::Tagged(tag), Value::Object(fields)) => {
            let name = fields.get(tag).and_then(Value::as_str).ok_or_else(|| unlike(of))?;
            let field = of.get_field_by_name(name).ok_or_else(|| unlike(of))?;
            message.set_field(&field, value(forms, &field, json)?);
        }
        (Form::Places, Value::Array(places)) => {
            for (field, place) in of.fields().zip(places) {
                message.set_field(&field, value(forms, &field, place)?);
            }
        }
        (Form::List, Value::Array(_)) => {
            let field = of.fields().next().ok_or_else(|| unlike(of))?;
            message.set_field(&field, value(forms, &field, json)?);
        }
        (Form::Optional, Value::Null) => {}
        (Form::Optional, json) => {
            let field = of.fields().next().ok_or_else(|| unlike(of))?;
            message.set_field(&field, value(forms, &field, json)?);
        }
        _ => return Err(unlike(of)),
    }
    Ok(message)
}

/// Sets what is there. What a field of a newer engine means, no message of this one can say.
fn set_fields(forms: &Forms, message: &mut DynamicMessage, fields: &Map<String, Value>) -> Result<(), Problem> {
    for field in message.descriptor().fields() {
        if let Some(json) = fields.get(field.name()).filter(|json| !json.is_null() || holds_null(forms, &field)) {
            message.set_field(&field, value(forms, &field, json)?);
        }
    }
    Ok(())
}

/// Whether null is something else than nothing.
fn holds_null(forms: &Forms, field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Message(of) if *forms.message(&of) == Form::Optional)
}

fn value(forms: &Forms, field: &FieldDescriptor, json: &Value) -> Result<Made, Problem> {
    if field.is_list() {
        let list = json.as_array().ok_or_else(|| unlike_field(field))?;
        return Ok(Made::List(list.iter().map(|json| one(forms, field, json)).collect::<Result<_, Problem>>()?));
    }
    one(forms, field, json)
}

fn one(forms: &Forms, field: &FieldDescriptor, json: &Value) -> Result<Made, Problem> {
    let made = match field.kind() {
        Kind::String => json.as_str().map(|text| Made::String(text.to_owned())),
        Kind::Uint32 => json.as_u64().and_then(|number| number.try_into().ok()).map(Made::U32),
        Kind::Uint64 => json.as_u64().map(Made::U64),
        Kind::Enum(made) => json.as_str().and_then(|word| forms.number(&made, word)).map(Made::EnumNumber),
        Kind::Message(of) => Some(Made::Message(message(forms, &of, json)?)),
        _ => None,
    };
    made.ok_or_else(|| unlike_field(field))
}

fn unlike(of: &MessageDescriptor) -> Problem {
    Problem::internal(format!("an answer is not what a {} stands for", of.name()))
}

fn unlike_field(field: &FieldDescriptor) -> Problem {
    Problem::internal(format!("an answer is not what {} stands for", field.full_name()))
}
