//! Units of measure, and exact conversion between them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

mod convert;
mod factor;

pub use self::convert::{convert, convert_price, round_to_step};
pub use self::factor::Factor;

use crate::decimal::MICRO_DECIMALS;
use crate::quantity::Quantity;
use crate::text::{TextError, check_text};

/// Names the most characters that the code of a unit may have.
pub const MAX_UNIT_CHARS: usize = 16;

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
#[serde(try_from = "UncheckedUnit")]
pub struct Unit {
    /// What it is called.
    #[serde(serialize_with = "serialize_code")]
    code: Arc<str>,
    /// How many decimals a quantity in it may have, 0 to 6.
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

    /// Says whether every quantity in another unit is one in this: it is the same, or counts more finely.
    pub(crate) fn refines(&self, other: &Unit) -> bool {
        self.code == other.code && self.decimals >= other.decimals
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

#[derive(Deserialize)]
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

fn serialize_code<S: Serializer>(code: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::TextProblem;

    #[test]
    fn a_unit_has_a_short_code_and_at_most_six_decimals() {
        assert_eq!(Unit::new("piece", 0), Ok(Unit::piece()));
        assert!(Unit::new("шт", 0).is_ok());
        assert!(Unit::new(&"x".repeat(16), 6).is_ok());
        assert_eq!(Unit::new("kg", 7), Err(UnitError::TooManyDecimals { max: 6 }));
        let too_long = TextError { field: "unit", problem: TextProblem::TooLong { max_chars: 16 } };
        assert_eq!(Unit::new(&"x".repeat(17), 0), Err(UnitError::Code(too_long)));
    }

    #[test]
    fn a_unit_admits_what_is_no_finer() {
        let gram = Unit::new("g", 1).unwrap();
        for (text, admitted) in [("0", true), ("-3", true), ("1.5", true), ("1.50", true), ("1.25", false)] {
            assert_eq!(gram.admits(text.parse().unwrap()), admitted, "{text}");
        }
    }

    #[test]
    fn its_json_is_stable() {
        let json = r#"{"code":"kg","decimals":3}"#;
        let kg = Unit::new("kg", 3).unwrap();
        assert_eq!(serde_json::to_string(&kg).unwrap(), json);
        assert_eq!(serde_json::from_str::<Unit>(json).unwrap(), kg);
        assert!(serde_json::from_str::<Unit>(r#"{"code":"kg","decimals":7}"#).is_err());
        assert!(serde_json::from_str::<Unit>(r#"{"code":" kg","decimals":3}"#).is_err());
        assert!(serde_json::from_str::<Unit>(r#"{"code":"kg","decimals":3,"name":"kilo"}"#).is_err());
    }
}
