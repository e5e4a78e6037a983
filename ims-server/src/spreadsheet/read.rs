//! Reading a file whole: its columns, and the rows that can be read.

use super::{
    DecimalMark, Encoding,
    cell::restored,
    encoding::{Decoded, decode},
    number::{Evidence, evidence, is_shortened, plain},
    quotes::{Unpaired, unpaired},
};
use crate::failure::{Failure, Outcome};
use csv::StringRecord;
use std::{borrow::Cow, collections::HashMap};

/// What is said about a file; the rest is seen from it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// What stands between two columns.
    pub(crate) delimiter: Option<u8>,
    /// What stands before the decimals of numbers.
    pub(crate) decimal_mark: Option<DecimalMark>,
    /// How its characters are written.
    pub(crate) encoding: Option<Encoding>,
}

/// The columns that a file may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    pub(crate) known: &'static [&'static str],
    /// Other names of some of them.
    pub(crate) aliases: &'static [(&'static str, &'static str)],
    /// Those that must be there.
    pub(crate) needed: &'static [&'static str],
    /// Those that may be there and say nothing: what a list has of its own shop.
    pub(crate) ignored: &'static [&'static str],
    /// Those that hold numbers.
    pub(crate) numbers: &'static [&'static str],
    /// Those that hold codes, which spreadsheets like to take for numbers.
    pub(crate) codes: &'static [&'static str],
}

/// How a file was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadAs {
    pub(crate) encoding: Encoding,
    pub(crate) delimiter: u8,
    pub(crate) decimal_mark: DecimalMark,
}

impl ReadAs {
    /// What a person should know: all that is not as it is documented.
    pub(crate) fn note(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.encoding != Encoding::Utf8 {
            parts.push(format!("as {}", self.encoding.name()));
        }
        match self.delimiter {
            b',' => {}
            b'\t' => parts.push("with tabs between columns".to_owned()),
            other => parts.push(format!("with {} between columns", char::from(other))),
        }
        if self.decimal_mark == DecimalMark::Comma {
            parts.push("with decimal commas".to_owned());
        }
        (!parts.is_empty()).then(|| format!("The file was read {}.", parts.join(", ")))
    }
}

/// Rows that cannot be used.
#[derive(Default)]
pub(crate) struct Problems {
    pub(crate) rows: Vec<BadRow>,
}

/// A row that cannot be used, and why.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) line: u64,
    pub(crate) problem: String,
}

impl Problems {
    pub(crate) fn add(&mut self, line: u64, problem: impl Into<String>) {
        self.rows.push(BadRow { line, problem: problem.into() });
    }
}

/// A file taken apart.
pub(crate) struct Sheet {
    /// Where each column is.
    pub(crate) places: HashMap<&'static str, usize>,
    /// The rows that are whole, each with its line. Numbers stand as the engine reads them.
    pub(crate) records: Vec<(u64, StringRecord)>,
    pub(crate) read_as: ReadAs,
}

/// What may stand between columns where nothing is said.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

