//! Amounts of money: multiplied, shared and split so that every cent is accounted for.

use std::fmt;

use serde::{Deserialize, Serialize};

mod currency;
mod fraction;
mod split;

pub use self::currency::{Currency, CurrencyError};
pub use self::fraction::Fraction;
pub use self::split::split;

use crate::decimal::{MICROS_PER_ONE, MICROS_TEXT_BYTES, micros_type, push_magnitude};
use crate::form::StackText;
use crate::quantity::Quantity;
use crate::rounding::Rounding;

/// Counts money in units of a currency that is known from elsewhere, exactly, to six decimals. In JSON it is a string.
///
/// Six decimals hold the unit cost of a screw; a document rounds to its currency's digits where its [`Rounding`] says so.
///
/// ```
/// use ims_core::money::Amount;
/// use ims_core::rounding::Rounding;
///
/// let price: Amount = "0.333333".parse()?;
/// assert_eq!(price.times("3".parse()?, Rounding::LEDGER).unwrap().to_string(), "0.999999");
/// assert!("£5".parse::<Amount>().is_err());
/// assert!("5.00 GBP".parse::<Amount>().is_err());
/// # Ok::<(), ims_core::decimal::DecimalError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

micros_type!(Amount, "an amount such as \"12.5\"");

impl Amount {
    /// Multiplies a unit price by a quantity and rounds once. `None` on overflow.
    ///
    /// ```
    /// use ims_core::money::Amount;
    /// use ims_core::rounding::{Rounding, RoundingMode};
    ///
    /// let cents = Rounding::new(2, RoundingMode::HalfUp).unwrap();
    /// let price: Amount = "2.99".parse()?;
    /// assert_eq!(price.times("0.335".parse()?, cents).unwrap().to_string(), "1");
    /// assert_eq!(Amount::MAX.times("10".parse()?, cents), None);
    /// # Ok::<(), ims_core::decimal::DecimalError>(())
    /// ```
    #[must_use]
    pub fn times(self, quantity: Quantity, rounding: Rounding) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(i128::from(quantity.micros()))?;
        rounding.quotient(product, i128::from(MICROS_PER_ONE)).map(Self)
    }

    /// Takes the share of `part` in `whole`: self × part ÷ whole, half-even at six decimals. `None` when `whole` is zero, or on overflow.
    ///
    /// The share of the whole is the amount itself, to the last digit: take parts one after another from what is left, of the quantity and
    /// of the value, and the last part takes the residue.
    ///
    /// ```
    /// use ims_core::money::Amount;
    /// use ims_core::quantity::Quantity;
    ///
    /// let (mut value, mut left): (Amount, Quantity) = ("10".parse()?, "3".parse()?);
    /// let mut taken = Vec::new();
    /// while left.is_positive() {
    ///     let share = value.share(Quantity::ONE, left).unwrap();
    ///     value = value.checked_sub(share).unwrap();
    ///     left = left.checked_sub(Quantity::ONE).unwrap();
    ///     taken.push(share.to_string());
    /// }
    /// assert_eq!(taken, ["3.333333", "3.333334", "3.333333"]);
    /// assert_eq!(value, Amount::ZERO);
    /// assert_eq!(Amount::ONE.share(Quantity::ONE, Quantity::ZERO), None);
    /// # Ok::<(), ims_core::decimal::DecimalError>(())
    /// ```
    #[must_use]
    pub fn share(self, part: Quantity, whole: Quantity) -> Option<Self> {
        self.share_rounded(part, whole, Rounding::LEDGER)
    }

    /// Takes a [`share`](Self::share) that somebody pays: rounded once, to coins. `None` when `whole` is zero, or on overflow.
    ///
    /// ```
    /// use ims_core::money::Amount;
    /// use ims_core::quantity::Quantity;
    /// use ims_core::rounding::{Rounding, RoundingMode};
    ///
    /// let cents = Rounding::new(2, RoundingMode::HalfUp).unwrap();
    /// let total: Amount = "10".parse()?;
    /// assert_eq!(total.share_rounded(Quantity::ONE, "3".parse()?, cents).unwrap().to_string(), "3.33");
    /// # Ok::<(), ims_core::decimal::DecimalError>(())
    /// ```
    #[must_use]
    pub fn share_rounded(self, part: Quantity, whole: Quantity, rounding: Rounding) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(i128::from(part.micros()))?;
        rounding.quotient(product, i128::from(whole.micros())).map(Self)
    }

    /// Returns the value of one unit of `whole`, half-even at six decimals. `None` when `whole` is zero, or on overflow.
    ///
    /// It is for showing. Never store it and multiply it back: keep the value and the quantity, and take a [`share`](Self::share).
    #[must_use]
    pub fn unit(self, whole: Quantity) -> Option<Self> {
        self.share(Quantity::ONE, whole)
    }

    /// Rounds to fewer decimals. `None` on overflow.
    #[must_use]
    pub fn round(self, rounding: Rounding) -> Option<Self> {
        rounding.quotient(i128::from(self.0), 1).map(Self)
    }

    /// Takes a fraction and rounds once, such as 15 % of a price. `None` on overflow.
    ///
    /// ```
    /// use ims_core::money::{Amount, Fraction};
    /// use ims_core::rounding::{Rounding, RoundingMode};
    ///
    /// let cents = Rounding::new(2, RoundingMode::HalfUp).unwrap();
    /// let price: Amount = "9.99".parse()?;
    /// let off = price.scale("0.15".parse::<Fraction>()?, cents).unwrap();
    /// assert_eq!(off.to_string(), "1.5");
    /// # Ok::<(), ims_core::decimal::DecimalError>(())
    /// ```
    #[must_use]
    pub fn scale(self, by: Fraction, rounding: Rounding) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(i128::from(by.micros()))?;
        rounding.quotient(product, i128::from(MICROS_PER_ONE)).map(Self)
    }
}

