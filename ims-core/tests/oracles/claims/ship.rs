//! Letting reserved goods leave, and taking them back.

use super::{Claim, Claims, Part, Shipped, open};
use crate::oracles::{
    facts::Facts,
    fields::Fields,
    shop::Shop,
    stop::{Refusal, Stop},
};
use ims_core::{
    Amount, HoldId, OrderId, Quantity, Receipt,
    order::{LooseLine, OrderedLine, ReturnGoods, ReturnedGoods, ReturnedLine, Sell, ShipOrder, ShippedLine},
};

impl Claims {
    /// Ships what a name has reserved; where no name is said, what anybody has reserved at the place.
    pub(super) fn fulfil(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        let (reference, id, site) = (op.text("ref")?, op.text("id")?, op.text("loc")?);
        op.end()?;
        let mine = self.chosen(|claim| claim.is_meant(reference, id, site));
        let place = site.map(str::to_owned).or_else(|| mine.first().map(|claim| claim.site.clone()));
        let (held, ordered): (Vec<Claim>, Vec<Claim>) =
            mine.into_iter().partition(|claim| matches!(claim.part, Part::Hold { .. }));
        match &place {
            Some(place) if !ordered.is_empty() => self.ship(shop, place, &ordered, quantity, reference)?,
            Some(place) if !held.is_empty() => self.sell_held(shop, place, &held, quantity, reference)?,
            _ => {
                // The engine knows of no order that could be shipped.
                shop.send(ShipOrder { order: OrderId::from_u128(u128::MAX), lines: None }, None)?;
            }
        }
        Ok(Facts::at_any(place.as_deref()))
    }

    /// Lets goods leave from one place, wherever a name has reserved them: what it has reserved there is shipped, for
    /// the rest it lets go of what it has reserved elsewhere.
    pub(super) fn fulfil_at(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        let (reference, id) = (op.text("ref")?, op.text("id")?);
        op.end()?;
        let (here, elsewhere): (Vec<Claim>, Vec<Claim>) =
            self.chosen(|claim| claim.is_meant(reference, id, None)).into_iter().partition(|claim| claim.site == site);
        let mut ready = Quantity::ZERO;
        for claim in &here {
            let Part::Order(order) = claim.part else { return Stop::not_modelled("fulfil_at of a hold") };
            for line in &shop.order(order)?.lines {
                ready = ready.checked_add(line.allocated).unwrap_or(ready);
            }
        }
        let ready = ready.min(quantity);
        let rest = quantity.checked_sub(ready).unwrap_or_default();
        if rest.is_positive() {
            let lines = vec![OrderedLine::priced(shop.item, rest, Amount::ZERO)];
            let sell = Sell::new(shop.site(&site)?, lines);
            shop.simulate(sell)?;
        }
        if ready.is_positive() {
            self.ship(shop, &site, &here, ready, reference)?;
        }
        if rest.is_positive() {
            self.let_go(shop, &elsewhere, rest)?;
            self.sell(shop, &site, rest, Vec::new(), reference)?;
        }
        Ok(Facts::at(&site))
    }

    fn ship(
        &mut self,
        shop: &mut Shop,
        site: &str,
        claims: &[Claim],
        quantity: Quantity,
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        for (order, lines) in shipments(shop, claims, quantity)? {
            shop.send(ShipOrder { order, lines: Some(lines) }, None)?;
            self.shipped.push(Shipped { reference: reference.map(str::to_owned), site: site.to_owned(), order });
        }
        Ok(())
    }

    /// Sells what is held. Of holds of more than is sold the rest is held again.
    fn sell_held(
        &mut self,
        shop: &mut Shop,
        site: &str,
        held: &[Claim],
        quantity: Quantity,
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        let mut left = quantity;
        let mut holds = Vec::new();
        let mut rest = None;
        for claim in held {
            let has = open(shop, claim.part)?;
            if let (Part::Hold { id, .. }, true) = (claim.part, left.is_positive() && has.is_positive()) {
                holds.push(id);
                let over = has.checked_sub(left).filter(|over| over.is_positive());
                left = left.checked_sub(has.min(left)).unwrap_or_default();
                rest = over.map(|over| (claim, over));
            }
        }
        if left.is_positive() {
            return Err(Stop::Refused(Refusal::Caller(format!("{left} more to leave than are held"))));
        }
        // An order uses a hold whole, or not at all.
        if let Some((claim, over)) = rest {
            holds.pop();
            self.end(shop, claim)?;
            let part = self.same_again(shop, claim, over, None)?;
            self.claims.push(Claim { part, ..claim.clone() });
        }
        self.sell(shop, site, quantity, holds.clone(), reference)?;
        self.claims.retain(|claim| !matches!(claim.part, Part::Hold { id, .. } if holds.contains(&id)));
        Ok(())
    }

