//! Moving average: value on hand divided by quantity on hand, at the moment the goods leave.

use super::Portion;
use crate::{
    Quantity, Stock, Timestamp,
    draft::{Decided, fits},
};

/// The share of the value that goes with the quantity; all of it with the last unit.
pub(super) fn take(stock: &Stock, quantity: Quantity, now: Timestamp) -> Decided<Portion> {
    let value = fits(stock.value.share(quantity, stock.on_hand), "the cost of goods")?;
    Ok(Portion::new(quantity, value, now))
}
