//! Rows by key, many at once, and tables whole: what the command line reads from a server.

use crate::{
    serve::{
        Answer, Call, Operation, Problem, Right,
        operation::{Access, Answering, Key, Length, Question, Task, Verb},
    },
    wire::{self, Found, Wanted},
};
use axum::http::StatusCode;
use ims_core::{Reports, Store, report::Page};
use serde::Deserialize;
use serde_json::Value;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::task(
        "lookup",
        Verb::Post,
        "/v1/lookups",
        Access::With(Right::ReadCatalogue),
        Task {
            run: |call| -> Answering<'_> { Box::pin(lookup(call)) },
            summary: "The shop, and rows by their ids and names, all at once. What is not there is left out.",
            body: Some("Wanted"),
            answer: "Found",
            key: Key::Without,
        },
    ),
    Operation::question(
        "table",
        "/v1/tables/{table}",
        Right::Administer,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(table(call)) },
            summary: "Every row of a table of the store, for proofs and exports.",
            fields: &[],
            answer: "TableRow",
            length: Length::Pages,
        },
    ),
];

/// Keys of a lookup.
const MOST_KEYS: usize = 5_000;

async fn lookup(call: Call<'_>) -> Result<Answer, Problem> {
    let wanted: Wanted = call.fields()?;
    for right in rights(&wanted) {
        call.caller.must(right)?;
    }
    let keys = wanted.len();
    if keys > MOST_KEYS {
        let detail = format!("{keys} keys are more than the {MOST_KEYS} that are looked up at once");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_many_keys", detail).field("limit", MOST_KEYS));
    }
    call.answer(&Found::from(call.service.store().load(&wanted.into_reads()).await?))
}

/// What it takes to see all that is wanted.
fn rights(wanted: &Wanted) -> impl Iterator<Item = Right> {
    let asked = [
        (wanted.suppliers.is_empty() && wanted.supplier_codes.is_empty(), Right::ReadParties),
        (wanted.customers.is_empty() && wanted.customer_codes.is_empty(), Right::ReadParties),
        (wanted.orders.is_empty(), Right::ReadOrders),
        (wanted.purchases.is_empty(), Right::ReadPurchases),
        // Answers to commands tell of everything.
        (wanted.commands.is_empty(), Right::ReadEvents),
    ];
    asked.into_iter().filter(|(nothing, _)| !nothing).map(|(_, right)| right)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    table: String,
}

async fn table(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { table } = call.fields()?;
    let table = wire::table_named(&table).ok_or_else(|| Problem::not_found(format!("there is no table {table}")))?;
    let Page { rows, next } = call.service.store().scan(table, &call.said.page).await?;
    let unwritable = |error| Problem::internal(format!("a row cannot be written: {error}"));
    let rows: Vec<Value> = rows.iter().map(|row| wire::write(row).map_err(unwritable)).collect::<Result<_, _>>()?;
    call.page(&Page { rows, next })
}
