//! What is there, as far as the answers have told.

use ims_core::{
    Command, CustomerId, HoldId, Item, ItemId, LocationId, Moved, Order, OrderId, OrderLine, OrderStatus, Purchase,
    PurchaseId, PurchaseStatus, Receipt, Rejection, Standing, SupplierId, Tracking,
    order::{ReturnGoods, ReturnedGoods},
};
use std::{collections::BTreeMap, sync::Arc};

/// Orders that have left and may come back, and holds and orders that have ended, are remembered for so long.
const REMEMBERED: usize = 200;

#[derive(Default)]
pub(super) struct Books {
    pub(super) sites: Vec<LocationId>,
    pub(super) closed_sites: Vec<LocationId>,
    pub(super) suppliers: Vec<SupplierId>,
    pub(super) retired_suppliers: Vec<SupplierId>,
    pub(super) customers: Vec<CustomerId>,
    pub(super) retired_customers: Vec<CustomerId>,
    pub(super) items: BTreeMap<ItemId, Arc<Item>>,
    pub(super) retired_items: Vec<Arc<Item>>,
    /// What nobody has claimed, in millionths.
    pub(super) free: BTreeMap<(LocationId, ItemId), i64>,
    pub(super) open_orders: BTreeMap<OrderId, Arc<Order>>,
    pub(super) shipped_orders: Vec<Arc<Order>>,
    pub(super) open_purchases: BTreeMap<PurchaseId, Arc<Purchase>>,
    pub(super) ended_purchases: Vec<PurchaseId>,
    pub(super) holds: BTreeMap<HoldId, ims_core::Hold>,
    pub(super) ended_holds: Vec<HoldId>,
    /// What was refused because there is none left.
    pub(super) sold_out: Vec<(LocationId, ItemId)>,
    /// Days since 1970.
    pub(super) closed_until: Option<i32>,
}

impl Books {
    /// Writes down what was done.
    pub(super) fn note(&mut self, command: &Command, receipt: &Receipt) {
        match receipt {
            Receipt::ShopOpened(_) | Receipt::StandardCostSet { .. } | Receipt::AlertAcknowledged(_) => {}
            Receipt::PeriodClosed { until, .. } => self.closed_until = Some(until.days()),
            Receipt::ItemCreated(item) | Receipt::ItemUpdated(item) => self.note_item(item),
            Receipt::ItemRetired { item, .. } => self.retired_items.extend(self.items.remove(item)),
            Receipt::LocationCreated(site) | Receipt::LocationUpdated(site) => {
                note_standing(&mut self.sites, &mut self.closed_sites, site.id, site.standing);
            }
            Receipt::SupplierCreated(party) | Receipt::SupplierUpdated(party) => {
                note_standing(&mut self.suppliers, &mut self.retired_suppliers, party.id, party.standing);
            }
            Receipt::CustomerCreated(party) | Receipt::CustomerUpdated(party) => {
                note_standing(&mut self.customers, &mut self.retired_customers, party.id, party.standing);
            }
            Receipt::StockReceived { site, lines, .. } => self.came(*site, lines),
            Receipt::StockSentBack { site, lines, .. } => self.left(*site, lines),
            Receipt::StockAdjusted { site, direction, lines, .. } => match direction {
                ims_core::Direction::Up => self.came(*site, lines),
                ims_core::Direction::Down => self.left(*site, lines),
            },
            Receipt::StockTransferred { from, to, lines } => {
                self.left(*from, lines);
                self.came(*to, lines);
            }
            Receipt::HoldPlaced(hold) => {
                self.add(hold.site, hold.item, -hold.quantity.micros());
                self.holds.insert(hold.id, *hold);
            }
            Receipt::HoldExtended(hold) => drop(self.holds.insert(hold.id, *hold)),
            Receipt::HoldReleased(hold) => self.end_hold(hold.id),
            Receipt::PurchasePlaced(purchase)
            | Receipt::PurchaseClosed(purchase)
            | Receipt::PurchaseCancelled(purchase) => self.note_purchase(purchase),
            Receipt::PurchaseReceived { purchase, lines } => {
                self.came(purchase.site, lines);
                self.note_purchase(purchase);
            }
            Receipt::OrderPlaced(order) => {
                self.use_holds(command);
                self.add_lines(order, |line| -line.allocated.micros());
                self.note_order(order);
            }
            Receipt::OrderShipped { order, .. } => self.note_order(order),
            Receipt::OrderCancelled(order) => {
                if let Some(before) = self.open_orders.remove(&order.id) {
                    self.add_lines(&before, |line| line.allocated.micros());
                }
                self.note_order(order);
            }
            Receipt::Sold { order, lines } => {
                self.use_holds(command);
                self.left(order.site, lines);
                self.note_order(order);
            }
            Receipt::GoodsReturned { goods, lines } => {
                self.came(goods.site, lines);
                self.forget_returned(command);
            }
        }
    }

