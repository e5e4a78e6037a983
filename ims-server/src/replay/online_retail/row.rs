//! The rows of the file, and what class each is of.

use crate::{
    failure::{Failure, Outcome},
    moment::Moment,
    progress::Progress,
};
use csv::ByteRecord;
use flate2::read::MultiGzDecoder;
use ims_core::{Amount, Quantity, TimeZone, Timestamp};
use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

const HEADER: [&str; 8] =
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

/// The codes that are no goods: postage, discounts, charges.
const NON_STOCK: [&str; 10] = ["POST", "DOT", "C2", "D", "M", "B", "S", "CRUK", "AMAZONFEE", "BANK CHARGES"];
const GIFT_VOUCHER: &str = "GIFT_";

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Adjustment,
    BadDebt,
    FreeIssue,
    NonStock,
    Return,
    Sale,
}

impl Class {
    pub(super) const ALL: [Class; 6] =
        [Class::Adjustment, Class::BadDebt, Class::FreeIssue, Class::NonStock, Class::Return, Class::Sale];

    pub(super) fn name(self) -> &'static str {
        match self {
            Class::Adjustment => "adjustment",
            Class::BadDebt => "bad-debt",
            Class::FreeIssue => "free-issue",
            Class::NonStock => "non-stock",
            Class::Return => "return",
            Class::Sale => "sale",
        }
    }

    /// Whether it is about goods that are on the shelf.
    pub(super) fn is_stock(self) -> bool {
        !matches!(self, Class::BadDebt | Class::NonStock)
    }
}

/// A row of the file.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// Its line in the file, from 1.
    pub(super) line: u64,
    pub(super) invoice: &'a str,
    /// In upper case: the file has 85123a and 85123A for the same goods.
    pub(super) code: Cow<'a, str>,
    pub(super) description: &'a str,
    /// Signed as in the file.
    pub(super) quantity: Quantity,
    pub(super) at: Timestamp,
    pub(super) price: Amount,
    /// `17850`; the file writes `17850.0`.
    pub(super) customer: Option<&'a str>,
    pub(super) country: &'a str,
}

impl Row<'_> {
    /// The first class that fits.
    pub(super) fn class(&self) -> Class {
        if self.invoice.starts_with('A') {
            Class::BadDebt
        } else if NON_STOCK.contains(&&*self.code) || self.code.starts_with(GIFT_VOUCHER) {
            Class::NonStock
        } else if self.invoice.starts_with('C') {
            Class::Return
        } else if !self.price.is_zero() {
            Class::Sale
        } else if self.customer.is_none() {
            Class::Adjustment
        } else {
            Class::FreeIssue
        }
    }
}

/// Reads the file row by row.
pub(super) struct Rows {
    reader: csv::Reader<Box<dyn Read>>,
    record: ByteRecord,
    zone: TimeZone,
    /// The moment that was read last, as text and as time: most rows have the same as the one before.
    last_at: (Vec<u8>, Timestamp),
}

impl Rows {
    /// Opens a file, compressed or not.
    pub(super) fn open(path: &Path, zone: &TimeZone, progress: Option<&Progress>) -> Outcome<Rows> {
        let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
        let file: Box<dyn Read> = match progress {
            Some(progress) => Box::new(progress.reading(file)),
            None => Box::new(file),
        };
        let mut bytes = BufReader::with_capacity(1 << 16, file);
        let is_gzip = bytes.fill_buf().map_err(|error| Failure::file(path, &error))?.starts_with(&[0x1f, 0x8b]);
        let bytes: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(bytes)) } else { Box::new(bytes) };
        let mut reader = csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 16).from_reader(bytes);
        check_header(path, &mut reader)?;
        Ok(Rows { reader, record: ByteRecord::new(), zone: zone.clone(), last_at: (Vec::new(), Timestamp::MIN) })
    }

    /// The next row, what is wrong with it, or nothing at the end of the file.
    pub(super) fn next(&mut self) -> Option<Result<Row<'_>, BadRow>> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Some(Err(BadRow { line, problem: error.to_string(), fatal: true }));
            }
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let Rows { record, zone, last_at, .. } = self;
        Some(read(record, line, zone, last_at).map_err(|problem| BadRow { line, problem, fatal: false }))
    }
}

/// A row that cannot be read.
#[derive(Debug)]
pub(super) struct BadRow {
    pub(super) line: u64,
    pub(super) problem: String,
    /// Whether nothing behind it can be read either.
    pub(super) fatal: bool,
}

