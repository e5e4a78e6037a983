//! Operations about what goods cost.

use super::{
    cases::Case,
    facts::{Fact, Facts},
    fields::Fields,
    shop::{MAIN, Shop, valid},
    stop::{Refusal, Stop},
};
use ims_core::{
    AdjustmentReason, Amount, CommandId, CostingMethod, Direction, Moved, OrderId, Patch, Quantity, Receipt, Rejection,
    Timestamp,
    cost::SetStandardCost,
    item::UpdateItem,
    order::{OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods, ReturnedLine, Sell, ShipOrder},
    stock::{AdjustStock, Adjusted, CostedGoods, Goods, ReceiveStock, SendBackStock, TransferStock},
    unit::{Factor, convert, convert_price},
};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;

/// The site of goods that go from the supplier to the customer and are never on a shelf.
const NO_SHELF: &str = "dropship";

/// What happens to an issue of more than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shortage {
    /// It is refused.
    Refused,
    /// What is there leaves, and the rest is reported as missing.
    Reported,
}

/// The costs of a case.
pub(crate) struct Costs {
    costing: CostingMethod,
    shortage: Shortage,
    factors: BTreeMap<String, Factor>,
    stock_unit: Option<String>,
    /// What operations with an id did.
    made: BTreeMap<String, Made>,
    /// How many times goods have left.
    pub(crate) issues: u32,
}

/// What came out of an operation, and the order that goods left with.
type Done = (Facts, Option<OrderId>);

/// What an operation with an id did.
struct Made {
    /// What the operation is called.
    op: String,
    commands: Vec<CommandId>,
    site: String,
    /// The order that goods left with.
    order: Option<OrderId>,
}

/// The costing method of a case; none where there is no such method yet.
pub(crate) fn costing_of(method: &str) -> Option<CostingMethod> {
    match method {
        "fifo" => Some(CostingMethod::Fifo),
        "average" => Some(CostingMethod::Average),
        "standard" => Some(CostingMethod::Standard),
        // No goods have a cost here: any method does.
        "reservation" | "unit" | "rounding" | "allocate" | "barcode" => Some(CostingMethod::Fifo),
        _ => None,
    }
}

impl Costs {
    /// As a case presupposes.
    pub(crate) fn of(case: &Case, costing: CostingMethod) -> Result<Costs, Stop> {
        let negative = case.policy.get("negative").and_then(Value::as_str);
        let shortage = if negative == Some("partial-report-missing") { Shortage::Reported } else { Shortage::Refused };
        let mut factors = BTreeMap::new();
        for (unit, factor) in case.policy.get("factors").and_then(Value::as_object).into_iter().flatten() {
            match factor.as_str().and_then(|factor| factor.parse().ok()) {
                Some(factor) => _ = factors.insert(unit.clone(), factor),
                None => return Stop::not_modelled(format!("the factor {factor} of {unit}")),
            }
        }
        let stock_unit = case.policy.get("stock_uom").and_then(Value::as_str).map(str::to_owned);
        Ok(Costs { costing, shortage, factors, stock_unit, made: BTreeMap::new(), issues: 0 })
    }

    /// Does an operation; nothing where it is not about costs.
    pub(crate) fn act(
        &mut self,
        shop: &mut Shop,
        op: &Fields<'_>,
        price: Option<Decimal>,
    ) -> Result<Option<Facts>, Stop> {
        let work: fn(&mut Costs, &mut Shop, &Fields<'_>, Option<Decimal>) -> Result<Done, Stop> = match op.op {
            "receive" => |costs, shop, op, _| costs.receive(shop, op),
            "issue" | "issue_batch" => Costs::issue,
            "dropship" => Costs::dropship,
            "return_in" => |costs, shop, op, _| costs.return_in(shop, op),
            "return_out" => |costs, shop, op, _| costs.return_out(shop, op),
            "cancel" => |costs, shop, op, _| costs.cancel(shop, op),
            "transfer" => |costs, shop, op, _| costs.transfer(shop, op),
            "count" => |costs, shop, op, _| costs.count(shop, op),
            "opening" => |costs, shop, op, _| costs.opening(shop, op),
            "set_cost" => |costs, shop, op, _| costs.set_cost(shop, op),
            "set_method" => |costs, shop, op, _| costs.set_method(shop, op),
            "correct" => |costs, shop, op, _| costs.correct(shop, op),
            "landed_cost" => return Stop::not_modelled("landed cost"),
            _ => return Ok(None),
        };
        if op.value("lot").is_some() {
            return Stop::not_modelled("lots");
        }
        let before = shop.sent();
        let id = op.text("id")?;
        let (facts, order) = work(self, shop, op, price)?;
        if let Some(id) = id {
            let site = facts.site.clone().unwrap_or_else(|| MAIN.to_owned());
            self.made
                .insert(id.to_owned(), Made { op: op.op.to_owned(), commands: shop.sent_since(before), site, order });
        }
        Ok(Some(facts))
    }

