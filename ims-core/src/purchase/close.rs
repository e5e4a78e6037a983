use super::{cancel_rest, check_last_receipt, check_placed, known_open, save};
use crate::{
    command::Decide,
    draft::{Decided, Draft},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Closes a purchase order short: what has not come will not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosePurchase {
    /// Which purchase order.
    pub purchase: PurchaseId,
}

impl Decide for ClosePurchase {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        super::reads_purchase(known, reads, self.purchase);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let mut purchase = known_open(draft, self.purchase)?;
        check_placed(ctx, &purchase)?;
        check_last_receipt(ctx, &purchase)?;

        cancel_rest(ctx, draft, &mut purchase)?;
        purchase.status = PurchaseStatus::ClosedShort;
        Ok(Receipt::PurchaseClosed(save(draft, purchase)?))
    }
}
