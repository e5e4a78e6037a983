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
        let mut text = StackText::new();
        text.push_number(self.numerator.unsigned_abs(), 1);
        if self.denominator != 1 {
            text.push(b'/');
            text.push_number(self.denominator.unsigned_abs(), 1);
        }
        text
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
