//! Sales orders: who gets what, and what it earns and costs.

use super::{
    Moment, Moved, Portion, Refusal, Shadow, Shelf, check_lines, check_not_negative, check_positive, money, moved,
    number::{fits, share_in_coins, to_coins},
    refuse, refuse_short, units,
};
use ims_core::{
    CommandId, CustomerId, HoldId, ItemId, LocationId, OrderId,
    order::{Discount, OnShortage, OrderedLine, PlaceOrder, Sell, ShipOrder},
};
use std::collections::BTreeMap;

type Done = Result<Vec<Moved>, Refusal>;

#[derive(Clone, Debug)]
pub(crate) struct ShadowOrder {
    pub(super) site: LocationId,
    placed_at: i64,
    pub(crate) lines: Vec<ShadowLine>,
    pub(super) shipments: Vec<CommandId>,
    pub(super) shipped_at: BTreeMap<CommandId, i64>,
}

#[derive(Clone, Debug)]
pub(crate) struct ShadowLine {
    pub(crate) item: ItemId,
    pub(crate) quantity: i128,
    pub(crate) total: i128,
    pub(crate) allocated: i128,
    pub(crate) backordered: i128,
    pub(crate) shipped: i128,
    pub(crate) cancelled: i128,
    pub(crate) returned: i128,
    pub(crate) revenue: i128,
    pub(crate) cost: i128,
    pub(crate) refunded: i128,
    pub(crate) cost_returned: i128,
    /// What has left and not come back, in the order in which it left, with the shipment it left with.
    pub(super) out: Vec<(CommandId, Portion)>,
}

/// What both kinds of sale ask for.
struct Asked<'a> {
    site: LocationId,
    customer: Option<CustomerId>,
    lines: &'a [OrderedLine],
    on_shortage: OnShortage,
    holds: &'a [HoldId],
}

impl ShadowOrder {
    pub(super) fn is_open(&self) -> bool {
        self.lines.iter().any(|line| line.shipped + line.cancelled < line.quantity)
    }

    pub(super) fn has_goods_out(&self) -> bool {
        self.lines.iter().any(|line| !line.out.is_empty())
    }
}

impl Shadow {
    pub(super) fn place_order(&mut self, at: &Moment, request: &PlaceOrder) -> Done {
        let PlaceOrder { site, customer, lines, on_shortage, holds, .. } = request;
        let asked = Asked { site: *site, customer: *customer, lines, on_shortage: *on_shortage, holds };
        let order = self.place(at, &asked)?;
        self.orders.insert(at.id.into(), order);
        Ok(Vec::new())
    }

    pub(super) fn sell(&mut self, at: &Moment, request: &Sell) -> Done {
        let Sell { site, customer, lines, holds, .. } = request;
        let asked = Asked { site: *site, customer: *customer, lines, on_shortage: OnShortage::Refuse, holds };
        let order = self.place(at, &asked)?;
        let all = allocated(&order);
        self.ship(at, at.id.into(), order, &all)
    }

    pub(super) fn ship_order(&mut self, at: &Moment, request: &ShipOrder) -> Done {
        if let Some(lines) = &request.lines {
            check_lines(lines)?;
        }
        self.check_open(at)?;
        let order = self.open_order(request.order)?;
        at.check_follows(order.placed_at)?;
        let lines = match &request.lines {
            Some(lines) => lines.iter().map(|line| (line.line as usize, units(line.quantity))).collect(),
            None => allocated(&order),
        };
        check_lines(&lines)?;
        self.ship(at, request.order, order, &lines)
    }

    pub(super) fn cancel_order(&mut self, at: &Moment, id: OrderId) -> Done {
        self.check_open(at)?;
        let mut order = self.open_order(id)?;
        at.check_follows(order.placed_at)?;
        order.shipped_at.values().try_for_each(|shipped_at| at.check_follows(*shipped_at))?;
        for line in &mut order.lines {
            if self.items[&line.item].stocked && line.allocated + line.backordered > 0 {
                let shelf = self.shelf(at, (line.item, order.site));
                shelf.allocated -= line.allocated;
                shelf.backordered -= line.backordered;
            }
            line.allocated = 0;
            line.backordered = 0;
            line.cancelled = line.quantity - line.shipped;
        }
        self.orders.insert(id, order);
        Ok(Vec::new())
    }

