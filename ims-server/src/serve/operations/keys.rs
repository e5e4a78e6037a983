//! API keys, for programs, tills and scanners.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    answer::Made,
    auth::{MakeKey, Name},
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
};
use serde::Deserialize;

const OWN: Access = Access::With(Right::OwnAccount);

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "keys",
        "/v1/keys",
        Right::OwnAccount,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "API keys by name: your own; for an admin all of them, or those of their one site.",
            fields: &[],
            answer: "ApiKey",
            length: Length::Pages,
        },
    ),
    Operation::task(
        "create_key",
        Verb::Post,
        "/v1/keys",
        OWN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(create(call)) },
            summary: "Makes an API key with some of your rights. It is shown this once.",
            body: Some("MakeKey"),
            answer: "NewApiKey",
            key: Key::Without,
        },
    ),
    Operation::question(
        "key",
        "/v1/keys/{key}",
        Right::OwnAccount,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One API key.",
            fields: &[],
            answer: "ApiKey",
            length: Length::One,
        },
    ),
    Operation::task(
        "revoke_key",
        Verb::Delete,
        "/v1/keys/{key}",
        OWN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(revoke(call)) },
            summary: "Revokes an API key. Its name stays taken.",
            body: None,
            answer: "ApiKey",
            key: Key::Without,
        },
    ),
    Operation::task(
        "take_key_over",
        Verb::Post,
        "/v1/keys/{key}/take-over",
        Access::With(Right::Administer),
        Task {
            run: |call| -> Answering<'_> { Box::pin(take_over(call)) },
            summary: "Makes an API key your own, so that it outlives the account of whoever made it.",
            body: None,
            answer: "ApiKey",
            key: Key::Without,
        },
    ),
];

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    call.page(call.service.gate().keys(call.caller, &call.said.page).await?)
}

async fn create(call: Call<'_>) -> Result<Answer, Problem> {
    let said: MakeKey = call.fields()?;
    let (owner, _) = call.caller.signed_in()?;
    let key = call.service.gate().make_key(call.caller, owner, said).await?;
    let path = format!("/v1/keys/{}", key.name());
    Ok(call.answer(&key)?.made(Made::At(path)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    key: Name,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { key } = call.fields()?;
    call.answer(&call.service.gate().key(call.caller, &key).await?)
}

async fn revoke(call: Call<'_>) -> Result<Answer, Problem> {
    let One { key } = call.fields()?;
    call.answer(&call.service.gate().revoke_key(call.caller, &key).await?)
}

async fn take_over(call: Call<'_>) -> Result<Answer, Problem> {
    let One { key } = call.fields()?;
    let (by, _) = call.caller.signed_in()?;
    call.answer(&call.service.gate().take_key_over(call.caller, by, &key).await?)
}
