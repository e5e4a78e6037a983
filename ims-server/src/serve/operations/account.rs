//! One's own account.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    auth::{FirstAdmin, Known, NewPassword, PASSWORD_WRONG, Register, UserShown},
    caller::Proof,
    limits::Attempt,
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
};
use ims_core::{CommandId, LocationId, report::Page};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, future::ready};
use uuid::Uuid;

const OWN: Access = Access::With(Right::OwnAccount);

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "account",
        "/v1/account",
        Right::OwnAccount,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "Who you are, and what you may do.",
            fields: &[],
            answer: "Account",
            length: Length::One,
        },
    ),
    Operation::task(
        "first_admin",
        Verb::Post,
        "/v1/account/first-admin",
        Access::Everybody,
        Task {
            run: |call| -> Answering<'_> { Box::pin(first_admin(call)) },
            summary: "Makes the first admin, with the token that the server printed.",
            body: Some("FirstAdmin"),
            answer: "User",
            key: Key::Without,
        },
    ),
    Operation::task(
        "register",
        Verb::Post,
        "/v1/account/register",
        Access::Everybody,
        Task {
            run: |call| -> Answering<'_> { Box::pin(register(call)) },
            summary: "Makes an account for you, where the server lets everybody in.",
            body: Some("Register"),
            answer: "User",
            key: Key::Without,
        },
    ),
    Operation::task(
        "change_password",
        Verb::Put,
        "/v1/account/password",
        OWN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(change_password(call)) },
            summary: "Changes your password, and ends your other sessions.",
            body: Some("NewPassword"),
            answer: "Nothing",
            key: Key::Without,
        },
    ),
    Operation::question(
        "sessions",
        "/v1/account/sessions",
        Right::OwnAccount,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(sessions(call)) },
            summary: "Where you are signed in, oldest first.",
            fields: &[],
            answer: "Session",
            length: Length::Pages,
        },
    ),
    Operation::task(
        "end_session",
        Verb::Delete,
        "/v1/account/sessions/{session}",
        OWN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(end_session(call)) },
            summary: "Signs you out in one place.",
            body: None,
            answer: "Nothing",
            key: Key::Without,
        },
    ),
    Operation::task(
        "sign_out_everywhere",
        Verb::Delete,
        "/v1/account/sessions",
        OWN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(sign_out_everywhere(call)) },
            summary: "Signs you out everywhere.",
            body: None,
            answer: "Nothing",
            key: Key::Without,
        },
    ),
];

/// Who calls.
#[derive(Serialize)]
struct Account<'a> {
    /// As the log of the shop names them.
    actor: &'a str,
    role: crate::serve::right::Role,
    rights: &'a BTreeSet<Right>,
    site: Option<LocationId>,
    /// Who signed in, where somebody did.
    user: Option<UserShown>,
    session: Option<Uuid>,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let caller = call.caller;
    let (user, session) = match &caller.proof {
        Proof::Session { user, session } => (Some(call.service.gate().user(user).await?), Some(*session)),
        Proof::Nothing | Proof::Key { .. } => (None, None),
    };
    let user = user.map(UserShown::of);
    let (actor, role, rights, site) = (&*caller.name, caller.role, &*caller.rights, caller.site);
    call.answer(&Account { actor, role, rights, site, user, session })
}

async fn first_admin(call: Call<'_>) -> Result<Answer, Problem> {
    let said: FirstAdmin = call.fields()?;
    super::users::made(call, call.service.gate().first_admin(said).await?)
}

async fn register(call: Call<'_>) -> Result<Answer, Problem> {
    let said: Register = call.fields()?;
    super::users::made(call, call.service.gate().register(said).await?)
}

async fn change_password(call: Call<'_>) -> Result<Answer, Problem> {
    let said: NewPassword = call.fields()?;
    let (name, session) = call.caller.signed_in()?;
    // Who found a device that is signed in must not find out the password by it.
    let (sign_ins, attempt) = (call.service.limits().sign_ins(), Attempt::new(name.as_str(), &call.said.peer));
    sign_ins.admit(&attempt, ready(Ok(Known::Device(session)))).await?;
    let changed = call.service.gate().change_password((name, session), &said).await;
    if changed.as_ref().is_err_and(|problem| problem.code() == PASSWORD_WRONG) {
        sign_ins.failed(&attempt);
    }
    changed?;
    super::users::nothing(call)
}

async fn sessions(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    let (user, session) = call.caller.signed_in()?;
    call.page(Page { rows: call.service.gate().sessions(user, Some(session)).await?, next: None })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    session: CommandId,
}

async fn end_session(call: Call<'_>) -> Result<Answer, Problem> {
    let One { session } = call.fields()?;
    let (user, _) = call.caller.signed_in()?;
    call.service.gate().end_session(user, Uuid::from_u128(session.as_u128())).await?;
    super::users::nothing(call)
}

async fn sign_out_everywhere(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    let (user, _) = call.caller.signed_in()?;
    call.service.gate().end_sessions(user).await?;
    super::users::nothing(call)
}
