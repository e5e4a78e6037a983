//! Sales orders: placed, shipped, cancelled, returned.

mod cancel;
mod fill;
mod place;
mod return_goods;
mod sell;
mod ship;

pub use cancel::CancelOrder;
pub(crate) use fill::fill_waiting;
pub use place::{Discount, OnShortage, OrderedLine, PlaceOrder};
pub use return_goods::{LooseLine, ReturnGoods, ReturnedGoods, ReturnedLine};
pub use sell::Sell;
pub use ship::{ShipOrder, ShippedLine};

use crate::{
    Amount, Context, CustomerId, Date, LocationId, Order, OrderLine, OrderStatus, Quantity, Rejection, Sales, SalesKey,
    Shop, StockKey, Text, Tracking,
    draft::{Decided, Draft, fits, reject},
    late,
    store::ReadSet,
};
use std::sync::Arc;

impl OrderLine {
    /// How many have neither been shipped nor cancelled.
    pub fn open(&self) -> Option<Quantity> {
        self.quantity.checked_sub(self.shipped)?.checked_sub(self.cancelled)
    }
}

/// An order that is there.
fn known(draft: &mut Draft, id: crate::OrderId) -> Decided<Order> {
    let order = draft.order(&id)?.ok_or(Rejection::UnknownOrder { order: id })?;
    Ok(Order::clone(&order))
}

/// How far an order has come, by its lines.
fn status(order: &Order) -> Decided<OrderStatus> {
    let (mut open, mut shipped) = (false, false);
    for line in &order.lines {
        open |= fits(line.open(), "a quantity")?.is_positive();
        shipped |= line.shipped.is_positive();
    }
    Ok(match (open, shipped) {
        (true, true) => OrderStatus::PartlyShipped,
        (true, false) => OrderStatus::Placed,
        (false, true) => OrderStatus::Shipped,
        (false, false) => OrderStatus::Cancelled,
    })
}

/// Refuses a late entry of something that follows the placing of an order.
fn check_placed(ctx: &Context, order: &Order) -> Result<(), Rejection> {
    late::check_follows(ctx, order.placed_at, || format!("order {}-{} was placed", order.series, order.number))
}

/// Writes an order, with what follows from its lines brought up to date.
fn save(draft: &mut Draft, shop: &Shop, mut order: Order) -> Decided<Arc<Order>> {
    order.status = status(&order)?;
    order.amounts = fits(order.add_up(shop.rounding), "what the order comes to")?;
    let order = Arc::new(order);
    draft.put_order(Arc::clone(&order));
    Ok(order)
}

/// Refuses an order of which nothing is left to do.
fn check_open(order: &Order) -> Decided<()> {
    match order.status {
        OrderStatus::Placed | OrderStatus::PartlyShipped => Ok(()),
        status => reject(Rejection::OrderEnded { status }),
    }
}

/// Where a sale or a return is counted.
struct Tally<'a> {
    day: Date,
    site: LocationId,
    customer: Option<CustomerId>,
    item: crate::ItemId,
    brand: &'a Text,
    category: &'a Text,
}

impl Tally<'_> {
    /// Counts what was sold. What came back is given below zero.
    fn add(&self, draft: &mut Draft, sales: Sales) {
        let key = SalesKey {
            day: self.day,
            site: self.site,
            item: self.item,
            brand: Text::clone(self.brand),
            category: Text::clone(self.category),
        };
        draft.add_sales(key, self.customer, sales);
    }
}

/// What came back counts below zero.
fn below_zero(units: Quantity, revenue: Amount, cost: Amount) -> Decided<Sales> {
    let negated =
        || Some(Sales { units: units.checked_neg()?, revenue: revenue.checked_neg()?, cost: cost.checked_neg()? });
    fits(negated(), "what came back")
}

/// Names an order and, once it is loaded, its items and their stock at a site: its own, unless another is named.
fn reads_order(known: &Draft, reads: &mut ReadSet, id: crate::OrderId, site: Option<LocationId>) {
    reads.orders.insert(id);
    let Some(order) = known.peek_order(id) else { return };
    let site = site.unwrap_or(order.site);
    reads.locations.insert(site);
    for line in &order.lines {
        reads.items.insert(line.item);
        if line.tracking == Tracking::Stocked {
            reads.stock.insert(StockKey { item: line.item, site });
        }
    }
}
