//! Backorders: what becomes available goes first to the orders that wait for it, oldest first.

use crate::{
    Filled, Order, Stock,
    draft::{Decided, Draft, fits},
    rules,
    stock::allocate::available,
};
use std::sync::Arc;

/// Gives what has become available of a stock to those who wait for it.
pub(crate) fn fill_waiting(draft: &mut Draft, stock: &mut Stock, filled: &mut Vec<Filled>) -> Decided<()> {
    if !stock.backordered.is_positive() || !available(stock)?.is_positive() {
        return Ok(());
    }
    let key = stock.key();
    for order in draft.orders_waiting_for(key)? {
        let mut order = Order::clone(&order);
        let id = order.id;
        for (index, line) in order.lines.iter_mut().enumerate().filter(|(_, line)| line.item == key.item) {
            let given = available(stock)?.min(line.backordered);
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
        if !available(stock)?.is_positive() {
            break;
        }
    }
    draft.put_stock(*stock);
    Ok(())
}
