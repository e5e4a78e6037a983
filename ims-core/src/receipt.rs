//! What a command did, as its caller is told and as the log keeps it.

use crate::{
    AdjustmentReason, Alert, Amount, Customer, Date, Hold, Item, ItemId, Location, LocationId, Order, OrderId,
    Purchase, Quantity, Return, Shop, Sku, Supplier, SupplierId, Text, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use crate::Rejection;

/// What a command was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It was done.
    Done(Arc<Receipt>),
    /// The rules said no, and nothing changed.
    Refused(Rejection),
}

/// What was done. Each variant is named after what happened and holds what a reader of the log needs to follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// The shop is open.
    ShopOpened(Arc<Shop>),
    /// Nothing can be booked on or before this day any more; where books were opened again, after it something can.
    PeriodClosed {
        /// The last closed day.
        until: Date,
        /// What the last closed day was before books were opened again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reopened_from: Option<Date>,
        /// Why they were opened again, or closed far beyond the newest entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// There is a new item.
    ItemCreated(Arc<Item>),
    /// An item is now like this.
    ItemUpdated(Arc<Item>),
    /// An item is no longer traded.
    ItemRetired {
        /// Which item.
        item: ItemId,
        /// Its SKU.
        sku: Sku,
    },
    /// There is a new site.
    LocationCreated(Arc<Location>),
    /// A site is now like this.
    LocationUpdated(Arc<Location>),
    /// There is a new supplier.
    SupplierCreated(Arc<Supplier>),
    /// A supplier is now like this.
    SupplierUpdated(Arc<Supplier>),
    /// There is a new customer.
    CustomerCreated(Arc<Customer>),
    /// A customer is now like this.
    CustomerUpdated(Arc<Customer>),
    /// Goods came in without a purchase order.
    StockReceived {
        /// At which site.
        site: LocationId,
        /// Who delivered, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supplier: Option<SupplierId>,
        /// What came in.
        lines: Vec<Moved>,
    },
    /// Goods were sent back to a supplier.
    StockSentBack {
        /// From which site.
        site: LocationId,
        /// To whom, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supplier: Option<SupplierId>,
        /// What was sent back.
        lines: Vec<Moved>,
    },
    /// Stock was corrected.
    StockAdjusted {
        /// At which site.
        site: LocationId,
        /// Why.
        reason: AdjustmentReason,
        /// In which direction.
        direction: Direction,
        /// What was added or taken.
        lines: Vec<Moved>,
        /// More about why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Text>,
    },
    /// Goods went from one site to another.
    StockTransferred {
        /// From here.
        from: LocationId,
        /// To there.
        to: LocationId,
        /// What went.
        lines: Vec<Moved>,
    },
    /// Stock is put aside.
    HoldPlaced(Hold),
    /// Stock is put aside for longer, or for shorter.
    HoldExtended(Hold),
    /// Stock is no longer put aside.
    HoldReleased(Hold),
    /// An item's standard cost is set, and its stock revalued.
    StandardCostSet {
        /// Which item.
        item: ItemId,
        /// The cost of one unit from now on.
        unit_cost: Amount,
        /// How much more the stock is worth than before.
        revaluation: Amount,
    },
    /// There is a new purchase order.
    PurchasePlaced(Arc<Purchase>),
    /// Goods of a purchase order came in.
    PurchaseReceived {
        /// The order as it is now.
        purchase: Arc<Purchase>,
        /// What came in.
        lines: Vec<Moved>,
    },
    /// The rest of a purchase order will not come.
    PurchaseClosed(Arc<Purchase>),
    /// A purchase order will not come at all.
    PurchaseCancelled(Arc<Purchase>),
    /// There is a new sales order.
    OrderPlaced(Arc<Order>),
    /// Goods of an order left.
    OrderShipped {
        /// The order as it is now.
        order: Arc<Order>,
        /// What left.
        lines: Vec<Moved>,
    },
    /// What had not left will not leave any more.
    OrderCancelled(Arc<Order>),
    /// Goods were sold over the counter: placed and shipped at once.
    Sold {
        /// The order.
        order: Arc<Order>,
        /// What left.
        lines: Vec<Moved>,
    },
    /// Goods came back.
    GoodsReturned {
        /// The return.
        goods: Arc<Return>,
        /// What came back.
        lines: Vec<Moved>,
    },
    /// Somebody knows of an alert.
    AlertAcknowledged(Alert),
}

/// Goods that moved, and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The line of the document, counted from 0.
    pub line: u32,
    /// Which item.
    pub item: ItemId,
    /// How many.
    pub quantity: Quantity,
    /// What they cost together.
    pub cost: Amount,
    /// When they were acquired.
    pub acquired_at: Timestamp,
}

/// Whether stock was added or taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Added.
    Up,
    /// Taken.
    Down,
}

/// A line of an order that was waiting and got goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The order.
    pub order: OrderId,
    /// Its line, counted from 0.
    pub line: u32,
    /// How many it got.
    pub quantity: Quantity,
}