    fn receive(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let site = op.text("loc")?.unwrap_or(MAIN);
        let at = moment(op)?;
        let unit = op.text("uom")?;
        let quantity = shop.scale.quantity(self.in_stock_unit(op.needed_number("qty")?, unit)?)?;
        let unit_cost = match op.number("unit_cost")? {
            Some(unit_cost) => shop.scale.price(self.per_stock_unit(unit_cost, unit)?)?,
            None => self.cost_of_one(shop, site)?,
        };
        op.end()?;
        receive(shop, site, vec![(quantity, unit_cost)], at)
    }

    /// What one costs now, where nothing is said: the standard cost, or that of the stock.
    fn cost_of_one(&self, shop: &Shop, site: &str) -> Result<Amount, Stop> {
        let known = match self.costing {
            CostingMethod::Standard => shop.item_now()?.standard_cost,
            _ => shop.stock_at(site)?.and_then(|stock| stock.value.unit(stock.on_hand)),
        };
        known.ok_or_else(|| Stop::NotModelled("goods of no known cost".into()))
    }

    fn issue(&mut self, shop: &mut Shop, op: &Fields<'_>, price: Option<Decimal>) -> Result<Done, Stop> {
        let site = op.text("loc")?.unwrap_or(MAIN);
        let at = moment(op)?;
        let unit = op.text("uom")?;
        if op.value("match_cost").is_some() {
            return Stop::not_modelled("goods of a named cost");
        }
        // What a shortage would be costed at: a shortage is refused, so it does not matter.
        op.number("fallback_cost")?;
        let quantities = match op.op {
            "issue" => vec![op.needed_number("qty")?],
            _ => op.needed_numbers("qtys")?,
        };
        op.end()?;
        let mut asked = Vec::new();
        for quantity in quantities {
            asked.push(shop.scale.quantity(self.in_stock_unit(quantity, unit)?)?);
        }
        self.leave(shop, site, &asked, price, at)
    }

