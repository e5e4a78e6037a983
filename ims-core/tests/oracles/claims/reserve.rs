//! Reserving and letting go.

use super::{Claim, Claims, Kind, Part, open};
use crate::oracles::{
    facts::{Fact, Facts},
    fields::{Fields, number},
    shop::Shop,
    stop::{Refusal, Stop},
};
use ims_core::{
    Amount, CommandId, HoldId, Order, Quantity, Receipt, Rejection, Timestamp,
    order::{CancelOrder, OnShortage, OrderedLine, PlaceOrder},
    stock::{ExtendHold, PlaceHold, ReleaseHold},
};
use rust_decimal::Decimal;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Where the ids of commands begin that are made once for each name.
const ONCE: u128 = 1_000_000_000;

impl Claims {
    /// Reserves: an order, or a hold where it lapses by itself. A hold of the same name becomes the order.
    pub(super) fn reserve(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        let (reference, id) = (op.text("ref")?, op.text("id")?);
        let on_shortage = self.on_shortage(&site, op.flag("allow_backorder")?);
        let until = match op.number("ttl_s")? {
            Some(seconds) => Some(later(shop, seconds)?),
            None => (op.op == "hold").then_some(Timestamp::MAX),
        };
        op.end()?;
        let claim = match until {
            Some(until) => hold(shop, &site, quantity, until)?,
            None => self.order_for(shop, &site, quantity, on_shortage, reference)?,
        };
        self.claims.push(claim.named(reference, id));
        Ok(Facts::at(&site))
    }

    /// Reserves for a name that has one reservation: said again it is the same command sent again; said with another
    /// quantity or another end it changes the reservation.
    pub(super) fn reserve_line(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        let (reference, id) = (op.needed_text("ref")?, op.text("id")?);
        let on_shortage = self.on_shortage(&site, op.flag("allow_backorder")?);
        let until = op.number("ttl_s")?.map(|seconds| later(shop, seconds)).transpose()?;
        op.end()?;
        let mine = self.chosen(|claim| claim.reference.as_deref() == Some(reference) && claim.site == site);
        let again = self.once.get(reference).filter(|(_, place, before)| *place == site && *before == quantity);
        match (until, again.map(|(command, ..)| *command)) {
            (None, Some(command)) if !mine.is_empty() => {
                let order = self.asked(shop, &site, &[quantity], on_shortage, Vec::new())?;
                shop.send_as(command, order, None)?;
            }
            _ if !mine.is_empty() => {
                self.change(shop, &mine, quantity, until)?;
                self.once.remove(reference);
            }
            (None, _) => {
                let command = CommandId::from_u128(ONCE + shop.sent() as u128);
                let order = self.asked(shop, &site, &[quantity], on_shortage, Vec::new())?;
                let order = placed(&*shop.send_as(command, order, None)?)?;
                self.once.insert(reference.to_owned(), (command, site.clone(), quantity));
                let part = Part::Order(order.id);
                self.claims.push(Claim::new(&site, part, on_shortage).named(Some(reference), id));
            }
            (Some(until), _) => {
                let claim = hold(shop, &site, quantity, until)?;
                self.claims.push(claim.named(Some(reference), id));
            }
        }
        Ok(Facts::at(&site))
    }

    /// Reserves several at once, or none of them. What one place gives is one order of several lines.
    pub(super) fn reserve_many(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let reference = op.text("ref")?;
        let allowed = op.flag("allow_backorder")?;
        let mut wanted: BTreeMap<String, Vec<Quantity>> = BTreeMap::new();
        if let Some(quantities) = op.numbers("qtys")? {
            let site = self.place(op)?.to_owned();
            for quantity in quantities {
                wanted.entry(site.clone()).or_default().push(shop.scale.quantity(quantity)?);
            }
        } else {
            let only = op.text("loc")?.or(self.only_level()).map(str::to_owned);
            for line in op.needed_objects("lines")? {
                if let Some(key) = line.keys().find(|key| !["loc", "qty"].contains(&key.as_str())) {
                    return Stop::not_modelled(format!("field {key} of a line of reserve_many"));
                }
                let site = line.get("loc").and_then(Value::as_str).map(str::to_owned).or_else(|| only.clone());
                match (site, line.get("qty").and_then(number)) {
                    (Some(site), Some(quantity)) => {
                        wanted.entry(site).or_default().push(shop.scale.quantity(quantity)?);
                    }
                    _ => return Stop::not_modelled("the form of field lines of reserve_many"),
                }
            }
        }
        op.end()?;
        // An order is of one place: whether every place can give its part is asked before any does.
        for (site, quantities) in &wanted {
            let place = self.asked(shop, site, quantities, self.on_shortage(site, allowed), Vec::new())?;
            shop.simulate(place)?;
        }
        for (site, quantities) in wanted {
            let on_shortage = self.on_shortage(&site, allowed);
            let order = self.order(shop, &site, &quantities, on_shortage, Vec::new())?;
            self.claims.push(Claim::new(&site, Part::Order(order.id), on_shortage).named(reference, None));
        }
        Ok(Facts::default())
    }

