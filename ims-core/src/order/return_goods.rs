use super::{Tally, below_zero, known, save};
use crate::{
    command::Decide,
    cost::{self, Portion},
    draft::{Decided, Draft, fits, reject},
    late,
    location::{CUSTOMERS, SERVICES},
    money::split,
    rules,
    stock::{Route, allocate::stock_now, bring_in},
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Takes goods back from a customer and puts them on the shelf. What is refunded is said apart from what comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnGoods {
    /// What comes back.
    pub goods: ReturnedGoods,
    /// Why more may be refunded than was paid, or than the list price where no order is known. Without it, no more is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_reason: Option<Text>,
}

impl ReturnGoods {
    /// Takes these back, for no more than was paid.
    pub fn new(goods: ReturnedGoods) -> Self {
        ReturnGoods { goods, refund_reason: None }
    }
}

/// What comes back, and how it is known what it had cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReturnedGoods {
    /// Goods of an order. They come back with exactly the cost and the age that they left with.
    OfOrder {
        /// Which order.
        order: OrderId,
        /// Which of its shipments; where none is named, the oldest one that has goods out comes first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shipment: Option<CommandId>,
        /// To which site; to the one that they left where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        site: Option<LocationId>,
        /// What comes back.
        lines: Vec<ReturnedLine>,
    },
    /// Goods of which nobody knows the order. They come back at the cost that is stated, or at what one of the stock
    /// costs now.
    Loose {
        /// To which site.
        site: LocationId,
        /// From whom, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<CustomerId>,
        /// What comes back.
        lines: Vec<LooseLine>,
    },
}

/// So many of a line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnedLine {
    /// Which line of the order, counted from 0.
    pub line: u32,
    /// How many.
    pub quantity: Quantity,
    /// What is refunded for them all; what was paid for them and not refunded yet where nothing is said. No more than
    /// that, unless there is a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<Amount>,
}

/// So many of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LooseLine {
    /// Which item.
    pub item: ItemId,
    /// How many.
    pub quantity: Quantity,
    /// What is refunded for one: no more than its list price, unless there is a reason.
    pub unit_price: Amount,
    /// What one had cost; where nothing is said, what one of the stock costs now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Amount>,
}

impl Decide for ReturnGoods {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        match &self.goods {
            ReturnedGoods::OfOrder { order, shipment, site, .. } => {
                super::reads_order(known, reads, *order, *site);
                let shipments = known.peek_order(*order).map(|order| order.shipments.as_slice()).unwrap_or_default();
                let wanted = shipments.iter().map(|sent| sent.id).filter(|id| shipment.is_none_or(|one| one == *id));
                reads.movements_of.extend(wanted);
            }
            ReturnedGoods::Loose { site, customer, lines } => {
                reads.locations.insert(*site);
                reads.customers.extend(*customer);
                for line in lines {
                    reads.items.insert(line.item);
                    reads.stock.insert(StockKey { item: line.item, site: *site });
                }
            }
        }
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        if let Some(reason) = &self.refund_reason {
            rules::text("refund_reason", reason, limits::NOTE_CHARS)?;
        }
        rules::line_count(match &self.goods {
            ReturnedGoods::OfOrder { lines, .. } => lines.len(),
            ReturnedGoods::Loose { lines, .. } => lines.len(),
        })?;
        let shop = rules::open_shop(ctx, draft)?;
        let bound = if self.refund_reason.is_some() { Bound::ByReason } else { Bound::ByPayment };
        let (mut goods, moved) = match &self.goods {
            ReturnedGoods::OfOrder { order, shipment, site, lines } => {
                let named = site.map(|site| rules::site(draft, site)).transpose()?;
                let order = known(draft, *order)?;
                let site = named.map_or_else(|| rules::site(draft, order.site), Ok)?;
                of_order(ctx, draft, &shop, order, &site, &Asked { shipment: *shipment, lines, bound })?
            }
            ReturnedGoods::Loose { site, customer, lines } => {
                let site = rules::site(draft, *site)?;
                let party = rules::customer(draft, *customer)?;
                loose(ctx, draft, &shop, &site, (*customer, party), lines, bound)?
            }
        };
        goods.refund_reason = self.refund_reason.clone();
        draft.add_return(goods.clone());
        Ok(Receipt::GoodsReturned { goods: Arc::new(goods), lines: moved })
    }
}

