//! Purchase orders: placed, received, closed.

mod cancel;
mod close;
mod place;
mod receive;

pub use cancel::CancelPurchase;
pub use close::ClosePurchase;
pub use place::PlacePurchase;
pub use receive::{ReceivePurchase, ReceivedLine};

use crate::{
    Context, LocationId, Purchase, PurchaseId, PurchaseLine, PurchaseStatus, Quantity, Rejection, StockKey,
    draft::{Decided, Draft, Stop, fits, reject},
    late,
    stock::allocate::stock_now,
    store::ReadSet,
};
use std::sync::Arc;

impl PurchaseLine {
    /// How many are still to come.
    pub fn open(&self) -> Option<Quantity> {
        self.quantity.checked_sub(self.received)?.checked_sub(self.cancelled)
    }
}

/// Writes a purchase order, with what follows from its lines brought up to date.
fn save(draft: &mut Draft, mut purchase: Purchase) -> Decided<Arc<Purchase>> {
    purchase.amounts = fits(purchase.add_up(), "what the purchase order comes to")?;
    let purchase = Arc::new(purchase);
    draft.put_purchase(Arc::clone(&purchase));
    Ok(purchase)
}

/// Names a purchase order and, once it is loaded, its items and their stock.
fn reads_purchase(known: &Draft, reads: &mut ReadSet, id: PurchaseId) {
    reads.purchases.insert(id);
    let Some(purchase) = known.peek_purchase(id) else { return };
    reads.locations.insert(purchase.site);
    for line in &purchase.lines {
        reads.items.insert(line.item);
        reads.stock.insert(StockKey { item: line.item, site: purchase.site });
    }
}

/// A purchase order that is there.
fn known(draft: &mut Draft, id: PurchaseId) -> Decided<Purchase> {
    let Some(purchase) = draft.purchase(&id)? else { return reject(Rejection::UnknownPurchase { purchase: id }) };
    Ok(Purchase::clone(&purchase))
}

/// Refuses a purchase order of which nothing is to come any more.
fn check_open(purchase: &Purchase) -> Result<(), Rejection> {
    match purchase.status {
        PurchaseStatus::Ordered | PurchaseStatus::PartlyReceived => Ok(()),
        status => Err(Rejection::PurchaseEnded { status }),
    }
}

/// A purchase order that is there and of which something is still to come.
fn known_open(draft: &mut Draft, id: PurchaseId) -> Decided<Purchase> {
    let purchase = known(draft, id)?;
    check_open(&purchase)?;
    Ok(purchase)
}

/// Refuses a late entry of something that follows the placing of a purchase order.
fn check_placed(ctx: &Context, purchase: &Purchase) -> Result<(), Rejection> {
    let placed = || format!("purchase order {}-{} was placed", purchase.series, purchase.number);
    late::check_follows(ctx, purchase.ordered_at, placed)
}

/// Refuses a late end of a purchase order of which goods came after that.
fn check_last_receipt(ctx: &Context, purchase: &Purchase) -> Result<(), Rejection> {
    let Some(received_at) = purchase.received_at else { return Ok(()) };
    let came = || format!("goods of purchase order {}-{} came", purchase.series, purchase.number);
    late::check_follows(ctx, received_at, came)
}

/// Cancels what has not come of every line.
fn cancel_rest(ctx: &Context, draft: &mut Draft, purchase: &mut Purchase) -> Decided<()> {
    let site = purchase.site;
    for line in &mut purchase.lines {
        let open = fits(line.open(), "a quantity")?;
        if open.is_positive() {
            lower_incoming(ctx, draft, line, site, open)?;
            line.cancelled = fits(line.cancelled.checked_add(open), "a quantity")?;
        }
    }
    Ok(())
}

/// So many of a line are no longer on their way.
fn lower_incoming(
    ctx: &Context,
    draft: &mut Draft,
    line: &PurchaseLine,
    site: LocationId,
    quantity: Quantity,
) -> Decided<()> {
    let Some(mut stock) = stock_now(ctx, draft, StockKey { item: line.item, site })? else {
        return Err(Stop::Broken("what is ordered has a stock row"));
    };
    stock.incoming = fits(stock.incoming.checked_sub(quantity), "the quantity incoming")?;
    draft.put_stock(stock);
    Ok(())
}
