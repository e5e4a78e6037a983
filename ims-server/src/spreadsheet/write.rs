//! Writing rows.

use super::cell::defused;

/// What a line ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// As files of Unix do.
    Lf,
    /// As RFC 4180 has it for what is sent as `text/csv`.
    CrLf,
}

/// Adds a row of cells.
pub(crate) fn write_row<C: AsRef<str>>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = C>, end: LineEnd) {
    let mut first = true;
    for cell in cells {
        if !first {
            out.push(b',');
        }
        let text = defused(cell.as_ref());
        if needs_quotes(&text) {
            out.push(b'"');
            out.extend(text.replace('"', "\"\"").bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(text.as_bytes());
        }
        first = false;
    }
    out.extend_from_slice(if end == LineEnd::Lf { b"\n" } else { b"\r\n" });
}

/// Whether a text could be taken for more than one cell, or for less than it is.
fn needs_quotes(text: &str) -> bool {
    text.contains(['"', ',', ';', '\t', '\r', '\n'])
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_one_cell_wherever_it_is_opened() {
        let mut out = Vec::new();
        write_row(&mut out, ["TEA", "a, b", "a;b", "say \"tea\"", "", " x", "=1+1", "-1.5"], LineEnd::Lf);
        write_row(&mut out, ["two\nlines"], LineEnd::CrLf);
        let text = "TEA,\"a, b\",\"a;b\",\"say \"\"tea\"\"\",,\" x\",'=1+1,-1.5\n\"two\nlines\"\r\n";
        assert_eq!(String::from_utf8_lossy(&out), text);
    }
}
