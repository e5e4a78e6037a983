//! The server's own affairs: who asks how often, and what tokens are signed with.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    limits::Policy,
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
};
use serde::Serialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "rate_limits",
        "/v1/admin/rate-limits",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(rate_limits(call)) },
            summary: "How often somebody may ask, and who asks most, at the instance that answers.",
            fields: &[],
            answer: "RateLimits",
            length: Length::One,
        },
    ),
    Operation::task(
        "replace_signing_keys",
        Verb::Post,
        "/v1/admin/signing-keys",
        Access::With(Right::Administer),
        Task {
            run: |call| -> Answering<'_> { Box::pin(replace_signing_keys(call)) },
            summary: "Signs access tokens with a new key, and takes none any more that was signed before.",
            body: None,
            answer: "Nothing",
            key: Key::Without,
        },
    ),
];

#[derive(Serialize)]
struct RateLimits {
    policies: Vec<Policy>,
}

async fn rate_limits(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    call.answer(&RateLimits { policies: call.service.limits().policies() })
}

async fn replace_signing_keys(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    call.caller.signed_in()?;
    call.service.gate().replace_signing_keys(call.caller).await?;
    super::users::nothing(call)
}
