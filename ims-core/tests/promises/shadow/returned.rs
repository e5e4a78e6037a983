//! Goods that come back: exactly as they left, where it is known how they left.

use super::{
    Moment, Moved, Portion, Refusal, Shadow, ShadowLine, check_lines, check_not_negative, check_positive, money, moved,
    number::{fits, share, share_in_coins, times, to_coins},
    refuse, refuse_short,
};
use ims_core::{
    CommandId, CustomerId, LocationId, OrderId,
    order::{LooseLine, ReturnGoods, ReturnedGoods, ReturnedLine},
};

type Done = Result<Vec<Moved>, Refusal>;

impl Shadow {
    pub(super) fn take_back(&mut self, at: &Moment, request: &ReturnGoods) -> Done {
        match &request.goods {
            ReturnedGoods::OfOrder { lines, .. } => check_lines(lines)?,
            ReturnedGoods::Loose { lines, .. } => check_lines(lines)?,
        }
        self.check_open(at)?;
        match &request.goods {
            ReturnedGoods::OfOrder { order, shipment, site, lines } => {
                self.take_back_of_order(at, *order, *shipment, *site, lines, request)
            }
            ReturnedGoods::Loose { site, customer, lines } => {
                self.take_back_loose(at, *site, *customer, lines, request)
            }
        }
    }

    fn take_back_of_order(
        &mut self,
        at: &Moment,
        id: OrderId,
        shipment: Option<CommandId>,
        site: Option<LocationId>,
        lines: &[ReturnedLine],
        request: &ReturnGoods,
    ) -> Done {
        if let Some(site) = site {
            self.site(site)?;
        }
        let Some(mut order) = self.orders.get(&id).cloned() else { return refuse("unknown_order") };
        let site = site.unwrap_or(order.site);
        self.site(site)?;
        if shipment.is_some_and(|shipment| !order.shipments.contains(&shipment)) {
            return refuse("unknown_shipment");
        }
        let mut done = Vec::new();
        for (index, back) in lines.iter().enumerate() {
            let quantity = check_positive(back.quantity)?;
            let Some(line) = order.lines.get_mut(back.line as usize) else { return refuse("unknown_line") };
            let item = self.item(line.item)?.clone();
            if line.revenue >= 0 {
                check_not_negative(back.refund.map_or(0, money))?;
            }
            item.check_fineness(quantity)?;
            let returnable = line.returnable(shipment);
            if quantity > returnable {
                return refuse_short("returns_too_much", quantity, returnable);
            }
            let refundable = line.refund_for(quantity);
            let refund = back.refund.map_or(refundable, money);
            check_refund(request, refund, refundable)?;
            let out = line.out.clone();
            let goods = line.come_back(quantity, shipment, item.decimals);
            for (sent, left_at) in &order.shipped_at {
                let still_out = |out: &[(CommandId, Portion)]| -> i128 {
                    out.iter().filter(|(id, _)| id == sent).map(|(_, portion)| portion.quantity).sum()
                };
                if still_out(&line.out) < still_out(&out) {
                    at.check_follows(*left_at)?;
                }
            }
            let cost: i128 = goods.iter().map(|portion| portion.value).sum();
            line.returned += quantity;
            line.refunded = fits(line.refunded + refund)?;
            line.cost_returned += cost;
            if item.stocked {
                for portion in &goods {
                    // Only on the shelf that they had left do they have a place to go back to.
                    let entry = portion.entry.filter(|_| site == order.site);
                    self.bring_in(at, (line.item, site), Portion { entry, ..*portion })?;
                }
            }
            self.books_of(line.item).sold -= cost;
            done.extend(moved(index, &goods));
        }
        self.orders.insert(id, order);
        Ok(done)
    }

