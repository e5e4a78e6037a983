//! Standard cost: a cost set by hand. What was paid above or below it is a variance, booked apart.

use super::Portion;
use crate::{
    Amount, Item, Quantity, Rejection, Rounding, Stock, Timestamp,
    draft::{Decided, fits},
};

/// What a quantity costs at standard.
pub(super) fn value_of(item: &Item, quantity: Quantity) -> Decided<Amount> {
    let Some(unit_cost) = item.standard_cost else {
        return Err(Rejection::CostUnknown { sku: item.sku.clone() }.into());
    };
    fits(unit_cost.times(quantity, Rounding::LEDGER), "the value at standard cost")
}

/// The standard cost of a quantity, but no more than there is; the last unit takes what is left. Small parts that came
/// in one by one may each have been rounded down.
pub(super) fn take(item: &Item, stock: &Stock, quantity: Quantity, now: Timestamp) -> Decided<Portion> {
    let value = if quantity == stock.on_hand { stock.value } else { value_of(item, quantity)?.min(stock.value) };
    Ok(Portion::new(quantity, value, now))
}
