//! Texts that people type: checked once at the door, folded by one rule.
//!
//! What a person types is kept as it was typed and compared in another form: [`fold`] makes it, for every name, code, SKU,
//! barcode, brand, category and city, wherever one comes in and wherever one is looked for. Which texts name one thing is
//! decided by [`Name`].

mod characters;
mod folding;
pub mod gtin;
mod name;

pub use folding::{fold, is_below};
pub use name::{Name, NameKind, NameRow};

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::form::string_form;

/// Names the most characters a SKU may have.
pub const MAX_SKU_CHARS: usize = 64;
/// Names the most characters a name may have: of an item, a brand, a location, a customer.
pub const MAX_NAME_CHARS: usize = 200;
/// Names the most characters a description or a note may have.
pub const MAX_DESCRIPTION_CHARS: usize = 4000;

/// Says which text was refused, and why.
///
/// ```
/// use ims_core::text::{Sku, TextProblem};
///
/// let error = Sku::new("RUM-1L ").unwrap_err();
/// assert_eq!(error.problem, TextProblem::SurroundingSpace);
/// assert_eq!(error.to_string(), "sku must not begin or end with a space");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {problem}")]
pub struct TextError {
    /// The name of the field, as the caller wrote it.
    pub field: &'static str,
    /// What is wrong with its text.
    pub problem: TextProblem,
}

/// Says what is wrong with a text. The first that applies is reported, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// The text has no characters, or none that anybody can see.
    #[error("must not be empty")]
    Empty,
    /// The text has more characters (Unicode scalar values) than its field holds.
    #[error("must not be longer than {max_chars} characters")]
    TooLong {
        /// The most characters that the field holds.
        max_chars: usize,
    },
    /// The text holds a character that is no part of a text, such as a tab, a line break or a NUL.
    #[error("must not hold a control character (character {})", .at.saturating_add(1))]
    ControlCharacter {
        /// How many characters stand before it.
        at: usize,
    },
    /// A code holds a character that cannot be seen or told apart from another, or a name holds one that cannot be seen or
    /// turns the text around: as they come along when a text is copied from elsewhere.
    #[error(
        "must not hold a hidden or unknown character (character {} is U+{:04X}): type it by hand instead of pasting it",
        .at.saturating_add(1),
        u32::from(*.found)
    )]
    HiddenCharacter {
        /// How many characters stand before it.
        at: usize,
        /// The character.
        found: char,
    },
    /// The text begins or ends with white space, which nobody sees and every search trips over.
    #[error("must not begin or end with a space")]
    SurroundingSpace,
}

/// Checks a text of one line: 1 to `max_chars` characters, no control character, none that turns the text around or that
/// nobody sees, no white space around it.
///
/// Length is counted in Unicode scalar values, so that the limit is the same in every language of the world. Characters
/// that join others or choose their form are welcome where a script or an emoji needs them: behind `می` and behind a
/// family's first head, and not behind `TEA`, where they would make another name that looks the same.
///
/// # Errors
/// [`TextError`] with `field` and the first problem found.
///
/// ```
/// use ims_core::text::{MAX_NAME_CHARS, TextProblem, check_text};
///
/// check_text("name", "Café crème 1 kg", MAX_NAME_CHARS)?;
/// let error = check_text("name", "two\nlines", MAX_NAME_CHARS).unwrap_err();
/// assert_eq!(error.problem, TextProblem::ControlCharacter { at: 3 });
/// # Ok::<(), ims_core::text::TextError>(())
/// ```
pub fn check_text(field: &'static str, text: &str, max_chars: usize) -> Result<(), TextError> {
    let hidden = |at: Place| !characters::turns_around(at.found) && characters::shows(at.before, at.found, at.next);
    let allowed = Allowed { control: |_| false, hidden };
    find_problem(field, text, max_chars, allowed)
}

