//! What is on the shelf, and how it is corrected.

use super::{Activity, Backorders, Claim, Claims, Kind, Part};
use crate::oracles::{
    facts::Facts,
    fields::Fields,
    shop::Shop,
    stop::{Refusal, Stop},
};
use ims_core::Timestamp;
use ims_core::{
    AdjustmentReason, Amount, Direction, Patch, Quantity, Receipt, Rejection, Tracking,
    item::UpdateItem,
    order::OnShortage,
    stock::{AdjustStock, Adjusted, CostedGoods, Goods, PlaceHold, ReceiveStock, ReleaseHold, TransferStock},
};
use rust_decimal::Decimal;

impl Claims {
    /// Says what a place has.
    pub(super) fn level(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = op.needed_text("loc")?;
        let on_hand = op.needed_number("on_hand")?;
        let backorders = backorders(op.flag("backorderable")?.unwrap_or_default());
        let is_active = op.flag("active")?.unwrap_or(true);
        let threshold = op.number("threshold")?.unwrap_or_default();
        // Nobody can say how many are reserved: that is what the reservations say.
        op.value("reserved_given");
        op.end()?;
        if !is_active && on_hand > Decimal::ZERO {
            return Stop::not_modelled("goods at a place out of use");
        }
        let is_new = !self.levels.contains_key(site);
        let level = self.levels.entry(site.to_owned()).or_default();
        level.backorders = backorders;
        level.threshold = threshold;
        self.set_limit(shop)?;
        if is_new {
            self.stock_up(shop, site, on_hand)?;
        } else {
            self.set_to(shop, site, on_hand)?;
        }
        if !is_active {
            shop.retire(site)?;
            self.levels.entry(site.to_owned()).or_default().activity = Activity::Inactive;
        }
        Ok(Facts::at(site))
    }

    /// Brings a place to its first level. One that has nothing had something once, or it would not be stocked.
    fn stock_up(&mut self, shop: &mut Shop, site: &str, on_hand: Decimal) -> Result<(), Stop> {
        if on_hand > Decimal::ZERO {
            return receive(shop, site, shop.scale.quantity(on_hand)?);
        }
        receive(shop, site, Quantity::ONE)?;
        shift(shop, site, Quantity::ONE, Direction::Down)?;
        let mut missing = -on_hand;
        let mut waiting = self.waiting.get(site).cloned().unwrap_or_default();
        waiting.push(missing);
        for wanted in waiting {
            let wanted = wanted.min(missing);
            missing -= wanted;
            if wanted.is_zero() {
                continue;
            }
            match self.oversell(shop, site, shop.scale.quantity(wanted)?) {
                Err(Stop::Refused(_)) => self.levels.entry(site.to_owned()).or_default().refused = true,
                other => other?,
            }
        }
        Ok(())
    }

    /// Sells goods that are not there.
    pub(super) fn oversell(&mut self, shop: &mut Shop, site: &str, quantity: Quantity) -> Result<(), Stop> {
        let order = self.order(shop, site, &[quantity], OnShortage::Backorder, Vec::new())?;
        let claim = Claim::new(site, Part::Order(order.id), OnShortage::Backorder);
        self.claims.push(Claim { kind: Kind::Oversold, ..claim });
        Ok(())
    }

    /// What is not counted is a service: it has no stock, so what there is is set aside until it is counted again.
    pub(super) fn set_tracked(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let tracked = op.flag("tracked")?;
        op.end()?;
        match tracked {
            Some(false) => {
                for (site, level) in &mut self.levels {
                    let on_hand = shop.stock_at(site)?.map(|stock| stock.on_hand).unwrap_or_default();
                    if on_hand.is_positive() {
                        shift(shop, site, on_hand, Direction::Down)?;
                    }
                    level.uncounted = on_hand;
                }
                set_tracking(shop, Tracking::Service)?;
            }
            Some(true) => {
                set_tracking(shop, Tracking::Stocked)?;
                for (site, level) in &mut self.levels {
                    if level.uncounted.is_positive() {
                        shift(shop, site, level.uncounted, Direction::Up)?;
                    }
                    level.uncounted = Quantity::ZERO;
                }
            }
            None => return Stop::not_modelled("set_tracked without tracked"),
        }
        Ok(Facts::default())
    }

