//! Texts that a spreadsheet would take for a formula.

use std::borrow::Cow;

/// What makes a formula of a text that begins with it, also full width, as it is typed in East Asia.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A text that no spreadsheet takes for a formula: an apostrophe before it says that it is text. A number is one.
///
/// A text that has such an apostrophe itself gets one more, so that [`restored`] gives back what there was.
pub(super) fn defused(text: &str) -> Cow<'_, str> {
    if is_formula(text) && !is_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`defused`] was given.
pub(super) fn restored(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

/// Whether a text would be taken for a formula, or is one that was defused.
fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(BEGINNINGS)
}

fn is_number(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    [whole, decimals].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_written_as_text_and_a_number_as_a_number() {
        for formula in [
            "=1+1",
            "+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "-",
            "-a",
            "=",
            "\r=1",
            "\n=1",
            " =1",
            "＝HYPERLINK(1)",
            "＋1",
            "－1",
            "＠A1",
            "-1.2.3",
            "'=1",
            "'-1",
            "\u{a0}=1",
        ] {
            assert_eq!(defused(formula), format!("'{formula}"));
        }
        for plain in ["-1.50", "-0.000001", "12", "green tea", "", "a=b", "'quoted", "'", "''"] {
            assert_eq!(defused(plain), plain);
        }
    }

    #[test]
    fn what_was_defused_comes_back() {
        for text in ["=1+1", "'=1", "''=1", "-5", "'-5", "'quoted", "'", "", "＝1", "\t", "'\t"] {
            assert_eq!(restored(&defused(text)), text);
        }
    }
}