/// Checks a text of several lines, such as a description: as [`check_text`], but line breaks and tabs are welcome inside it.
///
/// # Errors
/// [`TextError`] with `field` and the first problem found.
///
/// ```
/// use ims_core::text::{MAX_DESCRIPTION_CHARS, check_lines};
///
/// check_lines("description", "Dark rum.\n\n\tAged 7 years.", MAX_DESCRIPTION_CHARS)?;
/// assert!(check_lines("description", "Dark rum.\n", MAX_DESCRIPTION_CHARS).is_err());
/// # Ok::<(), ims_core::text::TextError>(())
/// ```
pub fn check_lines(field: &'static str, text: &str, max_chars: usize) -> Result<(), TextError> {
    let control = |found| matches!(found, '\n' | '\r' | '\t');
    let hidden = |at: Place| !characters::turns_around(at.found) || characters::breaks_lines(at.found);
    find_problem(field, text, max_chars, Allowed { control, hidden })
}

/// Checks a text by which something is told apart and found: a SKU, a barcode, a code, a series of numbers. As
/// [`check_text`], and every character can be seen, is assigned in Unicode, and looks the same everywhere.
///
/// # Errors
/// [`TextError`] with `field` and the first problem found.
///
/// ```
/// use ims_core::text::{TextProblem, check_code};
///
/// check_code("sku", "CAFÉ 1/2", 64)?;
/// let error = check_code("sku", "TEA\u{200b}-1", 64).unwrap_err();
/// assert_eq!(error.problem, TextProblem::HiddenCharacter { at: 3, found: '\u{200b}' });
/// # Ok::<(), ims_core::text::TextError>(())
/// ```
pub fn check_code(field: &'static str, text: &str, max_chars: usize) -> Result<(), TextError> {
    find_problem(field, text, max_chars, Allowed { control: |_| false, hidden: |at| characters::is_plain(at.found) })
}

/// Checks only what every version has refused: how a SKU is read that a shop has already.
fn check_kept(field: &'static str, text: &str, max_chars: usize) -> Result<(), TextError> {
    find_problem(field, text, max_chars, Allowed { control: |_| false, hidden: |_| true })
}

/// Which characters a text may hold that not every text may.
struct Allowed {
    /// Of the control characters.
    control: fn(char) -> bool,
    /// Of all others, where they stand.
    hidden: fn(Place) -> bool,
}

/// A character between its neighbours.
#[derive(Clone, Copy)]
struct Place {
    before: Option<char>,
    found: char,
    next: Option<char>,
}

/// Every character of a text in its place.
fn places(text: &str) -> impl Iterator<Item = Place> {
    let before = std::iter::once(None).chain(text.chars().map(Some));
    let next = text.chars().skip(1).map(Some).chain(std::iter::once(None));
    before.zip(text.chars()).zip(next).map(|((before, found), next)| Place { before, found, next })
}

fn find_problem(field: &'static str, text: &str, max_chars: usize, allowed: Allowed) -> Result<(), TextError> {
    let problem = |problem| Err(TextError { field, problem });
    if text.is_empty() {
        return problem(TextProblem::Empty);
    }
    // `nth` stops at the limit: a text of a gigabyte costs no more than one that is a character too long.
    if text.chars().nth(max_chars).is_some() {
        return problem(TextProblem::TooLong { max_chars });
    }
    if let Some(at) = text.chars().position(|found| found.is_control() && !(allowed.control)(found)) {
        return problem(TextProblem::ControlCharacter { at });
    }
    if let Some((at, place)) = places(text).enumerate().find(|(_, place)| !(allowed.hidden)(*place)) {
        return problem(TextProblem::HiddenCharacter { at, found: place.found });
    }
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        return problem(TextProblem::SurroundingSpace);
    }
    if text.chars().all(characters::is_ignorable) {
        return problem(TextProblem::Empty);
    }
    Ok(())
}

/// Names an item as people do: 1 to [`MAX_SKU_CHARS`] characters, kept as typed, compared by its [`SkuKey`].
///
/// Two SKUs are `==` only when they are spelled alike; whether they name the same item is a question for [`Name::item`].
/// In JSON it is a string. Cloning is cheap.
///
/// ```
/// use ims_core::text::Sku;
///
/// let sku = Sku::new("Rum-1L")?;
/// assert_eq!(sku.as_str(), "Rum-1L");
/// assert_eq!(sku.folded(), Sku::new("RUM-1l")?.folded());
/// assert!(Sku::new("").is_err());
/// assert!(Sku::new(" RUM").is_err());
/// assert!(Sku::new(&"R".repeat(65)).is_err());
/// # Ok::<(), ims_core::text::TextError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sku(Arc<str>);

