//! Quantities of stock.

use crate::decimal::micros_type;

/// Counts an item in its base unit, exactly, to six decimals; negative for what goes out.
///
/// It is an `i64` of millionths, so it adds without rounding in memory and in every database. In JSON it is a string, never a number.
/// It goes from one millionth below −[`Quantity::MAX`] to [`Quantity::MAX`], and all arithmetic is checked.
///
/// ```
/// use ims_core::quantity::Quantity;
///
/// let on_hand: Quantity = "12.50".parse()?;
/// assert_eq!(on_hand.to_string(), "12.5");
/// let rest = on_hand.checked_sub("20".parse()?).unwrap();
/// assert_eq!(rest.to_string(), "-7.5");
/// assert!(rest.is_negative());
/// assert!("12,50".parse::<Quantity>().is_err());
/// assert!("+1".parse::<Quantity>().is_err());
/// assert!("1e3".parse::<Quantity>().is_err());
/// assert!("0.0000001".parse::<Quantity>().is_err());
/// # Ok::<(), ims_core::decimal::DecimalError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

micros_type!(Quantity, "a quantity such as \"12.5\"");

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::decimal::DecimalError;

    #[test]
    fn whole_numbers_are_made_within_the_bound() {
        assert_eq!(Quantity::from_units(0), Some(Quantity::ZERO));
        assert_eq!(Quantity::from_units(-3), Some("-3".parse().unwrap()));
        assert_eq!(Quantity::from_units(9_223_372_036_854).unwrap().to_string(), "9223372036854");
        assert_eq!(Quantity::from_units(9_223_372_036_855), None);
        assert_eq!(Quantity::from_units(i64::MIN), None);
    }

    #[test]
    fn the_bound_holds_for_what_is_read_and_for_sums() {
        assert_eq!("9223372036854.775807".parse(), Ok(Quantity::MAX));
        assert_eq!("-9223372036854.775807".parse(), Ok(Quantity::MAX.checked_neg().unwrap()));
        assert_eq!("-9223372036854.775808".parse(), Ok(Quantity::from_micros(i64::MIN)));
        assert_eq!("9223372036855".parse::<Quantity>(), Err(DecimalError::OutOfRange));
        assert_eq!(Quantity::try_from(Decimal::from(9_223_372_036_855_i64)), Err(DecimalError::OutOfRange));
        assert_eq!(Quantity::MAX.checked_add(Quantity::ONE), None);
    }

    #[test]
    fn arithmetic_is_checked() {
        let (least, most) = (Quantity::from_micros(i64::MIN), Quantity::from_micros(i64::MAX));
        assert_eq!(most.checked_add(Quantity::from_micros(1)), None);
        assert_eq!(least.checked_sub(Quantity::from_micros(1)), None);
        assert_eq!(least.checked_neg(), None);
        assert_eq!(least.min(most), least);
    }

    #[test]
    fn its_signs_exclude_one_another() {
        for (text, zero, positive, negative) in
            [("0", true, false, false), ("0.1", false, true, false), ("-0.1", false, false, true)]
        {
            let quantity: Quantity = text.parse().unwrap();
            assert_eq!(
                (quantity.is_zero(), quantity.is_positive(), quantity.is_negative()),
                (zero, positive, negative)
            );
        }
        assert_eq!(Quantity::default(), Quantity::ZERO);
    }

    #[test]
    fn its_decimals_are_those_in_use() {
        for (text, decimals) in [("0", 0), ("1200", 0), ("1.50", 1), ("-0.25", 2), ("0.000001", 6), ("0.100000", 1)] {
            assert_eq!(text.parse::<Quantity>().unwrap().decimals(), decimals, "{text}");
        }
    }

    #[test]
    fn its_json_is_stable() {
        for (text, json) in [("12.50", r#""12.5""#), ("-0", r#""0""#), ("-0.10", r#""-0.1""#), ("007", r#""7""#)] {
            let quantity: Quantity = text.parse().unwrap();
            assert_eq!(serde_json::to_string(&quantity).unwrap(), json);
            assert_eq!(serde_json::from_str::<Quantity>(json).unwrap(), quantity);
        }
    }

    #[test]
    fn a_number_in_json_is_refused_and_told_why() {
        let error = |json| serde_json::from_str::<Quantity>(json).unwrap_err().to_string();
        assert_eq!(
            error("12.5"),
            r#"invalid type: floating point `12.5`, expected a quantity such as "12.5" in a string at line 1 column 4"#
        );
        assert_eq!(
            error("12"),
            r#"invalid type: integer `12`, expected a quantity such as "12.5" in a string at line 1 column 2"#
        );
        assert_eq!(error(r#""1x5""#), "not a plain number such as 12 or 12.5 (character 2) at line 1 column 5");
        let comma = "decimals are written with a point, such as 12.5, and thousands without a comma at line 1 column 5";
        assert_eq!(error(r#""1,5""#), comma);
        assert_eq!(error(r#""0.1234567""#), "too many decimals: at most 6 are kept at line 1 column 11");
        assert!(error("null").starts_with("invalid type: null"));
    }

    #[test]
    fn the_least_sum_that_can_be_kept_reads_back() {
        let least = Quantity::from_micros(i64::MIN);
        assert_eq!(least.to_string().parse(), Ok(least));
        assert_eq!(serde_json::from_str::<Quantity>(r#""-9223372036854.775808""#).unwrap(), least);
    }

    #[test]
    fn a_finer_decimal_is_refused_not_rounded() {
        assert_eq!(Quantity::try_from(Decimal::new(1, 7)), Err(DecimalError::TooManyDecimals { max: 6 }));
        assert_eq!(Quantity::try_from(Decimal::new(10, 7)), Ok(Quantity::from_micros(1)));
        assert_eq!(Quantity::try_from(Decimal::MAX), Err(DecimalError::OutOfRange));
        assert_eq!(Quantity::try_from(Decimal::new(0, 28)), Ok(Quantity::ZERO));
    }

    proptest! {
        #[test]
        fn a_quantity_that_is_printed_reads_back(micros: i64) {
            let quantity = Quantity::from_micros(micros);
            prop_assert_eq!(quantity.to_string().parse(), Ok(quantity));
            prop_assert_eq!(Quantity::try_from(quantity.to_decimal()), Ok(quantity));
            let json = serde_json::to_string(&quantity).unwrap();
            prop_assert_eq!(&json, &format!("\"{quantity}\""));
            prop_assert_eq!(serde_json::from_str::<Quantity>(&json).unwrap(), quantity);
        }

        #[test]
        fn any_decimal_is_taken_exactly_or_refused(mantissa: i64, scale in 0..=28_u32) {
            let value = Decimal::new(mantissa, scale);
            if let Ok(quantity) = Quantity::try_from(value) {
                prop_assert_eq!(quantity.to_decimal(), value);
            }
        }
    }
}