    pub(super) fn set_backorderable(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = op.text("loc")?;
        let Some(flag) = op.flag("backorderable")? else { return Stop::not_modelled("set_backorderable to what") };
        op.end()?;
        for (_, level) in self.levels.iter_mut().filter(|(place, _)| site.is_none_or(|site| site == *place)) {
            level.backorders = backorders(flag);
        }
        self.set_limit(shop)?;
        Ok(Facts::at_any(site))
    }

    pub(super) fn set_threshold(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let threshold = op.needed_number("threshold")?;
        op.end()?;
        self.levels.entry(site.clone()).or_default().threshold = threshold;
        self.set_limit(shop)?;
        Ok(Facts::at(&site))
    }

    pub(super) fn adjust(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let delta = op.needed_number("delta")?;
        op.end()?;
        self.shift_by(shop, &site, delta)?;
        Ok(Facts::at(&site))
    }

    pub(super) fn set_on_hand(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let quantity = op.needed_number("qty")?;
        op.end()?;
        self.set_to(shop, &site, quantity)?;
        Ok(Facts::at(&site))
    }

    /// Sets what is on hand. Where there never was anything, the engine says so.
    fn set_to(&mut self, shop: &mut Shop, site: &str, quantity: Decimal) -> Result<(), Stop> {
        match self.figures(shop, site)? {
            Some(figures) => self.shift_by(shop, site, quantity - figures.on_hand),
            None if quantity.is_zero() => self.shift_by(shop, site, Decimal::NEGATIVE_ONE),
            None => self.shift_by(shop, site, quantity),
        }
    }

    /// Adds to what is on hand or takes from it. What a place does not have it may have sold all the same.
    fn shift_by(&mut self, shop: &mut Shop, site: &str, delta: Decimal) -> Result<(), Stop> {
        let quantity = shop.scale.quantity(delta.abs())?;
        if quantity.is_zero() {
            return Ok(());
        }
        let direction = if delta.is_sign_negative() { Direction::Down } else { Direction::Up };
        match shift(shop, site, quantity, direction) {
            Err(Stop::Refused(Refusal::Rules(refused)))
                if matches!(*refused, Rejection::InsufficientStock { .. }) && self.sells_beyond(site) =>
            {
                self.oversell(shop, site, quantity)
            }
            other => other,
        }
    }

    pub(super) fn reduce_to_zero(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        op.end()?;
        let on_hand = self.figures(shop, &site)?.map_or(Decimal::ZERO, |figures| figures.on_hand);
        if on_hand > Decimal::ZERO {
            self.shift_by(shop, &site, -on_hand)?;
        }
        Ok(Facts::at(&site))
    }

    /// Levels are never deleted: what is there is taken out, and the place is retired.
    pub(super) fn remove_levels(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let sites = self.places(op)?;
        op.end()?;
        let mut removed = 0_u32;
        for site in sites {
            let on_hand = shop.stock_at(&site)?.map(|stock| stock.on_hand).unwrap_or_default();
            if on_hand.is_positive() {
                shift(shop, &site, on_hand, Direction::Down)?;
            }
            shop.retire(&site)?;
            removed += u32::from(self.levels.remove(&site).is_some());
        }
        Ok(Facts::default().number("removed", removed.into()))
    }

    /// Goods come in, and those who wait get theirs.
    pub(super) fn restock(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let quantity = op.needed_number("qty")?;
        let waiting = op.numbers("waiting")?.unwrap_or_default();
        op.end()?;
        let quantity = shop.scale.quantity(quantity)?;
        let before = self.waiting_at(shop, &site)?;
        if before.is_zero() {
            for wanted in waiting {
                let wanted = shop.scale.quantity(wanted)?;
                let claim = self.new_claim(shop, &site, wanted, OnShortage::Backorder)?;
                self.claims.push(claim);
            }
        }
        let before = self.waiting_at(shop, &site)?;
        receive(shop, &site, quantity)?;
        let filled = before - self.waiting_at(shop, &site)?;
        Ok(Facts::at(&site).number("filled", filled))
    }

    fn waiting_at(&self, shop: &Shop, site: &str) -> Result<Decimal, Stop> {
        Ok(shop.stock_at(site)?.map_or(Decimal::ZERO, |stock| shop.scale.goods(stock.backordered)))
    }

    pub(super) fn move_between(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let (from, to) = (op.needed_text("frm")?, op.needed_text("to")?);
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        let lines = vec![Goods { item: shop.item, quantity }];
        let transfer = TransferStock { from: shop.site(from)?, to: shop.site(to)?, lines };
        shop.send(transfer, None)?;
        self.levels.entry(to.to_owned()).or_default();
        Ok(Facts::default())
    }

