//! Numbers of the shadow: millionths in 128 bits, divided by hand.

use super::{Refusal, refuse};

/// Millionths in one.
pub(crate) const ONE: i128 = 1_000_000;
/// Millionths in the smallest coin.
const CENT: i128 = 10_000;

/// A number that the engine can keep, or the refusal that it must give.
pub(crate) fn fits(number: i128) -> Result<i128, Refusal> {
    if i64::try_from(number).is_ok() { Ok(number) } else { refuse("overflow") }
}

/// Divides by a positive number, half-way to even: the floor, and one more where what is left says so.
pub(crate) fn half_even(numerator: i128, denominator: i128) -> i128 {
    let floor = numerator.div_euclid(denominator);
    let twice_the_rest = 2 * numerator.rem_euclid(denominator);
    if twice_the_rest > denominator || (twice_the_rest == denominator && floor % 2 != 0) { floor + 1 } else { floor }
}

/// Rounds a product of two counts of millionths to coins, half-way away from zero.
pub(crate) fn to_coins(product: i128) -> i128 {
    coins_of(product, ONE)
}

/// `value × part ÷ whole` in coins, half-way away from zero.
pub(crate) fn share_in_coins(value: i128, part: i128, whole: i128) -> i128 {
    coins_of(value * part, whole)
}

fn coins_of(numerator: i128, denominator: i128) -> i128 {
    let coin = denominator * CENT;
    let coins = (2 * numerator.abs() + coin) / (2 * coin);
    numerator.signum() * coins * CENT
}

/// `value × part ÷ whole`, half-way to even.
pub(crate) fn share(value: i128, part: i128, whole: i128) -> i128 {
    half_even(value * part, whole)
}

/// `unit_cost × quantity`, half-way to even.
pub(crate) fn times(unit_cost: i128, quantity: i128) -> Result<i128, Refusal> {
    fits(half_even(unit_cost * quantity, ONE))
}