    /// Puts goods into a basket, as many as orders for all of it would get; the rest is refused. A basket claims
    /// nothing.
    pub(super) fn add_to_order(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let places = self.places(op)?;
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        let name = op.text("ref")?.unwrap_or_default().to_owned();
        op.end()?;
        let before = self.baskets.get(&name).copied().unwrap_or_default();
        let all = before.checked_add(quantity).ok_or_else(|| Stop::Broken("a basket that does not fit".into()))?;
        let mut can = Quantity::ZERO;
        let mut refused = None;
        for site in &places {
            let order = self.asked(shop, site, &[all], self.on_shortage(site, None), Vec::new())?;
            match shop.simulate(order) {
                Ok(_) => can = all,
                Err(Stop::Refused(refusal)) => {
                    can = can.checked_add(self.rest(shop, site, &refusal)?).unwrap_or(can);
                    refused = Some(refusal);
                }
                Err(stop) => return Err(stop),
            }
        }
        let added = can.min(all).checked_sub(before).filter(|added| added.is_positive()).unwrap_or_default();
        self.baskets.insert(name, before.checked_add(added).unwrap_or(before));
        let mut facts = Facts::default().number("added", shop.scale.goods(added));
        facts.refused_in_part = refused.filter(|_| added < quantity);
        Ok(facts)
    }

    /// How many could be had where more was refused.
    pub(super) fn rest(&self, shop: &Shop, site: &str, refusal: &Refusal) -> Result<Quantity, Stop> {
        let Refusal::Rules(rejection) = refusal else { return Ok(Quantity::ZERO) };
        Ok(match &**rejection {
            Rejection::InsufficientStock { available, .. } => *available,
            Rejection::BackorderLimit { available, limit, .. } => {
                let waiting = shop.stock_at(site)?.map(|stock| stock.backordered).unwrap_or_default();
                let more = limit.checked_sub(waiting).and_then(|more| more.checked_add(*available));
                more.unwrap_or_default()
            }
            _ => Quantity::ZERO,
        })
    }

    /// Allocates from several places, as the strategy says in which order.
    pub(super) fn allocate(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let wanted = shop.scale.quantity(op.needed_number("qty")?)?;
        let reference = op.text("ref")?;
        let strategy = op.text("strategy")?.unwrap_or("priority");
        let order = op.texts("order")?;
        op.end()?;
        let mut sites = order.unwrap_or_else(|| self.levels.keys().cloned().collect());
        let backorder = match strategy {
            "priority" | "sorting-order" | "prioritize-sorting-order" => false,
            "priority-then-backorder" => true,
            "high-stock" | "highest-stock" | "prioritize-high-stock" => {
                let mut free = Vec::new();
                for site in sites {
                    free.push((self.figures(shop, &site)?.map_or(Decimal::ZERO, |figures| figures.available), site));
                }
                free.sort_by_key(|(free, _)| std::cmp::Reverse(*free));
                sites = free.into_iter().map(|(_, site)| site).collect();
                false
            }
            other => return Stop::not_modelled(format!("strategy {other}")),
        };
        let mut left = wanted;
        let mut picks: Vec<(String, Quantity, OnShortage)> = Vec::new();
        for site in &sites {
            let free = shop.stock_at(site)?.map(|stock| stock.available).filter(|free| free.is_positive());
            let taken = free.unwrap_or_default().min(left);
            left = left.checked_sub(taken).unwrap_or_default();
            picks.push((site.clone(), taken, OnShortage::Refuse));
        }
        let mut parts: BTreeMap<String, Fact> =
            picks.iter().map(|(site, taken, _)| (site.clone(), Fact::Number(shop.scale.goods(*taken)))).collect();
        parts.insert("backordered".to_owned(), Fact::Number(shop.scale.goods(left)));
        if left.is_positive() {
            match sites.iter().find(|site| self.sells_beyond(site)) {
                Some(site) if backorder => picks.push((site.clone(), left, OnShortage::Backorder)),
                _ => {
                    // No place has it: the first one says so.
                    let site = sites.first().cloned().unwrap_or_default();
                    picks = vec![(site, wanted, OnShortage::Refuse)];
                }
            }
        }
        for (site, quantity, on_shortage) in picks.into_iter().filter(|(_, quantity, _)| quantity.is_positive()) {
            let claim = self.new_claim(shop, &site, quantity, on_shortage)?;
            self.claims.push(claim.named(reference, None));
        }
        Ok(Facts::default().with("picked", Fact::Parts(parts)))
    }