    /// Lets goods leave, all of these quantities or none.
    fn leave(
        &mut self,
        shop: &mut Shop,
        site: &str,
        quantities: &[Quantity],
        price: Option<Decimal>,
        at: Option<Timestamp>,
    ) -> Result<Done, Stop> {
        let unit_price = shop.scale.price(price.unwrap_or_default())?;
        let lines: Vec<_> = quantities.iter().map(|each| OrderedLine::priced(shop.item, *each, unit_price)).collect();
        let site_id = shop.site(site)?;
        let receipt = match self.shortage {
            Shortage::Refused => shop.send(Sell::new(site_id, lines), at)?,
            Shortage::Reported => {
                let order = PlaceOrder { on_shortage: OnShortage::Cancel, ..PlaceOrder::new(site_id, lines) };
                let placed = match shop.send(order, at) {
                    Ok(placed) => placed,
                    Err(Stop::Refused(Refusal::Rules(rejection)))
                        if matches!(*rejection, Rejection::NotStocked { .. }) =>
                    {
                        let all = quantities.iter().map(|each| shop.scale.goods(*each)).sum();
                        return Ok((left(Facts::at(site), shop, &[]).number("missing", all), None));
                    }
                    Err(stop) => return Err(stop),
                };
                let Receipt::OrderPlaced(order) = &*placed else { return unexpected(&placed) };
                if order.lines.iter().all(|line| line.allocated.is_zero()) {
                    let missing = order.lines.iter().map(|line| shop.scale.goods(line.cancelled)).sum();
                    return Ok((left(Facts::at(site), shop, &[]).number("missing", missing), None));
                }
                shop.send(ShipOrder { order: order.id, lines: None }, at)?
            }
        };
        let (order, lines) = match &*receipt {
            Receipt::Sold { order, lines } | Receipt::OrderShipped { order, lines } => (order, lines),
            other => return unexpected(other),
        };
        self.issues += 1;
        let missing = order.lines.iter().map(|line| shop.scale.goods(line.cancelled)).sum();
        let mut facts = left(Facts::at(site), shop, lines).number("missing", missing);
        if let Some(price) = price {
            let earned = |line: &ims_core::OrderLine| shop.scale.money(line.revenue) - shop.scale.money(line.cost);
            let gain = order.lines.iter().map(earned).sum();
            facts = facts.with("gain_at_price", Fact::Numbers(vec![price, gain]));
        }
        Ok((facts, Some(order.id)))
    }

    /// Goods that are bought and sold without ever being on the shelf: received and sold at a place of their own.
    fn dropship(&mut self, shop: &mut Shop, op: &Fields<'_>, price: Option<Decimal>) -> Result<Done, Stop> {
        let at = moment(op)?;
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        let unit_cost = match op.number("unit_cost")? {
            Some(unit_cost) => shop.scale.price(unit_cost)?,
            None => self.cost_of_one(shop, MAIN)?,
        };
        op.end()?;
        receive(shop, NO_SHELF, vec![(quantity, unit_cost)], at)?;
        self.leave(shop, NO_SHELF, &[quantity], price, at)
    }

    fn meant(&self, op: &Fields<'_>) -> Result<&Made, Stop> {
        let of = op.needed_text("of")?;
        match self.made.get(of) {
            Some(made) => Ok(made),
            None => Stop::broken(format!("{} of {of}, which is not there", op.op)),
        }
    }

    fn return_in(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (made, at) = (self.meant(op)?, moment(op)?);
        let site = op.text("loc")?.unwrap_or(&made.site).to_owned();
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        let Some(order) = made.order else {
            let lines = at_the_cost_of(shop, made, quantity)?;
            return receive(shop, &site, lines, at);
        };
        let (lines, _) = all_out(shop, order)?;
        let lines = one_by_one(&lines, quantity);
        take_back(shop, order, &site, lines, at)
    }

    /// An issue is cancelled by taking back all of it.
    fn cancel(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (made, at) = (self.meant(op)?, moment(op)?);
        let Some(order) = made.order else { return Stop::not_modelled("corrections of past receipts") };
        let site = made.site.clone();
        op.end()?;
        let (lines, _) = all_out(shop, order)?;
        take_back(shop, order, &site, lines, at)
    }

    /// An issue of fewer than was said: what is too much comes back. Of first in, first out all of it comes back and
    /// the right number leaves, because the last of its layers must come back, not a part of each. An issue of more
    /// is another issue.
    fn correct(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (made, at) = (self.meant(op)?, moment(op)?);
        let Some(order) = made.order else { return Stop::not_modelled("corrections of past receipts") };
        let (of, site) = (op.needed_text("of")?.to_owned(), made.site.clone());
        let wanted = shop.scale.quantity(op.needed_number("new_qty")?)?;
        op.end()?;
        let (lines, out) = all_out(shop, order)?;
        let more = sum(wanted.checked_sub(out))?;
        if more.is_positive() {
            return self.leave(shop, &site, &[more], None, at);
        }
        if self.costing != CostingMethod::Fifo {
            let too_much = sum(out.checked_sub(wanted))?;
            return take_back(shop, order, &site, one_by_one(&lines, too_much), at);
        }
        let done = take_back(shop, order, &site, lines, at)?;
        if wanted.is_zero() {
            return Ok(done);
        }
        let (facts, order) = self.leave(shop, &site, &[wanted], None, at)?;
        if let Some(made) = self.made.get_mut(&of) {
            made.order = order;
        }
        Ok((facts, order))
    }

