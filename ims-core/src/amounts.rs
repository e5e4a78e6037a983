//! What a document comes to: the one place that works it out.
//!
//! A line is shared out in coins, and what is shared out first is what is kept of it. So what was cancelled, what is still
//! open and what has left sum to what was ordered, to the last cent, in whatever parts it was shipped and cancelled.

use crate::{Amount, Order, OrderAmounts, OrderLine, Purchase, PurchaseAmounts, PurchaseLine, Quantity, Rounding};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

impl OrderLine {
    /// What so many of the line come to, in coins: its `total` for all of them. `None` on overflow.
    pub(crate) fn worth(&self, quantity: Quantity, rounding: Rounding) -> Option<Amount> {
        if quantity == self.quantity {
            return Some(self.total);
        }
        if quantity.is_zero() {
            return Some(Amount::ZERO);
        }
        self.total.share_rounded(quantity, self.quantity, rounding)
    }

    /// What the line has come to, where lines are rounded so. `None` on overflow.
    #[must_use]
    pub fn amounts(&self, rounding: Rounding) -> Option<OrderAmounts> {
        let kept = self.worth(self.quantity.checked_sub(self.cancelled)?, rounding)?;
        Some(OrderAmounts {
            cancelled: self.total.checked_sub(kept)?,
            shipped: self.revenue,
            returned: self.worth(self.returned, rounding)?,
            refunded: self.refunded,
            to_pay: kept.checked_sub(self.refunded)?,
        })
    }

    /// The most that may be refunded for so many of the goods that are out: what was paid for them, as far as it was not
    /// given back. In coins, and parts sum to the whole. Below zero for a credit that is taken back. `None` on overflow.
    #[must_use]
    pub fn refundable(&self, quantity: Quantity, rounding: Rounding) -> Option<Amount> {
        let left = self.revenue.checked_sub(self.refunded)?;
        if left.is_negative() != self.revenue.is_negative() {
            return Some(Amount::ZERO);
        }
        let back = self.worth(self.returned.checked_add(quantity)?, rounding)?;
        let paid = back.checked_sub(self.worth(self.returned, rounding)?)?;
        Some(if left.is_negative() { paid.max(left) } else { paid.min(left) })
    }
}

impl OrderAmounts {
    fn checked_add(self, more: OrderAmounts) -> Option<OrderAmounts> {
        Some(OrderAmounts {
            cancelled: self.cancelled.checked_add(more.cancelled)?,
            shipped: self.shipped.checked_add(more.shipped)?,
            returned: self.returned.checked_add(more.returned)?,
            refunded: self.refunded.checked_add(more.refunded)?,
            to_pay: self.to_pay.checked_add(more.to_pay)?,
        })
    }
}

impl Order {
    /// What its lines have come to, where they are rounded so: what [`Order::amounts`] has to be. `None` on overflow.
    #[must_use]
    pub fn add_up(&self, rounding: Rounding) -> Option<OrderAmounts> {
        let mut lines = self.lines.iter().map(|line| line.amounts(rounding));
        lines.try_fold(OrderAmounts::default(), |sum, line| sum.checked_add(line?))
    }
}

impl PurchaseLine {
    fn agreed(&self, quantity: Quantity) -> Option<Amount> {
        self.unit_cost.times(quantity, Rounding::LEDGER)
    }

    /// What the line has come to. `None` on overflow.
    #[must_use]
    pub fn amounts(&self) -> Option<PurchaseAmounts> {
        let kept = self.agreed(self.quantity.checked_sub(self.cancelled)?)?;
        let open = kept.checked_sub(self.agreed(self.received)?)?;
        Some(PurchaseAmounts {
            cancelled: self.agreed(self.quantity)?.checked_sub(kept)?,
            received: self.received_cost,
            to_pay: self.received_cost.checked_add(open)?,
        })
    }
}

impl PurchaseAmounts {
    fn checked_add(self, more: PurchaseAmounts) -> Option<PurchaseAmounts> {
        Some(PurchaseAmounts {
            cancelled: self.cancelled.checked_add(more.cancelled)?,
            received: self.received.checked_add(more.received)?,
            to_pay: self.to_pay.checked_add(more.to_pay)?,
        })
    }
}

impl Purchase {
    /// What its lines have come to: what [`Purchase::amounts`] has to be. `None` on overflow.
    #[must_use]
    pub fn add_up(&self) -> Option<PurchaseAmounts> {
        let mut lines = self.lines.iter().map(PurchaseLine::amounts);
        lines.try_fold(PurchaseAmounts::default(), |sum, line| sum.checked_add(line?))
    }
}

impl Serialize for Order {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Order::serialize(self, serializer)
    }
}

/// JSON that was written before orders kept what they come to has no `amounts`. They follow from the lines, which were
/// rounded as a shop rounds that did not ask for anything else.
impl<'de> Deserialize<'de> for Order {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut order = Order::deserialize(deserializer)?;
        // What comes to something is never all zeros.
        if order.amounts == OrderAmounts::default() {
            order.amounts = order.add_up(Rounding::of_coins(order.currency)).unwrap_or_default();
        }
        Ok(order)
    }
}

