//! Cost: what goods cost when they come in, and what it cost to let them go.
//!
//! A stock keeps its quantity and its value, never a rounded average: what the last unit takes with it is what is left.
//! Whatever the method, the value that has come in is the value that has left plus the value that is there.

mod average;
mod fifo;
mod set_standard;
mod standard;

pub use set_standard::SetStandardCost;

use crate::{
    Amount, CostingMethod, Item, Quantity, Stock, Timestamp,
    draft::{Decided, Draft, fits},
};

/// Goods of one acquisition, and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(crate) quantity: Quantity,
    pub(crate) value: Amount,
    pub(crate) acquired_at: Timestamp,
    /// The number of their cost layer: the one that they left, or the one that they go back into.
    pub(crate) layer: Option<u32>,
}

/// Adds goods to a stock. Returns them as they lie there: at what they cost, or at their standard cost, and in which
/// cost layer.
pub(crate) fn add(draft: &mut Draft, item: &Item, stock: &mut Stock, goods: Portion) -> Decided<Portion> {
    let added = match item.costing {
        CostingMethod::Average => Portion { layer: None, ..goods },
        CostingMethod::Fifo => fifo::add(draft, stock, goods)?,
        CostingMethod::Standard => Portion { value: standard::value_of(item, goods.quantity)?, layer: None, ..goods },
    };
    stock.on_hand = fits(stock.on_hand.checked_add(goods.quantity), "the quantity on hand")?;
    stock.value = fits(stock.value.checked_add(added.value), "the value on hand")?;
    Ok(added)
}

/// Takes goods from a stock that has enough of them. Returns what left, oldest acquisition first.
pub(crate) fn take(
    draft: &mut Draft,
    item: &Item,
    stock: &mut Stock,
    quantity: Quantity,
    now: Timestamp,
) -> Decided<Vec<Portion>> {
    let portions = match item.costing {
        CostingMethod::Average => vec![average::take(stock, quantity, now)?],
        CostingMethod::Fifo => fifo::take(draft, stock, quantity)?,
        CostingMethod::Standard => vec![standard::take(item, stock, quantity, now)?],
    };
    for portion in &portions {
        stock.on_hand = fits(stock.on_hand.checked_sub(portion.quantity), "the quantity on hand")?;
        stock.value = fits(stock.value.checked_sub(portion.value), "the value on hand")?;
    }
    Ok(portions)
}

/// What one unit of a stock costs now: its average, or what the last one received cost, or the standard cost.
pub(crate) fn of_one(item: &Item, stock: Option<&Stock>) -> Option<Amount> {
    if item.costing == CostingMethod::Standard {
        return item.standard_cost;
    }
    let stock = stock?;
    if stock.on_hand.is_positive() { stock.value.unit(stock.on_hand) } else { stock.last_unit_cost }
}

impl Portion {
    /// Goods that are of no cost layer, or will be of a new one.
    pub(crate) fn new(quantity: Quantity, value: Amount, acquired_at: Timestamp) -> Self {
        Portion { quantity, value, acquired_at, layer: None }
    }

    /// As a line of a receipt tells of it.
    pub(crate) fn moved(&self, line: u32, item: &Item) -> crate::Moved {
        let Portion { quantity, value, acquired_at, .. } = *self;
        crate::Moved { line, item: item.id, quantity, cost: value, acquired_at }
    }
}
