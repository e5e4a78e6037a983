//! Orders, sales and returns.

use super::{Trade, shelf::Line};
use ims_core::{
    Amount, Command, CustomerId, HoldId, ItemId, LocationId, Order, OrderLine, Quantity, Tracking,
    money::Fraction,
    order::{
        CancelOrder, Discount, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods,
        ReturnedLine, Sell, ShipOrder, ShippedLine,
    },
};
use std::sync::Arc;

impl Line for OrderedLine {
    fn item(&self) -> ItemId {
        self.item
    }
}

/// What somebody wants.
struct Basket {
    site: LocationId,
    customer: Option<CustomerId>,
    lines: Vec<OrderedLine>,
    holds: Vec<HoldId>,
}

impl Trade {
    pub(super) fn sell(&mut self) -> Option<Command> {
        let Basket { site, customer, lines, holds } = self.basket()?;
        let series = self.dice.percent(30).then(|| "TILL-2".into());
        Some(Sell { customer, series, holds, ..Sell::new(site, lines) }.into())
    }

    pub(super) fn place_order(&mut self) -> Option<Command> {
        let Basket { site, customer, mut lines, holds } = self.basket()?;
        let on_shortage =
            self.dice.weighted(&[(6, OnShortage::Refuse), (3, OnShortage::Backorder), (1, OnShortage::Cancel)])?;
        if on_shortage != OnShortage::Refuse {
            lines.extend(self.more_than_there_is(site, on_shortage));
        }
        Some(PlaceOrder { customer, on_shortage, holds, ..PlaceOrder::new(site, lines) }.into())
    }

    /// Ships all that is allocated, or a part of a line.
    pub(super) fn ship_order(&mut self) -> Option<Command> {
        let order = self.open_order()?;
        let allocated: Vec<(u32, OrderLine)> =
            (0..).zip(order.lines.iter().cloned()).filter(|(_, line)| line.allocated.is_positive()).collect();
        if allocated.is_empty() && !self.dice.percent(10) {
            return None;
        }
        let lines = if self.dice.percent(60) {
            None
        } else {
            let (line, of) = self.dice.pick(&allocated)?.clone();
            Some(vec![ShippedLine { line, quantity: self.a_part(of.item, of.allocated)? }])
        };
        Some(ShipOrder { order: order.id, lines }.into())
    }

    pub(super) fn cancel_order(&mut self) -> Option<Command> {
        Some(CancelOrder { order: self.open_order()?.id }.into())
    }

    pub(super) fn return_goods(&mut self) -> Option<Command> {
        if self.dice.percent(15) {
            return self.loose_return();
        }
        let order = self.dice.pick(&self.books.shipped_orders).cloned()?;
        let number = self.dice.between(0, i64::try_from(order.lines.len()).ok()? - 1);
        let line = order.lines.get(usize::try_from(number).ok()?)?;
        let quantity = self.a_part(line.item, line.shipped)?;
        let refund = self.dice.percent(20).then(|| self.cents(1, 500));
        let shipment = order.shipments.first().filter(|_| order.shipments.len() == 1 && self.dice.percent(30));
        let back = ReturnedLine { line: u32::try_from(number).ok()?, quantity, refund };
        let site = if self.books.sites.contains(&order.site) { None } else { Some(self.site()?) };
        let goods =
            ReturnedGoods::OfOrder { order: order.id, shipment: shipment.map(|sent| sent.id), site, lines: vec![back] };
        let refund_reason = refund.filter(|_| self.dice.percent(50)).map(|_| "As a favour".into());
        Some(ReturnGoods { goods, refund_reason }.into())
    }

    fn loose_return(&mut self) -> Option<Command> {
        let (site, customer) = (self.site()?, self.customer());
        let goods = self.costed_goods()?;
        let unit_price = self.cents(50, 2_000);
        let line =
            LooseLine { item: goods.item, quantity: goods.quantity, unit_price, unit_cost: Some(goods.unit_cost) };
        let refund_reason = self.dice.percent(80).then(|| "Its receipt is lost".into());
        Some(ReturnGoods { goods: ReturnedGoods::Loose { site, customer, lines: vec![line] }, refund_reason }.into())
    }

    /// What somebody wants of what is there; now and then they have put it aside.
    fn basket(&mut self) -> Option<Basket> {
        let customer = self.customer();
        if self.dice.percent(8) {
            let hold = self.hold().filter(|hold| self.books.sites.contains(&hold.site))?;
            let line = self.ordered(hold.item, hold.quantity)?;
            return Some(Basket { site: hold.site, customer, lines: vec![line], holds: vec![hold.id] });
        }
        let site = self.site()?;
        let mut lines = self.some_lines(4, |trade| {
            let goods = trade.goods(site)?;
            trade.ordered(goods.item, goods.quantity)
        })?;
        if self.dice.percent(15) {
            lines.extend(self.service());
        }
        Some(Basket { site, customer, lines, holds: Vec::new() })
    }

    fn customer(&mut self) -> Option<CustomerId> {
        self.dice.percent(40).then(|| self.dice.pick(&self.books.customers).copied()).flatten()
    }

    /// A line at the item's price or at another one, with something off now and then.
    pub(super) fn ordered(&mut self, item: ItemId, quantity: Quantity) -> Option<OrderedLine> {
        let has_price = self.books.items.get(&item)?.price.is_some();
        let unit_price = (!has_price || self.dice.percent(10)).then(|| self.cents(100, 9_999));
        let discount = match self.dice.between(1, 20) {
            1 => Some(Discount::Fraction(Fraction::from_micros(self.dice.between(1, 1_000_000))?)),
            2 => Some(Discount::Amount(Amount::from_micros(0))),
            _ => None,
        };
        Some(OrderedLine { item, quantity, unit_price, discount })
    }

    fn service(&mut self) -> Option<OrderedLine> {
        let service = self.books.items.values().find(|item| item.tracking == Tracking::Service)?.id;
        let units = self.dice.between(1, 3);
        self.ordered(service, Quantity::from_units(units)?)
    }

    /// A line of something of which there is not enough.
    fn more_than_there_is(&mut self, site: LocationId, on_shortage: OnShortage) -> Option<OrderedLine> {
        let item = self.item()?;
        if item.tracking == Tracking::Service {
            return None;
        }
        let limit = if on_shortage == OnShortage::Backorder { item.backorder_limit.micros() / 3 } else { i64::MAX };
        let more = self.some_of(&item, 3, limit)?;
        let quantity = Quantity::from_micros(self.books.free(site, item.id)).checked_add(more)?;
        self.ordered(item.id, quantity)
    }

    fn a_part(&mut self, item: ItemId, most: Quantity) -> Option<Quantity> {
        let item = Arc::clone(self.books.items.get(&item)?);
        self.some_of(&item, 100, most.micros())
    }

    pub(super) fn open_order(&mut self) -> Option<Arc<Order>> {
        let open: Vec<Arc<Order>> = self.books.open_orders.values().cloned().collect();
        self.dice.pick(&open).cloned()
    }
}