    fn open_order(&self, id: OrderId) -> Result<ShadowOrder, Refusal> {
        match self.orders.get(&id) {
            None => refuse("unknown_order"),
            Some(order) if !order.is_open() => refuse("order_ended"),
            Some(order) => Ok(order.clone()),
        }
    }

    fn place(&mut self, at: &Moment, asked: &Asked<'_>) -> Result<ShadowOrder, Refusal> {
        check_lines(asked.lines)?;
        self.check_open(at)?;
        self.site(asked.site)?;
        if asked.customer.is_some_and(|customer| !self.customers.contains(&customer)) {
            return refuse("unknown_customer");
        }
        let mut own = self.use_holds(at, asked)?;
        // What there was of each item for this order before it took any.
        let free = |line: &OrderedLine| self.free(at, (line.item, asked.site), own_of(&own, line.item));
        let before: Vec<i128> = asked.lines.iter().map(free).collect();
        let mut lines: Vec<ShadowLine> = Vec::new();
        let mut total = 0;
        for (line, available) in asked.lines.iter().zip(before) {
            let line = self.place_line(at, asked, line, available, own_of(&own, line.item))?;
            *own.entry(line.item).or_default() -= line.allocated.min(own_of(&own, line.item));
            total = fits(total + line.total)?;
            lines.push(line);
        }
        Ok(ShadowOrder {
            site: asked.site,
            placed_at: at.occurred_at,
            lines,
            shipments: Vec::new(),
            shipped_at: BTreeMap::new(),
        })
    }

    /// Ends the holds that are for an order. Returns how much of each item was held for it.
    fn use_holds(&mut self, at: &Moment, asked: &Asked<'_>) -> Result<BTreeMap<ItemId, i128>, Refusal> {
        let mut own = BTreeMap::new();
        for id in asked.holds {
            let hold = self.end_hold(at, *id)?;
            let held = own.entry(hold.item).or_default();
            *held += hold.quantity;
            if hold.site != asked.site || *held > wanted_of(asked, hold.item) {
                return refuse("hold_mismatch");
            }
        }
        Ok(own)
    }

    fn place_line(
        &mut self,
        at: &Moment,
        asked: &Asked<'_>,
        line: &OrderedLine,
        available: i128,
        own: i128,
    ) -> Result<ShadowLine, Refusal> {
        let quantity = check_positive(line.quantity)?;
        if let Some(Discount::Amount(discount)) = line.discount {
            check_not_negative(money(discount))?;
        }
        let item = self.traded(line.item)?.clone();
        item.check_fineness(quantity)?;

        let Some(price) = line.unit_price.map(money).or(item.price) else { return refuse("price_unknown") };
        if price < 0 && item.stocked {
            return refuse("price_negative");
        }
        let amount = fits(to_coins(price * quantity))?;
        let discount = match line.discount {
            None => 0,
            Some(Discount::Fraction(fraction)) => to_coins(amount * i128::from(fraction.micros())),
            Some(Discount::Amount(discount)) => {
                let discount = fits(to_coins(money(discount) * super::number::ONE))?;
                if discount > amount {
                    return refuse("discount_too_large");
                }
                discount
            }
        };

        let (mut allocated, mut backordered, mut cancelled) = (quantity, 0, 0);
        if item.stocked {
            let key = (line.item, asked.site);
            if asked.on_shortage == OnShortage::Refuse {
                self.known_shelf(at, key)?;
            }
            allocated = quantity.min(self.free(at, key, own));
            let missing = quantity - allocated;
            // What is cancelled at once needs no shelf.
            let mut nowhere = Shelf::default();
            let is_there = self.shelves.contains_key(&key) || asked.on_shortage == OnShortage::Backorder;
            let shelf = if is_there { self.shelf(at, key) } else { &mut nowhere };
            shelf.allocated += allocated;
            match asked.on_shortage {
                OnShortage::Refuse if missing > 0 => {
                    return refuse_short("insufficient_stock", wanted_of(asked, line.item), available);
                }
                OnShortage::Refuse => {}
                OnShortage::Cancel => cancelled = missing,
                OnShortage::Backorder => {
                    backordered = missing;
                    shelf.backordered = fits(shelf.backordered + missing)?;
                    if missing > 0 && shelf.backordered > item.backorder_limit {
                        return refuse_short("backorder_limit", wanted_of(asked, line.item), available);
                    }
                }
            }
        }
        Ok(ShadowLine {
            item: line.item,
            quantity,
            total: amount - discount,
            allocated,
            backordered,
            shipped: 0,
            cancelled,
            returned: 0,
            revenue: 0,
            cost: 0,
            refunded: 0,
            cost_returned: 0,
            out: Vec::new(),
        })
    }

