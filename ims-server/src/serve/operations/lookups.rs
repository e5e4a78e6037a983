//! Rows by key, many at once, and tables whole: what the command line reads from a server.

use crate::{
    serve::{
        Answer, Call, Operation, Problem, Right,
        operation::{Access, Answering, Key, Length, Question, Task, Verb},
        readers,
        site::whole_shop,
    },
    wire::{self, Found, Wanted},
};
use axum::http::StatusCode;
use ims_core::{Answer as Recorded, Reports, Store, report::Page};
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
            body: Some("Lookup"),
            answer: "LookedUp",
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

pub(super) const SCHEMAS: &str = r##"{
  "Lookup": {
    "description": "Which rows are looked up.",
    "type": "object",
    "properties": {
      "items": {"description": "Items by id.", "type": "array", "items": {"$ref": "#/components/schemas/ItemId"}},
      "item_names": {"description": "Items by SKU or barcode, which are one set of names.", "type": "array", "items": {"type": "string"}},
      "locations": {"description": "Locations by id.", "type": "array", "items": {"$ref": "#/components/schemas/LocationId"}},
      "location_codes": {"description": "Locations by code, whatever its case.", "type": "array", "items": {"type": "string"}},
      "suppliers": {"description": "Suppliers by id.", "type": "array", "items": {"$ref": "#/components/schemas/SupplierId"}},
      "supplier_codes": {"description": "Suppliers by code, whatever its case.", "type": "array", "items": {"type": "string"}},
      "customers": {"description": "Customers by id.", "type": "array", "items": {"$ref": "#/components/schemas/CustomerId"}},
      "customer_codes": {"description": "Customers by code, whatever its case.", "type": "array", "items": {"type": "string"}},
      "orders": {"description": "Sales orders by id.", "type": "array", "items": {"$ref": "#/components/schemas/OrderId"}},
      "purchases": {"description": "Purchase orders by id.", "type": "array", "items": {"$ref": "#/components/schemas/PurchaseId"}},
      "commands": {"description": "Answers to commands by id.", "type": "array", "items": {"$ref": "#/components/schemas/CommandId"}}
    },
    "additionalProperties": false
  },
  "LookedUp": {
    "description": "The shop and the rows that are there, each with its version; and which id a name stands for.",
    "type": "object",
    "properties": {
      "shop": {"oneOf": [{"type": "object", "properties": {"version": {"type": "integer", "minimum": 0}, "row": {"$ref": "#/components/schemas/Shop"}}, "required": ["version", "row"]}, {"type": "null"}]},
      "items": {"type": "array", "items": {"type": "object", "properties": {"version": {"type": "integer", "minimum": 0}, "row": {"$ref": "#/components/schemas/Item"}}, "required": ["version", "row"]}},
      "item_names": {"type": "array", "items": {"type": "array", "prefixItems": [{"type": "string"}, {"$ref": "#/components/schemas/ItemId"}], "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
      "locations": {"type": "array", "items": {"type": "object", "properties": {"version": {"type": "integer", "minimum": 0}, "row": {"$ref": "#/components/schemas/Location"}}, "required": ["version", "row"]}},
      "location_codes": {"type": "array", "items": {"type": "array", "prefixItems": [{"type": "string"}, {"$ref": "#/components/schemas/LocationId"}], "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
      "suppliers": {"type": "array", "items": {"type": "object", "properties": {"version": {"type": "integer", "minimum": 0}, "row": {"$ref": "#/components/schemas/Supplier"}}, "required": ["version", "row"]}},
      "supplier_codes": {"type": "array", "items": {"type": "array", "prefixItems": [{"type": "string"}, {"$ref": "#/components/schemas/SupplierId"}], "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
      "customers": {"type": "array", "items": {"type": "object", "properties": {"version": {"type": "integer", "minimum": 0}, "row": {"$ref": "#/components/schemas/Customer"}}, "required": ["version", "row"]}},
      "customer_codes": {"type": "array", "items": {"type": "array", "prefixItems": [{"type": "string"}, {"$ref": "#/components/schemas/CustomerId"}], "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
      "orders": {"type": "array", "items": {"type": "object", "properties": {"version": {"type": "integer", "minimum": 0}, "row": {"$ref": "#/components/schemas/Order"}}, "required": ["version", "row"]}},
      "purchases": {"type": "array", "items": {"type": "object", "properties": {"version": {"type": "integer", "minimum": 0}, "row": {"$ref": "#/components/schemas/Purchase"}}, "required": ["version", "row"]}},
      "commands": {"type": "array", "items": {"type": "object", "properties": {"id": {"$ref": "#/components/schemas/CommandId"}, "fingerprint": {"type": "string"}, "answer": {"$ref": "#/components/schemas/Answer"}}, "required": ["id", "fingerprint", "answer"]}}
    }
  },
  "TableRow": {
    "description": "A row of a table of the store, as it is kept. Where a row has its key beside it, they are a list of two."
  }
}"##;

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
    // Whose a command is cannot be told from its id.
    if call.caller.site.is_some() && !wanted.commands.is_empty() {
        return Err(whole_shop());
    }
    let mut found = call.service.store().load(&wanted.into_reads()).await?;
    found.commands.retain(|record| match &*record.answer {
        Recorded::Done(receipt) => call.caller.has_one(readers::of_receipt(receipt)),
        Recorded::Refused(_) => true,
    });
    let found = Found::from(found);
    match call.caller.site {
        Some(own) => call.answer(&found.at_site(own)),
        None => call.answer(&found),
    }
}

/// What it takes to see all that is wanted.
fn rights(wanted: &Wanted) -> impl Iterator<Item = Right> {
    let asked = [
        (wanted.suppliers.is_empty() && wanted.supplier_codes.is_empty(), Right::ReadParties),
        (wanted.customers.is_empty() && wanted.customer_codes.is_empty(), Right::ReadParties),
        (wanted.orders.is_empty(), Right::ReadOrders),
        (wanted.purchases.is_empty(), Right::ReadPurchases),
        // Which of them are told is for what they tell.
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
    // Rows without their costs prove nothing, and are no rows of the store.
    call.caller.must(Right::SeeCosts)?;
    let table = wire::table_named(&table).ok_or_else(|| Problem::not_found(format!("there is no table {table}")))?;
    let Page { rows, next } = call.service.store().scan(table, &call.said.page).await?;
    let unwritable = |error| Problem::internal(format!("a row cannot be written: {error}"));
    let rows: Vec<Value> = rows.iter().map(|row| wire::write(row).map_err(unwritable)).collect::<Result<_, _>>()?;
    call.page(Page { rows, next })
}
