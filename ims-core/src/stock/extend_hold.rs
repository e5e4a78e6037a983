use super::allocate;
use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Changes until when stock is put aside. A hold that has lapsed cannot be extended: others may have the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendHold {
    /// Which hold.
    pub hold: HoldId,
    /// Until when, from now on.
    pub until: Timestamp,
}

impl Decide for ExtendHold {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.holds.insert(self.hold);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let Some(mut hold) = draft.hold(&self.hold)? else {
            return reject(Rejection::UnknownHold { hold: self.hold });
        };
        if self.until <= ctx.now {
            return reject(Rejection::HoldInPast { until: self.until });
        }
        if hold.until <= ctx.now {
            return reject(Rejection::HoldLapsed { until: hold.until });
        }
        allocate::check_held(ctx, &hold)?;
        let key = StockKey { item: hold.item, site: hold.site };
        let Some(mut stock) = allocate::stock_now(ctx, draft, key)? else {
            return reject(Rejection::UnknownHold { hold: self.hold });
        };

        let others = allocate::first_lapse(draft, key, Some(hold.id))?;
        stock.holds_lapse_at = Some(others.map_or(self.until, |first| first.min(self.until)));
        hold.until = self.until;
        hold.changed_at = hold.changed_at.max(Some(ctx.moment()));
        draft.put_hold(hold);
        draft.put_stock(stock);
        Ok(Receipt::HoldExtended(hold))
    }
}