fn check_header(path: &Path, reader: &mut csv::Reader<Box<dyn Read>>) -> Outcome {
    let header =
        reader.byte_headers().map_err(|error| Failure::usage("file", format!("{}: {error}", path.display())))?;
    if header.iter().eq(HEADER.iter().map(|name| name.as_bytes())) {
        return Ok(());
    }
    let expected = HEADER.join(",");
    Err(Failure::usage("file", format!("{} is not the Online Retail set", path.display()))
        .hint(format!("its first line has to be {expected}")))
}

fn read<'a>(
    record: &'a ByteRecord,
    line: u64,
    zone: &TimeZone,
    last_at: &mut (Vec<u8>, Timestamp),
) -> Result<Row<'a>, String> {
    if record.len() != HEADER.len() {
        return Err(format!("has {} fields instead of {}", record.len(), HEADER.len()));
    }
    let field = |index: usize| {
        let bytes = record.get(index).unwrap_or_default();
        let name = HEADER.get(index).copied().unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))
    };
    let quantity =
        field(3)?.parse().map_err(|error| format!("Quantity {:?}: {error}", field(3).unwrap_or_default()))?;
    let price = field(5)?.parse().map_err(|error| format!("UnitPrice {:?}: {error}", field(5).unwrap_or_default()))?;
    Ok(Row {
        line,
        invoice: field(0)?,
        code: upper(field(1)?),
        description: field(2)?.trim(),
        quantity,
        at: moment(field(4)?, zone, last_at)?,
        price,
        customer: Some(field(6)?).map(|code| code.strip_suffix(".0").unwrap_or(code)).filter(|code| !code.is_empty()),
        country: field(7)?.trim(),
    })
}

fn upper(code: &str) -> Cow<'_, str> {
    if code.chars().any(char::is_lowercase) { Cow::Owned(code.to_uppercase()) } else { Cow::Borrowed(code) }
}

fn moment(text: &str, zone: &TimeZone, last: &mut (Vec<u8>, Timestamp)) -> Result<Timestamp, String> {
    if last.0 == text.as_bytes() {
        return Ok(last.1);
    }
    let problem = || format!("InvoiceDate {text:?} is not a time such as 2010-12-01 08:26:00");
    let at = text.parse::<Moment>().map_err(|_| problem())?.in_zone(zone).map_err(|_| problem())?;
    last.0.clear();
    last.0.extend_from_slice(text.as_bytes());
    last.1 = at;
    Ok(at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn class(fields: [&str; 8]) -> Class {
        let record = ByteRecord::from(fields.as_slice());
        read(&record, 2, &TimeZone::utc(), &mut (Vec::new(), Timestamp::MIN)).unwrap().class()
    }

    fn row<'a>(invoice: &'a str, code: &'a str, quantity: &'a str, price: &'a str, customer: &'a str) -> [&'a str; 8] {
        [invoice, code, "", quantity, "2010-12-01 08:26:00", price, customer, "France"]
    }

    #[test]
    fn the_first_class_that_fits_is_the_row_s() {
        assert_eq!(class(row("A563185", "B", "1", "11062.06", "")), Class::BadDebt);
        assert_eq!(class(row("C536379", "D", "-1", "27.5", "14527.0")), Class::NonStock);
        assert_eq!(class(row("540000", "m", "1", "0.0", "")), Class::NonStock);
        assert_eq!(class(row("540000", "gift_0001_20", "1", "17.02", "")), Class::NonStock);
        assert_eq!(class(row("C536383", "35004C", "-1", "4.65", "15311.0")), Class::Return);
        assert_eq!(class(row("536414", "22139", "56", "0.0", "")), Class::Adjustment);
        assert_eq!(class(row("537197", "22841", "1", "0.0", "12647.0")), Class::FreeIssue);
        assert_eq!(class(row("536365", "85123A", "6", "2.55", "17850.0")), Class::Sale);
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said() {
        let problem = |fields: &[&[u8]]| {
            let record = ByteRecord::from(fields);
            read(&record, 2, &TimeZone::utc(), &mut (Vec::new(), Timestamp::MIN)).unwrap_err()
        };
        let fields: [&[u8]; 8] = [b"1", b"X", b"x", b"1", b"2010-12-01 08:26:00", b"1.5", b"", b"France"];
        let with = |index: usize, bytes: &'static [u8]| {
            let mut fields = fields;
            fields[index] = bytes;
            problem(&fields)
        };
        assert_eq!(with(3, b"six"), "Quantity \"six\": not a plain number such as 12 or 12.5 (character 1)");
        assert_eq!(with(2, b"caf\xe9"), "Description is not UTF-8");
        assert_eq!(with(4, b"12/1/10 8:26"), "InvoiceDate \"12/1/10 8:26\" is not a time such as 2010-12-01 08:26:00");
        assert_eq!(problem(&fields[..7]), "has 7 fields instead of 8");
    }
}
