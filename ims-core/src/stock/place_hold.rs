use super::allocate;
use crate::{
    command::Decide,
    draft::{Decided, Draft, fits, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Puts stock aside for a basket until a moment. From then on it counts no more, without anybody having to do anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// Which item.
    pub item: ItemId,
    /// At which site.
    pub site: LocationId,
    /// How many.
    pub quantity: Quantity,
    /// Until when.
    pub until: Timestamp,
}

impl Decide for PlaceHold {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.items.insert(self.item);
        reads.locations.insert(self.site);
        reads.stock.insert(StockKey { item: self.item, site: self.site });
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::positive(0, self.quantity)?;
        rules::open_shop(ctx, draft)?;
        let item = rules::item_in_trade(draft, self.item)?;
        let site = rules::site(draft, self.site)?;
        rules::stocked(&item)?;
        rules::fits_unit(&item, self.quantity)?;
        let mut stock = allocate::known_stock(ctx, draft, &item, &site)?;
        allocate::check_available(&stock, &item, &site, self.quantity)?;
        if self.until <= ctx.now {
            return reject(Rejection::HoldInPast { until: self.until });
        }

        let (quantity, until, changed_at) = (self.quantity, self.until, Some(ctx.moment()));
        let hold = Hold { id: ctx.id.into(), item: item.id, site: site.id, quantity, until, changed_at };
        stock.held = fits(stock.held.checked_add(hold.quantity), "the quantity held")?;
        stock.holds_lapse_at = Some(stock.holds_lapse_at.map_or(hold.until, |first| first.min(hold.until)));
        draft.put_hold(hold);
        draft.put_stock(stock);
        Ok(Receipt::HoldPlaced(hold))
    }
}
