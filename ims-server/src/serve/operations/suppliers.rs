//! Suppliers.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    ReadSet, Reports, Store, SupplierId,
    report::{List, Listed, PartyQuery},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command(
        "create_supplier",
        Verb::Post,
        "/v1/suppliers",
        Right::EditParties,
        Makes::Under("/v1/suppliers"),
    ),
    Operation::question(
        "suppliers",
        "/v1/suppliers",
        Right::ReadParties,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Suppliers by code.",
            fields: &[
                ("text", "Only those whose code or name has this in it, whatever its case."),
                ("city", "Only those in this city, whatever its case."),
                ("standing", "`all` has retired ones too; `active`, which it is by default, has not."),
            ],
            answer: "Supplier",
            length: Length::Sorted(List::Suppliers),
        },
    ),
    Operation::question(
        "supplier",
        "/v1/suppliers/{supplier}",
        Right::ReadParties,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One supplier.",
            fields: &[],
            answer: "Supplier",
            length: Length::Row,
        },
    ),
    Operation::command("update_supplier", Verb::Patch, "/v1/suppliers/{supplier}", Right::EditParties, Makes::Nothing),
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
    call.page(call.service.store().suppliers(&query, &call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    supplier: SupplierId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { supplier } = call.fields()?;
    let found = call.service.store().load(&ReadSet { suppliers: [supplier].into(), ..ReadSet::default() }).await?;
    let unknown = || Problem::not_found(format!("there is no supplier {supplier}"));
    let supplier = found.suppliers.into_iter().next().ok_or_else(unknown)?;
    call.answer(&supplier.row)
}