    /// Allocates several lines, each as far as there are goods.
    pub(super) fn assign(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let mut quantities = Vec::new();
        for quantity in op.needed_numbers("qtys")? {
            quantities.push(shop.scale.quantity(quantity)?);
        }
        let reference = op.text("ref")?;
        op.end()?;
        let order = self.order(shop, &site, &quantities, OnShortage::Cancel, Vec::new())?;
        let parts = |part: fn(&ims_core::OrderLine) -> Quantity| {
            let given = order.lines.iter().map(part).filter(|part| part.is_positive());
            let mut given: Vec<Decimal> = given.map(|part| shop.scale.goods(part)).collect();
            given.sort_unstable();
            given
        };
        let (assigned, draft) = (parts(|line| line.allocated), parts(|line| line.cancelled));
        let done = draft.is_empty();
        let picked = [("assigned".to_owned(), Fact::Numbers(assigned)), ("draft".to_owned(), Fact::Numbers(draft))];
        self.claims.push(Claim::new(&site, Part::Order(order.id), OnShortage::Cancel).named(reference, None));
        Ok(Facts::at(&site).flag("ok", done).with("picked", Fact::Parts(picked.into())))
    }

    pub(super) fn update_reservation(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let id = op.needed_text("id")?;
        let wanted = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        let mine = self.chosen(|claim| claim.id.as_deref() == Some(id));
        let Some(first) = mine.first() else { return unknown(shop) };
        let facts = Facts::at(&first.site);
        self.change(shop, &mine, wanted, None)?;
        Ok(facts)
    }

    /// Makes a reservation larger or smaller. More is reserved beside it; for less it is let go and made again.
    fn change(
        &mut self,
        shop: &mut Shop,
        mine: &[Claim],
        wanted: Quantity,
        until: Option<Timestamp>,
    ) -> Result<(), Stop> {
        let Some(first) = mine.first() else { return unknown(shop) };
        let mut now = Quantity::ZERO;
        for claim in mine {
            now = now.checked_add(open(shop, claim.part)?).unwrap_or(now);
        }
        if wanted < now {
            for claim in mine {
                self.end(shop, claim)?;
            }
        }
        let more = if wanted < now { wanted } else { less(wanted, now)? };
        if !more.is_zero() {
            let part = self.same_again(shop, first, more, until)?;
            self.claims.push(Claim { part, ..first.clone() });
        }
        for claim in self.claims.iter_mut().filter(|claim| mine.iter().any(|mine| mine.part == claim.part)) {
            if let (Part::Hold { id: hold, quantity, .. }, Some(until)) = (claim.part, until) {
                shop.send(ExtendHold { hold, until }, None)?;
                claim.part = Part::Hold { id: hold, quantity, until };
            }
        }
        Ok(())
    }

    /// Claims as another claim does.
    pub(super) fn same_again(
        &self,
        shop: &mut Shop,
        claim: &Claim,
        quantity: Quantity,
        until: Option<Timestamp>,
    ) -> Result<Part, Stop> {
        match claim.part {
            Part::Order(_) => {
                Ok(Part::Order(self.order(shop, &claim.site, &[quantity], claim.on_shortage, Vec::new())?.id))
            }
            Part::Hold { until: before, .. } => Ok(hold(shop, &claim.site, quantity, until.unwrap_or(before))?.part),
        }
    }

    pub(super) fn release(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let Some(id) = op.text("id")? else { return self.release_all(shop, op) };
        op.text("ref")?;
        op.text("loc")?;
        op.end()?;
        let mine = self.chosen(|claim| claim.id.as_deref() == Some(id));
        let Some(first) = mine.first() else { return unknown(shop) };
        let facts = Facts::at(&first.site).number("removed", Decimal::from(mine.len()));
        for claim in &mine {
            self.end(shop, claim)?;
        }
        Ok(facts)
    }

    /// Lets go of everything of a name.
    pub(super) fn release_all(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let reference = op.needed_text("ref")?;
        let site = op.text("loc")?;
        op.end()?;
        let removed = self.end_all(shop, |claim| claim.reference.as_deref() == Some(reference))?;
        Ok(Facts::at_any(site).number("removed", removed))
    }

