//! Bars made of Unicode blocks.

use ims_core::Amount;

const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A bar as long as `part` is of `whole`, at most `cells` characters; nothing for what is not above zero.
pub(crate) fn bar(part: Amount, whole: Amount, cells: u32) -> String {
    if !part.is_positive() || !whole.is_positive() {
        return String::new();
    }
    let eighths = i128::from(part.micros()).saturating_mul(i128::from(cells.saturating_mul(8)));
    let eighths = eighths.checked_div(i128::from(whole.micros())).unwrap_or(0);
    // The smallest bar is still one that can be seen.
    let eighths = usize::try_from(eighths).unwrap_or(0).clamp(1, usize::try_from(cells.saturating_mul(8)).unwrap_or(1));
    let mut bar = "█".repeat(eighths / 8);
    if let Some(rest) = EIGHTHS.get(eighths % 8).filter(|rest| **rest != ' ') {
        bar.push(*rest);
    }
    bar
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part_of_the_whole() {
        let of = |part: &str| bar(part.parse().unwrap(), "8".parse().unwrap(), 4);
        assert_eq!(of("8"), "████");
        assert_eq!(of("4"), "██");
        assert_eq!(of("3"), "█▌");
        assert_eq!(of("0.001"), "▏");
        assert_eq!(of("0"), "");
        assert_eq!(of("-3"), "");
        assert_eq!(of("80"), "████");
    }
}
