//! Sales orders, from the basket to the return.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    CustomerId, ItemId, LocationId, OrderId, OrderStatus, ReadSet, Reports, Store, Timestamp,
    report::{List, OrderQuery},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command("place_order", Verb::Post, "/v1/orders", Right::Sell, Makes::Under("/v1/orders")),
    Operation::command("sell", Verb::Post, "/v1/sales", Right::Sell, Makes::Under("/v1/orders")),
    Operation::question(
        "orders",
        "/v1/orders",
        Right::ReadOrders,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Sales orders, newest first. All that is asked of lines has to be so of one line.",
            fields: &[
                ("customer", "Only of this customer."),
                ("site", "Only from this site."),
                ("status", "Only this far."),
                ("item", "Only with a line of this item."),
                (
                    "city",
                    "Only of customers that were in this city when it was placed, whatever its case. Needs the right parties:read.",
                ),
                ("brand", "Only with a line that was of this brand when it was ordered."),
                ("category", "Only with a line that was of this category, or one below it, when it was ordered."),
                ("from", "Only those placed on or after this day, or at or after this time."),
                ("until", "Only those placed on or before this day, or at or before this time."),
            ],
            answer: "Order",
            length: Length::Sorted(List::Orders),
        },
    ),
    Operation::question(
        "order",
        "/v1/orders/{order}",
        Right::ReadOrders,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One sales order, with its lines and shipments.",
            fields: &[],
            answer: "Order",
            length: Length::Row,
        },
    ),
    Operation::command("ship_order", Verb::Post, "/v1/orders/{order}/shipments", Right::Sell, Makes::Nothing),
    Operation::command("cancel_order", Verb::Post, "/v1/orders/{order}/cancel", Right::Sell, Makes::Nothing),
    Operation::command("return_goods", Verb::Post, "/v1/returns", Right::Sell, Makes::Something),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    customer: Option<CustomerId>,
    site: Option<LocationId>,
    status: Option<OrderStatus>,
    item: Option<ItemId>,
    city: Option<String>,
    brand: Option<String>,
    category: Option<String>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { customer, site, status, item, city, brand, category, from, until } = call.fields()?;
    if city.is_some() {
        call.caller.must(Right::ReadParties)?;
    }
    let query = OrderQuery { customer, site, status, item, city, brand, category, from, until };
    call.page(call.service.store().orders(&query, &call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    order: OrderId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { order } = call.fields()?;
    let found = call.service.store().load(&ReadSet { orders: [order].into(), ..ReadSet::default() }).await?;
    let order =
        found.orders.into_iter().next().ok_or_else(|| Problem::not_found(format!("there is no order {order}")))?;
    call.answer(&order.row)
}