impl Serialize for Purchase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Purchase::serialize(self, serializer)
    }
}

/// JSON that was written before purchase orders kept what they come to has no `amounts`. What had come then is taken to
/// have cost what was agreed.
impl<'de> Deserialize<'de> for Purchase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut purchase = Purchase::deserialize(deserializer)?;
        if purchase.amounts == PurchaseAmounts::default() {
            for line in &mut purchase.lines {
                line.received_cost = line.agreed(line.received).unwrap_or_default();
            }
            purchase.amounts = purchase.add_up().unwrap_or_default();
        }
        Ok(purchase)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use crate::{ItemId, RoundingMode, Sku, Tracking};
    use proptest::prelude::*;

    const CENTS: Rounding = Rounding { digits: 2, mode: RoundingMode::HalfUp };

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn line(total: &str, ordered: &str, shipped: &str, cancelled: &str) -> OrderLine {
        let text = |text: &str| text.into();
        let line = OrderLine {
            item: ItemId::from_u128(1),
            sku: Sku::new("TEA").unwrap(),
            name: text("Tea"),
            brand: text(""),
            category: text(""),
            tracking: Tracking::Stocked,
            quantity: quantity(ordered),
            unit_price: Amount::ZERO,
            discount: Amount::ZERO,
            total: amount(total),
            allocated: Quantity::ZERO,
            backordered: Quantity::ZERO,
            shipped: quantity(shipped),
            cancelled: quantity(cancelled),
            returned: Quantity::ZERO,
            revenue: Amount::ZERO,
            cost: Amount::ZERO,
            refunded: Amount::ZERO,
            cost_returned: Amount::ZERO,
        };
        OrderLine { revenue: line.worth(line.shipped, CENTS).unwrap(), ..line }
    }

    #[test]
    fn what_was_cancelled_need_not_be_paid() {
        let amounts = line("50", "10", "3", "7").amounts(CENTS).unwrap();
        assert_eq!((amounts.cancelled, amounts.shipped, amounts.to_pay), (amount("35"), amount("15"), amount("15")));
    }

    #[test]
    fn what_is_still_open_has_to_be_paid() {
        let amounts = line("50", "10", "3", "2").amounts(CENTS).unwrap();
        assert_eq!((amounts.cancelled, amounts.to_pay), (amount("10"), amount("40")));
    }

    #[test]
    fn a_cent_that_does_not_divide_is_cancelled_or_paid_and_never_lost() {
        let amounts = line("10", "3", "1", "2").amounts(CENTS).unwrap();
        assert_eq!((amounts.cancelled, amounts.to_pay), (amount("6.67"), amount("3.33")));
    }

    #[test]
    fn no_part_is_refunded_more_than_was_paid_for_it() {
        let mut line = line("15", "2", "2", "0");
        assert_eq!(line.refundable(quantity("1"), CENTS), Some(amount("7.5")));
        // One came back broken, and nothing was given for it.
        line.returned = quantity("1");
        assert_eq!(line.refundable(quantity("1"), CENTS), Some(amount("7.5")));
        line.refunded = amount("12");
        assert_eq!(line.refundable(quantity("1"), CENTS), Some(amount("3")));
        line.refunded = amount("20");
        assert_eq!(line.refundable(quantity("1"), CENTS), Some(Amount::ZERO));
    }

    #[test]
    fn a_credit_is_taken_back_as_it_was_given() {
        let credit = line("-10", "3", "3", "0");
        assert_eq!(credit.refundable(quantity("1"), CENTS), Some(amount("-3.33")));
        assert_eq!(credit.refundable(quantity("3"), CENTS), Some(amount("-10")));
    }

    proptest! {
        #[test]
        fn parts_sum_to_what_was_ordered(cents: i32, units in 1..1_000_i64, kept in 0..=1_000_i64, left in 0..=1_000_i64) {
            let (kept, units) = (kept.min(units), units);
            let all = |count: i64| Quantity::from_micros(count * 1_000_000).to_string();
            let total = Amount::from_micros(i64::from(cents) * 10_000).to_string();
            let line = line(&total, &all(units), &all(left.min(kept)), &all(units - kept));
            let amounts = line.amounts(CENTS).unwrap();
            prop_assert_eq!(amounts.cancelled.checked_add(amounts.to_pay), Some(line.total));
            if left >= kept {
                prop_assert_eq!(amounts.shipped, amounts.to_pay);
            }
        }

        #[test]
        fn what_comes_back_in_parts_is_refunded_whole(cents: i32, parts in proptest::collection::vec(1..20_i64, 1..12)) {
            let units = Quantity::from_micros(parts.iter().sum::<i64>() * 1_000_000).to_string();
            let total = Amount::from_micros(i64::from(cents) * 10_000).to_string();
            let mut line = line(&total, &units, &units, "0");
            for part in parts {
                let part = Quantity::from_micros(part * 1_000_000);
                line.refunded = line.refunded.checked_add(line.refundable(part, CENTS).unwrap()).unwrap();
                line.returned = line.returned.checked_add(part).unwrap();
            }
            prop_assert_eq!(line.refunded, line.total);
        }
    }
}
