//! Factors between units.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::UnitError;
use crate::decimal::Written;
use crate::form::{StackText, string_form};

const FACTOR_TEXT_BYTES: usize = "9223372036854775807/9223372036854775807".len();

/// Says how much of a base one unit is: a positive ratio of two integers, in lowest terms, so that no conversion loses anything.
///
/// A case of 12 pieces is 12, a gram is 1/1000 of a kilogram, a pound is 0.45359237 kg exactly. Text may be a whole number, a decimal or a
/// ratio; it is shown as a whole number or a ratio. In JSON it is a string.
///
/// ```
/// use ims_core::unit::Factor;
///
/// let gram: Factor = "0.001".parse()?;
/// assert_eq!(gram, "1/1000".parse()?);
/// assert_eq!(gram.to_string(), "1/1000");
/// assert_eq!("12".parse::<Factor>()?.to_string(), "12");
/// assert!("0".parse::<Factor>().is_err());
/// assert!("-1".parse::<Factor>().is_err());
/// assert!("1/0".parse::<Factor>().is_err());
/// # Ok::<(), ims_core::unit::UnitError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Factor {
    numerator: i64,
    denominator: i64,
}

impl Factor {
    /// Names the factor of a base unit to itself.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Makes the ratio of two positive integers, in lowest terms; `None` when either is not positive.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        Self::reduced(i128::from(numerator), i128::from(denominator))
    }

    /// Returns the numerator, in lowest terms: at least 1.
    #[must_use]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// Returns the denominator, in lowest terms: at least 1.
    #[must_use]
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    fn reduced(numerator: i128, denominator: i128) -> Option<Self> {
        if numerator <= 0 || denominator <= 0 {
            return None;
        }
        let (numerator, denominator) = lowest_terms(numerator, denominator)?;
        Some(Self { numerator: i64::try_from(numerator).ok()?, denominator: i64::try_from(denominator).ok()? })
    }

    fn form(self) -> StackText<FACTOR_TEXT_BYTES> {
        StackText::from_right(|text| {
            if self.denominator != 1 {
                text.push_number(self.denominator.unsigned_abs(), 1);
                text.push(b'/');
            }
            text.push_number(self.numerator.unsigned_abs(), 1);
        })
    }
}

impl TryFrom<Decimal> for Factor {
    type Error = UnitError;

    /// Takes a positive decimal exactly; refuses one whose ratio exceeds 64 bits.
    fn try_from(value: Decimal) -> Result<Self, UnitError> {
        let denominator = 10_i128.checked_pow(value.scale()).ok_or(UnitError::Factor)?;
        Self::reduced(value.mantissa(), denominator).ok_or(UnitError::Factor)
    }
}

impl FromStr for Factor {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (above, below) = match text.split_once('/') {
            Some((above, below)) => (read_whole(above)?, read_whole(below)?),
            None => read_decimal(text)?,
        };
        Self::new(above, below).ok_or(UnitError::Factor)
    }
}

/// Reads a decimal as a ratio, not yet in lowest terms.
fn read_decimal(text: &str) -> Result<(i64, i64), UnitError> {
    let written = Written::read(text).map_err(|_| UnitError::Factor)?;
    let above = written.scaled(written.scale).map_err(|_| UnitError::Factor)?;
    let below = 10_i64.checked_pow(written.scale).ok_or(UnitError::Factor)?;
    Ok((above, below))
}

fn read_whole(text: &str) -> Result<i64, UnitError> {
    Written::read(text).and_then(|written| written.scaled(0)).map_err(|_| UnitError::Factor)
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.form())
    }
}

impl fmt::Debug for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Factor({self})")
    }
}

string_form!(Factor, "a factor such as \"12\" or \"1/1000\"");

/// Divides both by their greatest common divisor. The second is positive.
pub(super) fn lowest_terms(numerator: i128, denominator: i128) -> Option<(i128, i128)> {
    let (mut divisor, mut rest) = (denominator.unsigned_abs(), numerator.unsigned_abs());
    while rest != 0 {
        (divisor, rest) = (rest, divisor.checked_rem(rest)?);
    }
    let divisor = i128::try_from(divisor).ok()?;
    Some((numerator.checked_div(divisor)?, denominator.checked_div(divisor)?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_factor_is_kept_in_lowest_terms() {
        assert_eq!("24/36".parse::<Factor>().unwrap().to_string(), "2/3");
        assert_eq!("0.5".parse::<Factor>().unwrap(), Factor::new(1, 2).unwrap());
        assert_eq!("12.000".parse::<Factor>().unwrap(), Factor::new(12, 1).unwrap());
        let pound = "0.45359237".parse::<Factor>().unwrap();
        assert_eq!((pound.numerator(), pound.denominator()), (45_359_237, 100_000_000));
        assert_eq!("7/7".parse(), Ok(Factor::ONE));
    }

    #[test]
    fn what_is_not_a_positive_ratio_is_refused() {
        for text in [
            "",
            "0",
            "-1",
            "0/1",
            "1/0",
            "1/-2",
            "-1/2",
            "1.5/2",
            "1/2/3",
            "/",
            "1/",
            "/2",
            "1 / 2",
            "1e3",
            "9223372036854775808",
        ] {
            assert_eq!(text.parse::<Factor>(), Err(UnitError::Factor), "{text:?}");
        }
        assert_eq!(Factor::new(i64::MIN, i64::MIN), None);
        assert_eq!("0.0000000000000000001".parse::<Factor>(), Err(UnitError::Factor));
    }

    #[test]
    fn a_decimal_is_taken_exactly() {
        assert_eq!(Factor::try_from(Decimal::new(25, 2)), Ok(Factor::new(1, 4).unwrap()));
        assert_eq!(Factor::try_from(Decimal::from(12)), Ok(Factor::new(12, 1).unwrap()));
        assert_eq!(Factor::try_from(Decimal::ZERO), Err(UnitError::Factor));
        assert_eq!(Factor::try_from(Decimal::NEGATIVE_ONE), Err(UnitError::Factor));
        assert_eq!(Factor::try_from(Decimal::MAX), Err(UnitError::Factor));
        assert_eq!(Factor::try_from(Decimal::new(1, 28)), Err(UnitError::Factor));
    }

    #[test]
    fn its_json_is_a_string() {
        let gram: Factor = "0.001".parse().unwrap();
        assert_eq!(serde_json::to_string(&gram).unwrap(), r#""1/1000""#);
        assert_eq!(serde_json::from_str::<Factor>(r#""1/1000""#).unwrap(), gram);
        assert_eq!(serde_json::to_string(&Factor::new(12, 1)).unwrap(), r#""12""#);
        assert!(serde_json::from_str::<Factor>("12").is_err());
    }

    proptest! {
        #[test]
        fn a_factor_that_is_printed_reads_back(numerator in 1..=i64::MAX, denominator in 1..=i64::MAX) {
            let factor = Factor::new(numerator, denominator).unwrap();
            prop_assert_eq!(factor.to_string().parse(), Ok(factor));
            let same = i128::from(factor.numerator()).checked_mul(i128::from(denominator));
            prop_assert_eq!(same, i128::from(factor.denominator()).checked_mul(i128::from(numerator)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}|[-./0-9]{0,45}") {
            if let Ok(factor) = text.parse::<Factor>() {
                prop_assert_eq!(factor.to_string().parse(), Ok(factor));
            }
        }
    }
}