/// Puts the lines together.
fn document(
    ctx: &Context,
    order: Option<OrderId>,
    site: LocationId,
    (customer, party): (Option<CustomerId>, Option<Party>),
    lines: Vec<ReturnLine>,
) -> Decided<Return> {
    let refund = fits(lines.iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.refund)), "the refund")?;
    let (id, returned_at) = (ctx.id.into(), ctx.moment());
    Ok(Return { id, order, site, customer, party, returned_at, refund, refund_reason: None, lines })
}

/// What a refund may come to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// What was paid, or the list price where no order is known.
    ByPayment,
    /// Whatever is stated: there is a reason for it, which is kept.
    ByReason,
}

impl Bound {
    /// Refuses a refund that is more than can be, or that takes more from the customer than the credit that is undone.
    fn check(self, field: &'static str, stated: Amount, sku: &Sku, wanted: Amount, refundable: Amount) -> Decided<()> {
        if wanted < refundable.min(Amount::ZERO) {
            return reject(Rejection::AmountNegative { field: field.into(), amount: stated });
        }
        if wanted > refundable && self == Bound::ByPayment {
            return reject(Rejection::RefundTooLarge { sku: sku.clone(), wanted, refundable });
        }
        Ok(())
    }
}

/// What is to come back of an order.
struct Asked<'a> {
    /// Of which of its shipments.
    shipment: Option<CommandId>,
    lines: &'a [ReturnedLine],
    bound: Bound,
}

fn of_order(
    ctx: &Context,
    draft: &mut Draft,
    shop: &Shop,
    mut order: Order,
    site: &Location,
    asked: &Asked<'_>,
) -> Decided<(Return, Vec<Moved>)> {
    if let Some(shipment) = asked.shipment.filter(|id| order.shipments.iter().all(|shipment| shipment.id != *id)) {
        return reject(Rejection::UnknownShipment { shipment });
    }
    let mut goods_out = goods_out(draft, &order, asked.shipment)?;
    let day = shop.time_zone.business_day(ctx.moment());
    let mut lines = Vec::with_capacity(asked.lines.len());
    let mut moved = Vec::with_capacity(asked.lines.len());
    for (index, back) in asked.lines.iter().enumerate() {
        let number = rules::line_number(index);
        rules::positive(number, back.quantity)?;
        let Some(mut line) = usize::try_from(back.line).ok().and_then(|line| order.lines.get(line)).cloned() else {
            return reject(Rejection::UnknownLine { line: back.line });
        };
        if !line.revenue.is_negative() {
            rules::not_negative("refund", back.refund.unwrap_or_default())?;
        }
        let item = rules::item(draft, line.item)?;
        rules::fits_unit(&item, back.quantity)?;
        let out = goods_out.entry(back.line).or_default();
        let returnable =
            fits(out.iter().try_fold(Quantity::ZERO, |sum, part| sum.checked_add(part.quantity)), "a sum")?;
        if back.quantity > returnable {
            return reject(Rejection::ReturnsTooMuch { line: back.line, wanted: back.quantity, returnable });
        }
        let refundable = fits(line.refundable(back.quantity, shop.rounding), "the refund")?;
        let refund = back.refund.unwrap_or(refundable);
        asked.bound.check("refund", refund, &line.sku, refund, refundable)?;

        let mut cost = Amount::ZERO;
        let mut refund_left = refund;
        let mut quantity_left = back.quantity;
        let taken = take_back(out, back.quantity, item.unit.decimals())?;
        for (part, quantity) in out.iter_mut().zip(taken).filter(|(_, quantity)| quantity.is_positive()) {
            late::check_follows(ctx, part.left_at, || {
                format!("goods of order {}-{} left", order.series, order.number)
            })?;
            let value = fits(part.value.share(quantity, part.quantity), "the cost of what came back")?;
            let goods = Portion { layer: part.layer_at(site.id), ..Portion::new(quantity, value, part.acquired_at) };
            let revenue = fits(refund_left.share(quantity, quantity_left), "the refund")?;
            let from = if line.tracking == Tracking::Service { SERVICES } else { site.id };
            let route = Route {
                undoes: Some(part.movement),
                ..Route::new(&item, CUSTOMERS, from, MovementKind::Return).of(Document::Return(ctx.id.into(), number))
            };
            match line.tracking {
                Tracking::Service => route.goods(ctx, draft, goods, revenue)?,
                Tracking::Stocked => bring_in(ctx, draft, route, goods, revenue)?,
            }
            part.take(quantity, value)?;
            draft.put_undone(part.movement, part.undone);
            refund_left = fits(refund_left.checked_sub(revenue), "the refund")?;
            quantity_left = fits(quantity_left.checked_sub(quantity), "a quantity")?;
            cost = fits(cost.checked_add(value), "the cost of what came back")?;
            moved.push(goods.moved(number, &item));
        }
        line.returned = fits(line.returned.checked_add(back.quantity), "a quantity")?;
        line.refunded = fits(line.refunded.checked_add(refund), "the refund")?;
        line.cost_returned = fits(line.cost_returned.checked_add(cost), "the cost of what came back")?;
        let (customer, at) = (order.customer, order.site);
        let tally = Tally { day, site: at, customer, item: item.id, brand: &line.brand, category: &line.category };
        tally.add(draft, below_zero(back.quantity, refund, cost)?);
        lines.push(ReturnLine {
            item: item.id,
            sku: line.sku.clone(),
            name: Arc::clone(&line.name),
            brand: Arc::clone(&line.brand),
            category: Arc::clone(&line.category),
            quantity: back.quantity,
            refund,
            cost,
        });
        if let Some(old) = usize::try_from(back.line).ok().and_then(|line| order.lines.get_mut(line)) {
            *old = line;
        }
    }
    let goods = document(ctx, Some(order.id), site.id, (order.customer, order.party.clone()), lines)?;
    save(draft, shop, order)?;
    Ok((goods, moved))
}

