//! Questions. Whether something can be had is asked of the engine itself, by simulating the order.

use super::{Claims, Figures};
use crate::oracles::{
    facts::{Fact, Facts},
    fields::Fields,
    shop::Shop,
    stop::{Refusal, Stop},
};
use ims_core::{Quantity, Receipt, Rejection, order::OnShortage};
use rust_decimal::Decimal;

impl Claims {
    pub(super) fn read(&mut self, _: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?;
        op.text("ref")?;
        op.end()?;
        Ok(Facts::at(site))
    }

    /// What can still be promised, at some places or at all that are in use; claims of one name may be left out.
    pub(super) fn available(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let places = self.places(op)?;
        let excluded = op.text("exclude")?;
        op.end()?;
        let free = self.sum(shop, &places, |figures| figures.available)?;
        let own = self.claimed(shop, |claim| {
            let named = claim.reference.as_deref() == excluded || claim.id.as_deref() == excluded;
            excluded.is_some() && named && places.contains(&claim.site)
        })?;
        Ok(Facts::default().number("available", free + own))
    }

    pub(super) fn stocked(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let places = self.places(op)?;
        op.end()?;
        let sum = self.sum(shop, &places, |figures| figures.on_hand)?;
        Ok(Facts::default().number("stocked", sum).number("on_hand", sum))
    }

    pub(super) fn reserved_total(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let places = self.places(op)?;
        op.end()?;
        Ok(Facts::default().number("reserved", self.sum(shop, &places, |figures| figures.reserved)?))
    }

    /// Whether places can give so many: one of them alone, or all of them what they have.
    pub(super) fn can_supply(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let wanted = shop.scale.quantity(op.needed_number("qty")?)?;
        let places = self.places(op)?;
        // The engine sells nothing from a place out of use, whoever asks for it.
        op.flag("include_inactive")?;
        op.end()?;
        let mut together = Quantity::ZERO;
        let mut refused = None;
        for site in &places {
            let order = self.asked(shop, site, &[wanted], self.on_shortage(site, None), Vec::new())?;
            let refusal = match shop.simulate(order) {
                Ok(_) => return Ok(Facts::default().flag("ok", true)),
                Err(Stop::Refused(refusal)) => refusal,
                Err(stop) => return Err(stop),
            };
            let rest = self.rest(shop, site, &refusal)?;
            together = together.checked_add(rest).unwrap_or(together);
            refused = Some(refusal);
        }
        match refused {
            Some(refusal) if !is_shortage(&refusal) => Err(Stop::Refused(refusal)),
            _ => Ok(Facts::default().flag("ok", wanted <= together)),
        }
    }

    /// How many an order would get at once, and how many would have to wait.
    pub(super) fn fill_status(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?.to_owned();
        let wanted = shop.scale.quantity(op.needed_number("qty")?)?;
        op.end()?;
        let on_shortage = if self.sells_beyond(&site) { OnShortage::Backorder } else { OnShortage::Cancel };
        let order = self.asked(shop, &site, &[wanted], on_shortage, Vec::new())?;
        let fill = match shop.simulate(order) {
            Ok(receipt) => match &*receipt {
                Receipt::OrderPlaced(order) => {
                    let sum = |part: fn(&ims_core::OrderLine) -> Quantity| {
                        order.lines.iter().map(|line| shop.scale.goods(part(line))).sum()
                    };
                    vec![sum(|line| line.allocated), sum(|line| line.backordered)]
                }
                other => return Stop::broken(format!("an order was to be simulated: {other:?}")),
            },
            Err(Stop::Refused(refusal)) if is_shortage(&refusal) => vec![Decimal::ZERO, Decimal::ZERO],
            Err(stop) => return Err(stop),
        };
        Ok(Facts::at(&site).with("fill", Fact::Numbers(fill)))
    }

    pub(super) fn positive_stock(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?;
        op.end()?;
        let on_hand = self.figures(shop, site)?.map_or(Decimal::ZERO, |figures| figures.on_hand);
        Ok(Facts::at(site).number("result", on_hand.max(Decimal::ZERO)))
    }

    pub(super) fn in_stock(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let places = self.places(op)?;
        op.end()?;
        let mut found = !shop.is_stocked()?;
        for site in &places {
            found |= self.figures(shop, site)?.is_some_and(|figures| figures.available > Decimal::ZERO);
        }
        Ok(Facts::default().flag("ok", found))
    }

    /// Whether the engine would have it so: no more is promised beyond what is there than may be.
    pub(super) fn valid(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Facts, Stop> {
        let site = self.place(op)?;
        op.end()?;
        let waiting = shop.stock_at(site)?.map(|stock| stock.backordered).unwrap_or_default();
        let refused = self.levels.get(site).is_some_and(|level| level.refused);
        Ok(Facts::at(site).flag("ok", !refused && waiting <= shop.item_now()?.backorder_limit))
    }

    /// The sum of a figure over places.
    fn sum(&self, shop: &Shop, places: &[String], figure: fn(&Figures) -> Decimal) -> Result<Decimal, Stop> {
        let mut sum = Decimal::ZERO;
        for site in places {
            sum += self.figures(shop, site)?.as_ref().map_or(Decimal::ZERO, figure);
        }
        Ok(sum)
    }
}

/// Whether there was simply not enough.
fn is_shortage(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Rules(rejection) => matches!(
            **rejection,
            Rejection::InsufficientStock { .. }
                | Rejection::BackorderLimit { .. }
                | Rejection::NotStocked { .. }
                | Rejection::LocationRetired { .. }
        ),
        _ => false,
    }
}
