use super::allocate;
use crate::{
    command::Decide,
    draft::{Decided, Draft, fits, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Ends a hold. What it held is available again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseHold {
    /// Which hold.
    pub hold: HoldId,
}

impl Decide for ReleaseHold {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.holds.insert(self.hold);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let hold = use_up(ctx, draft, self.hold)?;
        Ok(Receipt::HoldReleased(hold))
    }
}

/// Ends a hold that has not lapsed.
pub(crate) fn use_up(ctx: &Context, draft: &mut Draft, id: HoldId) -> Decided<Hold> {
    let Some(hold) = draft.hold(&id)? else { return reject(Rejection::UnknownHold { hold: id }) };
    if hold.until <= ctx.now {
        return reject(Rejection::HoldLapsed { until: hold.until });
    }
    allocate::check_held(ctx, &hold)?;
    let key = StockKey { item: hold.item, site: hold.site };
    let Some(mut stock) = allocate::stock_now(ctx, draft, key)? else {
        return reject(Rejection::UnknownHold { hold: id });
    };
    draft.remove_hold(&hold);
    stock.held = fits(stock.held.checked_sub(hold.quantity), "the quantity held")?;
    if stock.holds_lapse_at == Some(hold.until) {
        stock.holds_lapse_at = if stock.held.is_zero() { None } else { allocate::first_lapse(draft, key, Some(id))? };
    }
    draft.put_stock(stock);
    Ok(hold)
}