    fn return_out(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (made, at) = (self.meant(op)?, moment(op)?);
        let site = made.site.clone();
        let goes_to_customer = made.op == "return_in";
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        if goes_to_customer {
            return self.leave(shop, &site, &[quantity], None, at);
        }
        let lines = vec![Goods { item: shop.item, quantity }];
        let send_back = SendBackStock { site: shop.site(&site)?, supplier: None, lines };
        match &*shop.send(send_back, at)? {
            Receipt::StockSentBack { lines, .. } => {
                self.issues += 1;
                Ok((left(Facts::at(&site), shop, lines), None))
            }
            other => unexpected(other),
        }
    }

    fn transfer(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (from, to, at) = (op.needed_text("frm")?, op.needed_text("to")?, moment(op)?);
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        let lines = vec![Goods { item: shop.item, quantity }];
        let transfer = TransferStock { from: shop.site(from)?, to: shop.site(to)?, lines };
        match &*shop.send(transfer, at)? {
            Receipt::StockTransferred { lines, .. } => {
                self.issues += 1;
                Ok((left(came(Facts::at(from), shop, lines), shop, lines), None))
            }
            other => unexpected(other),
        }
    }

    /// A count that replaces the balance: all that was there is taken out at its cost, and what was counted comes in
    /// at the cost that is stated.
    fn count(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (site, at) = (op.text("loc")?.unwrap_or(MAIN), moment(op)?);
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        let unit_cost = shop.scale.price(op.needed_number("unit_cost")?)?;
        op.end()?;
        take_all(shop, site, at)?;
        if !quantity.is_zero() {
            put(shop, site, AdjustmentReason::Counted, vec![(quantity, unit_cost)], at)?;
        }
        Ok((Facts::at(site), None))
    }

    fn opening(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (site, at) = (op.text("loc")?.unwrap_or(MAIN), moment(op)?);
        let layers = op.needed_pairs("layers")?;
        op.end()?;
        let mut lines = Vec::new();
        for (quantity, unit_cost) in layers {
            lines.push((shop.scale.quantity(quantity)?, shop.scale.price(unit_cost)?));
        }
        put(shop, site, AdjustmentReason::Opening, lines, at)?;
        Ok((Facts::at(site), None))
    }

    /// A standard cost is set. With the other methods what is there is revalued: taken out, and put back at that cost;
    /// where there is nothing, there is nothing to do.
    fn set_cost(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let at = moment(op)?;
        let unit_cost = shop.scale.price(op.needed_number("unit_cost")?)?;
        op.end()?;
        if self.costing == CostingMethod::Standard {
            shop.send(SetStandardCost { item: shop.item, unit_cost }, at)?;
            return Ok((Facts::default(), None));
        }
        for stock in shop.stock()?.into_iter().filter(|stock| stock.on_hand.is_positive()) {
            take_all(shop, &stock.site, at)?;
            put(shop, &stock.site, AdjustmentReason::Other, vec![(stock.on_hand, unit_cost)], at)?;
        }
        Ok((Facts::default(), None))
    }

