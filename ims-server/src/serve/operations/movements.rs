//! Movements: where goods went, and what they cost.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Question},
};
use ims_core::{
    ItemId, LocationId, Reports, Timestamp,
    report::{List, MovementQuery},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[Operation::question(
    "movements",
    "/v1/movements",
    Right::ReadStock,
    Question {
        ask: |call| -> Answering<'_> { Box::pin(list(call)) },
        summary: "Movements, oldest first.",
        fields: &[
            ("item", "Only of this item."),
            ("location", "Only from or to this location."),
            ("from", "Only those that occurred on or after this day, or at or after this time."),
            ("until", "Only those that occurred on or before this day, or at or before this time."),
        ],
        answer: "Movement",
        length: Length::Sorted(List::Movements),
    },
)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    item: Option<ItemId>,
    location: Option<LocationId>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

pub(super) async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { item, location, from, until } = call.fields()?;
    let query = MovementQuery { item, location, from, until };
    call.page(call.service.store().movements(&query, &call.said.page).await?)
}
