//! Relays: how they do, and having one send again.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
    relay::Changed,
};
use axum::http::StatusCode;
use ims_core::{Offset, report::Page};
use serde::Deserialize;
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "relays",
        "/v1/admin/relays",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Relays to brokers and webhooks: how far each is, how far behind, and why it does not go on.",
            fields: &[],
            answer: "RelayLine",
            length: Length::Pages,
        },
    ),
    Operation::task(
        "rewind_relay",
        Verb::Post,
        "/v1/admin/relays/{name}/rewind",
        Access::With(Right::Administer),
        Task {
            run: |call| -> Answering<'_> { Box::pin(rewind(call)) },
            summary: "Has a relay send everything after an offset again.",
            body: Some("RewindRelay"),
            answer: "RewindRelay",
            key: Key::Without,
        },
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Nothing {} = call.fields()?;
    let rows = call.service.relays().list().await?;
    call.page(&Page { rows, next: None })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rewind {
    /// The relay's name.
    name: String,
    /// The offset after which it begins again.
    offset: Offset,
}

async fn rewind(call: Call<'_>) -> Result<Answer, Problem> {
    let Rewind { name, offset } = call.fields()?;
    let changed = call.service.relays().rewind(&name, offset).await?;
    done(changed, || Problem::not_found(format!("no relay {name} has ever run")))?;
    call.answer(&json!({"name": name, "offset": offset}))
}

/// Says why a relay was not changed.
pub(super) fn done(changed: Changed, unknown: impl FnOnce() -> Problem) -> Result<(), Problem> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Unknown => Err(unknown()),
        Changed::Busy => {
            let detail = "the relay's position was written by others every time; try again";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "relay_busy", detail).retry_after(1))
        }
    }
}
