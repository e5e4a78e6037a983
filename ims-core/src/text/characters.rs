//! Kinds of characters, as far as it matters who can see them.

/// Whether a character may be in a code: it shows something of its own, has a meaning in Unicode, and is no other space
/// than the one on every keyboard.
pub(super) fn is_plain(found: char) -> bool {
    is_printable(found) && !is_ignorable(found) && found != BRAILLE_BLANK
}

/// Shows nothing, and is counted among the symbols.
const BRAILLE_BLANK: char = '\u{2800}';

/// Whether the standard library writes a character as it is: not those that control, format, separate, are private or not
/// assigned.
fn is_printable(found: char) -> bool {
    if found.is_ascii() {
        return !found.is_ascii_control();
    }
    // Behind a letter a mark that combines with it is written as it is.
    let mut bytes = [0; 5];
    let Some((letter, rest)) = bytes.split_first_mut() else { return false };
    *letter = b'a';
    let end = found.encode_utf8(rest).len().saturating_add(1);
    let text = bytes.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.is_some_and(|text| text.escape_debug().nth(1) == Some(found))
}

/// Whether a character shows nothing unless it is understood (Unicode's `Default_Ignorable_Code_Point`).
pub(super) fn is_ignorable(found: char) -> bool {
    matches!(
        found,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character of a name can be seen, or does what scripts and emoji need where it stands: joins what is before it
/// to what follows, or chooses its form.
pub(super) fn shows(before: Option<char>, found: char, next: Option<char>) -> bool {
    let Some(before) = before else { return !is_ignorable(found) };
    match found {
        // Zero width non-joiner and joiner.
        '\u{200c}' | '\u{200d}' => (joins(before) && !is_ignorable(before)) || is_emoji(before) || before == '\u{fe0f}',
        // Variation selectors; digits have one in front of a keycap.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            (!before.is_ascii()
                && (joins(before) || is_emoji(before) || !before.is_alphabetic() || is_ideograph(before))
                && !is_ignorable(before))
                || (before.is_ascii() && next == Some('\u{20e3}'))
        }
        // Mongolian variants.
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        // A flag of a region is a black flag with the letters of the region behind it.
        '\u{e0020}'..='\u{e007f}' => matches!(before, '\u{1f3f4}' | '\u{e0020}'..='\u{e007e}'),
        _ => !is_ignorable(found),
    }
}

/// Whether a character is of a script whose letters join: Arabic and its kin, those of India and South-East Asia, Mongolian.
fn joins(found: char) -> bool {
    matches!(found, '\u{600}'..='\u{10ff}' | '\u{1200}'..='\u{1cff}' | '\u{a800}'..='\u{abff}' | '\u{10a00}'..='\u{11fff}')
}

fn is_emoji(found: char) -> bool {
    matches!(found, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

fn is_ideograph(found: char) -> bool {
    matches!(found, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character changes the direction of what follows it, or ends a line: a name that has one is shown as another.
pub(super) fn turns_around(found: char) -> bool {
    matches!(found, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') || breaks_lines(found)
}

/// Whether a character ends a line without being a control character.
pub(super) fn breaks_lines(found: char) -> bool {
    matches!(found, '\u{2028}' | '\u{2029}')
}
