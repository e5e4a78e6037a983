//! Customers.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    CustomerId, ReadSet, Reports, Store,
    report::{List, Listed, PartyQuery},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command(
        "create_customer",
        Verb::Post,
        "/v1/customers",
        Right::EditParties,
        Makes::Under("/v1/customers"),
    ),
    Operation::question(
        "customers",
        "/v1/customers",
        Right::ReadParties,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Customers by code.",
            fields: &[
                ("text", "Only those whose code or name has this in it, whatever its case."),
                ("city", "Only those in this city, whatever its case."),
                ("standing", "`all` has retired ones too; `active`, which it is by default, has not."),
            ],
            answer: "Customer",
            length: Length::Sorted(List::Customers),
        },
    ),
    Operation::question(
        "customer",
        "/v1/customers/{customer}",
        Right::ReadParties,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One customer.",
            fields: &[],
            answer: "Customer",
            length: Length::Row,
        },
    ),
    Operation::command("update_customer", Verb::Patch, "/v1/customers/{customer}", Right::EditParties, Makes::Nothing),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    text: Option<String>,
    city: Option<String>,
    #[serde(default)]
    standing: Listed,
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { text, city, standing } = call.fields()?;
    let query = PartyQuery { text, city, standing };
    call.page(call.service.store().customers(&query, &call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    customer: CustomerId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { customer } = call.fields()?;
    let found = call.service.store().load(&ReadSet { customers: [customer].into(), ..ReadSet::default() }).await?;
    let unknown = || Problem::not_found(format!("there is no customer {customer}"));
    let customer = found.customers.into_iter().next().ok_or_else(unknown)?;
    call.answer(&customer.row)
}