impl Sheet {
    /// Reads a file. Rows that cannot be read are added to `problems`.
    ///
    /// # Errors
    /// [`Failure`] where the columns are not understood.
    pub(crate) fn read(
        file: &str,
        bytes: &[u8],
        reading: &Reading,
        columns: &'static Columns,
        problems: &mut Problems,
    ) -> Outcome<Sheet> {
        let decoded = decode(bytes, reading.encoding);
        let (said, text) = delimiter_line(&decoded.text);
        let delimiter = reading.delimiter.or(said).unwrap_or_else(|| find_delimiter(text, columns));
        let first_line = u64::from(said.is_some());
        if let Some(Unpaired { line, problem }) = unpaired(text, delimiter) {
            let problem = format!("{file}: line {}: {problem}", line.saturating_add(first_line));
            return Err(Failure::usage("file", problem).hint(QUOTE_TWICE));
        }
        let mut reader = csv_reader(text, delimiter);
        let unreadable = |error: csv::Error| Failure::usage("file", format!("{file}: {error}"));
        let header = reader.headers().map_err(unreadable)?.clone();
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        let width = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last.saturating_add(1));
        let places = places(file, names.get(..width).unwrap_or_default(), columns)?;
        let mut records = Vec::new();
        let mut record = StringRecord::new();
        let mut lines = Lines { text: text.as_bytes(), read: 0, line: 1 };
        while reader.read_record(&mut record).map_err(unreadable)? {
            let line = lines.at(record.position()).saturating_add(first_line);
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if record.len() < width || record.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
                problems.add(line, format!("has {} fields instead of {width}", record.len()));
                continue;
            }
            if let Some(column) = damaged(&decoded, &header, &record) {
                problems.add(line, format!("{column} is not {}: {SAVE_AS_UTF8}", decoded.encoding.name()));
                continue;
            }
            records.push((line, record.iter().take(width).map(restored).collect()));
        }
        let numbers: Vec<usize> = columns.numbers.iter().filter_map(|name| places.get(name)).copied().collect();
        let found = find_mark(&records, &numbers, delimiter);
        let decimal_mark = reading.decimal_mark.unwrap_or(found.mark);
        let unclear = reading.decimal_mark.is_none() && !found.is_clear;
        let mut sheet = Sheet {
            places,
            records: Vec::new(),
            read_as: ReadAs { encoding: decoded.encoding, delimiter, decimal_mark },
        };
        for (line, record) in records {
            sheet.check_codes(line, &record, columns, problems);
            let read = sheet.numbers_read(line, &record, &numbers, unclear, problems);
            sheet.records.push((line, read));
        }
        Ok(sheet)
    }

    /// Refuses codes of which a spreadsheet has kept the first digits alone. Several stand with | between them.
    fn check_codes(&self, line: u64, record: &StringRecord, columns: &Columns, problems: &mut Problems) {
        for column in columns.codes {
            let Some(cell) = self.places.get(column).and_then(|place| record.get(*place)) else { continue };
            for code in cell.split('|').map(str::trim).filter(|code| is_shortened(code)) {
                problems.add(line, format!("{column} {code} is a number that a spreadsheet has shortened: {AS_TEXT}"));
            }
        }
    }

    /// A row with its numbers as the engine reads them. One that is none stays as it is.
    fn numbers_read(
        &self,
        line: u64,
        record: &StringRecord,
        numbers: &[usize],
        unclear: bool,
        problems: &mut Problems,
    ) -> StringRecord {
        let mark = self.read_as.decimal_mark;
        let cells = record.iter().enumerate().map(|(place, cell)| {
            let number = cell.trim();
            if number.is_empty() || !numbers.contains(&place) {
                return Cow::Borrowed(cell);
            }
            let told = evidence(number);
            let name = || self.places.iter().find(|(_, at)| **at == place).map_or("a number", |(name, _)| name);
            if unclear && told == Evidence::Either {
                let both = [DecimalMark::Point, DecimalMark::Comma].map(|mark| plain(number, mark).unwrap_or_default());
                let [point, comma] = both;
                problems.add(line, format!("{} {number} may be {point} or {comma}: {SAY_MARK}", name()));
            } else if matches!(told, Evidence::Of(other) if other != mark) {
                let sign = mark.sign();
                problems.add(
                    line,
                    format!("{} {number} is not written with the decimal {sign} of the others: {SAY_MARK}", name()),
                );
            }
            plain(number, mark).map_or(Cow::Borrowed(cell), Cow::Owned)
        });
        cells.collect::<Vec<_>>().into()
    }
}

/// What to do where numbers are not clear.
const SAY_MARK: &str = "say with the option decimal-mark whether it is . or ,";

/// What to do where a quote stands alone.
const QUOTE_TWICE: &str =
    "a quote within a cell is written twice, and such a cell between quotes; a file that ends there was cut off";

/// What to do where characters are not known.
const SAVE_AS_UTF8: &str = "save the file as UTF-8 there (CSV UTF-8), and import that";

/// What to do where digits are lost.
const AS_TEXT: &str = "format the column as text there, enter the whole number again and export the file anew";

fn csv_reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// Takes off the line in which some spreadsheets say what stands between columns: `sep=;`, also in quotation marks.
fn delimiter_line(text: &str) -> (Option<u8>, &str) {
    let split = || {
        let (line, rest) = text.split_once(['\r', '\n'])?;
        // The second half of a CR LF.
        let rest = if text.get(line.len()..)?.starts_with("\r\n") { rest.get(1..)? } else { rest };
        let unquoted = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
        let said = unquoted.strip_prefix("sep=")?;
        match said.as_bytes() {
            [byte] => Some((*byte, rest)),
            _ => None,
        }
    };
    split().map_or((None, text), |(byte, rest)| (Some(byte), rest))
}

/// What stands between the names of columns: that with which most of them are known.
fn find_delimiter(text: &str, columns: &Columns) -> u8 {
    let known = |delimiter: u8| {
        let mut reader = csv_reader(text, delimiter);
        let header = reader.headers().cloned().unwrap_or_default();
        header.iter().filter(|name| column(name, columns) != Column::Unknown).count()
    };
    // The first of those that are equal: a comma, where none fits.
    let best = DELIMITERS.iter().rev().max_by_key(|delimiter| known(**delimiter));
    best.copied().unwrap_or(b',')
}