    fn sell(
        &mut self,
        shop: &mut Shop,
        site: &str,
        quantity: Quantity,
        holds: Vec<HoldId>,
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        let lines = vec![OrderedLine::priced(shop.item, quantity, Amount::ZERO)];
        let sell = Sell { holds, ..Sell::new(shop.site(site)?, lines) };
        match &*shop.send(sell, None)? {
            Receipt::Sold { order, .. } => {
                let reference = reference.map(str::to_owned);
                self.shipped.push(Shipped { reference, site: site.to_owned(), order: order.id });
                Ok(())
            }
            other => Stop::broken(format!("goods were to be sold: {other:?}")),
        }
    }

    /// Takes goods back and reserves them again for the same name.
    pub(super) fn cancel_fulfilment(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let reference = op.text("ref")?;
        let (site, back) = self.take_back(shop, op)?;
        let claim = self.new_claim(shop, &site, back, self.on_shortage(&site, None))?;
        self.claims.push(claim.named(reference, None));
        Ok(Facts::at(&site))
    }

    /// Takes goods back; whoever wants them may have them.
    pub(super) fn return_to_shelf(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let (site, _) = self.take_back(shop, op)?;
        Ok(Facts::at(&site))
    }

    /// Takes back what left: of the shipments of a name, or goods that nobody knows the order of.
    fn take_back(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<(String, Quantity), Stop> {
        let (reference, site) = (op.text("ref")?, op.text("loc")?);
        let wanted = op.number("qty")?;
        let place = self.place(op).map(str::to_owned);
        op.end()?;
        let wanted = wanted.map(|wanted| shop.scale.quantity(wanted)).transpose()?;
        let is_meant = |shipped: &&Shipped| reference.is_none() || shipped.reference.as_deref() == reference;
        let mine: Vec<Shipped> = self.shipped.iter().filter(is_meant).cloned().collect();
        let Some(first) = mine.first() else {
            let (place, Some(quantity)) = (place?, wanted) else { return Stop::not_modelled("a return of how many") };
            let line = LooseLine { item: shop.item, quantity, unit_price: Amount::ZERO, unit_cost: None };
            let goods = ReturnedGoods::Loose { site: shop.site(&place)?, customer: None, lines: vec![line] };
            shop.send(ReturnGoods::new(goods), None)?;
            return Ok((place, quantity));
        };
        let to = site.map_or_else(|| first.site.clone(), str::to_owned);
        let mut left = wanted.unwrap_or(Quantity::MAX);
        let mut back = Quantity::ZERO;
        let mut orders: Vec<OrderId> = mine.iter().map(|shipped| shipped.order).collect();
        orders.dedup();
        for (index, order) in orders.iter().enumerate() {
            let is_last = index + 1 == orders.len();
            let mut lines = Vec::new();
            for (number, line) in (0_u32..).zip(&shop.order(*order)?.lines) {
                let out = line.shipped.checked_sub(line.returned).unwrap_or_default();
                // What is more than is out is asked for all the same, so that the engine refuses it.
                let quantity = if is_last && wanted.is_some() { left } else { out.min(left) };
                if quantity.is_positive() {
                    lines.push(ReturnedLine { line: number, quantity, refund: None });
                    left = left.checked_sub(quantity).unwrap_or_default();
                    back = back.checked_add(quantity).unwrap_or(back);
                }
            }
            if !lines.is_empty() {
                let goods =
                    ReturnedGoods::OfOrder { order: *order, shipment: None, site: Some(shop.site(&to)?), lines };
                shop.send(ReturnGoods::new(goods), None)?;
            }
        }
        Ok((to, back))
    }
}

/// What leaves of which order, oldest first. What is more than they have is asked of the first, so that the engine
/// refuses it before anything has left.
fn shipments(shop: &Shop, claims: &[Claim], quantity: Quantity) -> Result<Vec<(OrderId, Vec<ShippedLine>)>, Stop> {
    let mut left = quantity;
    let mut shipments = Vec::new();
    let mut first = None;
    for claim in claims {
        let Part::Order(order) = claim.part else { continue };
        first = first.or(Some(order));
        let mut lines = Vec::new();
        for (number, line) in (0_u32..).zip(&shop.order(order)?.lines) {
            let part = line.allocated.min(left);
            if part.is_positive() {
                lines.push(ShippedLine { line: number, quantity: part });
                left = left.checked_sub(part).unwrap_or_default();
            }
        }
        if !lines.is_empty() {
            shipments.push((order, lines));
        }
    }
    match first {
        Some(order) if left.is_positive() || shipments.is_empty() => {
            Ok(vec![(order, vec![ShippedLine { line: 0, quantity }])])
        }
        _ => Ok(shipments),
    }
}
