//! The form in which texts are compared.

use super::characters::is_ignorable;
use unicode_normalization::UnicodeNormalization as _;

/// Folds a text for comparing and searching: letters and their accents composed (Unicode's NFC), every character to upper
/// case, those that show nothing left out; independent of any locale.
///
/// This one rule serves memory and SQL: stores keep a column with the folded text, because the databases' own rules differ
/// from one another. Accents are kept. Folding twice changes nothing more. Source: Unicode, chapter 3.13 (canonical caseless
/// matching), by upper case instead of lower.
///
/// ```
/// use ims_core::text::fold;
///
/// assert_eq!(fold("Weißbier"), "WEISSBIER");
/// assert_eq!(fold("são paulo"), "SÃO PAULO");
/// assert_eq!(fold("cafe\u{301}"), fold("CAFÉ"));
/// assert_ne!(fold("são paulo"), fold("sao paulo"));
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let seen: String = text.chars().filter(|found| !is_ignorable(*found)).collect();
    compose(&compose(&seen).chars().flat_map(|letter| small(letter).to_uppercase()).collect::<String>())
}

/// Whether a folded category is another one or below it: `DRINKS/TEA` is below `DRINKS`, `DRINKWARE` is not.
///
/// ```
/// use ims_core::text::{fold, is_below};
///
/// assert!(is_below(&fold("Drinks"), &fold("drinks/Tea")));
/// assert!(!is_below(&fold("Drinks"), &fold("Drinkware")));
/// ```
#[must_use]
pub fn is_below(above: &str, category: &str) -> bool {
    category.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The two capital letters whose small letter has another capital: `ẞ` is written `SS` as `ß` is.
fn small(letter: char) -> char {
    match letter {
        '\u{1e9e}' => 'ß',
        '\u{3f4}' => 'θ',
        letter => letter,
    }
}

/// The first character that another one can be composed with.
const FIRST_MARK: char = '\u{300}';

fn compose(text: &str) -> String {
    if text.chars().all(|letter| letter < FIRST_MARK) { text.to_owned() } else { text.nfc().collect() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn every_character() -> impl Iterator<Item = char> {
        char::MIN..=char::MAX
    }

    /// A store folds what it has folded before: that must change nothing.
    #[test]
    fn every_character_is_folded_once() {
        for character in every_character() {
            let once = fold(character.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&once), once, "{character:?}");
        }
    }

    #[test]
    fn a_letter_is_the_same_small_and_large_composed_and_not() {
        for letter in every_character() {
            let typed = letter.to_string();
            let folded = fold(&typed);
            // A dotted capital I alone is small as two characters, a letter and its dot.
            let lower: String = typed.to_lowercase();
            assert_eq!(fold(&lower), folded, "{letter:?} in small letters");
            assert_eq!(fold(&typed.to_uppercase()), folded, "{letter:?} in capital letters");
            assert_eq!(fold(&typed.nfd().collect::<String>()), folded, "{letter:?} decomposed");
            assert_eq!(fold(&typed.nfc().collect::<String>()), folded, "{letter:?} composed");
        }
    }

    #[test]
    fn what_nobody_sees_makes_no_other_name() {
        assert_eq!(fold("O\u{200b}ld"), "OLD");
        assert_eq!(fold("می\u{200c}خواهم"), fold("میخواهم"));
        assert_eq!(fold("a\u{34f}\u{301}"), "Á");
    }

    #[test]
    fn words_that_differ_stay_apart() {
        let words =
            ["eclair", "éclair", "strase", "straße", "istanbul", "İstanbul", "a b", "a  b", "ａ", "a", "Ω1", "O1"];
        let folded: std::collections::BTreeSet<String> = words.iter().map(|word| fold(word)).collect();
        assert_eq!(folded.len(), words.len());
        assert_eq!(fold("STRAẞE"), fold("strasse"));
        assert_eq!(fold("\u{212a}ilo \u{212b}"), fold("kilo å"));
    }

    /// Letters and marks that meet in names, more often than chance brings them together.
    fn marked() -> impl Strategy<Value = String> {
        let letter = prop::sample::select(vec![
            'a', 'E', 'ß', 'ẞ', 'ΐ', 'ᾳ', 'ǰ', 'İ', 'ı', 'Σ', 'ς', 'ﬃ', '각', 'ᄀ', 'ক', '\u{1100}',
        ]);
        let mark = prop::sample::select(vec![
            '\u{301}', '\u{307}', '\u{308}', '\u{323}', '\u{345}', '\u{342}', '\u{1161}', '\u{11a8}', '\u{200d}',
            '\u{34f}',
        ]);
        prop::collection::vec(prop_oneof![letter, mark, any::<char>()], 0..8)
            .prop_map(|text| text.into_iter().collect())
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in marked()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn spelling_makes_no_difference(text in marked()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), folded.clone());
            prop_assert_eq!(fold(&text.nfc().collect::<String>()), folded);
        }
    }
}
