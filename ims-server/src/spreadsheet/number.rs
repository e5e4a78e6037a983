//! Numbers as people of many countries write them: `1,50`, `1.234,50`, `1'234.50`.

/// What stands before the decimals of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecimalMark {
    /// `1.50`
    Point,
    /// `1,50`
    Comma,
}

impl DecimalMark {
    /// The mark that is this character.
    pub(crate) fn of(text: &str) -> Result<DecimalMark, &'static str> {
        match text {
            "." => Ok(DecimalMark::Point),
            "," => Ok(DecimalMark::Comma),
            _ => Err(". or ,"),
        }
    }

    /// The character.
    pub(crate) fn sign(self) -> char {
        match self {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }

    /// What may stand between groups of three digits beside it.
    fn is_between_groups(self, sign: char) -> bool {
        let other = if self == DecimalMark::Point { ',' } else { '.' };
        sign == other || matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’')
    }
}

/// A number as the engine reads it, such as `1234.5`; nothing where it is none with this mark.
pub(super) fn plain(text: &str, mark: DecimalMark) -> Option<String> {
    let (minus, number) = match text.strip_prefix(['-', '−']) {
        Some(number) => ("-", number),
        None => ("", text),
    };
    let (whole, decimals) = match number.split_once(mark.sign()) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let whole = ungrouped(whole, mark)?;
    match decimals {
        None => Some(format!("{minus}{whole}")),
        Some(decimals) if are_digits(decimals) => Some(format!("{minus}{whole}.{decimals}")),
        Some(_) => None,
    }
}

/// Digits without what stands between groups of three of them.
fn ungrouped(whole: &str, mark: DecimalMark) -> Option<String> {
    if are_digits(whole) {
        return Some(whole.to_owned());
    }
    let between = whole.chars().find(|sign| !sign.is_ascii_digit()).filter(|sign| mark.is_between_groups(*sign))?;
    let mut groups = whole.split(between);
    let first = groups.next().filter(|group| are_digits(group) && group.len() <= 3 && !group.starts_with('0'))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !are_digits(group) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

/// Whether a text is a number of which a spreadsheet has kept the first digits alone, as it shows long ones: `4.00638E+12`.
pub(super) fn is_shortened(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let is_large = exponent.strip_prefix('+').is_some_and(|places| places.len() >= 2 && are_digits(places));
    is_large && whole.len() == 1 && are_digits(whole) && are_digits(decimals)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a number tells about the mark that its writer uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nothing: it is the same with both, or no number at all.
    Nothing,
    /// It is a number with this one alone.
    Of(DecimalMark),
    /// It is another number with each: `1,234`.
    Either,
}

/// What a number tells about the mark.
pub(super) fn evidence(text: &str) -> Evidence {
    match (plain(text, DecimalMark::Point), plain(text, DecimalMark::Comma)) {
        (Some(_), None) => Evidence::Of(DecimalMark::Point),
        (None, Some(_)) => Evidence::Of(DecimalMark::Comma),
        (Some(point), Some(comma)) if point != comma => Evidence::Either,
        _ => Evidence::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalMark::{Comma, Point};

    #[test]
    fn a_number_is_read_with_the_mark_of_its_writer() {
        for (text, mark, number) in [
            ("1,50", Comma, "1.50"),
            ("-1,5", Comma, "-1.5"),
            ("1.234,50", Comma, "1234.50"),
            ("1.234.567", Comma, "1234567"),
            ("1 234,5", Comma, "1234.5"),
            ("1\u{202f}234,5", Comma, "1234.5"),
            ("1,234.50", Point, "1234.50"),
            ("1'234.50", Point, "1234.50"),
            ("12", Point, "12"),
            ("12", Comma, "12"),
            ("−3", Point, "-3"),
        ] {
            assert_eq!(plain(text, mark).as_deref(), Some(number), "{text}");
        }
        for (text, mark) in [
            ("1,5", Point),
            ("1.5", Comma),
            ("1,23,456", Point),
            ("1.2.3", Point),
            ("1,", Comma),
            (",5", Comma),
            ("1e3", Point),
            ("", Point),
            ("1'234 567", Point),
            ("0,123.4", Point),
            ("€ 1", Point),
        ] {
            assert_eq!(plain(text, mark), None, "{text}");
        }
    }

    #[test]
    fn a_long_number_that_was_shortened_is_seen() {
        for text in ["4.00638E+12", "4,00638E+12", "4E+12", "4.0e+13"] {
            assert!(is_shortened(text), "{text}");
        }
        for text in ["4006381333931", "E+12", "4E12", "4E+1", "4.E+12", "40.1E+12", "A4E+12", "4E+1X", "TEE+12", ""] {
            assert!(!is_shortened(text), "{text}");
        }
    }

    #[test]
    fn a_number_tells_which_mark_its_writer_uses() {
        for (text, told) in [
            ("1,50", Evidence::Of(Comma)),
            ("1.234,5", Evidence::Of(Comma)),
            ("1.5", Evidence::Of(Point)),
            ("1,234,567", Evidence::Of(Point)),
            ("0,123", Evidence::Of(Comma)),
            ("1,234", Evidence::Either),
            ("12.750", Evidence::Either),
            ("1234", Evidence::Nothing),
            ("1 234", Evidence::Nothing),
            ("x", Evidence::Nothing),
        ] {
            assert_eq!(evidence(text), told, "{text}");
        }
    }
}
