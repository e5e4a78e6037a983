//! Users: who may come in, and as what.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    answer::Made,
    auth::{Name, NewUser, Secret, User, UserChange, UserShown},
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
};
use serde::{Deserialize, Serialize};

const ADMIN: Access = Access::With(Right::Administer);

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "users",
        "/v1/users",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Users by name.",
            fields: &[],
            answer: "User",
            length: Length::Pages,
        },
    ),
    Operation::task(
        "create_user",
        Verb::Post,
        "/v1/users",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(create(call)) },
            summary: "Adds a user.",
            body: Some("NewUser"),
            answer: "User",
            key: Key::Without,
        },
    ),
    Operation::question(
        "user",
        "/v1/users/{user}",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One user.",
            fields: &[],
            answer: "User",
            length: Length::One,
        },
    ),
    Operation::task(
        "update_user",
        Verb::Patch,
        "/v1/users/{user}",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(update(call)) },
            summary: "Gives a user another role, site or address, or disables them, which ends their sessions.",
            body: Some("UserChange"),
            answer: "User",
            key: Key::Without,
        },
    ),
    Operation::task(
        "reset_password",
        Verb::Put,
        "/v1/users/{user}/password",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(reset_password(call)) },
            summary: "Sets the password of a user, and ends their sessions.",
            body: Some("ResetPassword"),
            answer: "Nothing",
            key: Key::Without,
        },
    ),
    Operation::task(
        "end_user_sessions",
        Verb::Delete,
        "/v1/users/{user}/sessions",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(end_sessions(call)) },
            summary: "Signs a user out everywhere.",
            body: None,
            answer: "Nothing",
            key: Key::Without,
        },
    ),
];

/// Nothing is said, or answered.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Answers that it is done.
pub(super) fn nothing(call: Call<'_>) -> Result<Answer, Problem> {
    call.answer(&Nothing {})
}

/// Answers with a user who was just made.
pub(super) fn made(call: Call<'_>, user: User) -> Result<Answer, Problem> {
    let path = format!("/v1/users/{}", user.name);
    Ok(call.answer(&UserShown::of(user))?.made(Made::At(path)))
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Nothing {} = call.fields()?;
    call.page(call.service.gate().users(&call.said.page).await?)
}

async fn create(call: Call<'_>) -> Result<Answer, Problem> {
    let said: NewUser = call.fields()?;
    call.caller.signed_in()?;
    made(call, call.service.gate().make_user(&call.caller.name, said).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    user: Name,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { user } = call.fields()?;
    call.answer(&UserShown::of(call.service.gate().user(&user).await?))
}

async fn update(call: Call<'_>) -> Result<Answer, Problem> {
    let said: UserChange = call.fields()?;
    call.caller.signed_in()?;
    let changed = call.service.gate().change_user(&call.caller.name, &said.user, &said).await?;
    call.answer(&UserShown::of(changed))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetPassword {
    user: Name,
    password: Secret,
}

async fn reset_password(call: Call<'_>) -> Result<Answer, Problem> {
    let ResetPassword { user, password } = call.fields()?;
    call.caller.signed_in()?;
    call.service.gate().reset_password(&call.caller.name, &user, password).await?;
    nothing(call)
}

async fn end_sessions(call: Call<'_>) -> Result<Answer, Problem> {
    let One { user } = call.fields()?;
    call.caller.signed_in()?;
    call.service.gate().end_sessions(&user).await?;
    nothing(call)
}
