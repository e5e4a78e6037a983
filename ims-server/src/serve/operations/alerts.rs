//! Alerts, and what should be reordered.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    Reports,
    report::{AlertQuery, List},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "alerts",
        "/v1/alerts",
        Right::ReadAlerts,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Alerts about low stock, by SKU and site, each with what is available now.",
            fields: &[("which", "`open` ones by default, `unacknowledged` ones, or `all`.")],
            answer: "AlertLine",
            length: Length::Sorted(List::Alerts),
        },
    ),
    Operation::command(
        "acknowledge_alert",
        Verb::Post,
        "/v1/alerts/acknowledge",
        Right::AcknowledgeAlerts,
        Makes::Nothing,
    ),
    Operation::question(
        "reorder",
        "/v1/reorder",
        Right::ReadAlerts,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(reorder(call)) },
            summary: "What should be reordered, and how many.",
            fields: &[],
            answer: "ReorderLine",
            length: Length::Sorted(List::Reorder),
        },
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    #[serde(default)]
    which: AlertQuery,
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { which } = call.fields()?;
    call.page(call.service.store().alerts(which, call.service.now(), &call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn reorder(call: Call<'_>) -> Result<Answer, Problem> {
    let Nothing {} = call.fields()?;
    call.page(call.service.store().reorder(call.service.now(), &call.said.page).await?)
}
