//! Units of measure, and exact conversion between them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decimal::{MICRO_DECIMALS, Written};
use crate::form::{StackText, string_form};
use crate::quantity::Quantity;
use crate::rounding::RoundingMode;
use crate::text::{TextError, check_text};

/// Names the most characters that the code of a unit may have.
pub const MAX_UNIT_CHARS: usize = 16;

const FACTOR_TEXT_BYTES: usize = "9223372036854775807/9223372036854775807".len();

/// Names what an item is counted in, and how finely: a piece is whole, a kilogram may have three decimals.
///
/// In JSON: `{"code":"kg","decimals":3}`. Cloning is cheap.
///
/// ```
/// use ims_core::unit::Unit;
///
/// let kg = Unit::new("kg", 3)?;
/// assert!(kg.admits("0.125".parse()?));
/// assert!(!kg.admits("0.1255".parse()?));
/// assert!(!Unit::piece().admits("1.5".parse()?));
/// assert!(Unit::new("kg", 7).is_err());
/// assert!(Unit::new("", 0).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "UncheckedUnit", into = "UncheckedUnit")]
pub struct Unit {
    code: Arc<str>,
    decimals: u32,
}

/// Says why a unit, a factor or a conversion was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The code of the unit is not a text of 1 to 16 characters.
    #[error(transparent)]
    Code(#[from] TextError),
    /// The unit is finer than a quantity.
    #[error("a unit has at most {max} decimals")]
    TooManyDecimals {
        /// How many decimals a quantity keeps.
        max: u32,
    },
    /// The factor is not a positive number, or not a ratio of two.
    #[error("a factor is a positive number such as 12 or 0.001, or a ratio such as 1/12")]
    Factor,
    /// The result, or a number on the way to it, does not fit.
    #[error("the converted number is out of range")]
    OutOfRange,
}

impl Unit {
    /// Makes a unit of a code of 1 to [`MAX_UNIT_CHARS`] characters that is counted to `decimals`, 0 to 6.
    ///
    /// # Errors
    /// [`UnitError::Code`] or [`UnitError::TooManyDecimals`].
    pub fn new(code: &str, decimals: u32) -> Result<Self, UnitError> {
        check_text("unit", code, MAX_UNIT_CHARS)?;
        if decimals > MICRO_DECIMALS {
            return Err(UnitError::TooManyDecimals { max: MICRO_DECIMALS });
        }
        Ok(Self { code: Arc::from(code), decimals })
    }

    /// Returns the unit of what is counted in whole pieces.
    #[must_use]
    pub fn piece() -> Self {
        Self { code: Arc::from("piece"), decimals: 0 }
    }

    /// Returns the code, as typed.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns how many decimals a quantity in this unit may have, 0 to 6.
    #[must_use]
    pub const fn decimals(&self) -> u32 {
        self.decimals
    }

    /// Says whether a quantity is no finer than the unit.
    #[must_use]
    pub fn admits(&self, quantity: Quantity) -> bool {
        quantity.decimals() <= self.decimals
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.code)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedUnit {
    code: String,
    decimals: u32,
}

impl TryFrom<UncheckedUnit> for Unit {
    type Error = UnitError;

