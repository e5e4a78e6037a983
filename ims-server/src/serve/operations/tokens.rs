//! Signing in and out.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    auth::{SIGN_IN_FAILED, Secret, SignIn},
    limits::Attempt,
    operation::{Access, Answering, Key, Task, Verb},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::task(
        "sign_in",
        Verb::Post,
        "/v1/tokens",
        Access::Everybody,
        Task {
            run: |call| -> Answering<'_> { Box::pin(sign_in(call)) },
            summary: "Signs you in: gives an access token for minutes and a refresh token for days.",
            body: Some("SignIn"),
            answer: "Tokens",
            key: Key::Without,
        },
    ),
    Operation::task(
        "refresh_tokens",
        Verb::Post,
        "/v1/tokens/refresh",
        Access::Everybody,
        Task {
            run: |call| -> Answering<'_> { Box::pin(refresh(call)) },
            summary: "Gives new tokens for a refresh token, which is good once. Used twice, it ends its session.",
            body: Some("Refresh"),
            answer: "Tokens",
            key: Key::Without,
        },
    ),
    Operation::task(
        "sign_out",
        Verb::Delete,
        "/v1/tokens",
        Access::With(Right::OwnAccount),
        Task {
            run: |call| -> Answering<'_> { Box::pin(sign_out(call)) },
            summary: "Signs you out here: the access token and the refresh token of this session end.",
            body: None,
            answer: "Nothing",
            key: Key::Without,
        },
    ),
];

async fn sign_in(call: Call<'_>) -> Result<Answer, Problem> {
    let said: SignIn = call.fields()?;
    let (gate, peer) = (call.service.gate(), &call.said.peer);
    let (sign_ins, attempt) = (call.service.limits().sign_ins(), Attempt::new(&said.name, peer));
    sign_ins.admit(&attempt, gate.knows(&said.name, peer, said.refresh_token.as_ref())).await?;
    let signed_in = gate.sign_in(&said, peer).await;
    match &signed_in {
        Ok(_) => sign_ins.succeeded(&attempt),
        Err(problem) if problem.code() == SIGN_IN_FAILED => sign_ins.failed(&attempt),
        Err(_) => {}
    }
    call.answer(&signed_in?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refresh {
    refresh_token: Secret,
}

async fn refresh(call: Call<'_>) -> Result<Answer, Problem> {
    let Refresh { refresh_token } = call.fields()?;
    call.answer(&call.service.gate().refresh(&refresh_token, &call.said.peer).await?)
}

async fn sign_out(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    let (user, session) = call.caller.signed_in()?;
    call.service.gate().end_session(user, session).await?;
    super::users::nothing(call)
}