    /// Writes down that there was none of something.
    pub(super) fn note_refusal(&mut self, rejection: &Rejection) {
        if let Rejection::InsufficientStock { sku, available, .. } = rejection
            && available.is_zero()
            && let Some(item) = self.items.values().find(|item| item.sku == *sku).map(|item| item.id)
        {
            self.sold_out.extend(self.sites.iter().map(|site| (*site, item)));
        }
    }

    /// Holds that count no more.
    pub(super) fn forget_lapsed(&mut self, now: i64) {
        let lapsed: Vec<HoldId> =
            self.holds.values().filter(|hold| hold.until.micros() <= now).map(|hold| hold.id).collect();
        lapsed.into_iter().for_each(|hold| self.end_hold(hold));
    }

    /// What of an item nobody has claimed at a site, in millionths.
    pub(super) fn free(&self, site: LocationId, item: ItemId) -> i64 {
        self.free.get(&(site, item)).copied().unwrap_or(0).max(0)
    }

    fn note_item(&mut self, item: &Arc<Item>) {
        match item.standing {
            Standing::Active => drop(self.items.insert(item.id, Arc::clone(item))),
            Standing::Retired => self.retired_items.extend(self.items.remove(&item.id)),
        }
    }

    fn note_purchase(&mut self, purchase: &Arc<Purchase>) {
        match purchase.status {
            PurchaseStatus::Ordered | PurchaseStatus::PartlyReceived => {
                self.open_purchases.insert(purchase.id, Arc::clone(purchase));
            }
            _ => {
                self.open_purchases.remove(&purchase.id);
                remember(&mut self.ended_purchases, purchase.id);
            }
        }
    }

    fn note_order(&mut self, order: &Arc<Order>) {
        match order.status {
            OrderStatus::Placed | OrderStatus::PartlyShipped => {
                self.open_orders.insert(order.id, Arc::clone(order));
            }
            OrderStatus::Shipped => {
                self.open_orders.remove(&order.id);
                remember(&mut self.shipped_orders, Arc::clone(order));
            }
            OrderStatus::Cancelled => drop(self.open_orders.remove(&order.id)),
        }
    }

    /// What came back of an order is not tried twice.
    fn forget_returned(&mut self, command: &Command) {
        if let Command::ReturnGoods(ReturnGoods { goods: ReturnedGoods::OfOrder { order, .. }, .. }) = command {
            self.shipped_orders.retain(|shipped| shipped.id != *order);
        }
    }

    fn use_holds(&mut self, command: &Command) {
        let holds = match command {
            Command::PlaceOrder(order) => &order.holds,
            Command::Sell(sale) => &sale.holds,
            _ => return,
        };
        holds.iter().for_each(|hold| self.end_hold(*hold));
    }

    fn end_hold(&mut self, id: HoldId) {
        if let Some(hold) = self.holds.remove(&id) {
            self.add(hold.site, hold.item, hold.quantity.micros());
            remember(&mut self.ended_holds, id);
        }
    }

    fn came(&mut self, site: LocationId, lines: &[Moved]) {
        lines.iter().for_each(|line| self.add(site, line.item, line.quantity.micros()));
    }

    fn left(&mut self, site: LocationId, lines: &[Moved]) {
        lines.iter().for_each(|line| self.add(site, line.item, -line.quantity.micros()));
    }

    fn add_lines(&mut self, order: &Order, micros: impl Fn(&OrderLine) -> i64) {
        order.lines.iter().for_each(|line| self.add(order.site, line.item, micros(line)));
    }

    fn add(&mut self, site: LocationId, item: ItemId, micros: i64) {
        if self.items.get(&item).is_some_and(|item| item.tracking == Tracking::Service) {
            return;
        }
        *self.free.entry((site, item)).or_default() += micros;
    }
}

fn note_standing<T: PartialEq>(active: &mut Vec<T>, retired: &mut Vec<T>, id: T, standing: Standing) {
    active.retain(|known| *known != id);
    retired.retain(|known| *known != id);
    match standing {
        Standing::Active => active.push(id),
        Standing::Retired => retired.push(id),
    }
}

fn remember<T>(list: &mut Vec<T>, value: T) {
    if list.len() >= REMEMBERED {
        list.remove(0);
    }
    list.push(value);
}