/// Goods of one acquisition that left and have not come back.
struct Out {
    movement: MovementKey,
    quantity: Quantity,
    value: Amount,
    acquired_at: Timestamp,
    /// The site that they left, and the cost layer that they were of there.
    from: LocationId,
    layer: Option<u32>,
    left_at: Timestamp,
    undone: Undone,
}

impl Out {
    /// The cost layer that they go back into: they keep their place in the queue where they had one.
    fn layer_at(&self, site: LocationId) -> Option<u32> {
        self.layer.filter(|_| self.from == site)
    }

    fn take(&mut self, quantity: Quantity, value: Amount) -> Decided<()> {
        self.quantity = fits(self.quantity.checked_sub(quantity), "a quantity")?;
        self.value = fits(self.value.checked_sub(value), "a value")?;
        self.undone.quantity = fits(self.undone.quantity.checked_add(quantity), "a quantity")?;
        self.undone.value = fits(self.undone.value.checked_add(value), "a value")?;
        Ok(())
    }
}

/// What of an order is still out, by line, in the order in which it left.
fn goods_out(draft: &mut Draft, order: &Order, shipment: Option<CommandId>) -> Decided<BTreeMap<u32, Vec<Out>>> {
    let mut out: BTreeMap<u32, Vec<Out>> = BTreeMap::new();
    for sent in order.shipments.iter().filter(|sent| shipment.is_none_or(|id| id == sent.id)) {
        for (movement, undone) in draft.movements_of(sent.id)?.iter() {
            let Some(Document::Order(id, line)) = movement.document else { continue };
            if movement.kind != MovementKind::Sale || id != order.id {
                continue;
            }
            let undone = draft.undone(movement.key).unwrap_or(*undone);
            let quantity = fits(movement.quantity.checked_sub(undone.quantity), "a quantity")?;
            let value = fits(movement.value.checked_sub(undone.value), "a value")?;
            if quantity.is_positive() {
                let &Movement { key: movement, acquired_at, from, layer, occurred_at: left_at, .. } = movement;
                let part = Out { movement, quantity, value, acquired_at, from, layer, left_at, undone };
                out.entry(line).or_default().push(part);
            }
        }
    }
    Ok(out)
}

