//! Holds: stock put aside for a while.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{HoldId, ReadSet, Store};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command("place_hold", Verb::Post, "/v1/holds", Right::Hold, Makes::Under("/v1/holds")),
    Operation::question(
        "hold",
        "/v1/holds/{hold}",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One hold.",
            fields: &[],
            answer: "Hold",
            length: Length::One,
        },
    ),
    Operation::command("extend_hold", Verb::Patch, "/v1/holds/{hold}", Right::Hold, Makes::Nothing),
    Operation::command("release_hold", Verb::Delete, "/v1/holds/{hold}", Right::Hold, Makes::Nothing),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    hold: HoldId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { hold } = call.fields()?;
    let found = call.service.store().load(&ReadSet { holds: [hold].into(), ..ReadSet::default() }).await?;
    let hold = found.holds.into_iter().next().ok_or_else(|| Problem::not_found(format!("there is no hold {hold}")))?;
    call.row(&hold.row)
}
