use super::{cancel_rest, check_placed, known_open, save};
use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Cancels a purchase order of which nothing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelPurchase {
    /// Which purchase order.
    pub purchase: PurchaseId,
}

impl Decide for CancelPurchase {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        super::reads_purchase(known, reads, self.purchase);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let mut purchase = known_open(draft, self.purchase)?;
        if purchase.status == PurchaseStatus::PartlyReceived {
            return reject(Rejection::PurchasePartlyReceived);
        }
        check_placed(ctx, &purchase)?;

        cancel_rest(ctx, draft, &mut purchase)?;
        purchase.status = PurchaseStatus::Cancelled;
        Ok(Receipt::PurchaseCancelled(save(draft, purchase)?))
    }
}
