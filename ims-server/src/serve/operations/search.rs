//! One box to search in: items, suppliers and customers at once.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Question},
};
use ims_core::{
    Customer, Item, Name, ReadSet, Reports, Store, Supplier,
    report::{ItemQuery, PageRequest, PartyQuery},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) const OPERATIONS: &[Operation] = &[Operation::question(
    "search",
    "/v1/search",
    Right::ReadCatalogue,
    Question {
        ask: |call| -> Answering<'_> { Box::pin(search(call)) },
        summary: "Items, suppliers and customers that have a text in their names, or exactly this barcode: the first ones \
                  of each. Suppliers and customers only with the right parties:read.",
        fields: &[("text", "A part of a name, a SKU or a code, whatever its case; or a barcode.")],
        answer: "Found",
        length: Length::One,
    },
)];

pub(super) const SCHEMAS: &str = r##"{
  "Found": {
    "description": "The first rows that a search found.",
    "type": "object",
    "properties": {
      "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
      "suppliers": {"type": "array", "items": {"$ref": "#/components/schemas/Supplier"}},
      "customers": {"type": "array", "items": {"$ref": "#/components/schemas/Customer"}}
    },
    "required": ["items", "suppliers", "customers"]
  }
}"##;

/// Rows of each kind.
const MOST_FOUND: u32 = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    text: String,
}

#[derive(Default, Serialize)]
struct Found {
    items: Vec<Arc<Item>>,
    suppliers: Vec<Arc<Supplier>>,
    customers: Vec<Arc<Customer>>,
}

async fn search(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { text } = call.fields()?;
    let store = call.service.store();
    let page = PageRequest { limit: MOST_FOUND, ..PageRequest::default() };
    let mut found = Found { items: with_name(&call, &text).await?, ..Found::default() };
    let query = ItemQuery { text: Some(text.clone()), ..ItemQuery::default() };
    let named = store.items(&query, &page).await?.rows;
    named.into_iter().for_each(|item| {
        if found.items.iter().all(|known| known.id != item.id) {
            found.items.push(item);
        }
    });
    if call.caller.must(Right::ReadParties).is_ok() {
        let query = PartyQuery { text: Some(text), ..PartyQuery::default() };
        found.suppliers = store.suppliers(&query, &page).await?.rows;
        found.customers = store.customers(&query, &page).await?.rows;
    }
    call.answer(&found)
}

async fn with_name(call: &Call<'_>, code: &str) -> Result<Vec<Arc<Item>>, Problem> {
    let store = call.service.store();
    let name = Name::item(code);
    let items = store.load(&ReadSet::named([name.clone()])).await?.named(&name).into_iter().collect();
    let found = store.load(&ReadSet { items, ..ReadSet::default() }).await?;
    Ok(found.items.into_iter().map(|item| item.row).collect())
}
