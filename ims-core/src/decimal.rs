//! The one grammar of decimal numbers, and the scaled integers that hold them.
//!
//! A quantity and an amount are an `i64` that counts millionths ("micros"). Text is `-?digits(.digits)?` and nothing else: what one machine
//! reads, every machine reads, and what is written is what was meant. A number in JSON is refused, because many a parser would
//! have made it a float before it came here.

use rust_decimal::Decimal;

use crate::form::{Slots, StackText, trim_zeros};

/// Names how many micros make one.
pub(crate) const MICROS_PER_ONE: i64 = 1_000_000;
/// Names how many decimals a quantity or an amount keeps.
pub(crate) const MICRO_DECIMALS: u32 = 6;
/// Names the largest number, in micros: 9,223,372,036,854.775807. The smallest is one millionth below its negative.
pub(crate) const MAX_MICROS: i64 = i64::MAX;

const MAX_TEXT_BYTES: usize = 40;

/// Says why a text is not a number that the engine keeps.
///
/// ```
/// use ims_core::decimal::DecimalError;
/// use ims_core::quantity::Quantity;
///
/// assert_eq!("".parse::<Quantity>(), Err(DecimalError::Empty));
/// assert_eq!("1x".parse::<Quantity>(), Err(DecimalError::Malformed { at: 1 }));
/// assert_eq!("1,5".parse::<Quantity>(), Err(DecimalError::Comma));
/// assert_eq!("0.0000001".parse::<Quantity>(), Err(DecimalError::TooManyDecimals { max: 6 }));
/// assert_eq!("9223372036855".parse::<Quantity>(), Err(DecimalError::OutOfRange));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// There is no text.
    #[error("a number is missing")]
    Empty,
    /// The text is not a plain decimal number, or longer than 40 characters.
    #[error("not a plain number such as 12 or 12.5 (character {})", .at.saturating_add(1))]
    Malformed {
        /// How many bytes of the text are well-formed.
        at: usize,
    },
    /// The number has a comma: where people write one before decimals, or between thousands, the engine reads neither.
    #[error("decimals are written with a point, such as 12.5, and thousands without a comma")]
    Comma,
    /// The number has more decimals than are kept. It is refused, not rounded.
    #[error("too many decimals: at most {max} are kept")]
    TooManyDecimals {
        /// How many decimals are kept.
        max: u32,
    },
    /// The number is too large, or not among those that are allowed here.
    #[error("the number is out of range")]
    OutOfRange,
}

/// Holds a decimal number as it was written: `digits` × 10^-`scale`, with no trailing zero after the point.
pub(crate) struct Written {
    negative: bool,
    /// `None` when the digits exceed 64 bits.
    digits: Option<u64>,
    /// How many of the digits are decimals.
    pub(crate) scale: u32,
}

impl Written {
    /// Reads `-?digits(.digits)?`.
    pub(crate) fn read(text: &str) -> Result<Self, DecimalError> {
        if text.is_empty() {
            return Err(DecimalError::Empty);
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let sign_bytes = usize::from(negative);
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (unsigned, None),
        };
        if has_comma(unsigned) {
            return Err(DecimalError::Comma);
        }
        check_digits(whole, sign_bytes)?;
        if let Some(fraction) = fraction {
            check_digits(fraction, sign_bytes.saturating_add(whole.len()).saturating_add(1))?;
        }
        if text.len() > MAX_TEXT_BYTES {
            return Err(DecimalError::Malformed { at: MAX_TEXT_BYTES });
        }
        let fraction = fraction.unwrap_or_default().trim_end_matches('0');
        let digits = whole
            .bytes()
            .chain(fraction.bytes())
            .try_fold(0_u64, |sum, byte| sum.checked_mul(10)?.checked_add(u64::from(byte & 0x0f)));
        let scale = u32::try_from(fraction.len()).map_err(|_| DecimalError::OutOfRange)?;
        Ok(Self { negative, digits, scale })
    }

