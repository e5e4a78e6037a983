//! Purchase orders, and what suppliers deliver.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    ItemId, LocationId, PurchaseId, PurchaseStatus, ReadSet, Reports, Store, SupplierId, Timestamp,
    report::{List, PurchaseQuery},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command("place_purchase", Verb::Post, "/v1/purchases", Right::Buy, Makes::Under("/v1/purchases")),
    Operation::question(
        "purchases",
        "/v1/purchases",
        Right::ReadPurchases,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Purchase orders, newest first. All that is asked of lines has to be so of one line.",
            fields: &[
                ("supplier", "Only from this supplier."),
                ("site", "Only to this site."),
                ("status", "Only this far."),
                ("item", "Only with a line of this item."),
                (
                    "city",
                    "Only from suppliers that were in this city when it was ordered, whatever its case. Needs the right parties:read.",
                ),
                ("brand", "Only with a line of an item that is of this brand now."),
                ("category", "Only with a line of an item that is of this category, or one below it, now."),
                ("from", "Only those ordered on or after this day, or at or after this time."),
                ("until", "Only those ordered on or before this day, or at or before this time."),
            ],
            answer: "Purchase",
            length: Length::Sorted(List::Purchases),
        },
    ),
    Operation::question(
        "purchase",
        "/v1/purchases/{purchase}",
        Right::ReadPurchases,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One purchase order, with its lines.",
            fields: &[],
            answer: "Purchase",
            length: Length::Row,
        },
    ),
    Operation::command("receive_purchase", Verb::Post, "/v1/purchases/{purchase}/receipts", Right::Buy, Makes::Nothing),
    Operation::command("close_purchase", Verb::Post, "/v1/purchases/{purchase}/close", Right::Buy, Makes::Nothing),
    Operation::command("cancel_purchase", Verb::Post, "/v1/purchases/{purchase}/cancel", Right::Buy, Makes::Nothing),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    supplier: Option<SupplierId>,
    site: Option<LocationId>,
    status: Option<PurchaseStatus>,
    item: Option<ItemId>,
    city: Option<String>,
    brand: Option<String>,
    category: Option<String>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { supplier, site, status, item, city, brand, category, from, until } = call.fields()?;
    if city.is_some() {
        call.caller.must(Right::ReadParties)?;
    }
    let query = PurchaseQuery { supplier, site, status, item, city, brand, category, from, until };
    call.page(call.service.store().purchases(&query, &call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    purchase: PurchaseId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { purchase } = call.fields()?;
    let found = call.service.store().load(&ReadSet { purchases: [purchase].into(), ..ReadSet::default() }).await?;
    let unknown = || Problem::not_found(format!("there is no purchase order {purchase}"));
    let purchase = found.purchases.into_iter().next().ok_or_else(unknown)?;
    call.answer(&purchase.row)
}
