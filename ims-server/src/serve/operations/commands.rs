//! Commands as such: many at once, and what became of one.

use crate::serve::{
    Answer, Call, Caller, Operation, Problem, Right, idempotency,
    operation::{Access, Answering, Length, Question, Verb, Work},
    readers,
};
use ims_core::{Answer as Recorded, CommandId, Movement, ReadSet, Receipt, Store, report::Page};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation { name: "batch", verb: Verb::Post, path: "/v1/batch", access: Access::SignedIn, work: Work::Batch },
    Operation::question(
        "command",
        "/v1/commands/{command}",
        Right::ReadEvents,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "What became of a command, by its id or by the Idempotency-Key that you sent it with. One that is \
                      not found was not done.",
            fields: &[],
            answer: "CommandAnswer",
            length: Length::One,
        },
    ),
    Operation::question(
        "command_movements",
        "/v1/commands/{command}/movements",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(movements(call)) },
            summary: "The movements that a command made.",
            fields: &[],
            answer: "Movement",
            length: Length::Pages,
        },
    ),
];

pub(super) const SCHEMAS: &str = r##"{
  "CommandAnswer": {
    "description": "What became of a command.",
    "oneOf": [
      {
        "title": "done",
        "type": "object",
        "properties": {
          "id": {"$ref": "#/components/schemas/CommandId"},
          "outcome": {"type": "string", "const": "done"},
          "receipt": {"$ref": "#/components/schemas/Receipt"}
        },
        "required": ["id", "outcome", "receipt"]
      },
      {
        "title": "refused",
        "type": "object",
        "properties": {
          "id": {"$ref": "#/components/schemas/CommandId"},
          "outcome": {"type": "string", "const": "refused"},
          "problem": {"$ref": "#/components/schemas/Problem", "description": "As its caller was told."}
        },
        "required": ["id", "outcome", "problem"]
      }
    ]
  }
}"##;

/// What became of a command.
#[derive(Serialize)]
struct Became<'a> {
    id: CommandId,
    #[serde(flatten)]
    outcome: Outcome<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
enum Outcome<'a> {
    Done { receipt: &'a Receipt },
    Refused { problem: Value },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    command: String,
}

fn id_of(call: &Call<'_>) -> Result<CommandId, Problem> {
    let One { command } = call.fields()?;
    idempotency::command_id(&call.caller.name, &command)
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { command } = call.fields()?;
    let id = idempotency::command_id(&call.caller.name, &command)?;
    call.service.in_flight().must_have_ended(id)?;
    let found = call.service.store().load(&ReadSet { commands: [id].into(), ..ReadSet::default() }).await?;
    let unknown = || Problem::not_found(format!("the command {id} was not done: it is safe to give it"));
    let record = found.commands.into_iter().next().ok_or_else(unknown)?;
    let outcome = match &*record.answer {
        Recorded::Done(receipt) => {
            if idempotency::is_id(&command) {
                may_read(call.caller, readers::of_receipt(receipt))?;
            }
            Outcome::Done { receipt }
        }
        Recorded::Refused(rejection) => Outcome::Refused { problem: Problem::from(rejection).to_json() },
    };
    call.answer(&Became { id, outcome })
}

/// Refuses to tell somebody what they may not read: whose command it was, its id does not say.
fn may_read(caller: &Caller, readers: &[Right]) -> Result<(), Problem> {
    match readers.first() {
        Some(right) if !caller.has_one(readers) => Err(Problem::no_right(*right)),
        _ => Ok(()),
    }
}

async fn movements(call: Call<'_>) -> Result<Answer, Problem> {
    let id = id_of(&call)?;
    let found = call.service.store().load(&ReadSet { movements_of: [id].into(), ..ReadSet::default() }).await?;
    let made = found.movements_of.into_iter().flat_map(|(_, made)| made);
    let rows: Vec<Movement> = made.map(|(movement, _)| movement).collect();
    call.page(Page { rows, next: None })
}