/// What a name in the first line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    /// What is read.
    Known(&'static str),
    /// What is left out.
    Ignored,
    Unknown,
}

/// The column of this name.
fn column(name: &str, columns: &Columns) -> Column {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    let name = columns.aliases.iter().find(|(alias, _)| *alias == name).map_or(name.as_str(), |(_, column)| column);
    if columns.ignored.contains(&name) {
        return Column::Ignored;
    }
    columns.known.iter().find(|known| **known == name).map_or(Column::Unknown, |known| Column::Known(known))
}

fn places(file: &str, header: &[&str], columns: &Columns) -> Outcome<HashMap<&'static str, usize>> {
    let mut places = HashMap::new();
    let is_alone = header.len() == 1;
    for (place, name) in header.iter().enumerate() {
        let column = match column(name, columns) {
            Column::Known(column) => column,
            Column::Ignored => continue,
            Column::Unknown => {
                let message = format!("{file}: there is no column \"{name}\"");
                let hint = match is_alone {
                    true => "say what stands between two columns with the option delimiter".to_owned(),
                    false => format!("the columns are {}", columns.known.join(", ")),
                };
                return Err(Failure::usage("file", message).hint(hint));
            }
        };
        if places.insert(column, place).is_some() {
            return Err(Failure::usage("file", format!("{file}: the column {column} is there twice"))
                .hint("take one of them out"));
        }
    }
    for needed in columns.needed {
        if !places.contains_key(needed) {
            let message = format!("{file}: the column {needed} is missing");
            return Err(Failure::usage("file", message)
                .hint(format!("the first line names the columns: {}", columns.known.join(", "))));
        }
    }
    Ok(places)
}

/// Counts the lines of a file, whatever they end with: CR, LF or both.
struct Lines<'t> {
    text: &'t [u8],
    /// How many bytes have been counted.
    read: usize,
    /// The line in which the next one is, from 1.
    line: u64,
}

impl Lines<'_> {
    /// The line that a record begins in: its position is before the blank lines above it.
    fn at(&mut self, position: Option<&csv::Position>) -> u64 {
        let position = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.read);
        while let Some(byte) = self.text.get(self.read) {
            if self.read >= position && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.read = self.read.saturating_add(1);
            let half = *byte == b'\r' && self.text.get(self.read) == Some(&b'\n');
            if matches!(byte, b'\r' | b'\n') && !half {
                self.line = self.line.saturating_add(1);
            }
        }
        self.line
    }
}

/// The first column of a row that could not be decoded.
fn damaged<'a>(decoded: &Decoded<'_>, header: &'a StringRecord, record: &StringRecord) -> Option<Cow<'a, str>> {
    let is_damaged = |cell: &str| cell.contains(char::REPLACEMENT_CHARACTER);
    let place = record.iter().position(is_damaged).filter(|_| decoded.is_damaged)?;
    Some(header.get(place).map_or(Cow::Borrowed("a column"), |name| Cow::Owned(name.trim().to_lowercase())))
}

/// Which mark the numbers of a file have, and whether they show it.
struct Found {
    mark: DecimalMark,
    is_clear: bool,
}

