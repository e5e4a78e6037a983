use super::{check_open, check_placed, known, save};
use crate::{
    command::Decide,
    draft::{Decided, Draft, Stop, fits},
    late, rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Cancels all of an order that has not been shipped. Its goods are available again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Which order.
    pub order: OrderId,
}

impl Decide for CancelOrder {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        super::reads_order(known, reads, self.order, None);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        let shop = rules::open_shop(ctx, draft)?;
        let mut order = known(draft, self.order)?;
        check_open(&order)?;
        check_placed(ctx, &order)?;
        // All that had not left was cancelled: nothing can have left after that.
        for sent in &order.shipments {
            late::check_follows(ctx, sent.shipped_at, || {
                format!("goods of order {}-{} left", order.series, order.number)
            })?;
        }

        let site = order.site;
        for line in &mut order.lines {
            if line.tracking == Tracking::Stocked && !(line.allocated.is_zero() && line.backordered.is_zero()) {
                let Some(mut stock) = draft.stock(&StockKey { item: line.item, site })? else {
                    return Err(Stop::Broken("what is promised has a stock row"));
                };
                stock.allocated = fits(stock.allocated.checked_sub(line.allocated), "the quantity allocated")?;
                stock.backordered = fits(stock.backordered.checked_sub(line.backordered), "the quantity backordered")?;
                draft.put_stock(stock);
            }
            let open = fits(line.open(), "a quantity")?;
            line.cancelled = fits(line.cancelled.checked_add(open), "a quantity")?;
            line.allocated = Quantity::ZERO;
            line.backordered = Quantity::ZERO;
        }
        Ok(Receipt::OrderCancelled(save(draft, &shop, order)?))
    }
}
