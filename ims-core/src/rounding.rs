//! Rounding: the one division that every rounded number goes through.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decimal::MICRO_DECIMALS;
use crate::money::Currency;

/// Says which way a number goes that has too many digits. In JSON: `"half-even"`.
///
/// The first six go to the nearest and differ only in what they do with a number that is exactly half-way.
/// The names are those of Python's `decimal` and Java's `RoundingMode`, where `HalfUp` is away from zero too; `HalfCeiling` and `HalfFloor` are
/// those of ECMA-402.
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
    /// Half-way goes away from zero, as taught at school.
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

    /// Names how a shop rounds that asks for nothing else: to the currency's smallest coin, halves up.
    #[must_use]
    pub fn of_coins(currency: Currency) -> Self {
        Self { digits: currency.digits(), mode: RoundingMode::HalfUp }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use RoundingMode::{Ceiling, Down, Floor, HalfCeiling, HalfDown, HalfEven, HalfFloor, HalfOdd, HalfUp, Up};
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy;

    use super::*;

    const ALL: [RoundingMode; 10] =
        [HalfEven, HalfUp, HalfDown, HalfOdd, HalfCeiling, HalfFloor, Up, Down, Ceiling, Floor];

    /// MoneyPHP (MIT), tests/RoundExamples.php, and Tryton's product module, test_round_price.
    const ORACLES: &[(&str, &str, u32, RoundingMode, &str)] = &[
        ("moneyphp-022", "2.6", 0, HalfEven, "3"),
        ("moneyphp-023", "2.5", 0, HalfEven, "2"),
        ("moneyphp-024", "3.5", 0, HalfEven, "4"),
        ("moneyphp-025", "-2.6", 0, HalfEven, "-3"),
        ("moneyphp-026", "-2.5", 0, HalfEven, "-2"),
        ("moneyphp-027", "-3.5", 0, HalfEven, "-4"),
        ("moneyphp-028", "2.5", 0, HalfDown, "2"),
        ("moneyphp-029", "2.6", 0, HalfDown, "3"),
        ("moneyphp-030", "-2.5", 0, HalfDown, "-2"),
        ("moneyphp-031", "-2.6", 0, HalfDown, "-3"),
        ("moneyphp-032", "2.2", 0, HalfUp, "2"),
        ("moneyphp-033", "2.5", 0, HalfUp, "3"),
        ("moneyphp-034", "-2.5", 0, HalfUp, "-3"),
        ("moneyphp-035", "12.50", 0, HalfDown, "12"),
        ("moneyphp-036", "-12.50", 0, HalfDown, "-12"),
        ("moneyphp-037", "-1.5", 0, HalfUp, "-2"),
        ("moneyphp-038", "-8328.578947368", 0, HalfUp, "-8329"),
        ("moneyphp-039", "-8328.5", 0, HalfUp, "-8329"),
        ("moneyphp-040", "-8328.5", 0, HalfDown, "-8328"),
        ("moneyphp-041", "2.5", 0, HalfOdd, "3"),
        ("moneyphp-042", "3.5", 0, HalfOdd, "3"),
        ("moneyphp-043", "2.1", 0, HalfOdd, "2"),
        ("moneyphp-044", "2.5", 0, HalfCeiling, "3"),
        ("moneyphp-045", "-2.5", 0, HalfCeiling, "-2"),
        ("moneyphp-046", "12.50", 0, HalfCeiling, "13"),
        ("moneyphp-047", "-12.50", 0, HalfCeiling, "-12"),
        ("moneyphp-048", "-8328.5", 0, HalfCeiling, "-8328"),
        ("moneyphp-049", "2.5", 0, HalfFloor, "2"),
        ("moneyphp-050", "-2.5", 0, HalfFloor, "-3"),
        ("moneyphp-051", "-1.5", 0, HalfFloor, "-2"),
        ("moneyphp-052", "-8328.5", 0, HalfFloor, "-8329"),
        ("tryton-008", "1", 4, HalfEven, "1.0000"),
        ("tryton-008", "1.12345", 4, HalfEven, "1.1234"),
    ];

    #[test]
    fn moneyphp_and_tryton_round_alike() {
        for (case, value, digits, mode, expected) in ORACLES {
            let value = Decimal::from_str_exact(value).unwrap();
            let expected = Decimal::from_str_exact(expected).unwrap();
            assert_eq!(mode.round_decimal(value, *digits), Some(expected), "{case}");
        }
    }

    #[test]
    fn the_table_in_the_documentation_is_true() {
        let table = [
            (HalfEven, [2, 4, -2, 2, -2]),
            (HalfUp, [3, 4, -3, 2, -2]),
            (HalfDown, [2, 3, -2, 2, -2]),
            (HalfOdd, [3, 3, -3, 2, -2]),
            (HalfCeiling, [3, 4, -2, 2, -2]),
            (HalfFloor, [2, 3, -3, 2, -2]),
            (Up, [3, 4, -3, 3, -3]),
            (Down, [2, 3, -2, 2, -2]),
            (Ceiling, [3, 4, -2, 3, -2]),
            (Floor, [2, 3, -3, 2, -3]),
        ];
        for (mode, expected) in table {
            assert_eq!([25, 35, -25, 21, -21].map(|tenths| mode.divide(tenths, 10).unwrap()), expected, "{mode:?}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_divided_or_refused() {
        for mode in ALL {
            assert_eq!(mode.divide(1, 0), None);
            assert_eq!(mode.divide(i128::MIN, -1), None);
            assert_eq!(mode.divide(i128::MIN, 1), Some(i128::MIN));
            assert_eq!(mode.divide(i128::MAX, i128::MAX), Some(1));
            assert_eq!(mode.divide(0, i128::MIN), Some(0));
        }
        assert_eq!(HalfUp.divide(i128::MAX, i128::MIN), Some(-1));
        assert_eq!(HalfUp.divide(i128::MIN, i128::MAX), Some(-1));
        assert_eq!(Up.divide(i128::MIN, i128::MAX), Some(-2));
    }

    #[test]
    fn the_widest_decimals_are_rounded() {
        assert_eq!(Up.round_decimal(Decimal::MAX, 2), Some(Decimal::MAX));
        let widest = Decimal::from_i128_with_scale(Decimal::MAX.mantissa(), 1);
        assert!(Up.round_decimal(widest, 0).is_some());
        assert_eq!(HalfEven.round_decimal(Decimal::new(5, 28), 27), Some(Decimal::ZERO));
    }

    #[test]
    fn the_json_of_a_rounding_is_stable() {
        let names = ALL.map(|mode| serde_json::to_string(&mode).unwrap());
        let expected = [
            "half-even",
            "half-up",
            "half-down",
            "half-odd",
            "half-ceiling",
            "half-floor",
            "up",
            "down",
            "ceiling",
            "floor",
        ];
        assert_eq!(names, expected.map(|name| format!("\"{name}\"")));
        let json = r#"{"digits":6,"mode":"half-even"}"#;
        assert_eq!(serde_json::to_string(&Rounding::LEDGER).unwrap(), json);
        assert_eq!(serde_json::from_str::<Rounding>(json).unwrap(), Rounding::LEDGER);
        let error = serde_json::from_str::<Rounding>(r#"{"digits":7,"mode":"up"}"#).unwrap_err();
        assert!(error.to_string().starts_with("a rounding keeps at most 6 digits"), "{error}");
        assert!(serde_json::from_str::<Rounding>(r#"{"digits":2,"mode":"bankers"}"#).is_err());
    }

    /// Rounds by the definition: of the two neighbours, take the one the mode names.
    fn slow_divide(mode: RoundingMode, numerator: i128, denominator: i128) -> i128 {
        let (numerator, denominator) =
            if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
        let below = numerator.div_euclid(denominator);
        if below * denominator == numerator {
            return below;
        }
        let above = below + 1;
        let nearer_zero = if below < 0 { above } else { below };
        let farther = if below < 0 { below } else { above };
        let even = if below % 2 == 0 { below } else { above };
        let twice_off = 2 * numerator - (below + above) * denominator;
        let half = |at_half| {
            if twice_off < 0 {
                below
            } else if twice_off > 0 {
                above
            } else {
                at_half
            }
        };
        match mode {
            HalfEven => half(even),
            HalfUp => half(farther),
            HalfDown => half(nearer_zero),
            HalfOdd => half(below + above - even),
            HalfCeiling => half(above),
            HalfFloor => half(below),
            Up => farther,
            Down => nearer_zero,
            Ceiling => above,
            Floor => below,
        }
    }

    #[test]
    fn every_small_division_is_by_the_book() {
        for mode in ALL {
            for numerator in -60..=60 {
                for denominator in (-12..=12).filter(|&denominator| denominator != 0) {
                    let (fast, slow) = (mode.divide(numerator, denominator), slow_divide(mode, numerator, denominator));
                    assert_eq!(fast, Some(slow), "{mode:?} {numerator}/{denominator}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_division_is_by_the_book(numerator: i64, denominator: i64, half: i32) {
            for mode in ALL {
                for (numerator, denominator) in [(numerator.into(), denominator.into()), (i128::from(half), 2), (i128::from(half), -20)] {
                    if denominator != 0 {
                        prop_assert_eq!(mode.divide(numerator, denominator), Some(slow_divide(mode, numerator, denominator)));
                    }
                }
            }
        }

        #[test]
        fn any_division_has_an_answer_or_none(numerator: i128, denominator: i128) {
            for mode in ALL {
                let quotient = mode.divide(numerator, denominator);
                prop_assert_eq!(quotient.is_none(), denominator == 0 || (numerator == i128::MIN && denominator == -1));
            }
        }

        #[test]
        fn rust_decimal_rounds_alike(mantissa in -1_000_000..1_000_000_i64, scale in 0..=6_u32, digits in 0..=7_u32) {
            let value = Decimal::new(mantissa, scale);
            for (mode, strategy) in [
                (HalfEven, RoundingStrategy::MidpointNearestEven),
                (HalfUp, RoundingStrategy::MidpointAwayFromZero),
                (HalfDown, RoundingStrategy::MidpointTowardZero),
                (Up, RoundingStrategy::AwayFromZero),
                (Down, RoundingStrategy::ToZero),
                (Ceiling, RoundingStrategy::ToPositiveInfinity),
                (Floor, RoundingStrategy::ToNegativeInfinity),
            ] {
                prop_assert_eq!(mode.round_decimal(value, digits), Some(value.round_dp_with_strategy(digits, strategy)));
            }
        }
    }
}