    pub(super) fn release_location(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        op.end()?;
        let removed = self.end_all(shop, |claim| claim.site == site)?;
        Ok(Facts::at(&site).number("removed", removed))
    }

    /// Lets go of a part of what a name has; clamped, of as much as it has.
    pub(super) fn deallocate(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let (reference, id, site) = (op.text("ref")?, op.text("id")?, op.text("loc")?);
        let wanted = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        let mine = self.chosen(|claim| claim.is_meant(reference, id, site));
        let mut has = Quantity::ZERO;
        for claim in &mine {
            has = has.checked_add(open(shop, claim.part)?).unwrap_or(has);
        }
        if wanted > has && op.op == "deallocate" {
            return Err(Stop::Refused(Refusal::Caller(format!("{wanted} to be let go, {has} claimed"))));
        }
        let done = wanted.min(has);
        self.let_go(shop, &mine, done)?;
        Ok(Facts::at_any(site).number("removed", shop.scale.goods(done)))
    }

    /// Lets go of so many, of the oldest claims first.
    pub(super) fn let_go(&mut self, shop: &mut Shop, mine: &[Claim], quantity: Quantity) -> Result<(), Stop> {
        let mut left = quantity;
        for claim in mine {
            let has = open(shop, claim.part)?;
            let taken = has.min(left);
            if !taken.is_positive() {
                continue;
            }
            left = less(left, taken)?;
            self.end(shop, claim)?;
            let rest = less(has, taken)?;
            if rest.is_positive() {
                let part = self.same_again(shop, claim, rest, None)?;
                self.claims.push(Claim { part, ..claim.clone() });
            }
        }
        Ok(())
    }

    pub(super) fn extend(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let (reference, id) = (op.text("ref")?, op.text("id")?);
        let until = later(shop, op.needed_number("ttl_s")?)?;
        op.end()?;
        let is_meant = |claim: &Claim| claim.is_meant(reference, id, None);
        let mut extended = 0_u32;
        for claim in self.claims.iter_mut().filter(|claim| is_meant(claim)) {
            let Part::Hold { id: hold, quantity, .. } = claim.part else {
                return Stop::not_modelled("extending what does not lapse");
            };
            shop.send(ExtendHold { hold, until }, None)?;
            claim.part = Part::Hold { id: hold, quantity, until };
            extended += 1;
        }
        if extended == 0 { unknown(shop) } else { Ok(Facts::default()) }
    }

    pub(super) fn clock(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let seconds = op.needed_number("advance_s")?;
        op.end()?;
        shop.now = later(shop, seconds)?;
        Ok(Facts::default())
    }

