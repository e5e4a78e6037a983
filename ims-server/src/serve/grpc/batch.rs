//! Many commands in one call.

use super::{
    inventory::{Answered, Calling},
    status, to_message,
};
use crate::serve::{
    Problem,
    batch::{self, Done},
    call::Said,
    costs,
};
use ims_core::Novelty;
use serde_json::{Value, json};

/// Has the commands done together, and answers with what became of each.
pub(super) async fn run(calling: &Calling, said: Said) -> Result<Answered, Problem> {
    let service = &calling.inventory.service;
    let mut answers = Vec::new();
    for became in batch::each(service, &calling.caller, said).await? {
        answers.push(match became {
            Ok(Done { id, receipt, .. }) => json!({"done": {"id": id, "receipt": receipt}}),
            Err(problem) => json!({"problem": {
                "code": problem.code(),
                "detail": problem.detail(),
                "rejection": status::rejection(&problem),
            }}),
        });
    }
    let json = costs::json(calling.caller.sight(), &json!({"answers": answers}))?;
    let json: Value = serde_json::from_slice(&json).map_err(|error| Problem::internal(error.to_string()))?;
    let message = to_message::message(&calling.inventory.described.forms, &calling.method.answer, &json)?;
    let offset = Some(service.ims().newest());
    Ok(Answered { message, offset, turn: None, novelty: Novelty::New })
}
