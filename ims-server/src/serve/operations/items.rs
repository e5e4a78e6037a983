//! Items: what is traded.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    ItemId, ReadSet, Reports, Store, SupplierId,
    report::{ItemQuery, List, Listed},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command("create_item", Verb::Post, "/v1/items", Right::EditCatalogue, Makes::Under("/v1/items")),
    Operation::question(
        "items",
        "/v1/items",
        Right::ReadCatalogue,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Items by SKU.",
            fields: &[
                ("text", "Only those whose SKU or name has this in it, whatever its case."),
                ("brand", "Only those of this brand."),
                ("category", "Only those of this category or one below it."),
                ("supplier", "Only those that usually come from this supplier."),
                ("standing", "`all` has retired ones too; `active`, which it is by default, has not."),
            ],
            answer: "Item",
            length: Length::Sorted(List::Items),
        },
    ),
    Operation::question(
        "item",
        "/v1/items/{item}",
        Right::ReadCatalogue,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One item.",
            fields: &[],
            answer: "Item",
            length: Length::Row,
        },
    ),
    Operation::question(
        "item_stock",
        "/v1/items/{item}/stock",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(super::stock::list(call)) },
            summary: "The stock of one item, by site.",
            fields: &[],
            answer: "StockLine",
            length: Length::Sorted(List::Stock),
        },
    ),
    Operation::question(
        "item_movements",
        "/v1/items/{item}/movements",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(super::movements::list(call)) },
            summary: "The movements of one item, oldest first.",
            fields: &[
                ("location", "Only from or to this location."),
                ("from", "Only those that occurred on or after this day, or at or after this time."),
                ("until", "Only those that occurred on or before this day, or at or before this time."),
            ],
            answer: "Movement",
            length: Length::Sorted(List::Movements),
        },
    ),
    Operation::command("update_item", Verb::Patch, "/v1/items/{item}", Right::EditCatalogue, Makes::Nothing),
    Operation::command("retire_item", Verb::Post, "/v1/items/{item}/retire", Right::EditCatalogue, Makes::Nothing),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    text: Option<String>,
    brand: Option<String>,
    category: Option<String>,
    supplier: Option<SupplierId>,
    #[serde(default)]
    standing: Listed,
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { text, brand, category, supplier, standing } = call.fields()?;
    let query = ItemQuery { text, brand, category, supplier, standing };
    call.page(call.service.store().items(&query, &call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    item: ItemId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { item } = call.fields()?;
    let found = call.service.store().load(&ReadSet { items: [item].into(), ..ReadSet::default() }).await?;
    let item = found.items.into_iter().next().ok_or_else(|| Problem::not_found(format!("there is no item {item}")))?;
    call.answer(&item.row)
}
