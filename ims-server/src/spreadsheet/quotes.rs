//! Quotes that do not come in pairs: what follows one, whole rows of it, would be read as a part of its cell.

/// What is wrong with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unpaired {
    /// The line in which its cell begins, from 1.
    pub(super) line: u64,
    pub(super) problem: &'static str,
}

/// Where a byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// At the beginning of a cell.
    Beginning,
    /// In a cell without quotes, in which a quote is a sign like others.
    Plain,
    /// Between quotes.
    Quoted,
    /// After a quote between quotes: the cell ends there, or the quote was written twice.
    Quote,
    /// In blanks after the end of a quoted cell.
    Ended,
}

/// Finds the first quote that is not closed, or is closed in the middle of a cell.
pub(super) fn unpaired(text: &str, delimiter: u8) -> Option<Unpaired> {
    let (mut at, mut line, mut begun) = (At::Beginning, 1_u64, 1);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let is_between = byte == delimiter || matches!(byte, b'\r' | b'\n');
        at = match at {
            At::Beginning if byte == b'"' => {
                begun = line;
                At::Quoted
            }
            At::Quoted if byte == b'"' => At::Quote,
            At::Quoted => At::Quoted,
            At::Quote if byte == b'"' => At::Quoted,
            _ if is_between => At::Beginning,
            At::Beginning | At::Plain => At::Plain,
            At::Quote | At::Ended if byte == b' ' => At::Ended,
            At::Quote | At::Ended => {
                return Some(Unpaired { line: begun, problem: "a cell goes on after the quote that closes it" });
            }
        };
        let half = byte == b'\r' && bytes.peek() == Some(&b'\n');
        if matches!(byte, b'\r' | b'\n') && !half {
            line = line.saturating_add(1);
        }
    }
    (at == At::Quoted).then_some(Unpaired { line: begun, problem: "a quote is opened and never closed" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(u64, bool)> {
        unpaired(text, b',').map(|found| (found.line, found.problem.contains("never closed")))
    }

    #[test]
    fn quotes_in_pairs_and_within_plain_cells_are_fine() {
        for fine in [
            "",
            "a,b\n",
            "\"a\",\"b\"",
            "\"a\"\"\",\"\"\r\n",
            "12\" pipe,b\n",
            "a,\"two\r\nlines, and more\"\n",
            "\"a\" ,b\n",
        ] {
            assert_eq!(found(fine), None, "{fine}");
        }
    }

    #[test]
    fn a_quote_that_swallows_what_follows_is_found_in_its_line() {
        assert_eq!(found("a,b\nc,\"12 inch\nd,e\n"), Some((2, true)));
        assert_eq!(found("a,b\r\n\"x\r\ny\",\"cut o"), Some((3, true)));
        assert_eq!(found("a,b\rc,\"said \"\"so\"\""), Some((2, true)));
        assert_eq!(found("a,b\nc,\"12 inch\nd,\"e\"\n"), Some((2, false)));
        assert_eq!(found("a,b\nc,\"12\" pipe\"\n"), Some((2, false)));
        assert_eq!(unpaired("a;\"b\";c", b';'), None);
    }
}
