//! Many commands in one call.

use super::{
    inventory::{Answered, Calling},
    status, to_message,
};
use crate::serve::{Problem, batch, call::Said, costs, service::Done};
use serde_json::{Value, json};

/// Has the commands done together, and answers with what became of each.
pub(super) async fn run(calling: &Calling, said: Said) -> Result<Answered, Problem> {
    let service = &calling.inventory.service;
    let mut answers = Vec::new();
    for became in batch::each(service, &calling.caller, said).await? {
        answers.push(match became {
            Ok((id, receipt)) => json!({"done": Done { id, receipt: &receipt }}),
            Err(problem) => json!({"problem": {
                "code": problem.code(),
                "detail": problem.detail(),
                "rejection": status::rejection(&problem),
            }}),
        });
    }
    let json = costs::json(calling.caller.costs(), &json!({"answers": answers}))?;
    let json: Value = serde_json::from_slice(&json).map_err(|error| Problem::internal(error.to_string()))?;
    let message = to_message::message(&calling.inventory.described.forms, &calling.method.answer, &json)?;
    Ok(Answered { message, offset: Some(service.ims().newest()), turn: None })
}
