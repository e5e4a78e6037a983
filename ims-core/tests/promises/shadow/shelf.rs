//! A shelf: what is on it, what that cost, and who may have it. Costing as a child would do it.

use super::{
    Refusal,
    number::{ONE, fits, share, times},
};
use ims_core::CostingMethod;

/// Goods of one acquisition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lot {
    pub(crate) acquired_at: i64,
    pub(crate) entry: u32,
    pub(crate) quantity: i128,
    pub(crate) value: i128,
}

/// Goods that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(crate) quantity: i128,
    pub(crate) value: i128,
    pub(crate) acquired_at: i64,
    /// Which lot of the shelf they left they were of.
    pub(crate) entry: Option<u32>,
}

impl Portion {
    pub(crate) fn new(quantity: i128, value: i128, acquired_at: i64) -> Self {
        Portion { quantity, value, acquired_at, entry: None }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) on_hand: i128,
    pub(crate) value: i128,
    pub(crate) allocated: i128,
    pub(crate) backordered: i128,
    pub(crate) incoming: i128,
    /// What one of the last goods that came in had cost.
    pub(crate) last_cost: Option<i128>,
    /// First in, first out only: sorted by age, then by entry.
    lots: Vec<Lot>,
    entries: u32,
}

/// How an item is costed, with its standard cost where that is how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costing {
    pub(crate) method: CostingMethod,
    pub(crate) standard: Option<i128>,
}

impl Costing {
    fn standard_value(self, quantity: i128) -> Result<i128, Refusal> {
        times(self.standard.expect("an item at standard cost has one"), quantity)
    }
}

impl Shelf {
    /// Puts goods on the shelf. Returns what they are worth there.
    pub(crate) fn put(&mut self, costing: Costing, goods: Portion) -> Result<i128, Refusal> {
        let value = match costing.method {
            CostingMethod::Standard => costing.standard_value(goods.quantity)?,
            CostingMethod::Average => goods.value,
            CostingMethod::Fifo => {
                let Portion { quantity, value, acquired_at, entry } = goods;
                let entry = entry.unwrap_or(self.entries);
                self.entries = self.entries.max(entry + 1);
                match self.lots.iter_mut().find(|lot| lot.entry == entry) {
                    Some(lot) => {
                        lot.quantity = fits(lot.quantity + quantity)?;
                        lot.value = fits(lot.value + value)?;
                    }
                    None => self.lots.push(Lot { acquired_at, entry, quantity, value }),
                }
                self.lots.sort_by_key(|lot| (lot.acquired_at, lot.entry));
                value
            }
        };
        self.on_hand = fits(self.on_hand + goods.quantity)?;
        self.value = fits(self.value + value)?;
        self.last_cost = Some(fits(share(goods.value, ONE, goods.quantity))?);
        Ok(value)
    }

    /// Takes goods off the shelf, which has enough of them.
    pub(crate) fn take(&mut self, costing: Costing, quantity: i128, now: i64) -> Result<Vec<Portion>, Refusal> {
        let taken = match costing.method {
            CostingMethod::Fifo => self.take_oldest(quantity),
            CostingMethod::Average => {
                vec![Portion::new(quantity, share(self.value, quantity, self.on_hand), now)]
            }
            CostingMethod::Standard => {
                // No more than there is, and all of it with the last unit.
                let all = quantity == self.on_hand;
                let value = if all { self.value } else { costing.standard_value(quantity)?.min(self.value) };
                vec![Portion::new(quantity, value, now)]
            }
        };
        self.on_hand -= taken.iter().map(|portion| portion.quantity).sum::<i128>();
        self.value -= taken.iter().map(|portion| portion.value).sum::<i128>();
        Ok(taken)
    }

    fn take_oldest(&mut self, mut quantity: i128) -> Vec<Portion> {
        let mut taken = Vec::new();
        while quantity > 0 {
            let lot = &mut self.lots[0];
            let part = quantity.min(lot.quantity);
            let value = share(lot.value, part, lot.quantity);
            taken.push(Portion { entry: Some(lot.entry), ..Portion::new(part, value, lot.acquired_at) });
            lot.quantity -= part;
            lot.value -= value;
            quantity -= part;
            if lot.quantity == 0 {
                assert_eq!(lot.value, 0, "the last unit takes the residue");
                self.lots.remove(0);
            }
        }
        taken
    }

    /// Sets the value to another standard cost. Returns how much more it is.
    pub(crate) fn revalue(&mut self, costing: Costing) -> Result<i128, Refusal> {
        let more = costing.standard_value(self.on_hand)? - self.value;
        self.value += more;
        Ok(more)
    }

    /// What one costs now.
    pub(crate) fn cost_of_one(&self, costing: Costing) -> Result<Option<i128>, Refusal> {
        if costing.method == CostingMethod::Standard {
            return Ok(costing.standard);
        }
        if self.on_hand > 0 { fits(share(self.value, ONE, self.on_hand)).map(Some) } else { Ok(self.last_cost) }
    }
}