    /// Uses goods that nobody has reserved.
    pub(super) fn take_unreserved(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let quantity = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        adjust(shop, &site, quantity, Direction::Down, AdjustmentReason::OwnUse)?;
        Ok(Facts::at(&site))
    }

    /// Whether a place sells more than it has.
    pub(super) fn sells_beyond(&self, site: &str) -> bool {
        let beyond = |level: &super::Level| level.backorders == Backorders::Yes || level.threshold < Decimal::ZERO;
        self.levels.get(site).is_some_and(beyond)
    }

    /// Tells the engine how far beyond what is there it may promise.
    pub(super) fn set_limit(&mut self, shop: &mut Shop) -> Result<(), Stop> {
        let unlimited = self.asked_beyond || self.levels.values().any(|level| level.backorders == Backorders::Yes);
        let limit = if unlimited {
            Quantity::MAX
        } else {
            let beyond = self.levels.values().map(|level| -level.threshold.min(Decimal::ZERO)).max();
            shop.scale.quantity(beyond.unwrap_or_default())?
        };
        if shop.item_now()?.backorder_limit != limit {
            shop.send(UpdateItem { backorder_limit: Patch::Set(limit), ..UpdateItem::new(shop.item) }, None)?;
        }
        Ok(())
    }

    /// Keeps goods back where a place has a threshold: a hold that does not lapse.
    pub(super) fn keep_back(&mut self, shop: &mut Shop) -> Result<(), Stop> {
        for (site, level) in &mut self.levels {
            if level.threshold <= Decimal::ZERO && level.kept_back.is_none() {
                continue;
            }
            let kept = level.kept_back.map_or(Quantity::ZERO, |(_, quantity)| quantity);
            let available = shop.stock_at(site)?.map(|stock| stock.available).unwrap_or_default();
            let room = available.checked_add(kept).filter(|room| room.is_positive()).unwrap_or_default();
            let wanted = shop.scale.quantity(level.threshold.max(Decimal::ZERO))?.min(room);
            if wanted == kept {
                continue;
            }
            if let Some((hold, _)) = level.kept_back.take() {
                shop.send(ReleaseHold { hold }, None)?;
            }
            if wanted.is_positive() && level.activity == Activity::Active {
                let hold =
                    PlaceHold { item: shop.item, site: shop.site(site)?, quantity: wanted, until: Timestamp::MAX };
                match &*shop.send(hold, None)? {
                    Receipt::HoldPlaced(hold) => level.kept_back = Some((hold.id, hold.quantity)),
                    other => return Stop::broken(format!("a hold was to be placed: {other:?}")),
                }
            }
        }
        Ok(())
    }

    /// Lets go of what is kept back.
    pub(super) fn keep_nothing_back(&mut self, shop: &mut Shop) -> Result<(), Stop> {
        for level in self.levels.values_mut() {
            if let Some((hold, _)) = level.kept_back.take() {
                shop.send(ReleaseHold { hold }, None)?;
            }
        }
        Ok(())
    }
}

fn backorders(flag: bool) -> Backorders {
    if flag { Backorders::Yes } else { Backorders::No }
}

fn receive(shop: &mut Shop, site: &str, quantity: Quantity) -> Result<(), Stop> {
    let lines = vec![CostedGoods { item: shop.item, quantity, unit_cost: Amount::ONE }];
    let receive = ReceiveStock { site: shop.site(site)?, supplier: None, lines };
    shop.send(receive, None)?;
    Ok(())
}

/// Adds to what is on hand, at what it costs, or takes from it.
fn shift(shop: &mut Shop, site: &str, quantity: Quantity, direction: Direction) -> Result<(), Stop> {
    adjust(shop, site, quantity, direction, AdjustmentReason::Counted)
}

fn adjust(
    shop: &mut Shop,
    site: &str,
    quantity: Quantity,
    direction: Direction,
    reason: AdjustmentReason,
) -> Result<(), Stop> {
    let lines = vec![Adjusted { item: shop.item, quantity, unit_cost: None }];
    let adjust = AdjustStock { site: shop.site(site)?, reason, direction, lines, note: None };
    shop.send(adjust, None)?;
    Ok(())
}

fn set_tracking(shop: &mut Shop, tracking: Tracking) -> Result<(), Stop> {
    shop.send(UpdateItem { tracking: Patch::Set(tracking), ..UpdateItem::new(shop.item) }, None)?;
    Ok(())
}
