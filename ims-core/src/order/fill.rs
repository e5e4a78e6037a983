//! Backorders: what becomes available goes first to the orders that wait for it, oldest first.

use crate::{
    Context, Filled, Order, StockKey,
    draft::{Decided, Draft, fits},
    rules,
    stock::allocate::{available, stock_now},
};
use std::sync::Arc;

/// Gives what has become available to those who wait, for all stock that the running command has changed.
pub(crate) fn fill_waiting(ctx: &Context, draft: &mut Draft) -> Decided<Vec<Filled>> {
    let mut filled = Vec::new();
    for index in 0..draft.touched().len() {
        let Some(key) = draft.touched().get(index).copied() else { break };
        fill(ctx, draft, key, &mut filled)?;
    }
    Ok(filled)
}

fn fill(ctx: &Context, draft: &mut Draft, key: StockKey, filled: &mut Vec<Filled>) -> Decided<()> {
    let Some(mut stock) = stock_now(ctx, draft, key)? else { return Ok(()) };
    if !stock.backordered.is_positive() || !available(&stock)?.is_positive() {
        return Ok(());
    }
    for order in draft.orders_waiting_for(key)? {
        let mut order = Order::clone(&order);
        let id = order.id;
        for (index, line) in order.lines.iter_mut().enumerate().filter(|(_, line)| line.item == key.item) {
            let given = available(&stock)?.min(line.backordered);
            if !given.is_positive() {
                continue;
            }
            line.backordered = fits(line.backordered.checked_sub(given), "the quantity backordered")?;
            line.allocated = fits(line.allocated.checked_add(given), "the quantity allocated")?;
            stock.backordered = fits(stock.backordered.checked_sub(given), "the quantity backordered")?;
            stock.allocated = fits(stock.allocated.checked_add(given), "the quantity allocated")?;
            filled.push(Filled { order: id, line: rules::line_number(index), quantity: given });
        }
        draft.put_order(Arc::new(order));
        if !available(&stock)?.is_positive() {
            break;
        }
    }
    draft.put_stock(stock);
    Ok(())
}