    /// Returns the number times 10^`decimals`, a whole number.
    pub(crate) fn scaled(&self, decimals: u32) -> Result<i64, DecimalError> {
        let missing = decimals.checked_sub(self.scale).ok_or(DecimalError::TooManyDecimals { max: decimals })?;
        let magnitude = self.digits.and_then(|digits| digits.checked_mul(10_u64.checked_pow(missing)?));
        let signed =
            magnitude.map(i128::from).and_then(|sum| if self.negative { sum.checked_neg() } else { Some(sum) });
        signed.and_then(|sum| i64::try_from(sum).ok()).ok_or(DecimalError::OutOfRange)
    }
}

/// Whether a text would be a number if the engine read commas in it.
fn has_comma(text: &str) -> bool {
    let may_be_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    text.contains(',') && text.bytes().all(may_be_number) && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn check_digits(text: &str, starts_at: usize) -> Result<(), DecimalError> {
    let well_formed = text.bytes().take_while(u8::is_ascii_digit).count();
    if well_formed == text.len() && !text.is_empty() {
        return Ok(());
    }
    Err(DecimalError::Malformed { at: starts_at.saturating_add(well_formed) })
}

/// Reads a decimal number of at most six decimals as micros. Zeros beyond the sixth decimal say nothing and are accepted.
pub(crate) fn parse_micros(text: &str) -> Result<i64, DecimalError> {
    Written::read(text)?.scaled(MICRO_DECIMALS)
}

/// Turns a decimal into micros: exactly, or not at all.
pub(crate) fn micros_of(value: Decimal) -> Result<i64, DecimalError> {
    let value = value.normalize();
    let missing =
        MICRO_DECIMALS.checked_sub(value.scale()).ok_or(DecimalError::TooManyDecimals { max: MICRO_DECIMALS })?;
    let micros = 10_i128.checked_pow(missing).and_then(|factor| value.mantissa().checked_mul(factor));
    micros.and_then(|micros| i64::try_from(micros).ok()).ok_or(DecimalError::OutOfRange)
}

/// Names the room that the longest number takes: `-9223372036854.775808`.
pub(crate) const MICROS_TEXT_BYTES: usize = 24;

/// Writes the magnitude of `micros` with no trailing zeros, but at least `min_decimals`.
#[inline]
pub(crate) fn push_magnitude(text: &mut Slots<'_>, micros: i64, min_decimals: u32) {
    let magnitude = micros.unsigned_abs();
    let (fraction, decimals) = trim_zeros(magnitude % 1_000_000, min_decimals);
    if decimals > 0 {
        text.push_number(fraction, decimals);
        text.push(b'.');
    }
    text.push_number(magnitude / 1_000_000, 1);
}

/// Writes `micros` as it stands in JSON.
pub(crate) fn micros_form(micros: i64) -> StackText<MICROS_TEXT_BYTES> {
    StackText::from_right(|text| {
        push_magnitude(text, micros, 0);
        if micros < 0 {
            text.push(b'-');
        }
    })
}

/// Writes `micros` for people: width, fill and sign are those of a number.
pub(crate) fn format_micros(micros: i64, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let text = StackText::<MICROS_TEXT_BYTES>::from_right(|text| push_magnitude(text, micros, 0));
    f.pad_integral(micros >= 0, "", &text)
}

/// Counts the decimals that `micros` uses: 0 to 6.
pub(crate) fn used_decimals(micros: i64) -> u32 {
    trim_zeros(micros.unsigned_abs() % 1_000_000, 0).1
}

/// Gives a newtype over micros the arithmetic and the text form that quantities and amounts share.
macro_rules! micros_type {
    ($name:ident, $expecting:literal) => {
        impl $name {
            /// Names nothing: 0.
            pub const ZERO: Self = Self(0);
            /// Names one: 1.
            pub const ONE: Self = Self($crate::decimal::MICROS_PER_ONE);
            /// Names the largest value: 9,223,372,036,854.775807.
            pub const MAX: Self = Self($crate::decimal::MAX_MICROS);

            /// Makes a whole number; `None` beyond ± [`Self::MAX`].
            #[must_use]
            pub const fn from_units(units: i64) -> Option<Self> {
                match units.checked_mul($crate::decimal::MICROS_PER_ONE) {
                    Some(micros) if micros.unsigned_abs() <= Self::MAX.0.unsigned_abs() => Some(Self(micros)),
                    _ => None,
                }
            }

            /// Takes a count of millionths as it is, as stores keep it.
            #[must_use]
            pub const fn from_micros(micros: i64) -> Self {
                Self(micros)
            }

            /// Returns the count of millionths, as stores keep it.
            #[must_use]
            pub const fn micros(self) -> i64 {
                self.0
            }

            /// Adds; `None` on overflow.
            #[must_use]
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(micros) => Some(Self(micros)),
                    None => None,
                }
            }

            /// Subtracts; `None` on overflow. The result may be negative.
            #[must_use]
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(micros) => Some(Self(micros)),
                    None => None,
                }
            }

            /// Changes the sign; `None` on overflow.
            #[must_use]
            pub const fn checked_neg(self) -> Option<Self> {
                match self.0.checked_neg() {
                    Some(micros) => Some(Self(micros)),
                    None => None,
                }
            }

            /// Says whether this is 0.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Says whether this is more than 0.
            #[must_use]
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// Says whether this is less than 0.
            #[must_use]
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// Counts the decimals in use, 0 to 6: 2 for 0.25, 0 for 3.
            #[must_use]
            pub fn decimals(self) -> u32 {
                $crate::decimal::used_decimals(self.0)
            }

            /// Returns the smaller of the two.
            #[must_use]
            pub const fn min(self, other: Self) -> Self {
                if self.0 <= other.0 { self } else { other }
            }

            /// Returns the same number as a [`rust_decimal::Decimal`], without trailing zeros.
            #[must_use]
            pub fn to_decimal(self) -> rust_decimal::Decimal {
                rust_decimal::Decimal::new(self.0, $crate::decimal::MICRO_DECIMALS).normalize()
            }

            fn form(self) -> $crate::form::StackText<{ $crate::decimal::MICROS_TEXT_BYTES }> {
                $crate::decimal::micros_form(self.0)
            }
        }

        impl TryFrom<rust_decimal::Decimal> for $name {
            type Error = $crate::decimal::DecimalError;

            /// Takes a decimal exactly: more than six decimals are refused, not rounded.
            fn try_from(value: rust_decimal::Decimal) -> Result<Self, Self::Error> {
                $crate::decimal::micros_of(value).map(Self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::decimal::DecimalError;

            /// Reads whatever was printed, also the one number below −`MAX` that a sum may come to: a row that is kept
            /// as text must read back.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::decimal::parse_micros(text).map(Self)
            }
        }

        $crate::decimal::micros_display!($name);
        $crate::form::string_form!($name, $expecting);
    };
}
pub(crate) use micros_type;

