use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Closes the books up to and including a day: nothing that happened on it or before can be entered any more. A closed
/// period is never opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosePeriod {
    /// The last closed day.
    pub until: Date,
}

impl Decide for ClosePeriod {
    fn reads(&self, _: &Draft, _: &mut ReadSet) {}

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        let Some(shop) = draft.shop()? else { return reject(Rejection::ShopNotOpen) };
        // A day that is not over yet would close the books on sales that are still to come.
        if shop.time_zone.business_day(ctx.now) <= self.until {
            let occurred_at = shop.time_zone.start_of(self.until);
            return reject(Rejection::OccursInFuture { occurred_at, now: ctx.now });
        }
        if let Some(closed_until) = shop.closed_until.filter(|closed| *closed >= self.until) {
            return reject(Rejection::PeriodClosed { day: self.until, closed_until });
        }

        let mut shop = Shop::clone(&shop);
        shop.closed_until = Some(self.until);
        draft.put_shop(Arc::new(shop));
        Ok(Receipt::PeriodClosed { until: self.until })
    }
}
