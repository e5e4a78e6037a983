//! How the characters of a file are written.

use std::borrow::Cow;

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// What nearly everything writes today.
    Utf8,
    /// "Unicode text" of some spreadsheets, the low byte first.
    Utf16Le,
    /// The same, the high byte first.
    Utf16Be,
    /// What spreadsheets of Western Europe write as CSV where nobody asks for another.
    Windows1252,
}

impl Encoding {
    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Windows1252 => "Windows-1252",
        }
    }

    /// The encoding of this name.
    pub(crate) fn named(name: &str) -> Result<Encoding, &'static str> {
        match name.to_lowercase().as_str() {
            "utf-8" => Ok(Encoding::Utf8),
            "utf-16" | "utf-16le" => Ok(Encoding::Utf16Le),
            "utf-16be" => Ok(Encoding::Utf16Be),
            "windows-1252" => Ok(Encoding::Windows1252),
            _ => Err("one of utf-8, utf-16, utf-16be and windows-1252"),
        }
    }
}

/// The text of a file.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: Encoding,
    /// Whether there were bytes that are no characters; the replacement character stands for them.
    pub(super) is_damaged: bool,
}

/// Reads a file in this encoding, or in the one that its bytes show.
pub(super) fn decode(bytes: &[u8], given: Option<Encoding>) -> Decoded<'_> {
    let marked = [
        (&b"\xef\xbb\xbf"[..], Encoding::Utf8),
        (&b"\xff\xfe"[..], Encoding::Utf16Le),
        (&b"\xfe\xff"[..], Encoding::Utf16Be),
    ];
    let mark = marked.iter().find_map(|(mark, encoding)| Some((bytes.strip_prefix(*mark)?, *encoding)));
    match (mark, given) {
        // A mark at the beginning says more than anybody.
        (Some((rest, encoding)), _) => decode_as(rest, encoding),
        (None, Some(encoding)) => decode_as(bytes, encoding),
        (None, None) => decode_as(bytes, guessed(bytes)),
    }
}

fn guessed(bytes: &[u8]) -> Encoding {
    let beginning = bytes.get(..64).unwrap_or(bytes);
    let zeros = |odd: usize| beginning.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    // The names of columns are letters of English: every other byte of them is zero.
    let half = beginning.len().div_ceil(4).max(1);
    if zeros(1) >= half && zeros(0) == 0 {
        return Encoding::Utf16Le;
    }
    if zeros(0) >= half && zeros(1) == 0 {
        return Encoding::Utf16Be;
    }
    if std::str::from_utf8(bytes).is_ok() || has_utf8(bytes) || bytes.iter().any(|byte| windows_1252(*byte).is_none()) {
        return Encoding::Utf8;
    }
    Encoding::Windows1252
}

/// Whether there are characters that only UTF-8 writes so: then what is no UTF-8 is a mistake, and no other encoding.
fn has_utf8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

fn decode_as(bytes: &[u8], encoding: Encoding) -> Decoded<'_> {
    match encoding {
        Encoding::Utf8 => {
            let is_damaged = std::str::from_utf8(bytes).is_err();
            Decoded { text: String::from_utf8_lossy(bytes), encoding, is_damaged }
        }
        Encoding::Utf16Le => of_utf16(bytes, encoding, u16::from_le_bytes),
        Encoding::Utf16Be => of_utf16(bytes, encoding, u16::from_be_bytes),
        Encoding::Windows1252 => {
            let mut is_damaged = false;
            let text = bytes.iter().map(|byte| {
                windows_1252(*byte).unwrap_or_else(|| {
                    is_damaged = true;
                    char::REPLACEMENT_CHARACTER
                })
            });
            let text = Cow::Owned(text.collect());
            Decoded { text, encoding, is_damaged }
        }
    }
}

fn of_utf16(bytes: &[u8], encoding: Encoding, number: fn([u8; 2]) -> u16) -> Decoded<'static> {
    let pairs = bytes.chunks_exact(2);
    let mut is_damaged = !pairs.remainder().is_empty();
    let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(number);
    let text = char::decode_utf16(units).map(|unit| {
        unit.unwrap_or_else(|_| {
            is_damaged = true;
            char::REPLACEMENT_CHARACTER
        })
    });
    let text = Cow::Owned(text.collect());
    Decoded { text, encoding, is_damaged }
}

/// The characters from 0x80 to 0x9F; those that Windows-1252 has none for are NUL.
const FROM_80: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•',
    '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => FROM_80.get(usize::from(byte.saturating_sub(0x80))).copied().filter(|sign| *sign != '\0'),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> (String, Encoding, bool) {
        let Decoded { text, encoding, is_damaged } = decode(bytes, None);
        (text.into_owned(), encoding, is_damaged)
    }

    #[test]
    fn the_encoding_of_a_file_is_seen_from_its_bytes() {
        let text = "sku,name\nA,Café €\n";
        let utf16 = |number: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(number).collect::<Vec<u8>>();
        let (le, be) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked(b"\xef\xbb\xbf", text.as_bytes()), Encoding::Utf8),
            (marked(b"\xff\xfe", &le), Encoding::Utf16Le),
            (marked(b"\xfe\xff", &be), Encoding::Utf16Be),
            (le, Encoding::Utf16Le),
            (be, Encoding::Utf16Be),
            (b"sku,name\nA,Caf\xe9 \x80\n".to_vec(), Encoding::Windows1252),
        ] {
            assert_eq!(told(&bytes), (text.to_owned(), encoding, false), "{encoding:?}");
        }
    }

    #[test]
    fn a_file_of_two_encodings_is_damaged() {
        let (_, encoding, is_damaged) =
            told("Café".as_bytes().iter().chain(b" caf\xe9").copied().collect::<Vec<_>>().as_slice());
        assert_eq!((encoding, is_damaged), (Encoding::Utf8, true));
        assert_eq!(told(b"sku\x81").1, Encoding::Utf8, "Windows-1252 has no such character");
        assert!(told(b"\xff\xfea\0b").2, "half a character");
    }
}
