//! Many commands in one call: each takes the way that it would take alone.

use super::{
    from_message,
    inventory::{Answered, Calling},
    status, to_message,
};
use crate::serve::{Operation, Problem, call, call::Said};
use ims_core::Timestamp;
use prost_reflect::DynamicMessage;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What a batch says.
#[derive(Deserialize)]
struct Batch {
    commands: Vec<One>,
}

/// One of its commands.
#[derive(Deserialize)]
struct One {
    key: String,
    #[serde(default)]
    occurred_at: Option<Timestamp>,
    command: Map<String, Value>,
}

/// Has the commands done, one after the other.
pub(super) async fn run(calling: &Calling, message: &DynamicMessage) -> Result<Answered, Problem> {
    let described = &calling.inventory.described;
    let Batch { commands } = call::read(from_message::json(&described.forms, message)?)?;
    let limit = calling.inventory.service.config().http.batch_limit;
    if commands.len() > limit {
        let detail = format!("{} commands are more than a batch may have: at most {limit}", commands.len());
        let problem = Problem::new(http::StatusCode::PAYLOAD_TOO_LARGE, "batch_too_large", detail);
        return Err(problem.field("commands", commands.len()).field("limit", limit));
    }
    let mut answers = Vec::with_capacity(commands.len());
    let mut newest = None;
    for command in commands {
        answers.push(match done(calling, command).await {
            Ok((reply, offset)) => {
                newest = offset.or(newest);
                json!({"done": reply})
            }
            Err(problem) => json!({"problem": {
                "code": problem.code(),
                "detail": problem.detail(),
                "rejection": status::rejection(&problem),
            }}),
        });
    }
    let answers = json!({"answers": answers});
    Ok((to_message::message(&described.forms, &calling.method.answer, &answers)?, newest))
}

async fn done(calling: &Calling, one: One) -> Result<(Value, Option<ims_core::Offset>), Problem> {
    let One { key, occurred_at, command } = one;
    let (name, fields) = command.into_iter().next().ok_or_else(|| Problem::malformed("there is no command"))?;
    let operation = Operation::named(&name).ok_or_else(|| Problem::malformed(format!("there is no command {name}")))?;
    let Value::Object(fields) = fields else { return Err(Problem::malformed(format!("{name} is no record"))) };
    let said = Said { fields, key: Some(key), occurred_at, ..Said::default() };
    let answer = calling.inventory.service.answer(operation, &calling.caller, said).await?;
    let reply = serde_json::from_slice(&answer.json).map_err(|error| Problem::internal(error.to_string()))?;
    Ok((reply, answer.offset))
}
