//! Many commands in one request: done in their order, each judged and answered for itself.

use super::{
    Answer, Caller, Operation, Problem, Service,
    call::{self, Mode, Said},
    operation::{Access, Makes, Work},
    reference::{self, Names},
    service::Ready,
};
use axum::http::StatusCode;
use ims_core::{Answered, Command, CommandId, Context, Error, Novelty, Receipt, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, sync::Arc};

/// The schemas of a batch and its answer.
pub(crate) const SCHEMAS: &str = r##"{
  "Batch": {
    "description": "Commands, done in this order; one that is refused does not stop those after it.",
    "type": "object",
    "properties": {
      "commands": {"type": "array", "items": {"$ref": "#/components/schemas/BatchCommand"}}
    },
    "required": ["commands"],
    "additionalProperties": false
  },
  "BatchCommand": {
    "description": "A command of a batch.",
    "type": "object",
    "properties": {
      "key": {"type": "string", "minLength": 1, "maxLength": 255, "description": "Its idempotency key, as `Idempotency-Key` says one of a single command."},
      "command": {"$ref": "#/components/schemas/Command"},
      "occurred_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}], "description": "When it happened, where that was earlier than now."}
    },
    "required": ["key", "command"],
    "additionalProperties": false
  },
  "BatchAnswers": {
    "description": "An answer for each command of a batch, in the same order.",
    "type": "object",
    "properties": {
      "answers": {"type": "array", "items": {"$ref": "#/components/schemas/BatchAnswer"}}
    },
    "required": ["answers"]
  },
  "BatchAnswer": {
    "description": "What became of one command of a batch: its receipt, or the problem.",
    "oneOf": [
      {
        "title": "done",
        "type": "object",
        "properties": {
          "status": {"type": "integer", "minimum": 200, "maximum": 299, "description": "What the command alone would be answered with: 201 where something is there now that was not."},
          "replayed": {"type": "boolean", "description": "Whether it was done before: the answer is that of the first time."},
          "id": {"$ref": "#/components/schemas/CommandId", "description": "The command's id; the id of what it made, where it made something."},
          "receipt": {"$ref": "#/components/schemas/Receipt"}
        },
        "required": ["status", "replayed", "id", "receipt"]
      },
      {
        "title": "not done",
        "type": "object",
        "properties": {
          "status": {"type": "integer", "minimum": 400, "maximum": 599},
          "replayed": {"type": "boolean", "description": "Whether it was refused before: the problem is that of the first time."},
          "problem": {"$ref": "#/components/schemas/Problem"}
        },
        "required": ["status", "replayed", "problem"]
      }
    ]
  }
}"##;

/// What a batch says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// Objects: a `Map` would take a null for one without fields.
    commands: Vec<BTreeMap<String, Value>>,
}

/// One of its commands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    key: String,
    command: BTreeMap<String, Value>,
    occurred_at: Option<Timestamp>,
}

/// What a batch is answered: an answer for each command, in the same order.
#[derive(Serialize)]
struct Answers {
    answers: Vec<Value>,
}

/// What one command is answered.
#[derive(Serialize)]
struct Told<'a> {
    status: u16,
    replayed: bool,
    id: CommandId,
    receipt: &'a Receipt,
}

/// A problem in the place of an answer.
#[derive(Serialize)]
struct Refused {
    status: u16,
    replayed: bool,
    problem: Value,
}

/// One command that was done.
#[derive(Debug)]
pub(crate) struct Done {
    /// Its id.
    pub(crate) id: CommandId,
    /// What it makes.
    makes: Makes,
    /// Whether it was done before.
    novelty: Novelty,
    /// What was done.
    pub(crate) receipt: Arc<Receipt>,
}

/// What became of one command.
pub(crate) type Became = Result<Done, Problem>;

