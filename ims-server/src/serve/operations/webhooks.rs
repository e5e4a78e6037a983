//! Webhooks: listeners by HTTPS.

use super::relays::done;
use crate::serve::{
    Answer, Call, Caller, Operation, Problem, Right,
    answer::Made,
    caller::Costs,
    idempotency,
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
    readers,
    relay::webhook::{Added, Existed, Secret, Unfit, Webhook},
};
use axum::http::StatusCode;
use ims_core::{
    CommandId, Error, Novelty,
    report::{Cursor, Page},
};
use ims_sqlx::registry::ENTRIES_PER_PAGE;
use serde::Deserialize;
use serde_json::json;

const ADMIN: Access = Access::With(Right::Administer);

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "webhooks",
        "/v1/webhooks",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Webhooks, by id, and how each does.",
            fields: &[],
            answer: "WebhookLine",
            length: Length::Pages,
        },
    ),
    Operation::question(
        "webhook",
        "/v1/webhooks/{webhook}",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One webhook, and how it does.",
            fields: &[],
            answer: "WebhookLine",
            length: Length::One,
        },
    ),
    Operation::task(
        "create_webhook",
        Verb::Post,
        "/v1/webhooks",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(create(call)) },
            summary: "Adds a listener that hears of every event from now on, all of which you may read yourself. Its secret is told in this answer and never again.",
            body: Some("CreateWebhook"),
            answer: "WebhookCreated",
            key: Key::Needed,
        },
    ),
    Operation::task(
        "delete_webhook",
        Verb::Delete,
        "/v1/webhooks/{webhook}",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(delete(call)) },
            summary: "Takes a listener away.",
            body: None,
            answer: "WebhookId",
            key: Key::Without,
        },
    ),
    Operation::task(
        "test_webhook",
        Verb::Post,
        "/v1/webhooks/{webhook}/test",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(test(call)) },
            summary: "Sends a listener something that is no event, and says what it answered.",
            body: None,
            answer: "WebhookTested",
            key: Key::Without,
        },
    ),
    Operation::task(
        "enable_webhook",
        Verb::Post,
        "/v1/webhooks/{webhook}/enable",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(enable(call)) },
            summary: "Has a listener that was disabled be called again, with the first event that it did not take.",
            body: None,
            answer: "WebhookId",
            key: Key::Without,
        },
    ),
];

pub(super) const SCHEMAS: &str = r##"{
  "CreateWebhook": {
    "description": "A listener that is to be added.",
    "type": "object",
    "properties": {
      "url": {"type": "string", "description": "Where it listens."},
      "description": {"type": "string", "description": "What people call it.", "default": ""},
      "types": {"type": "array", "items": {"type": "string"}, "description": "Only events of these types or aliases; all, where there are none.", "default": []},
      "rooms": {"type": "array", "items": {"type": "string"}, "description": "Only events that touch one of these; all, where there are none.", "default": []},
      "costs": {"type": "string", "enum": ["shown", "hidden"], "description": "Whether events tell what goods cost.", "default": "hidden"}
    },
    "required": ["url"],
    "additionalProperties": false
  },
  "WebhookLine": {
    "description": "A webhook, and how it does.",
    "type": "object",
    "properties": {
      "id": {"type": "string", "format": "uuid", "description": "Its id."},
      "url": {"type": "string", "description": "Where it listens."},
      "description": {"type": "string", "description": "What people call it."},
      "types": {"type": "array", "items": {"type": "string"}, "description": "Only events of these types or aliases."},
      "rooms": {"type": "array", "items": {"type": "string"}, "description": "Only events that touch one of these."},
      "costs": {"type": "string", "enum": ["shown", "hidden"], "description": "Whether events tell what goods cost."},
      "created_at": {"$ref": "#/components/schemas/Timestamp", "description": "When it was added."},
      "relay": {"oneOf": [{"$ref": "#/components/schemas/RelayLine"}, {"type": "null"}], "description": "How its relay does; nothing where it was taken away meanwhile."}
    },
    "required": ["id", "url", "description", "types", "rooms", "created_at", "relay"]
  },
  "WebhookCreated": {
    "description": "A webhook that was added.",
    "type": "object",
    "properties": {
      "webhook": {"$ref": "#/components/schemas/WebhookLine"},
      "secret": {"type": ["string", "null"], "description": "What its deliveries are signed with: told once, and nothing when the same request is sent again."}
    },
    "required": ["webhook", "secret"]
  },
  "WebhookId": {
    "description": "The webhook that it was done to.",
    "type": "object",
    "properties": {"webhook": {"type": "string", "format": "uuid"}},
    "required": ["webhook"]
  },
  "WebhookTested": {
    "description": "What a listener answered.",
    "type": "object",
    "properties": {
      "status": {"type": ["integer", "null"], "minimum": 100, "maximum": 599, "description": "The status that the listener answered."},
      "error": {"type": ["string", "null"], "description": "Why it was not taken."}
    },
    "required": ["status", "error"]
  }
}"##;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Nothing {} = call.fields()?;
    let asked = &call.said.page;
    let limit = if asked.limit == 0 { ENTRIES_PER_PAGE } else { asked.limit.min(ENTRIES_PER_PAGE) };
    let after = asked.after.as_ref().map_or("", |cursor| cursor.0.as_str());
    let rows = call.service.relays().webhooks(after, limit).await?;
    let is_full = u32::try_from(rows.len()).is_ok_and(|rows| rows == limit);
    let next = rows.last().filter(|_| is_full).map(|last| Cursor(last.id.clone()));
    call.page(Page { rows, next })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    webhook: CommandId,
}

