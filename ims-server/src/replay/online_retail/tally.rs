//! What was traded, by class and by month, summed up from what the engine answered.

use super::row::Class;
use ims_core::{Amount, Direction, Month, Moved, Quantity, Receipt};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many rows, and their sums, signed as in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct ClassSum {
    pub(super) rows: u64,
    pub(super) quantity: Quantity,
    pub(super) value: Amount,
}

/// The same by month, under the names that the file of month totals has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct MonthSum {
    pub(super) lines: u64,
    pub(super) net_units: Quantity,
    pub(super) net_value: Amount,
}

/// Sums by class and by month.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) classes: BTreeMap<&'static str, ClassSum>,
    pub(super) months: BTreeMap<String, MonthSum>,
}

impl Tally {
    /// Counts what a command did: `classes` are those of its lines. `None` where a sum does not fit.
    pub(super) fn count(&mut self, month: Month, classes: &[Class], receipt: &Receipt) -> Option<()> {
        for class in classes {
            self.add(month, *class, ClassSum { rows: 1, ..ClassSum::default() })?;
        }
        match receipt {
            Receipt::Sold { order, .. } => {
                for (line, class) in order.lines.iter().zip(classes) {
                    self.add(month, *class, ClassSum { rows: 0, quantity: line.shipped, value: line.revenue })?;
                }
            }
            Receipt::GoodsReturned { goods, .. } => {
                for (line, class) in goods.lines.iter().zip(classes) {
                    let (quantity, value) = (line.quantity.checked_neg()?, line.refund.checked_neg()?);
                    self.add(month, *class, ClassSum { rows: 0, quantity, value })?;
                }
            }
            Receipt::StockAdjusted { direction, lines, .. } => {
                for moved in lines {
                    let class = usize::try_from(moved.line).ok().and_then(|line| classes.get(line)).copied()?;
                    let quantity = as_in_file(class, *direction, moved)?;
                    self.add(month, class, ClassSum { rows: 0, quantity, value: Amount::ZERO })?;
                }
            }
            _ => {}
        }
        Some(())
    }

    /// Counts a row that moves nothing.
    pub(super) fn count_idle(&mut self, month: Month, class: Class) -> Option<()> {
        self.add(month, class, ClassSum { rows: 1, ..ClassSum::default() })
    }

    fn add(&mut self, month: Month, class: Class, more: ClassSum) -> Option<()> {
        let sum = self.classes.entry(class.name()).or_default();
        sum.rows = sum.rows.checked_add(more.rows)?;
        sum.quantity = sum.quantity.checked_add(more.quantity)?;
        sum.value = sum.value.checked_add(more.value)?;
        let sum = self.months.entry(month.to_string()).or_default();
        sum.lines = sum.lines.checked_add(more.rows)?;
        sum.net_units = sum.net_units.checked_add(more.quantity)?;
        sum.net_value = sum.net_value.checked_add(more.value)?;
        Some(())
    }
}

/// An adjustment's quantity is the change of stock; of what was given away the file says what left.
fn as_in_file(class: Class, direction: Direction, moved: &Moved) -> Option<Quantity> {
    match (class, direction) {
        (Class::Adjustment, Direction::Up) | (Class::FreeIssue, Direction::Down) => Some(moved.quantity),
        _ => moved.quantity.checked_neg(),
    }
}
