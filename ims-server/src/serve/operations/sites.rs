//! Sites: where stock is.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{LocationId, ReadSet, Reports, Store, report::List};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command(
        "create_location",
        Verb::Post,
        "/v1/locations",
        Right::EditCatalogue,
        Makes::Under("/v1/locations"),
    ),
    Operation::question(
        "locations",
        "/v1/locations",
        Right::ReadCatalogue,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Locations by code, the virtual ones included.",
            fields: &[],
            answer: "Location",
            length: Length::Sorted(List::Locations),
        },
    ),
    Operation::question(
        "location",
        "/v1/locations/{location}",
        Right::ReadCatalogue,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One location.",
            fields: &[],
            answer: "Location",
            length: Length::Row,
        },
    ),
    Operation::command(
        "update_location",
        Verb::Patch,
        "/v1/locations/{location}",
        Right::EditCatalogue,
        Makes::Nothing,
    ),
];

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    call.page(call.service.store().locations(&call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    location: LocationId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { location } = call.fields()?;
    let found = call.service.store().load(&ReadSet { locations: [location].into(), ..ReadSet::default() }).await?;
    let unknown = || Problem::not_found(format!("there is no location {location}"));
    let location = found.locations.into_iter().next().ok_or_else(unknown)?;
    call.answer(&location.row)
}
