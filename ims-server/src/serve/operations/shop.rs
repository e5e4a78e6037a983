//! The shop itself: opening it, and closing its books.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{ReadSet, Store};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command("open_shop", Verb::Put, "/v1/shop", Right::KeepBooks, Makes::At("/v1/shop")),
    Operation::question(
        "shop",
        "/v1/shop",
        Right::ReadCatalogue,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "The shop: its name, currency and time zone, and up to when its books are closed.",
            fields: &[],
            answer: "Shop",
            length: Length::Row,
        },
    ),
    Operation::command("close_period", Verb::Post, "/v1/periods", Right::KeepBooks, Makes::Nothing),
];

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let found = call.service.store().load(&ReadSet::default()).await?;
    let shop = found.shop.ok_or_else(|| Problem::not_found("the shop is not open yet: PUT /v1/shop opens it"))?;
    call.answer(&shop.row)
}
