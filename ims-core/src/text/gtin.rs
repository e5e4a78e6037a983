//! Numbers of goods on their packages: GTIN-8, GTIN-12 (UPC), GTIN-13 (EAN) and GTIN-14, by the General Specifications of
//! GS1, section 7.9.

use super::name::GTIN_DIGITS;

/// Computes the check digit that belongs behind some digits: they are weighted 3, 1, 3, … from the right, and the check digit
/// fills the sum up to a multiple of ten. `None` where a character is no digit.
///
/// ```
/// use ims_core::text::gtin::check_digit;
///
/// assert_eq!(check_digit("629104150021"), Some(3));
/// assert_eq!(check_digit("6291 4150021"), None);
/// ```
pub fn check_digit(digits: &str) -> Option<u32> {
    let mut sum: u32 = 0;
    for (place, digit) in digits.chars().rev().enumerate() {
        let weight = if place.is_multiple_of(2) { 3 } else { 1 };
        // A text that is too long for the sum is no number of goods.
        sum = sum.checked_add(digit.to_digit(10)?.checked_mul(weight)?)?;
    }
    sum.checked_rem(10).and_then(|rest| 10_u32.checked_sub(rest)).and_then(|digit| digit.checked_rem(10))
}

/// What a text is that may be the number of some goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gtin {
    /// A number with its right check digit, in 14 digits: the same for `012345678905` and `0012345678905`.
    Right(String),
    /// As long as one, in digits alone, with another check digit than this one.
    WrongCheckDigit(u32),
    /// Something else: a code of the shop's own.
    Other,
}

/// Tells whether a text is the number of some goods: 8, 12, 13 or 14 digits, the last of which is the check digit.
///
/// ```
/// use ims_core::text::gtin::{Gtin, read};
///
/// assert_eq!(read("012345678905"), read("0012345678905"));
/// assert_eq!(read("4006381333932"), Gtin::WrongCheckDigit(1));
/// assert_eq!(read("A-17"), Gtin::Other);
/// ```
pub fn read(text: &str) -> Gtin {
    if !matches!(text.len(), 8 | 12..=14) || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Gtin::Other;
    }
    let (digits, last) = text.split_at(text.len().saturating_sub(1));
    match check_digit(digits) {
        Some(expected) if last.parse() == Ok(expected) => Gtin::Right(format!("{text:0>GTIN_DIGITS$}")),
        Some(expected) => Gtin::WrongCheckDigit(expected),
        None => Gtin::Other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_the_same_in_every_width() {
        for same in ["73513537", "000073513537", "0000073513537", "00000073513537"] {
            assert_eq!(read(same), Gtin::Right("00000073513537".to_owned()), "{same}");
        }
        assert_ne!(read("98412345678908"), read("8412345678905"), "a case is not what is in it");
    }

    #[test]
    fn the_check_digit_that_was_expected_is_told() {
        for expected in 0..10_u32 {
            let number = format!("400638133393{expected}");
            let found = if expected == 1 { Gtin::Right(format!("0{number}")) } else { Gtin::WrongCheckDigit(1) };
            assert_eq!(read(&number), found);
        }
        assert_eq!(read("00000000"), Gtin::Right("0".repeat(14)));
    }

    #[test]
    fn what_is_no_number_of_goods_is_a_code_of_its_own() {
        for other in [
            "",
            "1",
            "750103131",
            "75010313113",
            "750103131130912",
            "978-0-471-11709-4",
            "400638133393X",
            "４００６３８１３",
        ] {
            assert_eq!(read(other), Gtin::Other, "{other}");
        }
    }
}
