//! Sharing an amount out without losing a cent.

use super::Amount;
use crate::decimal::MICRO_DECIMALS;

/// Splits `total` by `weights` in steps of 10^-`digits`; the parts sum to `total`, and the largest remainders take the odd steps.
///
/// Each part is its exact share rounded towards zero; the steps left over go one each to the largest remainders, on a tie to the earlier
/// ("Hamilton's method"). A part of weight zero gets nothing. What a negative total gets is what the positive one gets, negated: a credit
/// note mirrors its invoice. Should `total` itself be finer than a step, the next in line takes what is finer.
///
/// `None` when there are no weights, when they sum to zero, or when `digits` exceeds six.
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
    if weight_sum == 0 {
        return None;
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn micros(parts: &[Amount]) -> Vec<i64> {
        parts.iter().map(|part| part.micros()).collect()
    }

    /// MoneyPHP (MIT), tests/MoneyTest.php: amounts in minor units, ratios as whole numbers.
    const MONEYPHP: &[(&str, i64, &[u64], &[i64])] = &[
        ("moneyphp-001", 100, &[1, 1, 1], &[34, 33, 33]),
        ("moneyphp-002", 101, &[1, 1, 1], &[34, 34, 33]),
        ("moneyphp-003", 5, &[3, 7], &[2, 3]),
        ("moneyphp-004", 5, &[7, 3], &[4, 1]),
        ("moneyphp-005", 5, &[7, 3, 0], &[4, 1, 0]),
        ("moneyphp-007", 5, &[0, 7, 3], &[0, 4, 1]),
        ("moneyphp-008", 5, &[7, 0, 3], &[4, 0, 1]),
        ("moneyphp-009", 5, &[0, 0, 1], &[0, 0, 5]),
        ("moneyphp-010", 5, &[0, 3, 7], &[0, 2, 3]),
        ("moneyphp-011", 0, &[0, 0, 1], &[0, 0, 0]),
        ("moneyphp-012", 2, &[1, 1, 1], &[1, 1, 0]),
        ("moneyphp-013", 1, &[1, 1], &[1, 0]),
        ("moneyphp-014", 1, &[33, 66], &[0, 1]),
        ("moneyphp-015", 101, &[3, 7], &[30, 71]),
        ("moneyphp-016", 101, &[7, 3], &[71, 30]),
        ("moneyphp-017", 15, &[1, 1], &[8, 7]),
        ("moneyphp-018", 10, &[1, 1], &[5, 5]),
        ("moneyphp-019", 15, &[1, 1, 1], &[5, 5, 5]),
        ("moneyphp-020", 10, &[1, 1, 1], &[4, 3, 3]),
    ];

    #[test]
    fn moneyphp_allocates_alike() {
        for (case, total, weights, expected) in MONEYPHP {
            let total = Amount::from_micros(total * 10_000);
            let parts = split(total, weights, 2).unwrap();
            let cents: Vec<i64> = parts.iter().map(|part| part.micros() / 10_000).collect();
            assert_eq!(&cents, expected, "{case}");
        }
    }

    /// moneyphp-006 splits −5 by 7 and 3 into −3 and −2, because it rounds shares down before it hands out what is left. Here −5 mirrors 5.
    #[test]
    fn a_credit_note_mirrors_its_invoice() {
        let five = Amount::from_units(5).unwrap();
        assert_eq!(micros(&split(five, &[7, 3], 0).unwrap()), [4_000_000, 1_000_000]);
        assert_eq!(micros(&split(five.checked_neg().unwrap(), &[7, 3], 0).unwrap()), [-4_000_000, -1_000_000]);
    }

    #[test]
    fn weights_that_say_nothing_are_refused() {
        assert_eq!(split(Amount::ONE, &[], 2), None);
        assert_eq!(split(Amount::ONE, &[0, 0], 2), None);
        assert_eq!(split(Amount::ZERO, &[], 2), None);
        assert_eq!(split(Amount::ONE, &[1], 7), None);
    }

    #[test]
    fn a_total_finer_than_the_step_is_still_shared_whole() {
        let total = "10.005".parse().unwrap();
        assert_eq!(micros(&split(total, &[1, 1], 2).unwrap()), [5_005_000, 5_000_000]);
        assert_eq!(micros(&split("0.000007".parse().unwrap(), &[0, 1, 1], 2).unwrap()), [0, 7, 0]);
    }

    #[test]
    fn the_ends_of_the_range_are_split() {
        let least = Amount::from_micros(i64::MIN);
        assert_eq!(split(least, &[u64::MAX], 6), Some(vec![least]));
        assert_eq!(micros(&split(least, &[u64::MAX, u64::MAX], 6).unwrap()), [i64::MIN / 2, i64::MIN / 2]);
    }

    fn weights() -> impl Strategy<Value = Vec<u64>> {
        vec(prop_oneof![Just(0), 1..10_u64, any::<u64>()], 1..20)
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_total(total: i64, weights in weights(), digits in 0..=6_u32) {
            let parts = split(Amount::from_micros(total), &weights, digits);
            prop_assert_eq!(parts.is_none(), weights.iter().all(|&weight| weight == 0));
            if let Some(parts) = parts {
                prop_assert_eq!(parts.len(), weights.len());
                prop_assert_eq!(parts.iter().map(|part| i128::from(part.micros())).sum::<i128>(), i128::from(total));
            }
        }

        #[test]
        fn no_part_is_a_step_away_from_its_share(total: i32, weights in vec(0..100_000_u64, 1..20), digits in 0..=6_u32) {
            let step = 10_i128.pow(6 - digits);
            let whole: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
            for (part, &weight) in split(Amount::from_micros(total.into()), &weights, digits).unwrap_or_default().iter().zip(&weights) {
                let off = i128::from(part.micros()) * whole - i128::from(total) * i128::from(weight);
                prop_assert!(off.abs() < step * whole);
                prop_assert!(weight > 0 || part.is_zero());
            }
        }

        #[test]
        fn all_parts_but_one_are_whole_steps(total: i64, weights in weights(), digits in 0..=6_u32) {
            let step = 10_i64.pow(6 - digits);
            let parts = split(Amount::from_micros(total), &weights, digits).unwrap_or_default();
            let finer = parts.iter().filter(|part| part.micros() % step != 0).count();
            prop_assert!(finer <= usize::from(total % step != 0));
        }

        #[test]
        fn a_negated_total_gives_negated_parts(total in -i64::MAX..=i64::MAX, weights in weights(), digits in 0..=6_u32) {
            let there = split(Amount::from_micros(total), &weights, digits);
            let back = split(Amount::from_micros(-total), &weights, digits);
            let negated = there.map(|parts| parts.into_iter().map(|part| part.checked_neg().unwrap()).collect());
            prop_assert_eq!(negated, back);
        }
    }
}