impl One {
    fn of(call: Call<'_>) -> Result<String, Problem> {
        let One { webhook } = call.fields()?;
        Ok(webhook.to_string())
    }
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("there is no webhook {id}"))
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let id = One::of(call)?;
    let line = call.service.relays().webhook(&id).await?;
    call.answer(&line.ok_or_else(|| unknown(&id))?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    /// Where it listens.
    url: String,
    /// What people call it.
    #[serde(default)]
    description: String,
    /// Only events of these types or aliases.
    #[serde(default)]
    types: Vec<String>,
    /// Only events that touch one of these.
    #[serde(default)]
    rooms: Vec<String>,
    /// Whether events tell what goods cost.
    #[serde(default)]
    costs: Costs,
}

/// Refuses a listener to whoever may not read themselves what it is told.
fn may_hear(caller: &Caller, costs: Costs) -> Result<(), Problem> {
    caller.must(Right::ReadEvents)?;
    let mut told = readers::ALL.iter().filter(|right| **right != Right::SeeCosts || costs == Costs::Shown);
    told.try_for_each(|right| caller.must(*right))
}

async fn create(call: Call<'_>) -> Result<Answer, Problem> {
    let Create { url, description, types, rooms, costs } = call.fields()?;
    may_hear(call.caller, costs)?;
    let key = call.said.key.as_deref().ok_or_else(idempotency::missing)?;
    let command = idempotency::command_id(&call.caller.name, key)?;
    let id = command.to_string();
    let secret = Secret::make().ok_or_else(|| Problem::internal("there are no random numbers"))?;
    let created_at = call.service.now();
    let webhook = Webhook { id: id.clone(), url, description, types, rooms, costs, secret, created_at };
    let relays = call.service.relays();
    let added = relays.add_webhook(&webhook).await.map_err(|problem| unfit(command, problem))?;
    let line = relays.webhook(&id).await?.ok_or_else(|| unknown(&id))?;
    let (answer, novelty) = match added {
        Added::Now => (call.answer(&json!({"webhook": line, "secret": webhook.secret.told()}))?, Novelty::New),
        // The secret was told; whoever has lost it adds another listener.
        Added::Before => (call.answer(&json!({"webhook": line, "secret": null}))?, Novelty::Replayed),
    };
    Ok(answer.made(Made::At(format!("/v1/webhooks/{id}"))).novelty(novelty))
}

fn unfit(id: CommandId, unfit: Unfit) -> Problem {
    match unfit {
        Unfit::Field(field, problem) => {
            let detail = format!("{field}: {problem}");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "webhook_invalid", detail).field("field", field)
        }
        Unfit::Reused => Error::IdReused { id }.into(),
        Unfit::TooMany(limit) => {
            let detail = format!("there are {limit} webhooks, as many as there may be");
            Problem::new(StatusCode::CONFLICT, "too_many_webhooks", detail).field("limit", limit)
        }
        Unfit::Store(error) => error.into(),
    }
}

async fn delete(call: Call<'_>) -> Result<Answer, Problem> {
    let id = One::of(call)?;
    match call.service.relays().remove_webhook(&id).await? {
        Existed::Yes => call.answer(&json!({"webhook": id})),
        Existed::No => Err(unknown(&id)),
    }
}

async fn test(call: Call<'_>) -> Result<Answer, Problem> {
    let id = One::of(call)?;
    let tested = call.service.relays().test_webhook(&id).await?;
    call.answer(&tested.ok_or_else(|| unknown(&id))?)
}

async fn enable(call: Call<'_>) -> Result<Answer, Problem> {
    let id = One::of(call)?;
    done(call.service.relays().enable(&id).await?, || unknown(&id))?;
    call.answer(&json!({"webhook": id}))
}
