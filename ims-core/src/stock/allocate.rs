//! Allocation: who may have what is on the shelf.
//!
//! `available = on_hand − allocated − held`, where a hold counts until it lapses. Nobody gets more than is available, and
//! those who wait for goods get them before those who come later.
//! Demand is taken line by line from the same stock row, so splitting a demand into lines never changes what is granted.

use crate::{
    Context, Hold, HoldId, Item, Location, Quantity, Rejection, Stock, StockKey, Text, Timestamp,
    draft::{Decided, Draft, fits, reject},
    late,
};

/// The stock of an item at a site, rid of holds that have lapsed by now.
pub(crate) fn stock_now(ctx: &Context, draft: &mut Draft, key: StockKey) -> Decided<Option<Stock>> {
    let Some(mut stock) = draft.stock(&key)? else { return Ok(None) };
    if stock.holds_lapse_at.is_some_and(|lapse_at| lapse_at <= ctx.now) {
        for hold in draft.holds_on(key)?.iter().filter(|hold| hold.until <= ctx.now) {
            stock.held = fits(stock.held.checked_sub(hold.quantity), "the quantity held")?;
            draft.remove_hold(hold);
        }
        stock.holds_lapse_at = first_lapse(draft, key, None)?;
        draft.put_stock(stock);
    }
    Ok(Some(stock))
}

/// Refuses a late entry of something that follows the placing of a hold, or its last extension.
pub(crate) fn check_held(ctx: &Context, hold: &Hold) -> Result<(), Rejection> {
    let Some(changed_at) = hold.changed_at else { return Ok(()) };
    late::check_follows(ctx, changed_at, || format!("hold {} was placed or extended", hold.id))
}

/// When the first hold on a stock lapses, apart from one.
pub(crate) fn first_lapse(draft: &mut Draft, key: StockKey, apart_from: Option<HoldId>) -> Decided<Option<Timestamp>> {
    let holds = draft.holds_on(key)?;
    Ok(holds.iter().filter(|hold| Some(hold.id) != apart_from).map(|hold| hold.until).min())
}

/// What of a stock can still be promised.
pub(crate) fn available(stock: &Stock) -> Decided<Quantity> {
    let left = stock.on_hand.checked_sub(stock.allocated).and_then(|left| left.checked_sub(stock.held));
    fits(left, "the quantity available")
}

/// What of a stock somebody can have for whom `held` of it was put aside until now: that, and what else is available less
/// what orders wait for already. Something else is available while orders wait only where a hold has lapsed and nothing
/// has looked at the stock since.
pub(crate) fn free_for(stock: &Stock, held: Quantity) -> Decided<Quantity> {
    let others = available(stock)?.checked_sub(held).and_then(|left| left.checked_sub(stock.backordered));
    let others = fits(others, "the quantity available")?.max(Quantity::ZERO);
    fits(held.checked_add(others), "the quantity available")
}

/// Refuses a demand on a stock that has less to give.
pub(crate) fn check_available(stock: &Stock, item: &Item, site: &Location, wanted: Quantity) -> Decided<()> {
    let available = free_for(stock, Quantity::ZERO)?;
    if wanted <= available {
        return Ok(());
    }
    reject(Rejection::InsufficientStock { sku: item.sku.clone(), site: Text::clone(&site.code), wanted, available })
}

/// The stock of an item at a site that must have had some.
pub(crate) fn known_stock(ctx: &Context, draft: &mut Draft, item: &Item, site: &Location) -> Decided<Stock> {
    match stock_now(ctx, draft, StockKey { item: item.id, site: site.id })? {
        Some(stock) => Ok(stock),
        None => reject(Rejection::NotStocked { sku: item.sku.clone(), site: Text::clone(&site.code) }),
    }
}
