//! Amounts of money: multiplied, shared and split so that every cent is accounted for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::decimal::{
    DecimalError, MICRO_DECIMALS, MICROS_PER_ONE, MICROS_TEXT_BYTES, micros_display, micros_form, micros_type,
    parse_micros, unsigned_form,
};
use crate::form::{StackText, string_form};
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
        let product = i128::from(self.0).checked_mul(i128::from(part.micros()))?;
        Rounding::LEDGER.quotient(product, i128::from(whole.micros())).map(Self)
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
        let product = i128::from(self.0).checked_mul(i128::from(by.0))?;
        rounding.quotient(product, i128::from(MICROS_PER_ONE)).map(Self)
    }
}

/// Names a part of a whole, 0 to 1, to six decimals: `"0.15"` is 15 %. In JSON it is a string.
///
/// ```
/// use ims_core::money::Fraction;
///
/// let discount: Fraction = "0.15".parse()?;
/// assert_eq!(discount.micros(), 150_000);
/// assert!("1.01".parse::<Fraction>().is_err());
/// assert!("15%".parse::<Fraction>().is_err());
/// # Ok::<(), ims_core::decimal::DecimalError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(i64);

impl Fraction {
    /// Names nothing of it: 0.
    pub const ZERO: Self = Self(0);
    /// Names all of it: 1.
    pub const ONE: Self = Self(MICROS_PER_ONE);

    /// Takes a count of millionths, 0 to 1,000,000; `None` for any other.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros < 0 || micros > MICROS_PER_ONE {
            return None;
        }
        Some(Self(micros))
    }

    /// Returns the count of millionths, 0 to 1,000,000.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    fn form(self) -> StackText<MICROS_TEXT_BYTES> {
        micros_form(self.0)
    }
}

impl FromStr for Fraction {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::from_micros(parse_micros(text)?).ok_or(DecimalError::OutOfRange)
    }
}

micros_display!(Fraction);
string_form!(Fraction, "a fraction from \"0\" to \"1\"");

/// Names a currency by its ISO 4217 code: three upper-case letters. In JSON it is a string.
///
/// Any such code is accepted, so that a currency born tomorrow needs no release. [`Currency::digits`] knows those that differ from two.
///
/// ```
/// use ims_core::money::Currency;
///
/// let currency: Currency = "JPY".parse()?;
/// assert_eq!(currency.digits(), 0);
/// assert!("jpy".parse::<Currency>().is_err());
/// assert!("¥".parse::<Currency>().is_err());
/// # Ok::<(), ims_core::money::CurrencyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Says that a text is not a currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital letters, such as GBP")]
pub struct CurrencyError;

impl Currency {
    /// Makes a currency of three upper-case ASCII letters; `None` for anything else.
    #[must_use]
    pub const fn from_code(code: [u8; 3]) -> Option<Self> {
        let [a, b, c] = code;
        if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_uppercase() { Some(Self(code)) } else { None }
    }

    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the digits of the minor unit: 2 for pence and cents, 0 for yen, 3 for fils, 4 for units of account.
    ///
    /// Source: ISO 4217, list one, as published by SIX (2025). Codes that are not in it have two.
    #[must_use]
    pub const fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    fn form(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let code = <[u8; 3]>::try_from(text.as_bytes()).map_err(|_| CurrencyError)?;
        Self::from_code(code).ok_or(CurrencyError)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({self})")
    }
}

string_form!(Currency, "a currency such as \"GBP\"");

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
        let mut text = StackText::<{ MICROS_TEXT_BYTES + 4 }>::new();
        if self.amount.is_negative() {
            text.push(b'-');
        }
        unsigned_form(&mut text, self.amount.0, self.currency.digits());
        text.push(b' ');
        for letter in self.currency.0 {
            text.push(letter);
        }
        f.pad(&text)
    }
}

/// Splits `total` by `weights` in steps of 10^-`digits`; the parts sum to `total`, and the largest remainders take the odd steps.
///
/// Each part is its exact share rounded towards zero; the steps left over go one each to the largest remainders, on a tie to the earlier
/// ("Hamilton's method"). A part of weight zero gets nothing. What a negative total gets is what the positive one gets, negated: a credit
/// note mirrors its invoice. Should `total` itself be finer than a step, the next in line takes what is finer.
///
/// `None` when there are no weights, when they sum to zero, when `digits` exceeds six, or when the weights overflow 128 bits.
///
/// ```
/// use ims_core::money::split;
///
/// let parts = split("100".parse()?, &[1, 1, 1], 2).unwrap();
/// let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
/// assert_eq!(parts, ["33.34", "33.33", "33.33"]);
/// assert_eq!(split("100".parse()?, &[0, 0], 2), None);
/// # Ok::<(), ims_core::decimal::DecimalError>(())
/// ```
#[must_use]
pub fn split(total: Amount, weights: &[u64], digits: u32) -> Option<Vec<Amount>> {
    let step = 10_u64.checked_pow(MICRO_DECIMALS.checked_sub(digits)?)?;
    let weight_sum = weights.iter().try_fold(0_u128, |sum, &weight| sum.checked_add(u128::from(weight)))?;
    let per_step = weight_sum.checked_mul(u128::from(step))?;
    let magnitude = total.0.unsigned_abs();

    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = magnitude;
    for (place, &weight) in weights.iter().enumerate() {
        let exact = u128::from(magnitude).checked_mul(u128::from(weight))?;
        let steps = u64::try_from(exact.checked_div(per_step)?).ok()?;
        let part = steps.checked_mul(step)?;
        left = left.checked_sub(part)?;
        parts.push(part);
        remainders.push((exact.checked_rem(per_step)?, place));
    }
    // A stable sort keeps the earlier of equal remainders first.
    remainders.sort_by(|(left, _), (right, _)| right.cmp(left));
    for (_, place) in remainders {
        if left == 0 {
            break;
        }
        let odd = left.min(step);
        let part = parts.get_mut(place)?;
        *part = part.checked_add(odd)?;
        left = left.checked_sub(odd)?;
    }
    parts.into_iter().map(|part| signed(part, total.is_negative())).collect()
}

fn signed(magnitude: u64, negative: bool) -> Option<Amount> {
    let value = i128::from(magnitude);
    let value = if negative { value.checked_neg()? } else { value };
    i64::try_from(value).ok().map(Amount)
}