/// Has the commands done together, and answers in JSON.
pub(crate) async fn run(service: &Service, caller: &Caller, said: Said) -> Result<Answer, Problem> {
    let (mode, mut answers) = (said.mode, Vec::new());
    for became in each(service, caller, said).await? {
        answers.push(match became {
            Ok(Done { id, makes, novelty, receipt }) => {
                let status = match (mode, makes) {
                    (Mode::Simulate, _) | (_, Makes::Nothing) => StatusCode::OK,
                    (Mode::Execute, _) => StatusCode::CREATED,
                };
                let replayed = novelty == Novelty::Replayed;
                written(&Told { status: status.as_u16(), replayed, id, receipt: &receipt })?
            }
            Err(problem) => {
                let (status, replayed) = (problem.status().as_u16(), problem.is_replayed());
                written(&Refused { status, replayed, problem: problem.to_json() })?
            }
        });
    }
    Ok(Answer::of(caller.sight(), &Answers { answers })?.offset(service.ims().newest()))
}

/// Has the commands done together: tells of each what became of it, in their order.
pub(crate) async fn each(service: &Service, caller: &Caller, said: Said) -> Result<Vec<Became>, Problem> {
    let mode = said.mode;
    let Batch { commands } = call::read(Value::Object(said.fields))?;
    let mut commands: Vec<Map<String, Value>> = commands.into_iter().map(Map::from_iter).collect();
    let limit = service.config().http.batch_limit;
    if commands.len() > limit {
        let detail = format!("{} commands are more than a batch may have: at most {limit}", commands.len());
        let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "batch_too_large", detail);
        return Err(problem.field("commands", commands.len()).field("limit", limit));
    }
    let mut names = Names::default();
    commands.iter_mut().for_each(|command| names.note(command));
    names.look_up(service.store()).await?;

    let mut given = Vec::with_capacity(commands.len());
    let mut flights = Vec::with_capacity(commands.len());
    for command in commands {
        let ready = ready(service, caller, &names, command, mode).await;
        flights.push(ready.map(|(makes, Ready { context, command, flight })| {
            let id = context.id;
            given.push((context, command));
            (id, makes, flight)
        }));
    }
    let mut replies = done_together(service, mode, given).await.into_iter();
    let mut became = Vec::with_capacity(flights.len());
    for flight in flights {
        became.push(flight.and_then(|(id, makes, _flight)| {
            let Answered { reply, novelty } = replies.next().ok_or(Error::Stopped)?;
            let receipt = reply.map_err(|error| Problem::from(error).novelty(novelty))?;
            Ok(Done { id, makes, novelty, receipt })
        }));
    }
    Ok(became)
}

/// Has the commands done, or each of them tried on the shop as it is.
async fn done_together(service: &Service, mode: Mode, given: Vec<(Context, Command)>) -> Vec<Answered> {
    if mode == Mode::Execute {
        return service.ims().answer_all(given).await;
    }
    let tried = given.into_iter().map(|(context, command)| async {
        Answered { reply: service.ims().simulate(context, command).await, novelty: Novelty::New }
    });
    futures_util::future::join_all(tried).await
}

/// Reads a command and judges whether its caller may give it.
async fn ready(
    service: &Service,
    caller: &Caller,
    names: &Names,
    mut command: Map<String, Value>,
    mode: Mode,
) -> Result<(Makes, Ready), Problem> {
    let document = caller.site.and_then(|_| reference::document_named(&mut command));
    names.put_ids(&mut command)?;
    let One { key, command, occurred_at } = call::read(Value::Object(command))?;
    let mut named = command.into_iter();
    let (Some((name, Value::Object(fields))), None) = (named.next(), named.next()) else {
        return Err(Problem::at("command", "say one command: its name, and its fields as an object"));
    };
    let operation = Operation::named(&name).and_then(|operation| match operation.work {
        Work::Command(makes) => Some((operation, makes)),
        _ => None,
    });
    let (operation, makes) = operation.ok_or_else(|| Problem::at("command", &format!("there is no command {name}")))?;
    if let Access::With(right) = operation.access {
        caller.must(right)?;
    }
    let ready = service.ready(operation.name, caller, &key, fields, occurred_at, mode).await;
    let ready = match document {
        Some(document) => ready.map_err(|problem| document.hidden(problem)),
        None => ready,
    };
    Ok((makes, ready?))
}

fn written(answer: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(answer).map_err(|error| Problem::internal(format!("an answer cannot be written: {error}")))
}
