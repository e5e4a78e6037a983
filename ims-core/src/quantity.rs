//! Quantities of stock.

use crate::decimal::micros_type;

/// Counts an item in its base unit, exactly, to six decimals; negative for what goes out.
///
/// It is an `i64` of millionths, so it adds without rounding in memory and in every database. In JSON it is a string, never a number.
/// Text and decimals from outside are bounded by ± [`Quantity::MAX`]; sums of them may exceed it, and all arithmetic is checked.
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