    fn try_from(unchecked: UncheckedUnit) -> Result<Self, UnitError> {
        Self::new(&unchecked.code, unchecked.decimals)
    }
}

impl From<Unit> for UncheckedUnit {
    fn from(unit: Unit) -> Self {
        Self { code: unit.code.to_string(), decimals: unit.decimals }
    }
}

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

/// Converts a quantity from one unit to another: quantity × from ÷ to.
///
/// Exact where the result is a decimal of at most 28 digits; else rounded half-even to as many as a [`Decimal`] holds. Rounding to what the unit
/// allows is a second step, [`round_to_step`], because only the caller knows which way.
///
/// # Errors
/// [`UnitError::OutOfRange`] when the result does not fit.
///
/// ```
/// use ims_core::unit::{Factor, convert};
/// use rust_decimal::Decimal;
///
/// let (piece, case): (Factor, Factor) = ("1".parse()?, "12".parse()?);
/// assert_eq!(convert(Decimal::from(3), case, piece)?, Decimal::from(36));
/// assert_eq!(convert(Decimal::from(30), piece, case)?, Decimal::new(25, 1));
/// assert!(convert(Decimal::MAX, case, piece).is_err());
/// # Ok::<(), ims_core::unit::UnitError>(())
/// ```
pub fn convert(quantity: Decimal, from: Factor, to: Factor) -> Result<Decimal, UnitError> {
    scale_by(quantity, from, to).ok_or(UnitError::OutOfRange)
}

/// Converts a price per unit from one unit to another: price × to ÷ from. See [`convert`] for exactness and errors.
///
/// # Errors
/// [`UnitError::OutOfRange`] when the result does not fit.
///
/// ```
/// use ims_core::unit::{Factor, convert_price};
/// use rust_decimal::Decimal;
///
/// let (kg, gram): (Factor, Factor) = ("1".parse()?, "0.001".parse()?);
/// assert_eq!(convert_price(Decimal::from(100), kg, gram)?, Decimal::new(1, 1));
/// # Ok::<(), ims_core::unit::UnitError>(())
/// ```
pub fn convert_price(price: Decimal, from: Factor, to: Factor) -> Result<Decimal, UnitError> {
    scale_by(price, to, from).ok_or(UnitError::OutOfRange)
}

/// Rounds to a multiple of `step`, such as an order multiple or a pack. `None` when `step` is not positive or the result does not fit.
///
/// ```
/// use ims_core::rounding::RoundingMode;
/// use ims_core::unit::round_to_step;
/// use rust_decimal::Decimal;
///
/// let (wanted, pack) = (Decimal::from(17), Decimal::from(12));
/// assert_eq!(round_to_step(wanted, pack, RoundingMode::Ceiling), Some(Decimal::from(24)));
/// assert_eq!(round_to_step(wanted, Decimal::ZERO, RoundingMode::Ceiling), None);
/// ```
#[must_use]
pub fn round_to_step(value: Decimal, step: Decimal, mode: RoundingMode) -> Option<Decimal> {
    let (value, step) = (value.normalize(), step.normalize());
    if step.mantissa() <= 0 {
        return None;
    }
    let scale = value.scale().max(step.scale());
    let aligned =
        |number: Decimal| number.mantissa().checked_mul(10_i128.checked_pow(scale.checked_sub(number.scale())?)?);
    let steps = mode.divide(aligned(value)?, aligned(step)?)?;
    Decimal::try_from_i128_with_scale(steps.checked_mul(step.mantissa())?, step.scale()).ok()
}

/// Multiplies by one factor and divides by another, in integers.
fn scale_by(value: Decimal, times: Factor, over: Factor) -> Option<Decimal> {
    let value = value.normalize();
    let up = i128::from(times.numerator).checked_mul(i128::from(over.denominator))?;
    let down = i128::from(times.denominator).checked_mul(i128::from(over.numerator))?;
    let (up, down) = lowest_terms(up, down)?;
    let (mantissa, down) = lowest_terms(value.mantissa(), down)?;
    let power = 10_i128.checked_pow(value.scale())?;
    let (up, power) = lowest_terms(up, power)?;
    long_division(mantissa.checked_mul(up)?, down.checked_mul(power)?)
}

/// Divides digit by digit, until nothing is left or a [`Decimal`] is full; then rounds half-even.
fn long_division(numerator: i128, denominator: i128) -> Option<Decimal> {
    let mut digits = numerator.checked_div(denominator)?;
    let mut rest = numerator.checked_rem(denominator)?;
    let mut scale = 0_u32;
    while rest != 0 && scale < Decimal::MAX_SCALE {
        let tenfold = rest.checked_mul(10)?;
        let longer = digits.checked_mul(10)?.checked_add(tenfold.checked_div(denominator)?)?;
        if longer.unsigned_abs() >= Decimal::MAX.mantissa().unsigned_abs() {
            break;
        }
        digits = longer;
        rest = tenfold.checked_rem(denominator)?;
        scale = scale.checked_add(1)?;
    }
    // The rest rounds to 0 or ±1; half of one goes wherever makes the last digit even.
    let last = if digits % 2 == 0 { RoundingMode::HalfEven } else { RoundingMode::HalfOdd };
    let rounded = digits.checked_add(last.divide(rest, denominator)?)?;
    Some(Decimal::try_from_i128_with_scale(rounded, scale).ok()?.normalize())
}

/// Divides both by their greatest common divisor. The second is positive.
fn lowest_terms(numerator: i128, denominator: i128) -> Option<(i128, i128)> {
    let (mut divisor, mut rest) = (denominator.unsigned_abs(), numerator.unsigned_abs());
    while rest != 0 {
        (divisor, rest) = (rest, divisor.checked_rem(rest)?);
    }
    let divisor = i128::try_from(divisor).ok()?;
    Some((numerator.checked_div(divisor)?, denominator.checked_div(divisor)?))
}
