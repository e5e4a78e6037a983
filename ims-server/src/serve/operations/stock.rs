//! Stock: what is on the shelf, and how it gets there without an order.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    Hold, ItemId, Layer, LocationId, OrderId, Quantity, ReadSet, Reports, StockKey, Store, limits,
    report::{List, PageRequest, StockLine, StockQuery},
};
use serde::{Deserialize, Serialize};

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
            length: Length::Sorted(List::Stock),
        },
    ),
    Operation::question(
        "explain_stock",
        "/v1/stock/{item}/{site}",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(explain(call)) },
            summary: "Why the stock of an item at a site is what it is: who has a claim on it, what \
                      waits for it, and of which cost layers it is. Its movements are at /v1/movements.",
            fields: &[],
            answer: "StockExplained",
            length: Length::One,
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

pub(super) async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { item, site } = call.fields()?;
    let query = StockQuery { item, site, now: call.service.now() };
    call.page(call.service.store().stock(&query, &call.said.page).await?)
}

pub(super) const SCHEMAS: &str = r##"{
  "StockExplained": {
    "description": "What is behind the stock of an item at a site. `on_hand` is the sum of its movements and, where there are cost layers, of what is left of these; `committed` is `allocated` and what is held.",
    "type": "object",
    "properties": {
      "stock": {"$ref": "#/components/schemas/StockLine", "description": "The numbers that are explained."},
      "allocated": {"$ref": "#/components/schemas/Quantity", "description": "Claimed by placed orders."},
      "holds": {"type": "array", "items": {"$ref": "#/components/schemas/Hold"}, "description": "Stock put aside that has not lapsed."},
      "waiting": {"type": "array", "items": {"$ref": "#/components/schemas/OrderId"}, "description": "Orders that wait for goods."},
      "layers": {"type": "array", "items": {"$ref": "#/components/schemas/Layer"}, "description": "The first cost layers, in the order in which goods leave."},
      "more_layers": {"type": "boolean", "description": "Whether there are more layers than these."}
    },
    "required": ["stock", "allocated", "holds", "waiting", "layers", "more_layers"]
  },
  "Layer": {
    "description": "What is left of one acquisition.",
    "type": "object",
    "properties": {
      "item": {"$ref": "#/components/schemas/ItemId"},
      "site": {"$ref": "#/components/schemas/LocationId"},
      "acquired_at": {"$ref": "#/components/schemas/Timestamp", "description": "When the goods were acquired."},
      "number": {"type": "integer", "minimum": 0, "description": "Tells layers of one moment apart."},
      "quantity": {"$ref": "#/components/schemas/Quantity", "description": "What is left of it."},
      "value": {"$ref": "#/components/schemas/Amount", "description": "What that cost."}
    },
    "required": ["item", "site", "acquired_at", "number", "quantity", "value"]
  }
}"##;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    item: ItemId,
    site: LocationId,
}

/// What is behind the stock of an item at a site.
#[derive(Serialize)]
struct Explained {
    stock: StockLine,
    allocated: Quantity,
    holds: Vec<Hold>,
    waiting: Vec<OrderId>,
    layers: Vec<Layer>,
    more_layers: bool,
}

async fn explain(call: Call<'_>) -> Result<Answer, Problem> {
    let One { item, site } = call.fields()?;
    let (store, now, key) = (call.service.store(), call.service.now(), StockKey { item, site });
    let query = StockQuery { item: Some(item), site: Some(site), now };
    let unknown = || Problem::not_found(format!("there was never any stock of {item} at {site}"));
    let line = store.stock(&query, &PageRequest::default()).await?.rows.into_iter().next().ok_or_else(unknown)?;
    let reads = ReadSet {
        stock: [key].into(),
        layers: [(key, limits::ROWS_PER_PAGE)].into(),
        holds_on: [key].into(),
        backorders: [key].into(),
        ..ReadSet::default()
    };
    let found = store.load(&reads).await?;
    let stock = found.stock.into_iter().next().ok_or_else(unknown)?;
    let layers = found.layers.into_iter().map(|(_, page)| page).next().unwrap_or_default();
    let holds = found.holds.into_iter().map(|hold| hold.row).filter(|hold| hold.until > now).collect();
    let explained = Explained {
        stock: line,
        allocated: stock.row.allocated,
        holds,
        waiting: found.backorders.into_iter().flat_map(|(_, orders)| orders).collect(),
        layers: layers.layers,
        more_layers: layers.more,
    };
    call.answer(&explained)
}