    fn take_back_loose(
        &mut self,
        at: &Moment,
        site: LocationId,
        customer: Option<CustomerId>,
        lines: &[LooseLine],
        request: &ReturnGoods,
    ) -> Done {
        self.site(site)?;
        if customer.is_some_and(|customer| !self.customers.contains(&customer)) {
            return refuse("unknown_customer");
        }
        let mut done = Vec::new();
        for (index, back) in lines.iter().enumerate() {
            let quantity = check_positive(back.quantity)?;
            let item = self.item(back.item)?.clone();
            let (price, list_price) = (money(back.unit_price), item.price.unwrap_or(0));
            if list_price >= 0 {
                check_not_negative(price)?;
            }
            if item.stocked {
                check_not_negative(back.unit_cost.map_or(0, money))?;
            }
            item.check_fineness(quantity)?;
            let (refund, refundable) = (fits(to_coins(price * quantity))?, fits(to_coins(list_price * quantity))?);
            check_refund(request, refund, refundable)?;
            let mut goods = Portion::new(quantity, 0, at.occurred_at);
            if item.stocked {
                let key = (back.item, site);
                let unit_cost = match back.unit_cost {
                    Some(unit_cost) => money(unit_cost),
                    None => self.cost_of_one(key)?,
                };
                goods.value = times(unit_cost, quantity)?;
                self.bring_in(at, key, goods)?;
                self.books_of(back.item).sold -= goods.value;
            }
            done.extend(moved(index, &[goods]));
        }
        Ok(done)
    }
}

/// Refuses what is more than can be refunded, unless there is a reason for it.
fn check_refund(request: &ReturnGoods, wanted: i128, refundable: i128) -> Result<(), Refusal> {
    if wanted < refundable.min(0) {
        return refuse("amount_negative");
    }
    match request.refund_reason {
        None if wanted > refundable => refuse("refund_too_large"),
        _ => Ok(()),
    }
}

impl ShadowLine {
    /// Which of the parts that are out a shipment's goods are.
    fn out_of(&self, shipment: Option<CommandId>) -> Vec<usize> {
        let of_it = |index: &usize| shipment.is_none_or(|shipment| self.out[*index].0 == shipment);
        (0..self.out.len()).filter(of_it).collect()
    }

    fn returnable(&self, shipment: Option<CommandId>) -> i128 {
        self.out_of(shipment).into_iter().map(|index| self.out[index].1.quantity).sum()
    }

    /// What was earned with the goods, as far as it has not been given back.
    fn refund_for(&self, quantity: i128) -> i128 {
        let left = self.revenue - self.refunded;
        let left = if self.revenue < 0 { left.min(0) } else { left.max(0) };
        let worth = |back| share_in_coins(self.total, back, self.quantity);
        let paid = worth(self.returned + quantity) - worth(self.returned);
        if left < 0 { paid.max(left) } else { paid.min(left) }
    }

    /// Takes goods out of what is out: of each acquisition in proportion, whole steps of the unit, the odd ones to the
    /// largest remainders.
    fn come_back(&mut self, quantity: i128, shipment: Option<CommandId>, decimals: u32) -> Vec<Portion> {
        let parts = self.out_of(shipment);
        let there: Vec<i128> = parts.iter().map(|index| self.out[*index].1.quantity).collect();
        let mut goods = Vec::new();
        for (index, quantity) in parts.into_iter().zip(in_proportion(quantity, &there, 10_i128.pow(6 - decimals))) {
            let part = &mut self.out[index].1;
            if quantity > 0 {
                let value = share(part.value, quantity, part.quantity);
                goods.push(Portion { entry: part.entry, ..Portion::new(quantity, value, part.acquired_at) });
                part.quantity -= quantity;
                part.value -= value;
            }
        }
        self.out.retain(|(_, part)| part.quantity > 0);
        goods
    }
}

/// Splits `quantity` in proportion to what is there, in whole steps; nobody gives more than there is.
fn in_proportion(quantity: i128, there: &[i128], step: i128) -> Vec<i128> {
    let all: i128 = there.iter().sum();
    let mut parts: Vec<i128> = there.iter().map(|part| quantity * part / (all * step) * step).collect();
    let mut by_remainder: Vec<usize> = (0..there.len()).collect();
    by_remainder.sort_by_key(|index| std::cmp::Reverse(quantity * there[*index] % (all * step)));
    let mut odd = quantity - parts.iter().sum::<i128>();
    for index in by_remainder {
        let one = odd.min(step);
        parts[index] += one;
        odd -= one;
    }
    assert_eq!(odd, 0, "there are fewer odd steps than parts");
    // A part that is asked for more than it has leaves the rest to the next one that has room.
    for index in 0..parts.len() {
        odd += (parts[index] - there[index]).max(0);
        parts[index] = parts[index].min(there[index]);
        let room = (there[index] - parts[index]).min(odd);
        parts[index] += room;
        odd -= room;
    }
    for (part, there) in parts.iter_mut().zip(there) {
        let room = (there - *part).min(odd);
        *part += room;
        odd -= room;
    }
    parts
}
