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

/// Whether a character changes the direction of what follows it, or ends a line: a name that has one is shown as another.
pub(super) fn turns_around(found: char) -> bool {
    matches!(found, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') || breaks_lines(found)
}

/// Whether a character ends a line without being a control character.
pub(super) fn breaks_lines(found: char) -> bool {
    matches!(found, '\u{2028}' | '\u{2029}')
}