/// Gives a newtype over micros `Display` and `Debug`.
macro_rules! micros_display {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::decimal::format_micros(self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}
pub(crate) use micros_display;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_decimals_are_numbers() {
        let malformed = [
            ("-", 1),
            (".", 0),
            (".5", 0),
            ("5.", 2),
            ("-.5", 1),
            ("-5.", 3),
            ("+1", 0),
            ("--1", 1),
            ("1e3", 1),
            ("1_000", 1),
            (" 1", 0),
            ("1 ", 1),
            ("1.2.3", 3),
            ("1.-2", 2),
            ("0x1f", 1),
            ("NaN", 0),
            ("inf", 0),
            ("１２", 0),
            ("٣", 0),
            ("1\0", 1),
            ("12.5\n", 4),
        ];
        for (text, at) in malformed {
            assert_eq!(parse_micros(text), Err(DecimalError::Malformed { at }), "{text:?}");
        }
        assert_eq!(parse_micros(""), Err(DecimalError::Empty));
        for comma in ["1,5", "1,000.5", "-1.000,5", ",5"] {
            assert_eq!(parse_micros(comma), Err(DecimalError::Comma), "{comma:?}");
        }
    }

    #[test]
    fn zeros_say_nothing() {
        for (text, micros) in [
            ("0", 0),
            ("-0", 0),
            ("-0.000", 0),
            ("00012", 12_000_000),
            ("1.50000000", 1_500_000),
            ("0.000000000000000000", 0),
        ] {
            assert_eq!(parse_micros(text), Ok(micros), "{text}");
        }
    }

    #[test]
    fn a_seventh_decimal_is_refused_even_when_the_rest_is_too_large() {
        let too_fine = Err(DecimalError::TooManyDecimals { max: 6 });
        assert_eq!(parse_micros("0.0000001"), too_fine);
        assert_eq!(parse_micros("0.1234567890123456789012345678901234"), too_fine);
        assert_eq!(parse_micros("99999999999999999999.0000001"), too_fine);
    }

    #[test]
    fn the_range_ends_where_the_integer_does() {
        assert_eq!(parse_micros("9223372036854.775807"), Ok(i64::MAX));
        assert_eq!(parse_micros("-9223372036854.775808"), Ok(i64::MIN));
        for text in [
            "9223372036854.775808",
            "-9223372036854.775809",
            "18446744073709551616",
            "99999999999999999999999999999999999999",
        ] {
            assert_eq!(parse_micros(text), Err(DecimalError::OutOfRange), "{text}");
        }
    }

    #[test]
    fn a_text_of_forty_characters_is_the_longest() {
        let forty = format!("1.{}", "0".repeat(38));
        assert_eq!(parse_micros(&forty), Ok(1_000_000));
        assert_eq!(parse_micros(&format!("{forty}0")), Err(DecimalError::Malformed { at: 40 }));
        assert_eq!(parse_micros(&"9".repeat(1_000_000)), Err(DecimalError::Malformed { at: 40 }));
    }

    #[test]
    fn the_messages_can_be_shown_to_a_shopkeeper() {
        for (error, message) in [
            (DecimalError::Empty, "a number is missing"),
            (DecimalError::Malformed { at: 1 }, "not a plain number such as 12 or 12.5 (character 2)"),
            (DecimalError::TooManyDecimals { max: 6 }, "too many decimals: at most 6 are kept"),
            (DecimalError::OutOfRange, "the number is out of range"),
        ] {
            assert_eq!(error.to_string(), message);
        }
    }

    struct Shown(i64);
    micros_display!(Shown);

    #[test]
    fn a_number_is_shown_without_idle_zeros() {
        for (micros, text) in [
            (0, "0"),
            (1, "0.000001"),
            (-1, "-0.000001"),
            (1_500_000, "1.5"),
            (-12_000_000, "-12"),
            (10_010, "0.01001"),
            (i64::MAX, "9223372036854.775807"),
            (i64::MIN, "-9223372036854.775808"),
        ] {
            assert_eq!(Shown(micros).to_string(), text);
            assert_eq!(&*micros_form(micros), text);
        }
        assert_eq!(format!("{:?}", Shown(1_500_000)), "Shown(1.5)");
    }

    #[test]
    fn width_and_fill_are_those_of_a_number() {
        assert_eq!(format!("[{:8}]", Shown(-1_500_000)), "[    -1.5]");
        assert_eq!(format!("[{:<8}]", Shown(1_500_000)), "[1.5     ]");
        assert_eq!(format!("[{:08}]", Shown(-1_500_000)), "[-00001.5]");
        assert_eq!(format!("[{:+}]", Shown(1_500_000)), "[+1.5]");
        assert_eq!(format!("[{:.1}]", Shown(1_230_000)), "[1.23]");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(micros: i64) {
            prop_assert_eq!(parse_micros(&Shown(micros).to_string()), Ok(micros));
        }

        #[test]
        fn idle_zeros_change_nothing(micros: i64, zeros in 0..6_usize) {
            let text = Shown(micros).to_string();
            let point = if text.contains('.') { "" } else { ".0" };
            prop_assert_eq!(parse_micros(&format!("{text}{point}{}", "0".repeat(zeros))), Ok(micros));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,50}|[-0-9.]{0,45}") {
            // rust_decimal gives up after 28 decimals, even where they are zeros.
            if let (Ok(micros), Ok(exact)) = (parse_micros(&text), Decimal::from_str_exact(&text)) {
                prop_assert_eq!(exact, Decimal::new(micros, MICRO_DECIMALS));
            }
        }
    }
}
