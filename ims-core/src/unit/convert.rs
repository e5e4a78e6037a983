//! Converting quantities and prices from unit to unit, and rounding to whole packs.

use rust_decimal::Decimal;

use super::factor::lowest_terms;
use super::{Factor, UnitError};
use crate::rounding::RoundingMode;

/// Converts a quantity from one unit to another: quantity × from ÷ to.
///
/// Exact where a [`Decimal`] can hold the result; else rounded half-even to as many digits as it holds, 28 or 29. Rounding to what the unit
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn factor(text: &str) -> Factor {
        text.parse().unwrap()
    }

    /// Tryton 8.2, product and stock modules: quantity, factors, step, result (of floats), result on the step; empty where not stated.
    const QUANTITIES: &[(&str, &str, &str, &str, &str, &str, &str)] = &[
        ("tryton-009", "100", "1", "0.001", "", "100000", ""),
        ("tryton-010", "1", "0.001", "0.45359237", "0.01", "0.0022046226218487759", "0.0"),
        ("tryton-011", "5", "1", "60", "0.01", "0.083333333333333343", "0.08"),
        ("tryton-012", "25", "1", "3600", "0.01", "0.0069444444444444441", "0.01"),
        ("tryton-013", "3", "0.001", "0.0254", "0.01", "0.11811023622047245", "0.12"),
        ("tryton-014", "0", "0.001", "0.0254", "0.01", "0", "0"),
        ("tryton-015", "100", "1", "0.001", "0.01", "100000", "100000"),
        ("tryton-034", "10", "1", "1", "0.01", "", "10"),
        ("tryton-034", "100", "0.001", "1", "0.01", "", "0.1"),
        ("tryton-034", "1", "0.001", "1", "0.01", "", "0"),
        ("tryton-034", "35.23", "1", "1", "0.01", "", "35.23"),
    ];

    #[test]
    fn tryton_converts_quantities_alike() {
        for (case, quantity, from, to, step, approximate, rounded) in QUANTITIES {
            let result = convert(decimal(quantity), factor(from), factor(to)).unwrap();
            if !approximate.is_empty() {
                assert!((result - decimal(approximate)).abs() < decimal("0.000000000000001"), "{case}: {result}");
            }
            if !rounded.is_empty() {
                let on_step = round_to_step(result, decimal(step), RoundingMode::HalfEven);
                assert_eq!(on_step, Some(decimal(rounded)), "{case}");
            }
        }
    }

    const PRICES: &[(&str, &str, &str, &str, &str)] = &[
        ("tryton-017", "100", "1", "0.001", "0.1"),
        ("tryton-018", "1", "0.001", "0.45359237", "453.59237"),
        ("tryton-019", "5", "1", "60", "300"),
        ("tryton-020", "25", "1", "3600", "90000"),
        ("tryton-021", "3", "0.001", "0.0254", "76.2"),
        ("tryton-022", "0", "0.001", "0.0254", "0"),
    ];

    #[test]
    fn tryton_converts_prices_alike() {
        for (case, price, from, to, expected) in PRICES {
            let result = convert_price(decimal(price), factor(from), factor(to));
            assert_eq!(result, Ok(decimal(expected)), "{case}");
        }
    }

    /// Value, step, to the nearest, up, down.
    const STEPS: &[(&str, &str, &str, &str, &str, &str)] = &[
        ("tryton-024", "2.53", "0.1", "2.5", "2.6", "2.5"),
        ("tryton-025", "3.8", "0.1", "3.8", "3.8", "3.8"),
        ("tryton-026", "3.7", "0.1", "3.7", "3.7", "3.7"),
        ("tryton-027", "1.3", "0.5", "1.5", "1.5", "1.0"),
        ("tryton-028", "1.1", "0.3", "1.2", "1.2", "0.9"),
        ("tryton-029", "17", "10", "20", "20", "10"),
        ("tryton-030", "7", "10", "10", "10", "0"),
        ("tryton-031", "4", "10", "0", "10", "0"),
        ("tryton-032", "17", "15", "15", "30", "15"),
        ("tryton-033", "2.5", "1.4", "2.8", "2.8", "1.4"),
    ];

    #[test]
    fn tryton_rounds_to_steps_alike() {
        for (case, value, step, nearest, up, down) in STEPS {
            for (mode, expected) in
                [(RoundingMode::HalfEven, nearest), (RoundingMode::Ceiling, up), (RoundingMode::Floor, down)]
            {
                let result = round_to_step(decimal(value), decimal(step), mode);
                assert_eq!(result, Some(decimal(expected)), "{case} {mode:?}");
            }
        }
    }

    #[test]
    fn an_endless_result_is_rounded_half_even_at_the_last_digit() {
        let third = convert(Decimal::ONE, factor("1/3"), Factor::ONE).unwrap();
        assert_eq!(third.to_string(), "0.3333333333333333333333333333");
        let minus = convert(Decimal::from(-2), factor("1/3"), Factor::ONE).unwrap();
        assert_eq!(minus.to_string(), "-0.6666666666666666666666666667");
        let large = convert(Decimal::from(1_000_000_000_000_i64), factor("2/3"), Factor::ONE).unwrap();
        assert_eq!(large.to_string(), "666666666666.66666666666666667");
        let half = convert(Decimal::new(5, 28), factor("1/10"), Factor::ONE).unwrap();
        assert_eq!(half, Decimal::ZERO);
        assert_eq!(convert(Decimal::new(15, 28), factor("1/10"), Factor::ONE), Ok(Decimal::new(2, 28)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let huge = Factor::new(i64::MAX, 1).unwrap();
        assert_eq!(convert(Decimal::MAX, huge, Factor::ONE), Err(UnitError::OutOfRange));
        assert_eq!(convert(Decimal::from(i64::MAX), huge, Factor::ONE), Err(UnitError::OutOfRange));
        assert_eq!(convert_price(Decimal::MAX, Factor::ONE, huge), Err(UnitError::OutOfRange));
        assert_eq!(convert(Decimal::MAX, huge, huge), Ok(Decimal::MAX));
        assert_eq!(round_to_step(Decimal::MAX, Decimal::new(1, 28), RoundingMode::Up), None);
        assert_eq!(round_to_step(Decimal::ONE, Decimal::from(-1), RoundingMode::Up), None);
    }

    proptest! {
        #[test]
        fn a_finite_result_is_exact(quantity in -1_000_000_000_i64..1_000_000_000, scale in 0..=6_u32, up in 1..10_000_i64, twos in 0..6_u32) {
            let over = Factor::new(1_i64 << twos, 1).unwrap();
            let result = convert(Decimal::new(quantity, scale), Factor::new(up, 1).unwrap(), over).unwrap();
            prop_assert_eq!(result * Decimal::from(1_i64 << twos), Decimal::new(quantity, scale) * Decimal::from(up));
        }

        #[test]
        fn there_and_back_is_where_it_began(quantity in -1_000_000_000_i64..1_000_000_000, a in 1..100_000_i64, b in 1..100_000_i64) {
            let (from, to) = (Factor::new(a, b).unwrap(), Factor::new(b, 7).unwrap());
            let there = convert(Decimal::new(quantity, 6), from, to).unwrap();
            let back = convert(there, to, from).unwrap();
            prop_assert!((back - Decimal::new(quantity, 6)).abs() < Decimal::new(1, 12));
        }

        #[test]
        fn a_multiple_of_the_step_is_the_nearest(value: i64, scale in 0..=6_u32, step in 1..10_000_000_i64, step_scale in 0..=6_u32) {
            let (value, step) = (Decimal::new(value, scale), Decimal::new(step, step_scale));
            let floor = round_to_step(value, step, RoundingMode::Floor).unwrap();
            let ceiling = round_to_step(value, step, RoundingMode::Ceiling).unwrap();
            prop_assert_eq!(floor % step, Decimal::ZERO);
            prop_assert!(floor <= value && value <= ceiling && ceiling - floor <= step);
            prop_assert_eq!(round_to_step(floor, step, RoundingMode::Up), Some(floor));
        }

        #[test]
        fn no_input_panics(bits: [u32; 3], scale in 0..=28_u32, negative: bool, a: i64, b: i64) {
            let value = Decimal::from_parts(bits[0], bits[1], bits[2], negative, scale);
            if let (Some(from), Some(to)) = (Factor::new(a, b), Factor::new(b, 3)) {
                let _ = (convert(value, from, to), convert_price(value, from, to));
            }
            let _ = (round_to_step(value, Decimal::new(a, 6), RoundingMode::HalfUp), Factor::try_from(value));
        }
    }
}