/// How many of each come back, where goods are of several acquisitions: of each in proportion, by largest remainder, so
/// that a part comes back at the cost of the whole and the whole comes back exactly as it left.
fn take_back(out: &[Out], quantity: Quantity, decimals: u32) -> Decided<Vec<Quantity>> {
    if out.len() == 1 {
        return Ok(vec![quantity]);
    }
    let weights: Option<Vec<u64>> = out.iter().map(|part| u64::try_from(part.quantity.micros()).ok()).collect();
    let weights = fits(weights, "a quantity")?;
    let parts = fits(split(Amount::from_micros(quantity.micros()), &weights, decimals), "a quantity")?;
    let parts = out.iter().zip(parts.into_iter().map(|part| Quantity::from_micros(part.micros())));
    let mut taken: Vec<Quantity> = Vec::with_capacity(out.len());
    let mut rest = Quantity::ZERO;
    // Rounding may give a part more than it has out; what is too much goes to the next that has room.
    for (part, share) in parts {
        let wanted = fits(share.checked_add(rest), "a quantity")?;
        let given = wanted.min(part.quantity);
        rest = fits(wanted.checked_sub(given), "a quantity")?;
        taken.push(given);
    }
    for (part, given) in out.iter().zip(&mut taken) {
        let room = fits(part.quantity.checked_sub(*given), "a quantity")?.min(rest);
        *given = fits(given.checked_add(room), "a quantity")?;
        rest = fits(rest.checked_sub(room), "a quantity")?;
    }
    Ok(taken)
}

fn loose(
    ctx: &Context,
    draft: &mut Draft,
    shop: &Shop,
    site: &Location,
    (customer, party): (Option<CustomerId>, Option<Party>),
    asked: &[LooseLine],
    bound: Bound,
) -> Decided<(Return, Vec<Moved>)> {
    let day = shop.time_zone.business_day(ctx.moment());
    let mut lines = Vec::with_capacity(asked.len());
    let mut moved = Vec::with_capacity(asked.len());
    for (index, back) in asked.iter().enumerate() {
        let number = rules::line_number(index);
        rules::positive(number, back.quantity)?;
        let item = rules::item(draft, back.item)?;
        let price = item.price.unwrap_or_default();
        if !price.is_negative() {
            rules::not_negative("unit_price", back.unit_price)?;
        }
        if item.tracking == Tracking::Stocked {
            rules::not_negative("unit_cost", back.unit_cost.unwrap_or_default())?;
        }
        rules::fits_unit(&item, back.quantity)?;
        let refund = fits(back.unit_price.times(back.quantity, shop.rounding), "the refund")?;
        let refundable = fits(price.times(back.quantity, shop.rounding), "the refund")?;
        bound.check("unit_price", back.unit_price, &item.sku, refund, refundable)?;
        let document = Document::Return(ctx.id.into(), number);
        let goods = match item.tracking {
            Tracking::Service => {
                let goods = Portion::new(back.quantity, Amount::ZERO, ctx.moment());
                let route = Route::new(&item, CUSTOMERS, SERVICES, MovementKind::Return).of(document);
                route.goods(ctx, draft, goods, refund)?;
                goods
            }
            Tracking::Stocked => {
                let stock = stock_now(ctx, draft, StockKey { item: item.id, site: site.id })?;
                let Some(unit_cost) = back.unit_cost.or_else(|| cost::of_one(&item, stock.as_ref())) else {
                    return reject(Rejection::CostUnknown { sku: item.sku.clone() });
                };
                let value = fits(unit_cost.times(back.quantity, Rounding::LEDGER), "the cost of what came back")?;
                let goods = Portion::new(back.quantity, value, ctx.moment());
                let route = Route::new(&item, CUSTOMERS, site.id, MovementKind::Return).of(document);
                bring_in(ctx, draft, route, goods, refund)?;
                goods
            }
        };
        let tally = Tally { day, site: site.id, customer, item: item.id, brand: &item.brand, category: &item.category };
        tally.add(draft, below_zero(back.quantity, refund, goods.value)?);
        moved.push(goods.moved(number, &item));
        lines.push(ReturnLine {
            item: item.id,
            sku: item.sku.clone(),
            name: Arc::clone(&item.name),
            brand: Arc::clone(&item.brand),
            category: Arc::clone(&item.category),
            quantity: back.quantity,
            refund,
            cost: goods.value,
        });
    }
    Ok((document(ctx, None, site.id, (customer, party), lines)?, moved))
}
