//! Rounding: the one division that every rounded number goes through.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decimal::MICRO_DECIMALS;

/// Says which way a number goes that has too many digits. In JSON: `"half-even"`.
///
/// The first six go to the nearest and differ only in what they do with a number that is exactly half-way.
/// The names are those of ISO 60559, of Python's `decimal` and of Java's `RoundingMode`; `HalfUp` is away from zero, as in those.
///
/// | | 2.5 | 3.5 | −2.5 | 2.1 | −2.1 |
/// |---|---|---|---|---|---|
/// | `HalfEven` | 2 | 4 | −2 | 2 | −2 |
/// | `HalfUp` | 3 | 4 | −3 | 2 | −2 |
/// | `HalfDown` | 2 | 3 | −2 | 2 | −2 |
/// | `HalfOdd` | 3 | 3 | −3 | 2 | −2 |
/// | `HalfCeiling` | 3 | 4 | −2 | 2 | −2 |
/// | `HalfFloor` | 2 | 3 | −3 | 2 | −2 |
/// | `Up` | 3 | 4 | −3 | 3 | −3 |
/// | `Down` | 2 | 3 | −2 | 2 | −2 |
/// | `Ceiling` | 3 | 4 | −2 | 3 | −2 |
/// | `Floor` | 2 | 3 | −3 | 2 | −3 |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoundingMode {
    /// Half-way goes to the even neighbour, so that many roundings do not drift. "Banker's rounding".
    HalfEven,
    /// Half-way goes away from zero, as taught at school and asked by most tax offices.
    HalfUp,
    /// Half-way goes towards zero.
    HalfDown,
    /// Half-way goes to the odd neighbour.
    HalfOdd,
    /// Half-way goes to the larger neighbour.
    HalfCeiling,
    /// Half-way goes to the smaller neighbour.
    HalfFloor,
    /// Away from zero.
    Up,
    /// Towards zero: digits are cut off.
    Down,
    /// To the larger neighbour.
    Ceiling,
    /// To the smaller neighbour.
    Floor,
}

impl RoundingMode {
    /// Divides and rounds to a whole number. `None` when `denominator` is zero or the result does not fit.
    ///
    /// ```
    /// use ims_core::rounding::RoundingMode;
    ///
    /// assert_eq!(RoundingMode::HalfEven.divide(5, 2), Some(2));
    /// assert_eq!(RoundingMode::HalfUp.divide(5, 2), Some(3));
    /// assert_eq!(RoundingMode::Floor.divide(5, -2), Some(-3));
    /// assert_eq!(RoundingMode::HalfUp.divide(5, 0), None);
    /// ```
    #[must_use]
    pub fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        let towards_zero = numerator.checked_div(denominator)?;
        let rest = numerator.checked_rem(denominator)?.unsigned_abs();
        if rest == 0 {
            return Some(towards_zero);
        }
        // The rest is smaller than the denominator, so this is rest × 2 against the denominator without the overflow.
        let against_half = rest.cmp(&denominator.unsigned_abs().saturating_sub(rest));
        let negative = numerator.is_negative() != denominator.is_negative();
        if !self.leaves_zero(towards_zero % 2 == 0, negative, against_half) {
            return Some(towards_zero);
        }
        if negative { towards_zero.checked_sub(1) } else { towards_zero.checked_add(1) }
    }

    /// Decides for an inexact quotient whether it goes to the neighbour farther from zero.
    fn leaves_zero(self, nearer_is_even: bool, negative: bool, against_half: Ordering) -> bool {
        let at_half = match self {
            Self::Up => return true,
            Self::Down => return false,
            Self::Ceiling => return !negative,
            Self::Floor => return negative,
            Self::HalfEven => !nearer_is_even,
            Self::HalfUp => true,
            Self::HalfDown => false,
            Self::HalfOdd => nearer_is_even,
            Self::HalfCeiling => !negative,
            Self::HalfFloor => negative,
        };
        match against_half {
            Ordering::Less => false,
            Ordering::Equal => at_half,
            Ordering::Greater => true,
        }
    }

    /// Rounds to `digits` decimals; a number that has no more is returned as it is. `None` when the result does not fit.
    ///
    /// ```
    /// use ims_core::rounding::RoundingMode;
    /// use rust_decimal::Decimal;
    ///
    /// let price = Decimal::new(112345, 5);
    /// assert_eq!(RoundingMode::HalfEven.round_decimal(price, 4), Some(Decimal::new(11234, 4)));
    /// assert_eq!(RoundingMode::HalfEven.round_decimal(price, 9), Some(price));
    /// ```
    #[must_use]
    pub fn round_decimal(self, value: Decimal, digits: u32) -> Option<Decimal> {
        let Some(dropped) = value.scale().checked_sub(digits) else { return Some(value) };
        let rounded = self.divide(value.mantissa(), 10_i128.checked_pow(dropped)?)?;
        Decimal::try_from_i128_with_scale(rounded, digits).ok()
    }
}

/// Says to how many decimals a number is rounded, and which way. In JSON: `{"digits":2,"mode":"half-even"}`.
///
/// ```
/// use ims_core::rounding::{Rounding, RoundingMode};
///
/// let cents = Rounding::new(2, RoundingMode::HalfUp).unwrap();
/// assert_eq!("1.005".parse::<ims_core::money::Amount>().unwrap().round(cents).unwrap().to_string(), "1.01");
/// assert_eq!(Rounding::new(7, RoundingMode::HalfUp), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "UncheckedRounding")]
pub struct Rounding {
    /// Decimals that are kept, 0 to 6. A rounding to more is refused wherever it is used.
    pub digits: u32,
    /// Which way the rest goes.
    pub mode: RoundingMode,
}

impl Rounding {
    /// Names how the ledger rounds what it must: to its six decimals, half-way to even.
    pub const LEDGER: Self = Self { digits: MICRO_DECIMALS, mode: RoundingMode::HalfEven };

    /// Makes a rounding to at most six decimals; `None` for more.
    #[must_use]
    pub const fn new(digits: u32, mode: RoundingMode) -> Option<Self> {
        if digits > MICRO_DECIMALS {
            return None;
        }
        Some(Self { digits, mode })
    }

    /// Divides two numbers whose quotient is a count of micros, and rounds that once.
    pub(crate) fn quotient(self, numerator: i128, denominator: i128) -> Option<i64> {
        let step = 10_i128.checked_pow(MICRO_DECIMALS.checked_sub(self.digits)?)?;
        let steps = self.mode.divide(numerator, denominator.checked_mul(step)?)?;
        i64::try_from(steps.checked_mul(step)?).ok()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedRounding {
    digits: u32,
    mode: RoundingMode,
}

impl TryFrom<UncheckedRounding> for Rounding {
    type Error = &'static str;

    fn try_from(unchecked: UncheckedRounding) -> Result<Self, Self::Error> {
        Self::new(unchecked.digits, unchecked.mode).ok_or("a rounding keeps at most 6 digits")
    }
}