    fn ship(&mut self, at: &Moment, id: OrderId, mut order: ShadowOrder, lines: &[(usize, i128)]) -> Done {
        let mut done = Vec::new();
        for (index, quantity) in lines.iter().copied() {
            if quantity <= 0 {
                return refuse("quantity_not_positive");
            }
            let Some(line) = order.lines.get_mut(index) else { return refuse("unknown_line") };
            let item = self.item(line.item)?.clone();
            item.check_fineness(quantity)?;
            if quantity > line.allocated {
                return refuse_short("ships_too_much", quantity, line.allocated);
            }
            line.allocated -= quantity;
            line.shipped += quantity;
            line.revenue = share_in_coins(line.total, line.shipped, line.quantity);
            let goods = if item.stocked {
                self.shelf(at, (line.item, order.site)).allocated -= quantity;
                self.take_out(at, (line.item, order.site), quantity)?
            } else {
                vec![Portion::new(quantity, 0, at.occurred_at)]
            };
            let cost: i128 = goods.iter().map(|portion| portion.value).sum();
            line.cost += cost;
            line.out.extend(goods.iter().map(|portion| (at.id, *portion)));
            self.books_of(line.item).sold += cost;
            done.extend(moved(index, &goods));
        }
        order.shipments.push(at.id);
        order.shipped_at.insert(at.id, at.occurred_at);
        self.orders.insert(id, order);
        Ok(done)
    }

    /// Gives what the running command has made available to those who wait, oldest order first.
    pub(super) fn fill_backorders(&mut self, at: &Moment) {
        for (item, site) in self.touched.clone() {
            self.drop_lapsed(at, (item, site));
            let mut waiting: Vec<OrderId> = self.orders.keys().copied().collect();
            waiting.retain(|id| self.orders[id].site == site);
            waiting.sort_by_key(|id| (self.orders[id].placed_at, *id));
            for id in waiting {
                for index in 0..self.orders[&id].lines.len() {
                    let free = self.available(at, (item, site)).max(0);
                    let line = &mut self.orders.get_mut(&id).expect("it waits").lines[index];
                    if line.item != item {
                        continue;
                    }
                    let given = free.min(line.backordered);
                    line.backordered -= given;
                    line.allocated += given;
                    let shelf = self.shelves.get_mut(&(item, site)).expect("it was touched");
                    shelf.backordered -= given;
                    shelf.allocated += given;
                }
            }
        }
    }
}

fn allocated(order: &ShadowOrder) -> Vec<(usize, i128)> {
    let lines = order.lines.iter().enumerate().filter(|(_, line)| line.allocated > 0);
    lines.map(|(index, line)| (index, line.allocated)).collect()
}

fn own_of(own: &BTreeMap<ItemId, i128>, item: ItemId) -> i128 {
    own.get(&item).copied().unwrap_or(0)
}

fn wanted_of(asked: &Asked<'_>, item: ItemId) -> i128 {
    asked.lines.iter().filter(|line| line.item == item).map(|line| units(line.quantity)).sum()
}