/// Holds an amount and its currency. In JSON: `{"amount":"12.5","currency":"GBP"}`.
///
/// Printed for people, it shows the currency's digits, and more where there are more: printing never rounds.
///
/// ```
/// use ims_core::money::{Currency, Money};
///
/// let (gbp, jpy): (Currency, Currency) = ("GBP".parse()?, "JPY".parse()?);
/// let price = Money { amount: "12.5".parse()?, currency: gbp };
/// assert_eq!(price.to_string(), "12.50 GBP");
/// assert_eq!(price.checked_add(price)?.to_string(), "25.00 GBP");
/// assert!(price.checked_add(Money { amount: "100".parse()?, currency: jpy }).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

/// Says why two sums of money have no sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The currencies differ; only a rate that was fixed at booking turns one into the other.
    #[error("cannot add {right} to {left}")]
    Currencies {
        /// The currency of the left sum.
        left: Currency,
        /// The currency of the right sum.
        right: Currency,
    },
    /// The result does not fit.
    #[error("the sum is too large")]
    Overflow,
}

impl Money {
    /// Adds.
    ///
    /// # Errors
    /// [`MoneyError::Currencies`] when the currencies differ, [`MoneyError::Overflow`] when the sum does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Currencies { left: self.currency, right: other.currency });
        }
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, currency: self.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = StackText::<{ MICROS_TEXT_BYTES + 4 }>::from_right(|text| {
            for letter in self.currency.as_str().bytes().rev() {
                text.push(letter);
            }
            text.push(b' ');
            push_magnitude(text, self.amount.0, self.currency.digits());
            if self.amount.is_negative() {
                text.push(b'-');
            }
        });
        f.pad(&text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::rounding::RoundingMode;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn money(text: &str, currency: &str) -> Money {
        Money { amount: amount(text), currency: currency.parse().unwrap() }
    }

    #[test]
    fn a_product_is_rounded_once() {
        let cents = Rounding::new(2, RoundingMode::HalfUp).unwrap();
        // 0.1 × 0.049999 is 0.0049999; rounded to six decimals first it would be 0.005, and then 0.01.
        assert_eq!(amount("0.1").times(quantity("0.049999"), cents), Some(Amount::ZERO));
        assert_eq!(amount("0.000001").times(quantity("0.5"), Rounding::LEDGER), Some(Amount::ZERO));
        assert_eq!(amount("0.000003").times(quantity("0.5"), Rounding::LEDGER), Some(amount("0.000002")));
        assert_eq!(
            amount("-2.5").times(quantity("3"), Rounding::new(0, RoundingMode::Floor).unwrap()),
            Some(amount("-8"))
        );
    }

    #[test]
    fn what_does_not_fit_is_none() {
        assert_eq!(Amount::MAX.times(Quantity::MAX, Rounding::LEDGER), None);
        assert_eq!(Amount::MAX.share(Quantity::MAX, Quantity::ONE), None);
        assert_eq!(Amount::from_micros(i64::MAX).round(Rounding::new(0, RoundingMode::Up).unwrap()), None);
        assert_eq!(Amount::ONE.round(Rounding { digits: 7, mode: RoundingMode::Up }), None);
        assert_eq!(Amount::from_micros(i64::MIN).checked_neg(), None);
    }

    #[test]
    fn the_share_of_the_whole_is_all() {
        let value = amount("123.456789");
        assert_eq!(value.share(quantity("0.7"), quantity("0.7")), Some(value));
        assert_eq!(value.share(Quantity::ZERO, quantity("0.7")), Some(Amount::ZERO));
        assert_eq!(value.share(quantity("-0.7"), quantity("-0.7")), Some(value));
        assert_eq!(value.share(Quantity::ZERO, Quantity::ZERO), None);
    }

    #[test]
    fn a_share_is_rounded_half_even() {
        assert_eq!(amount("0.000001").share(quantity("1"), quantity("2")), Some(Amount::ZERO));
        assert_eq!(amount("0.000003").share(quantity("1"), quantity("2")), Some(amount("0.000002")));
        assert_eq!(amount("10").unit(quantity("3")), Some(amount("3.333333")));
        assert_eq!(amount("10").unit(Quantity::ZERO), None);
    }

    #[test]
    fn money_shows_the_digits_of_its_currency_and_never_fewer_than_it_has() {
        assert_eq!(money("12.5", "GBP").to_string(), "12.50 GBP");
        assert_eq!(money("12.345", "GBP").to_string(), "12.345 GBP");
        assert_eq!(money("-0.05", "GBP").to_string(), "-0.05 GBP");
        assert_eq!(money("1200", "JPY").to_string(), "1200 JPY");
        assert_eq!(money("1", "KWD").to_string(), "1.000 KWD");
        let least = Money { amount: Amount::from_micros(i64::MIN), currency: "GBP".parse().unwrap() };
        assert_eq!(least.to_string(), "-9223372036854.775808 GBP");
        assert_eq!(format!("[{:>10}]", money("1", "GBP")), "[  1.00 GBP]");
    }

    #[test]
    fn unlike_currencies_have_no_sum() {
        let error = money("1", "GBP").checked_add(money("1", "EUR")).unwrap_err();
        assert_eq!(error.to_string(), "cannot add EUR to GBP");
        let most = Money { amount: Amount::from_micros(i64::MAX), currency: "GBP".parse().unwrap() };
        assert_eq!(most.checked_add(most), Err(MoneyError::Overflow));
    }

    #[test]
    fn the_json_of_money_is_stable() {
        let price = money("12.50", "GBP");
        let json = r#"{"amount":"12.5","currency":"GBP"}"#;
        assert_eq!(serde_json::to_string(&price).unwrap(), json);
        assert_eq!(serde_json::from_str::<Money>(json).unwrap(), price);
        assert!(serde_json::from_str::<Money>(r#"{"amount":12.5,"currency":"GBP"}"#).is_err());
        assert!(serde_json::from_str::<Money>(r#"{"amount":"12.5","currency":"GBP","vat":"1"}"#).is_err());
        assert!(serde_json::from_str::<Money>(r#"{"amount":"12.5"}"#).is_err());
    }

    proptest! {
        #[test]
        fn the_last_part_takes_the_residue(total: i64, parts in vec(1..1_000_000_000_000_i64, 1..30)) {
            let mut left = Quantity::from_micros(parts.iter().sum());
            let mut value = Amount::from_micros(total);
            let mut taken = 0_i128;
            for part in parts.into_iter().map(Quantity::from_micros) {
                let share = value.share(part, left).unwrap();
                taken += i128::from(share.micros());
                value = value.checked_sub(share).unwrap();
                left = left.checked_sub(part).unwrap();
            }
            prop_assert_eq!(taken, i128::from(total));
            prop_assert!(value.is_zero() && left.is_zero());
        }

        #[test]
        fn a_share_is_within_half_a_micro(total: i64, part in 0..=1_000_000_000_i64, rest in 1..1_000_000_000_i64) {
            let share = Amount::from_micros(total).share(Quantity::from_micros(part), Quantity::from_micros(part + rest)).unwrap();
            let off = i128::from(share.micros()) * i128::from(part + rest) - i128::from(total) * i128::from(part);
            prop_assert!(2 * off.abs() <= i128::from(part + rest));
        }

        #[test]
        fn a_fraction_and_its_complement_differ_by_a_step_at_most(total: i32, micros in 0..=1_000_000_i64, digits in 0..=6_u32) {
            let rounding = Rounding::new(digits, RoundingMode::HalfEven).unwrap();
            let total = Amount::from_micros(i64::from(total) * 1_000_000);
            let part = |micros| total.scale(Fraction::from_micros(micros).unwrap(), rounding).unwrap();
            let sum = part(micros).checked_add(part(1_000_000 - micros)).unwrap();
            prop_assert!(sum.checked_sub(total).unwrap().micros().abs() <= 10_i64.pow(6 - digits));
        }

        #[test]
        fn no_input_panics(a: i64, b: i64, c: i64, digits: u32) {
            let (value, part, whole) = (Amount::from_micros(a), Quantity::from_micros(b), Quantity::from_micros(c));
            let rounding = Rounding { digits, mode: RoundingMode::Up };
            let _ = (value.share(part, whole), value.unit(whole), value.times(part, rounding), value.round(rounding));
            let _ = value.scale(Fraction::ONE, rounding);
        }

        #[test]
        fn rounding_twice_changes_nothing_more(value: i64, digits in 0..=6_u32) {
            let rounding = Rounding::new(digits, RoundingMode::HalfEven).unwrap();
            if let Some(rounded) = Amount::from_micros(value).round(rounding) {
                prop_assert_eq!(rounded.round(rounding), Some(rounded));
                prop_assert!(rounded.decimals() <= digits);
            }
        }
    }
}
