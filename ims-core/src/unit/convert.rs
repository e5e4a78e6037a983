//! Converting quantities and prices from unit to unit, and rounding to whole packs.

use rust_decimal::Decimal;

use super::factor::lowest_terms;
use super::{Factor, UnitError};
use crate::rounding::RoundingMode;

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
    let up = i128::from(times.numerator()).checked_mul(i128::from(over.denominator()))?;
    let down = i128::from(times.denominator()).checked_mul(i128::from(over.numerator()))?;
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