    /// The method can change while there is no stock: all of it is taken out, and put back at the same cost and age.
    fn set_method(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Done, Stop> {
        let (method, at) = (op.needed_text("method")?, moment(op)?);
        op.end()?;
        let Some(costing) = costing_of(method) else { return Stop::not_modelled(format!("method {method}")) };
        let mut all = Vec::new();
        let (mut quantity, mut value) = (Quantity::ZERO, Amount::ZERO);
        for stock in shop.stock()?.into_iter().filter(|stock| stock.on_hand.is_positive()) {
            quantity = sum(quantity.checked_add(stock.on_hand))?;
            value = sum(value.checked_add(stock.value))?;
            all.push((stock.site.to_string(), take_all(shop, &stock.site, at)?));
        }
        shop.send(UpdateItem { costing: Patch::Set(costing), ..UpdateItem::new(shop.item) }, at)?;
        self.costing = costing;
        if costing == CostingMethod::Standard {
            let unit_cost = value.unit(quantity).unwrap_or_default();
            shop.send(SetStandardCost { item: shop.item, unit_cost }, at)?;
        }
        for (site, portions) in all {
            for portion in portions {
                let lines = at_the_same_cost(&portion)?;
                put(shop, &site, AdjustmentReason::Other, lines, Some(portion.acquired_at))?;
            }
        }
        Ok((Facts::default(), None))
    }

    fn in_stock_unit(&self, quantity: Decimal, unit: Option<&str>) -> Result<Decimal, Stop> {
        match self.factors_of(unit)? {
            Some((from, to)) => valid(convert(quantity, from, to)),
            None => Ok(quantity),
        }
    }

    fn per_stock_unit(&self, price: Decimal, unit: Option<&str>) -> Result<Decimal, Stop> {
        match self.factors_of(unit)? {
            Some((from, to)) => valid(convert_price(price, from, to)),
            None => Ok(price),
        }
    }

    /// The factors of a unit and of the unit that stock is kept in.
    fn factors_of(&self, unit: Option<&str>) -> Result<Option<(Factor, Factor)>, Stop> {
        let Some(unit) = unit else { return Ok(None) };
        let stock_unit = self.stock_unit.as_ref().map_or(Some(Factor::ONE), |unit| self.factors.get(unit).copied());
        match (self.factors.get(unit), stock_unit) {
            (Some(from), Some(to)) => Ok(Some((*from, to))),
            _ => Stop::not_modelled(format!("unit {unit} without a factor")),
        }
    }

    /// What a case may expect of the stock, at one site or over all of them.
    pub(crate) fn state(&self, shop: &Shop, name: &str, site: Option<&str>) -> Result<Option<Fact>, Stop> {
        let stock: Vec<_> =
            shop.stock()?.into_iter().filter(|stock| site.is_none_or(|site| site == &*stock.site)).collect();
        let quantity: Decimal = stock.iter().map(|stock| shop.scale.goods(stock.on_hand)).sum();
        let value: Decimal = stock.iter().map(|stock| shop.scale.money(stock.value)).sum();
        Ok(Some(match name {
            "qty" => Fact::Number(quantity),
            "value" => Fact::Number(value),
            "avg" => Fact::OfOne { value, quantity },
            "layers" if self.costing == CostingMethod::Fifo => {
                let layers = shop.layers(site)?;
                let layer = |layer: &ims_core::Layer| (shop.scale.goods(layer.quantity), shop.scale.money(layer.value));
                Fact::Layers(layers.iter().map(layer).collect())
            }
            "layers" => Fact::Layers(vec![(quantity, value)]),
            "total_cogs" if site.is_none() => Fact::Number(shop.cost_of_goods_sold()?),
            "value_conserved" if site.is_none() => Fact::Number(value),
            _ => return Ok(None),
        }))
    }

    /// What the movements of an operation with an id say now.
    pub(crate) fn made(&self, shop: &Shop, id: &str, name: &str) -> Result<Option<Fact>, Stop> {
        let Some(made) = self.made.get(id) else { return Ok(None) };
        let (mut quantity, mut value) = (Decimal::ZERO, Decimal::ZERO);
        for movement in shop.movements_of(&made.commands)?.iter().filter(|movement| movement.quantity.is_positive()) {
            quantity += shop.scale.goods(movement.quantity);
            value += shop.scale.money(movement.value);
        }
        Ok(Some(match name {
            "qty" => Fact::Number(quantity),
            "cogs" | "value" | "value_in" => Fact::Number(value),
            "unit_cost" | "unit_cogs" => Fact::OfOne { value, quantity },
            _ => return Ok(None),
        }))
    }
}

/// When it happened, where the case says it.
fn moment(op: &Fields<'_>) -> Result<Option<Timestamp>, Stop> {
    let Some(text) = op.text("at")? else { return Ok(None) };
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00") };
    let has_zone = text.ends_with('Z') || text.rsplit_once('T').is_some_and(|(_, time)| time.contains(['+', '-']));
    let text = if has_zone { text } else { format!("{text}Z") };
    match text.parse() {
        Ok(moment) => Ok(Some(moment)),
        Err(_) => Stop::not_modelled(format!("the moment {text}")),
    }
}

fn receive(shop: &mut Shop, site: &str, lines: Vec<(Quantity, Amount)>, at: Option<Timestamp>) -> Result<Done, Stop> {
    let item = shop.item;
    let lines = lines.into_iter().map(|(quantity, unit_cost)| CostedGoods { item, quantity, unit_cost }).collect();
    let receive = ReceiveStock { site: shop.site(site)?, supplier: None, lines };
    match &*shop.send(receive, at)? {
        Receipt::StockReceived { lines, .. } => Ok((came(Facts::at(site), shop, lines), None)),
        other => unexpected(other),
    }
}

/// What of an order is still out, line by line and together.
fn all_out(shop: &Shop, order: OrderId) -> Result<(Vec<ReturnedLine>, Quantity), Stop> {
    let mut lines = Vec::new();
    let mut all = Quantity::ZERO;
    for (line, ordered) in (0_u32..).zip(&shop.order(order)?.lines) {
        let out = sum(ordered.shipped.checked_sub(ordered.returned))?;
        all = sum(all.checked_add(out))?;
        if out.is_positive() {
            lines.push(ReturnedLine { line, quantity: out, refund: None });
        }
    }
    Ok((lines, all))
}

/// So many of what is out, one line after the other. The last is asked for all the rest, so that the engine refuses
/// what is too much.
fn one_by_one(out: &[ReturnedLine], quantity: Quantity) -> Vec<ReturnedLine> {
    let mut left = quantity;
    let mut lines = Vec::new();
    for (index, line) in out.iter().enumerate() {
        let taken = if index + 1 == out.len() { left } else { line.quantity.min(left) };
        if !taken.is_zero() {
            lines.push(ReturnedLine { quantity: taken, ..*line });
            left = left.checked_sub(taken).unwrap_or_default();
        }
    }
    if out.is_empty() {
        lines.push(ReturnedLine { line: 0, quantity, refund: None });
    }
    lines
}

/// So many at the cost at which an operation moved them.
fn at_the_cost_of(shop: &Shop, made: &Made, quantity: Quantity) -> Result<Vec<(Quantity, Amount)>, Stop> {
    if made.op != "return_out" {
        return Stop::not_modelled(format!("a return of what {} did", made.op));
    }
    let (mut all, mut value) = (Quantity::ZERO, Amount::ZERO);
    let movements = shop.movements_of(&made.commands)?;
    for movement in &movements {
        all = sum(all.checked_add(movement.quantity))?;
        value = sum(value.checked_add(movement.value))?;
    }
    let Some(moved) = movements.first().filter(|_| quantity <= all) else {
        return Err(Stop::Refused(Refusal::Caller(format!("{quantity} to come back, {all} were sent back"))));
    };
    let cost = sum(value.share(quantity, all))?;
    at_the_same_cost(&Moved { line: 0, item: shop.item, quantity, cost, acquired_at: moved.acquired_at })
}

fn take_back(
    shop: &mut Shop,
    order: OrderId,
    site: &str,
    lines: Vec<ReturnedLine>,
    at: Option<Timestamp>,
) -> Result<Done, Stop> {
    let goods = ReturnedGoods::OfOrder { order, shipment: None, site: Some(shop.site(site)?), lines };
    match &*shop.send(ReturnGoods::new(goods), at)? {
        Receipt::GoodsReturned { lines, .. } => Ok((came(Facts::at(site), shop, lines), None)),
        other => unexpected(other),
    }
}

/// Takes out everything that is there.
fn take_all(shop: &mut Shop, site: &str, at: Option<Timestamp>) -> Result<Vec<Moved>, Stop> {
    let Some(stock) = shop.stock_at(site)?.filter(|stock| stock.on_hand.is_positive()) else {
        return Ok(Vec::new());
    };
    let take = AdjustStock {
        site: shop.site(site)?,
        reason: AdjustmentReason::Counted,
        direction: Direction::Down,
        lines: vec![Adjusted { item: shop.item, quantity: stock.on_hand, unit_cost: None }],
        note: None,
    };
    match &*shop.send(take, at)? {
        Receipt::StockAdjusted { lines, .. } => Ok(lines.clone()),
        other => unexpected(other),
    }
}

/// Brings in goods that nobody delivered.
fn put(
    shop: &mut Shop,
    site: &str,
    reason: AdjustmentReason,
    lines: Vec<(Quantity, Amount)>,
    at: Option<Timestamp>,
) -> Result<(), Stop> {
    let item = shop.item;
    let lines = lines.into_iter().map(|(quantity, cost)| Adjusted { item, quantity, unit_cost: Some(cost) }).collect();
    let put = AdjustStock { site: shop.site(site)?, reason, direction: Direction::Up, lines, note: None };
    shop.send(put, at)?;
    Ok(())
}

/// The unit costs at which goods are worth exactly what they were: one, or two of neighbouring last digits.
fn at_the_same_cost(goods: &Moved) -> Result<Vec<(Quantity, Amount)>, Stop> {
    let one = i128::from(Quantity::ONE.micros());
    let (quantity, value) = (i128::from(goods.quantity.micros()), i128::from(goods.cost.micros()));
    let endless = || Stop::NotModelled("a change of method at an endless average of broken quantities".into());
    let cost = value.checked_mul(one).and_then(|value| value.checked_div(quantity)).ok_or_else(endless)?;
    let units = quantity / one;
    let rest = value - cost * units;
    let (Ok(lower), Ok(higher)) = (i64::try_from(cost), i64::try_from(cost + 1)) else { return Err(endless()) };
    let (lower, higher) = (Amount::from_micros(lower), Amount::from_micros(higher));
    if lower.times(goods.quantity, ims_core::Rounding::LEDGER) == Some(goods.cost) {
        return Ok(vec![(goods.quantity, lower)]);
    }
    match (i64::try_from(units - rest), i64::try_from(rest)) {
        (Ok(at_lower), Ok(at_higher)) if quantity % one == 0 => {
            let of = |units| Quantity::from_units(units).ok_or_else(endless);
            Ok(vec![(of(at_lower)?, lower), (of(at_higher)?, higher)])
        }
        _ => Err(endless()),
    }
}

/// With what goods cost that came.
fn came(facts: Facts, shop: &Shop, lines: &[Moved]) -> Facts {
    let (quantity, value) = totals(shop, lines);
    facts.number("value_in", value).with("unit_cost", Fact::OfOne { value, quantity })
}

/// With what goods cost that left. Nothing is rounded on the way, so nothing is adjusted.
fn left(facts: Facts, shop: &Shop, lines: &[Moved]) -> Facts {
    let (quantity, value) = totals(shop, lines);
    let portion = |line: &Moved| (shop.scale.goods(line.quantity), shop.scale.money(line.cost));
    facts
        .number("cogs", value)
        .with("unit_cogs", Fact::OfOne { value, quantity })
        .with("unit_cost", Fact::OfOne { value, quantity })
        .with("consumed", Fact::Layers(lines.iter().map(portion).collect()))
        .number("rounding_adjustment", Decimal::ZERO)
}

fn totals(shop: &Shop, lines: &[Moved]) -> (Decimal, Decimal) {
    let quantity = lines.iter().map(|line| shop.scale.goods(line.quantity)).sum();
    (quantity, lines.iter().map(|line| shop.scale.money(line.cost)).sum())
}

fn sum<T>(sum: Option<T>) -> Result<T, Stop> {
    sum.ok_or_else(|| Stop::Broken("a sum that does not fit".into()))
}

fn unexpected<T>(receipt: &Receipt) -> Result<T, Stop> {
    Stop::broken(format!("another receipt was expected than {receipt:?}"))
}
