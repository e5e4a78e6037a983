use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Closes the books up to and including a day: nothing that happened on it or before can be entered any more. A day that
/// is closed already opens the books again after it, which takes a reason; so does a day that is far beyond the newest
/// entry, as a wrong clock names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosePeriod {
    /// The last closed day.
    pub until: Date,
    /// Why books are opened again, or closed far beyond the newest entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

impl ClosePeriod {
    /// Closes the books up to and including a day, as is done every month.
    pub fn new(until: Date) -> Self {
        ClosePeriod { until, reason: None }
    }
}

impl Decide for ClosePeriod {
    fn reads(&self, _: &Draft, _: &mut ReadSet) {}

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        if let Some(reason) = &self.reason {
            rules::text("reason", reason, limits::NOTE_CHARS)?;
        }
        let Some(shop) = draft.shop()? else { return reject(Rejection::ShopNotOpen) };
        // A day that is not over yet would close the books on sales that are still to come.
        if shop.time_zone.business_day(ctx.now) <= self.until {
            let occurred_at = shop.time_zone.start_of(self.until);
            return reject(Rejection::OccursInFuture { occurred_at, now: ctx.now });
        }
        let reopened_from = match shop.closed_until {
            Some(closed_until) if closed_until > self.until && self.reason.is_some() => Some(closed_until),
            Some(closed_until) if closed_until >= self.until => {
                return reject(Rejection::PeriodClosed { day: self.until, closed_until });
            }
            _ => None,
        };
        if self.reason.is_none()
            && let Some(newest) = draft.newest_event()?.map(|at| shop.time_zone.business_day(at))
            && self.until.days().saturating_sub(newest.days()) > limits::DAYS_CLOSED_BEYOND_ENTRIES
        {
            return reject(Rejection::PeriodTooFar { until: self.until, newest });
        }

        let mut shop = Shop::clone(&shop);
        shop.closed_until = Some(self.until);
        draft.put_shop(Arc::new(shop));
        Ok(Receipt::PeriodClosed { until: self.until, reopened_from, reason: self.reason.clone() })
    }
}
