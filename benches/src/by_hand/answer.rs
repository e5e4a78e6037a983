//! The answer as it is kept: the same JSON that the engine writes.

use ims_core::{Amount, CommandId, ItemId, LocationId, OrderId, Quantity, Timestamp};
use serde::Serialize;

/// What a command was answered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer<'a> {
    Done(Receipt<'a>),
}

/// What was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Receipt<'a> {
    Sold { order: Order<'a>, lines: Vec<Moved> },
}

/// An order that is shipped.
#[derive(Debug, Serialize)]
pub(super) struct Order<'a> {
    pub(super) id: OrderId,
    pub(super) series: &'a str,
    pub(super) number: i64,
    pub(super) site: LocationId,
    pub(super) customer: Option<()>,
    pub(super) currency: &'a str,
    pub(super) status: &'a str,
    pub(super) placed_at: Timestamp,
    pub(super) total: Amount,
    pub(super) lines: &'a [Line],
    pub(super) shipments: [Shipment; 1],
}

/// A line of it.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) item: ItemId,
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) brand: String,
    pub(super) category: String,
    pub(super) tracking: &'static str,
    pub(super) quantity: Quantity,
    pub(super) unit_price: Amount,
    pub(super) discount: Amount,
    pub(super) total: Amount,
    pub(super) allocated: Quantity,
    pub(super) backordered: Quantity,
    pub(super) shipped: Quantity,
    pub(super) cancelled: Quantity,
    pub(super) returned: Quantity,
    pub(super) revenue: Amount,
    pub(super) cost: Amount,
    pub(super) refunded: Amount,
    pub(super) cost_returned: Amount,
}

/// Its shipment.
#[derive(Debug, Serialize)]
pub(super) struct Shipment {
    pub(super) id: CommandId,
    pub(super) shipped_at: Timestamp,
}

/// Goods that left.
#[derive(Debug, Serialize)]
pub(super) struct Moved {
    pub(super) line: usize,
    pub(super) item: ItemId,
    pub(super) quantity: Quantity,
    pub(super) cost: Amount,
    pub(super) acquired_at: Timestamp,
}
