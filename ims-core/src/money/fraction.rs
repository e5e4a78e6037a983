//! Parts of a whole.

use std::str::FromStr;

use crate::decimal::{DecimalError, MICROS_PER_ONE, MICROS_TEXT_BYTES, micros_display, micros_form, parse_micros};
use crate::form::{StackText, string_form};

/// Names a part of a whole, 0 to 1, to six decimals: `"0.15"` is 15 %. In JSON it is a string.
///
/// ```
/// use ims_core::money::Fraction;
///
/// let discount: Fraction = "0.15".parse()?;
/// assert_eq!(discount.micros(), 150_000);
/// assert!("1.01".parse::<Fraction>().is_err());
/// assert!("15%".parse::<Fraction>().is_err());
/// # Ok::<(), ims_core::decimal::DecimalError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(i64);

impl Fraction {
    /// Names nothing of it: 0.
    pub const ZERO: Self = Self(0);
    /// Names all of it: 1.
    pub const ONE: Self = Self(MICROS_PER_ONE);

    /// Takes a count of millionths, 0 to 1,000,000; `None` for any other.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros < 0 || micros > MICROS_PER_ONE {
            return None;
        }
        Some(Self(micros))
    }

    /// Returns the count of millionths, 0 to 1,000,000.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    fn form(self) -> StackText<MICROS_TEXT_BYTES> {
        micros_form(self.0)
    }
}

impl FromStr for Fraction {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::from_micros(parse_micros(text)?).ok_or(DecimalError::OutOfRange)
    }
}

micros_display!(Fraction);
string_form!(Fraction, "a fraction from \"0\" to \"1\"");

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_nothing_to_all_is_a_fraction() {
        assert_eq!("0".parse(), Ok(Fraction::ZERO));
        assert_eq!("1.000000".parse(), Ok(Fraction::ONE));
        for text in ["-0.1", "1.000001", "2"] {
            assert_eq!(text.parse::<Fraction>(), Err(DecimalError::OutOfRange), "{text}");
        }
        assert_eq!(Fraction::from_micros(-1), None);
        assert_eq!(Fraction::from_micros(1_000_001), None);
    }

    #[test]
    fn its_json_is_a_string() {
        let fraction: Fraction = "0.150".parse().unwrap();
        assert_eq!(serde_json::to_string(&fraction).unwrap(), r#""0.15""#);
        assert_eq!(serde_json::from_str::<Fraction>(r#""0.15""#).unwrap(), fraction);
        assert!(serde_json::from_str::<Fraction>("0.15").is_err());
        assert!(serde_json::from_str::<Fraction>(r#""1.5""#).is_err());
    }

    proptest! {
        #[test]
        fn a_fraction_that_is_printed_reads_back(micros in 0..=1_000_000_i64) {
            let fraction = Fraction::from_micros(micros).unwrap();
            prop_assert_eq!(fraction.to_string().parse(), Ok(fraction));
        }
    }
}