impl Sku {
    /// Checks a SKU and keeps it as typed.
    ///
    /// A SKU that a shop has already is read whatever its characters are; which ones a new SKU may have is decided by the
    /// commands that give one, by [`check_code`].
    ///
    /// # Errors
    /// [`TextError`] for the field `sku`.
    pub fn new(text: &str) -> Result<Self, TextError> {
        check_kept("sku", text, MAX_SKU_CHARS)?;
        Ok(Self(Arc::from(text)))
    }

    /// Returns the SKU as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn form(&self) -> &str {
        &self.0
    }

    /// Returns the form that is compared: the same for `rum-1l` and `RUM-1L`.
    #[must_use]
    pub fn folded(&self) -> SkuKey {
        SkuKey::of(&self.0)
    }
}

impl FromStr for Sku {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::new(text)
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sku({:?})", &*self.0)
    }
}

string_form!(Sku, "a SKU");

/// Holds a folded SKU: what items are listed by. Made by [`Sku::folded`], or from any text that may be one. Which item a text
/// names is a question for [`Name::item`].
///
/// ```
/// use ims_core::text::{Sku, SkuKey};
///
/// assert_eq!(SkuKey::of("rum-1l"), Sku::new("Rum-1L")?.folded());
/// assert_ne!(SkuKey::of("rum-1l "), SkuKey::of("rum-1l"));
/// # Ok::<(), ims_core::text::TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SkuKey(String);

