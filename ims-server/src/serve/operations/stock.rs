//! Stock: what is on the shelf, and how it gets there without an order.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{ItemId, LocationId, Reports, report::StockQuery};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "stock",
        "/v1/stock",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "What is on the shelf, promised, available and on its way, by SKU and site.",
            fields: &[("item", "Only of this item."), ("site", "Only at this site.")],
            answer: "StockLine",
            length: Length::Pages,
        },
    ),
    Operation::command("receive_stock", Verb::Post, "/v1/stock/receipts", Right::MoveStock, Makes::Nothing),
    Operation::command("send_back_stock", Verb::Post, "/v1/stock/returns", Right::MoveStock, Makes::Nothing),
    Operation::command("adjust_stock", Verb::Post, "/v1/stock/adjustments", Right::MoveStock, Makes::Nothing),
    Operation::command("transfer_stock", Verb::Post, "/v1/stock/transfers", Right::MoveStock, Makes::Nothing),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    item: Option<ItemId>,
    site: Option<LocationId>,
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { item, site } = call.fields()?;
    let query = StockQuery { item, site, now: call.service.now() };
    call.page(&call.service.store().stock(&query, &call.said.page).await?)
}