    /// Holds lapse by themselves: the engine is asked which have.
    pub(super) fn purge_expired(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        op.end()?;
        let mut removed = 0_u32;
        for claim in &self.claims {
            let Part::Hold { id, .. } = claim.part else { continue };
            if self.purged.contains(&id) {
                continue;
            }
            match shop.simulate(ReleaseHold { hold: id }) {
                Ok(_) => {}
                Err(Stop::Refused(_)) => {
                    self.purged.push(id);
                    removed += 1;
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(Facts::default().number("removed", removed.into()))
    }

    /// What happens when there is not enough: what the request says, or else what the place does.
    pub(super) fn on_shortage(&self, site: &str, allowed: Option<bool>) -> OnShortage {
        match allowed {
            Some(true) => OnShortage::Backorder,
            None if self.sells_beyond(site) => OnShortage::Backorder,
            _ => OnShortage::Refuse,
        }
    }

    /// An order that nobody has placed yet.
    pub(super) fn asked(
        &self,
        shop: &mut Shop,
        site: &str,
        quantities: &[Quantity],
        on_shortage: OnShortage,
        holds: Vec<HoldId>,
    ) -> Result<PlaceOrder, Stop> {
        let line = |quantity: &Quantity| OrderedLine::priced(shop.item, *quantity, Amount::ZERO);
        let lines = quantities.iter().map(line).collect();
        Ok(PlaceOrder { on_shortage, holds, ..PlaceOrder::new(shop.site(site)?, lines) })
    }

    /// Places an order.
    pub(super) fn order(
        &self,
        shop: &mut Shop,
        site: &str,
        quantities: &[Quantity],
        on_shortage: OnShortage,
        holds: Vec<HoldId>,
    ) -> Result<Arc<Order>, Stop> {
        let order = self.asked(shop, site, quantities, on_shortage, holds)?;
        placed(&*shop.send(order, None)?)
    }

    /// Claims goods with an order.
    pub(super) fn new_claim(
        &self,
        shop: &mut Shop,
        site: &str,
        quantity: Quantity,
        on_shortage: OnShortage,
    ) -> Result<Claim, Stop> {
        let order = self.order(shop, site, &[quantity], on_shortage, Vec::new())?;
        Ok(Claim::new(site, Part::Order(order.id), on_shortage))
    }

    /// Claims goods with an order that uses the holds of the same name.
    fn order_for(
        &mut self,
        shop: &mut Shop,
        site: &str,
        quantity: Quantity,
        on_shortage: OnShortage,
        reference: Option<&str>,
    ) -> Result<Claim, Stop> {
        let holds = self.holds_of(shop, site, reference);
        let order = self.order(shop, site, &[quantity], on_shortage, holds.clone())?;
        self.claims.retain(|claim| !matches!(claim.part, Part::Hold { id, .. } if holds.contains(&id)));
        Ok(Claim::new(site, Part::Order(order.id), on_shortage))
    }

    /// The reservations that are meant, oldest first.
    pub(super) fn chosen(&self, is_meant: impl Fn(&Claim) -> bool) -> Vec<Claim> {
        let is_meant = |claim: &&Claim| claim.kind == Kind::Reserved && is_meant(claim);
        self.claims.iter().filter(is_meant).cloned().collect()
    }

    /// The holds of a name that have not lapsed.
    pub(super) fn holds_of(&self, shop: &Shop, site: &str, reference: Option<&str>) -> Vec<HoldId> {
        let mut holds = Vec::new();
        for claim in self.claims.iter().filter(|claim| reference.is_some() && claim.reference.as_deref() == reference) {
            match claim.part {
                Part::Hold { id, until, .. } if until > shop.now && claim.site == site => holds.push(id),
                _ => {}
            }
        }
        holds
    }

    /// Ends a claim.
    pub(super) fn end(&mut self, shop: &mut Shop, claim: &Claim) -> Result<(), Stop> {
        match claim.part {
            Part::Order(order) => shop.send(CancelOrder { order }, None)?,
            Part::Hold { id, .. } => shop.send(ReleaseHold { hold: id }, None)?,
        };
        self.claims.retain(|other| other.part != claim.part);
        Ok(())
    }

    /// Ends the claims that are meant and not over already; says how many.
    fn end_all(&mut self, shop: &mut Shop, is_meant: impl Fn(&Claim) -> bool) -> Result<Decimal, Stop> {
        let mut ended = 0_u32;
        for claim in self.chosen(is_meant) {
            if open(shop, claim.part)?.is_positive() {
                self.end(shop, &claim)?;
                ended += 1;
            }
        }
        Ok(ended.into())
    }
}

/// Puts goods aside until a moment.
fn hold(shop: &mut Shop, site: &str, quantity: Quantity, until: Timestamp) -> Result<Claim, Stop> {
    let place = PlaceHold { item: shop.item, site: shop.site(site)?, quantity, until };
    let part = match &*shop.send(place, None)? {
        Receipt::HoldPlaced(hold) => Part::Hold { id: hold.id, quantity: hold.quantity, until: hold.until },
        other => return Stop::broken(format!("a hold was to be placed: {other:?}")),
    };
    Ok(Claim::new(site, part, OnShortage::Refuse))
}

/// What the engine says of a claim that nobody made.
fn unknown<T>(shop: &mut Shop) -> Result<T, Stop> {
    let hold = HoldId::from_u128(u128::MAX);
    match shop.send(ReleaseHold { hold }, None) {
        Ok(receipt) => Stop::broken(format!("a hold that was never placed is released: {receipt:?}")),
        Err(stop) => Err(stop),
    }
}

fn placed(receipt: &Receipt) -> Result<Arc<Order>, Stop> {
    match receipt {
        Receipt::OrderPlaced(order) => Ok(Arc::clone(order)),
        other => Stop::broken(format!("an order was to be placed: {other:?}")),
    }
}

fn less(from: Quantity, quantity: Quantity) -> Result<Quantity, Stop> {
    from.checked_sub(quantity).ok_or_else(|| Stop::Broken("a difference that does not fit".into()))
}

/// So many seconds from now.
fn later(shop: &Shop, seconds: Decimal) -> Result<Timestamp, Stop> {
    let ms = seconds.checked_mul(Decimal::ONE_THOUSAND).and_then(|ms| i64::try_from(ms).ok());
    match ms.and_then(|ms| shop.now.checked_add_ms(ms)) {
        Some(moment) => Ok(moment),
        None => Stop::not_modelled(format!("{seconds} seconds from now")),
    }
}