impl SkuKey {
    /// Folds a text that may be a SKU, folded already or not.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(fold(text))
    }

    /// Returns the folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SkuKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(text: &str) -> Option<TextProblem> {
        check_text("name", text, 5).err().map(|error| error.problem)
    }

    #[test]
    fn the_first_problem_is_reported() {
        assert_eq!(problem(""), Some(TextProblem::Empty));
        assert_eq!(problem("\t12345"), Some(TextProblem::TooLong { max_chars: 5 }));
        assert_eq!(problem(" a\0"), Some(TextProblem::ControlCharacter { at: 2 }));
        assert_eq!(problem("é\u{85}"), Some(TextProblem::ControlCharacter { at: 1 }));
        assert_eq!(problem(" a"), Some(TextProblem::SurroundingSpace));
        assert_eq!(problem("a\u{a0}"), Some(TextProblem::SurroundingSpace));
        assert_eq!(problem("a b"), None);
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        assert_eq!(problem("日本語の茶"), None);
        assert_eq!(problem("日本語のお茶"), Some(TextProblem::TooLong { max_chars: 5 }));
    }

    #[test]
    fn only_a_description_has_lines() {
        assert_eq!(check_lines("note", "a\r\n\tb", 10), Ok(()));
        let error = check_lines("note", "a\0b", 10).unwrap_err();
        assert_eq!(error.to_string(), "note must not hold a control character (character 2)");
        assert!(check_lines("note", "\n", 10).is_err());
    }

    #[test]
    fn a_sku_keeps_its_case_and_is_compared_without() {
        let (typed, other) = (Sku::new("straße-1").unwrap(), Sku::new("STRASSE-1").unwrap());
        assert_ne!(typed, other);
        assert_eq!(typed.folded(), other.folded());
        assert_eq!(typed.to_string(), "straße-1");
        assert_eq!(typed.folded().to_string(), "STRASSE-1");
        assert_eq!(format!("{typed:?}"), r#"Sku("straße-1")"#);
    }

    #[test]
    fn the_json_of_a_sku_is_its_text() {
        let sku = Sku::new("Rum \"1L\"").unwrap();
        let json = r#""Rum \"1L\"""#;
        assert_eq!(serde_json::to_string(&sku).unwrap(), json);
        assert_eq!(serde_json::from_str::<Sku>(json).unwrap(), sku);
        let error = serde_json::from_str::<Sku>(r#""""#).unwrap_err();
        assert_eq!(error.to_string(), "sku must not be empty at line 1 column 2");
        assert!(serde_json::from_str::<Sku>("7").is_err());
    }

    #[test]
    fn a_code_holds_nothing_that_cannot_be_seen() {
        let found = |text: &str| match check_code("sku", text, 64) {
            Err(TextError { problem: TextProblem::HiddenCharacter { found, .. }, .. }) => Some(found),
            _ => None,
        };
        // Joiners and spaces without a width, marks of direction, odd spaces, fillers, private, unassigned, no characters.
        for hidden in [
            '\u{ad}',
            '\u{34f}',
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{fe0f}',
            '\u{a0}',
            '\u{2003}',
            '\u{3164}',
            '\u{115f}',
            '\u{2800}',
            '\u{2028}',
            '\u{e000}',
            '\u{378}',
            '\u{fffe}',
            '\u{10ffff}',
            '\u{e0041}',
        ] {
            assert_eq!(found(&format!("A{hidden}1")), Some(hidden), "{hidden:?}");
        }
        for plain in ["CAFÉ", "CAFE\u{301}", "日本語の茶", "चाय", "\"1/2\" 'x' \\y", "ЧАЙ-1", "شاي", "🍵", "a b", "½ ™"]
        {
            assert_eq!(check_code("sku", plain, 64), Ok(()), "{plain}");
        }
    }

    #[test]
    fn a_name_has_joiners_where_they_are_needed_and_turns_nothing_around() {
        for fine in [
            "\u{1f469}\u{200d}\u{1f692} crew",
            "\u{2764}\u{fe0f}\u{200d}\u{1f525}",
            "\u{1f469}\u{1f3fd}\u{200d}\u{1f692}",
            "1\u{fe0f}\u{20e3} tea",
            "\u{a9}\u{fe0f}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "می\u{200c}خواهم",
            "ക്\u{200d}",
            "ශ්\u{200d}රී",
            "葛\u{e0100}",
            "ᠠ\u{180b}",
            "a\u{a0}b",
        ] {
            assert_eq!(check_text("name", fine, 200), Ok(()), "{fine:?}");
        }
        for (text, at, found) in [
            ("a\u{202e}b", 1, '\u{202e}'),
            ("\u{2067}a", 0, '\u{2067}'),
            ("ab\u{2028}c", 2, '\u{2028}'),
            ("TEA\u{200b}", 3, '\u{200b}'),
            ("\u{feff}mark", 0, '\u{feff}'),
            ("soft\u{ad}ly", 4, '\u{ad}'),
            ("TEA\u{200d}", 3, '\u{200d}'),
            ("T\u{200c}EA", 1, '\u{200c}'),
            ("Caf\u{e9}\u{200d}", 4, '\u{200d}'),
            ("می\u{200c}\u{200c}خ", 3, '\u{200c}'),
            ("A\u{fe0f}", 1, '\u{fe0f}'),
            ("1\u{fe0f}", 1, '\u{fe0f}'),
            ("\u{200d}\u{200b}", 0, '\u{200d}'),
            ("a\u{3164}b", 1, '\u{3164}'),
            ("a\u{2060}b", 1, '\u{2060}'),
            ("a\u{e0067}", 1, '\u{e0067}'),
        ] {
            let problem = check_text("name", text, 200).unwrap_err().problem;
            assert_eq!(problem, TextProblem::HiddenCharacter { at, found }, "{text:?}");
        }
        assert_eq!(check_lines("note", "a\u{2028}b", 200), Ok(()));
        assert_eq!(check_lines("note", "\u{200d}\u{200b}", 200).unwrap_err().problem, TextProblem::Empty);
    }

    #[test]
    fn a_hidden_character_is_named() {
        let error = check_code("sku", "TEA\u{200b}", 64).unwrap_err();
        let says = "sku must not hold a hidden or unknown character (character 4 is U+200B): type it by hand instead of pasting it";
        assert_eq!(error.to_string(), says);
    }

    proptest! {
        #[test]
        fn a_sku_that_is_accepted_reads_back(text: String) {
            if let Ok(sku) = Sku::new(&text) {
                prop_assert_eq!(sku.as_str(), &text);
                prop_assert_eq!(SkuKey::of(sku.folded().as_str()), sku.folded());
                let json = serde_json::to_string(&sku).unwrap();
                prop_assert_eq!(serde_json::from_str::<Sku>(&json).unwrap(), sku);
            }
        }
    }
}
