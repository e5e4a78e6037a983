//! Invitations: an admin says what somebody will be, and they choose their own name and password.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    answer::Made,
    auth::{Accept, Invite},
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
};
use ims_core::CommandId;
use serde::Deserialize;
use uuid::Uuid;

const ADMIN: Access = Access::With(Right::Administer);

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "invitations",
        "/v1/invitations",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Invitations that nobody has accepted yet, oldest first.",
            fields: &[],
            answer: "Invitation",
            length: Length::Pages,
        },
    ),
    Operation::task(
        "invite",
        Verb::Post,
        "/v1/invitations",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(invite(call)) },
            summary: "Invites somebody: the token in the answer is good once, and is shown this once.",
            body: Some("Invite"),
            answer: "Invitation",
            key: Key::Without,
        },
    ),
    Operation::task(
        "withdraw_invitation",
        Verb::Delete,
        "/v1/invitations/{invitation}",
        ADMIN,
        Task {
            run: |call| -> Answering<'_> { Box::pin(withdraw(call)) },
            summary: "Takes an invitation back.",
            body: None,
            answer: "Nothing",
            key: Key::Without,
        },
    ),
    Operation::task(
        "accept_invitation",
        Verb::Post,
        "/v1/invitations/accept",
        Access::Everybody,
        Task {
            run: |call| -> Answering<'_> { Box::pin(accept(call)) },
            summary: "Makes the account that an invitation promises.",
            body: Some("AcceptInvitation"),
            answer: "User",
            key: Key::Without,
        },
    ),
];

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    call.page(call.service.gate().invitations(&call.said.page).await?)
}

async fn invite(call: Call<'_>) -> Result<Answer, Problem> {
    let said: Invite = call.fields()?;
    let (by, _) = call.caller.signed_in()?;
    let invited = call.service.gate().invite(call.caller, by, said).await?;
    Ok(call.answer(&invited)?.made(Made::Something))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    invitation: CommandId,
}

async fn withdraw(call: Call<'_>) -> Result<Answer, Problem> {
    let One { invitation } = call.fields()?;
    call.caller.signed_in()?;
    call.service.gate().withdraw(call.caller, Uuid::from_u128(invitation.as_u128())).await?;
    super::users::nothing(call)
}

async fn accept(call: Call<'_>) -> Result<Answer, Problem> {
    let said: Accept = call.fields()?;
    super::users::made(call, call.service.gate().accept(said).await?)
}
