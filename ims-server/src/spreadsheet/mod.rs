//! Files that spreadsheets read and write: one writer and one reader for everything that is CSV.
//!
//! What is written is text to every spreadsheet, never a formula ([`cell`]); what is read may have been written by a
//! spreadsheet of another country: with another character between columns, other marks in numbers, another encoding.

mod cell;
mod encoding;
mod number;
mod quotes;
mod read;
mod write;

pub(crate) use encoding::Encoding;
pub(crate) use number::DecimalMark;
pub(crate) use read::{BadRow, Columns, Problems, ReadAs, Reading, Sheet};
pub(crate) use write::{LineEnd, write_row};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLUMNS: Columns = Columns {
        known: &["sku", "name"],
        aliases: &[],
        needed: &["sku", "name"],
        ignored: &[],
        numbers: &[],
        codes: &[],
    };

    fn read_back(name: &str, end: LineEnd) -> Option<String> {
        let mut file = Vec::new();
        write_row(&mut file, ["sku", "name"], end);
        write_row(&mut file, ["A", name], end);
        let mut problems = Problems::default();
        let sheet = Sheet::read("file", &file, &Reading::default(), &COLUMNS, &mut problems).unwrap();
        assert!(problems.rows.is_empty(), "{:?}", problems.rows);
        let (_, record) = sheet.records.into_iter().next()?;
        record.get(1).map(str::to_owned)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_as_it_was(name in r#"['=+@\-\t\r\n ;,"＝＋－＠a1é.]{1,8}"#, crlf: bool) {
            let end = if crlf { LineEnd::CrLf } else { LineEnd::Lf };
            prop_assert_eq!(read_back(&name, end), Some(name));
        }

        #[test]
        fn any_text_is_read_back_as_it_was(name in r"[^\x00\u{FEFF}\u{FFFD}]{1,20}") {
            prop_assert_eq!(read_back(&name, LineEnd::Lf), Some(name));
        }
    }
}