/// Finds what stands before the decimals. Where no number shows it, it is a point; but `1,234` is not clear then, and
/// neither is `1.234` beside semicolons, which stand where commas are decimal marks.
fn find_mark(records: &[(u64, StringRecord)], numbers: &[usize], delimiter: u8) -> Found {
    let cells = || {
        let of_row = |(_, record): &'_ (u64, StringRecord)| {
            let told: Vec<(bool, Evidence)> = numbers
                .iter()
                .filter_map(|place| record.get(*place))
                .map(|cell| (cell.contains(','), evidence(cell.trim())))
                .collect();
            told
        };
        records.iter().flat_map(of_row)
    };
    let shows = |mark| cells().any(|(_, told)| told == Evidence::Of(mark));
    match (shows(DecimalMark::Point), shows(DecimalMark::Comma)) {
        (true, _) => Found { mark: DecimalMark::Point, is_clear: true },
        (false, true) => Found { mark: DecimalMark::Comma, is_clear: true },
        (false, false) => {
            let unclear = |(has_comma, told)| told == Evidence::Either && (has_comma || delimiter == b';');
            Found { mark: DecimalMark::Point, is_clear: !cells().any(unclear) }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const COLUMNS: Columns = Columns {
        known: &["sku", "name", "price", "reorder_point", "barcodes"],
        aliases: &[("barcode", "barcodes")],
        needed: &["sku", "name"],
        ignored: &["id"],
        numbers: &["price", "reorder_point"],
        codes: &["sku", "barcodes"],
    };

    fn read(file: impl AsRef<[u8]>, reading: &Reading) -> Result<(Sheet, Vec<(u64, String)>), Failure> {
        let mut problems = Problems::default();
        let sheet = Sheet::read("items.csv", file.as_ref(), reading, &COLUMNS, &mut problems)?;
        Ok((sheet, problems.rows.into_iter().map(|row| (row.line, row.problem)).collect()))
    }

    /// The cells of all rows, which must be fine.
    fn cells(file: impl AsRef<[u8]>) -> Vec<Vec<String>> {
        let (sheet, problems) = read(file, &Reading::default()).unwrap();
        assert_eq!(problems, []);
        sheet.records.iter().map(|(_, record)| record.iter().map(str::to_owned).collect()).collect()
    }

    fn refused(file: &str) -> (String, bool) {
        let failure = read(file, &Reading::default()).err().unwrap();
        (failure.message().to_owned(), failure.to_json()["error"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()))
    }

    #[test]
    fn files_of_many_countries_are_read_alike() {
        let expected = [["A", "Café; 1", "1234.50"], ["B", "two\r\nlines", "2.5"], ["C", "say \"c\"", ""]];
        for file in [
            "sku,name,price\nA,Café; 1,\"1,234.50\"\nB,\"two\r\nlines\",2.5\nC,\"say \"\"c\"\"\",\n",
            "\u{feff}SKU;Name;Price\r\nA;\"Café; 1\";1.234,50\r\nB;\"two\r\nlines\";2,5\r\nC;\"say \"\"c\"\"\";\r\n",
            "sku\tname\tprice\nA\tCafé; 1\t1234,50\nB\t\"two\r\nlines\"\t2,5\nC\t\"say \"\"c\"\"\"\t\n",
            "sep=;\r\nsku;name;price\r\nA;\"Café; 1\";1 234,50\r\nB;\"two\r\nlines\";2,5\r\n;;\r\nC;\"say \"\"c\"\"\";\r\n",
            "\"sep=;\"\nsku;name;price\nA;\"Café; 1\";1 234,50\nB;\"two\r\nlines\";2,5\nC;\"say \"\"c\"\"\";\n",
            "sep=;\rsku;name;price\rA;\"Café; 1\";1 234,50\rB;\"two\r\nlines\";2,5\rC;\"say \"\"c\"\"\";\r",
            "sku;name;price;;\nA;\"Café; 1\";1'234.50;;\nB;\"two\r\nlines\";2.5;;\nC;\"say \"\"c\"\"\";;;\n",
            "sku,name,price\rA,Café; 1,1234.50\rB,\"two\r\nlines\",2.5\rC,\"say \"\"c\"\"\",\r",
        ] {
            assert_eq!(cells(file), expected, "{file}");
            let utf16: Vec<u8> =
                file.trim_start_matches('\u{feff}').encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(cells([&b"\xff\xfe"[..], &utf16].concat()), expected, "{file}");
            let latin: Vec<u8> =
                file.trim_start_matches('\u{feff}').chars().map(|sign| u8::try_from(sign).unwrap()).collect();
            assert_eq!(cells(latin), expected, "{file}");
        }
    }

    #[test]
    fn a_quote_that_swallows_rows_is_refused() {
        for (file, line) in [
            ("sku,name\nA,\"12 inch plate\nB,b\n", "line 2: a quote is opened and never closed"),
            ("sep=;\nsku;name\nA;a\nB;\"cut of", "line 4: a quote is opened and never closed"),
            ("sku,\"name\nA,a\n", "line 1: a quote is opened and never closed"),
            ("sku,name\nA,\"12 inch\nB,\"b\"\n", "line 2: a cell goes on after the quote that closes it"),
        ] {
            assert_eq!(refused(file), (format!("items.csv: {line}"), true));
        }
    }

    #[test]
    fn a_number_that_may_be_two_is_asked_about() {
        let may_be = |number: &str| {
            let message = format!("price {number} may be 1.234 or 1234: {SAY_MARK}");
            message.replace("1.234 or 1234", if number.contains(',') { "1234 or 1.234" } else { "1.234 or 1234" })
        };
        for (file, problems) in [
            ("sku,name,price\nA,a,\"1,234\"\n", vec![(2, may_be("1,234"))]),
            ("sku;name;price\nA;a;1.234\n", vec![(2, may_be("1.234"))]),
            ("sku,name,price\nA,a,1.234\n", vec![]),
            ("sku;name;price\nA;a;1.234\nB;b;0,5\n", vec![]),
            ("sku;name;price\nA;a;1,234\nB;b;0.5\n", vec![]),
            ("sku;name;price\nA;a;1234\n", vec![]),
            (
                "sku;name;price\nA;a;1,5\nB;b;1.5\n",
                vec![(2, format!("price 1,5 is not written with the decimal . of the others: {SAY_MARK}"))],
            ),
        ] {
            assert_eq!(read(file, &Reading::default()).unwrap().1, problems, "{file}");
        }
        let said = Reading { decimal_mark: Some(DecimalMark::Comma), ..Reading::default() };
        let (sheet, problems) = read("sku;name;price\nA;a;1.234\nB;b;1,234\n", &said).unwrap();
        let prices: Vec<&str> = sheet.records.iter().filter_map(|(_, record)| record.get(2)).collect();
        assert_eq!((prices, problems), (vec!["1234", "1.234"], vec![]));
    }

    #[test]
    fn a_code_that_a_spreadsheet_has_shortened_is_refused() {
        let file = "sku,name,barcodes\nA,4.00638E+12,96385074|4.00638E+12\n\"4,00638E+12\",b,\nE+12,c,1E-12\n";
        let shortened = |column: &str, code: &str| {
            format!("{column} {code} is a number that a spreadsheet has shortened: {AS_TEXT}")
        };
        let problems = vec![(2, shortened("barcodes", "4.00638E+12")), (3, shortened("sku", "4,00638E+12"))];
        assert_eq!(read(file, &Reading::default()).unwrap().1, problems);
    }

    #[test]
    fn what_a_list_has_of_its_own_shop_is_left_out() {
        let (sheet, problems) = read("id,sku,name\n7,A,a\n", &Reading::default()).unwrap();
        assert_eq!((sheet.places.len(), problems), (2, vec![]));
    }

    #[test]
    fn columns_that_are_not_understood_end_the_reading() {
        for (file, message) in [
            ("sku,name,colour\n", "items.csv: there is no column \"colour\""),
            ("sku|name|price\nA|a|1\n", "items.csv: there is no column \"sku|name|price\""),
            ("sku,price\n", "items.csv: the column name is missing"),
            ("sku,name,SKU\n", "items.csv: the column sku is there twice"),
            ("", "items.csv: the column sku is missing"),
        ] {
            assert_eq!(refused(file), (message.to_owned(), true));
        }
        assert!(read("barcode,Reorder Point,name,sku\n", &Reading::default()).is_ok());
    }

    #[test]
    fn bad_rows_in_the_middle_are_named_and_the_others_read() {
        let file = b"\xef\xbb\xbfSKU,Name\nA,Tea\nB,caf\xe9\n\nC\nD,\"two\nlines\"\nE,Mug\n";
        let (sheet, problems) = read(file, &Reading::default()).unwrap();
        let lines: Vec<u64> = sheet.records.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 6, 8]);
        assert_eq!(
            problems,
            [(3, format!("name is not UTF-8: {SAVE_AS_UTF8}")), (5, "has 1 fields instead of 2".to_owned())]
        );
        // ť as it is written in Central Europe, where nothing says so.
        let (_, problems) = read(b"sku,name\nA,Lo\x9d\n", &Reading::default()).unwrap();
        assert_eq!(problems, [(2, format!("name is not UTF-8: {SAVE_AS_UTF8}"))]);
        for end in ["\r", "\n", "\r\n"] {
            let (sheet, _) = read(["sep=;", "sku;name", "A;Tea"].join(end), &Reading::default()).unwrap();
            assert_eq!(sheet.records.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3], "{end:?}");
            let file = ["sku,name", "A,Tea", "", "B", "C,Mug", "D"].join(end);
            let (sheet, problems) = read(file, &Reading::default()).unwrap();
            assert_eq!(sheet.records.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5], "{end:?}");
            assert_eq!(problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 6], "{end:?}");
        }
    }

    #[test]
    fn what_is_not_as_documented_is_told() {
        let note = |file: &[u8]| read(file, &Reading::default()).unwrap().0.read_as.note();
        assert_eq!(note(b"sku,name\n"), None);
        let all = "The file was read as Windows-1252, with ; between columns, with decimal commas.";
        assert_eq!(note(b"sku;name;price\nA;Caf\xe9;1,5\n").as_deref(), Some(all));
        assert_eq!(note(b"sku\tname\n").as_deref(), Some("The file was read with tabs between columns."));
    }
}
