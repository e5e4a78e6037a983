//! Items in a CSV file: read and checked as a whole, before anything is written.

use crate::{
    engine::Engine,
    failure::{Failure, Outcome},
    session::derived_id,
};
use csv::{ByteRecord, StringRecord};
use ims_core::{
    Amount, AnyStore, Command, CommandId, Context, Error, LocationId, Quantity, ReadSet, Sku, SkuKey, Store,
    StoreError, SupplierId, Text, Unit, fold,
    item::CreateItem,
    stock::{CostedGoods, ReceiveStock},
};
use std::{
    collections::{BTreeSet, HashMap},
    io::Cursor,
};

const COLUMNS: [&str; 15] = [
    "sku",
    "name",
    "description",
    "brand",
    "category",
    "unit",
    "unit_decimals",
    "price",
    "cost",
    "reorder_point",
    "reorder_to",
    "barcodes",
    "supplier",
    "quantity",
    "site",
];
/// Another name of a column.
const BARCODE: &str = "barcode";
/// Checks that are under way together.
const CHECKS_AT_ONCE: usize = 1_000;
/// Commands that are given together.
const COMMANDS_AT_ONCE: usize = 1_000;
/// Ids of imported rows follow from what is in them, beginning with this one.
const ORIGIN: CommandId = CommandId::from_u128(0x6d5f_0b1a_7c1e_8a42_9d3e_51c6_0a7b_44f1);

/// What a file asks for.
#[derive(Default)]
pub(crate) struct Import {
    /// One for each row.
    pub(crate) items: Vec<Part>,
    /// One for each row with a quantity.
    pub(crate) receipts: Vec<Part>,
}

/// A command that a row asks for.
pub(crate) struct Part {
    pub(crate) line: u64,
    pub(crate) id: CommandId,
    pub(crate) command: Command,
}

/// Rows that cannot be imported.
#[derive(Default)]
pub(crate) struct Problems {
    pub(crate) rows: Vec<BadRow>,
}

/// A row that cannot be imported, and why.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) line: u64,
    pub(crate) problem: String,
}

impl Problems {
    pub(crate) fn add(&mut self, line: u64, problem: String) {
        self.rows.push(BadRow { line, problem });
    }
}

/// A file taken apart.
pub(crate) struct Rows {
    places: Places,
    /// The rows that are whole, each with its line.
    records: Vec<(u64, StringRecord)>,
}

/// A row, with the text of each column that it has.
struct Fields<'a> {
    line: u64,
    record: &'a StringRecord,
    places: &'a Places,
}

impl<'a> Fields<'a> {
    /// The text of a column without blanks around it; nothing where there is none.
    fn text(&self, column: &'static str) -> Option<&'a str> {
        let text = self.record.get(*self.places.get(column)?)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The value of a column. One that cannot be read is a problem of this row.
    fn value<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        column: &'static str,
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.text(column)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                problems.add(self.line, format!("{column} {text:?}: {error}"));
                None
            }
        }
    }
}

/// Codes in the file and what they name.
struct Named {
    suppliers: HashMap<String, Option<SupplierId>>,
    sites: HashMap<String, Option<LocationId>>,
    default_site: Option<LocationId>,
}

/// What stands in earlier rows of the file.
#[derive(Default)]
struct Seen {
    skus: HashMap<SkuKey, u64>,
    barcodes: HashMap<String, u64>,
}

impl Rows {
    /// Takes a file apart. Rows that are not whole are added to `problems`.
    pub(crate) fn parse(file: &str, bytes: &[u8], delimiter: u8, problems: &mut Problems) -> Outcome<Rows> {
        let (places, records) = parse(file, bytes, delimiter, problems)?;
        Ok(Rows { places, records })
    }

    /// Whether there is a quantity without a site.
    pub(crate) fn need_a_site(&self) -> bool {
        self.fields().any(|row| row.text("quantity").is_some() && row.text("site").is_none())
    }

    fn fields(&self) -> impl Iterator<Item = Fields<'_>> {
        self.records.iter().map(|(line, record)| Fields { line: *line, record, places: &self.places })
    }
}

impl Import {
    /// Reads rows; `site` is where quantities go that name none. What is wrong with single rows is added to `problems`.
    pub(crate) async fn read(
        store: &AnyStore,
        rows: &Rows,
        site: Option<LocationId>,
        problems: &mut Problems,
    ) -> Result<Import, StoreError> {
        let named = Named::look_up(store, rows, site).await?;
        let mut seen = Seen::default();
        let mut import = Import::default();
        for row in rows.fields() {
            import.add(&row, &named, &mut seen, problems);
        }
        Ok(import)
    }

    /// Has the engine try every item, without writing any. `context` is what commands are given with, but for their ids.
    pub(crate) async fn check(
        &self,
        engine: &Engine,
        context: &Context,
        problems: &mut Problems,
        mut checked: impl FnMut(),
    ) -> Result<(), Error> {
        for parts in self.items.chunks(CHECKS_AT_ONCE) {
            let tried = parts.iter().map(|part| (Context { id: part.id, ..context.clone() }, part.command.clone()));
            for (part, answer) in parts.iter().zip(engine.simulate_all(tried.collect()).await) {
                checked();
                match answer {
                    Ok(_) => {}
                    Err(Error::Rejected(rejection)) => problems.add(part.line, rejection.to_string()),
                    Err(Error::IdReused { .. }) => {
                        let problem = "was imported before, by somebody else or as of another time";
                        problems.add(part.line, problem.to_owned());
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Has everything done. What was done by an earlier run of the same import is answered and not done again.
    ///
    /// # Errors
    /// The line at which it stopped, and why.
    pub(crate) async fn write(
        self,
        engine: &Engine,
        context: &Context,
        mut written: impl FnMut(),
    ) -> Result<(), (u64, Error)> {
        let mut parts = self.items.into_iter().chain(self.receipts).peekable();
        while parts.peek().is_some() {
            let (mut lines, mut given) = (Vec::new(), Vec::new());
            for Part { line, id, command } in parts.by_ref().take(COMMANDS_AT_ONCE) {
                lines.push(line);
                given.push((Context { id, ..context.clone() }, command));
            }
            for (line, reply) in lines.into_iter().zip(engine.execute_all(given).await) {
                written();
                reply.map_err(|error| (line, error))?;
            }
        }
        Ok(())
    }

    fn add(&mut self, row: &Fields<'_>, named: &Named, seen: &mut Seen, problems: &mut Problems) {
        let before = problems.rows.len();
        let item = item(row, named, seen, problems);
        let goods = goods(row, item.as_ref().and_then(|item| item.unit.as_ref()), named, problems);
        let (Some(item), true) = (item, problems.rows.len() == before) else { return };
        let id = derived_id(ORIGIN, &content(row));
        self.items.push(Part { line: row.line, id, command: item.into() });
        if let Some((site, quantity, unit_cost)) = goods {
            let lines = vec![CostedGoods { item: id.into(), quantity, unit_cost }];
            let command = ReceiveStock { site, supplier: None, lines }.into();
            self.receipts.push(Part { line: row.line, id: derived_id(id, "stock"), command });
        }
    }
}

type Places = HashMap<&'static str, usize>;

/// Takes the file apart: where each column is, and the rows that are whole.
fn parse(
    file: &str,
    bytes: &[u8],
    delimiter: u8,
    problems: &mut Problems,
) -> Outcome<(Places, Vec<(u64, StringRecord)>)> {
    // Spreadsheets begin their files with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let unreadable = |error: csv::Error| Failure::usage("file", format!("{file}: {error}"));
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(Cursor::new(bytes));
    let header = reader.byte_headers().map_err(unreadable)?.clone();
    let places = places(file, &header)?;
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, |position| line_at(bytes, position));
        if record.len() != header.len() {
            problems.add(line, format!("has {} fields instead of {}", record.len(), header.len()));
            continue;
        }
        match StringRecord::from_byte_record(record.clone()) {
            Ok(record) => rows.push((line, record)),
            Err(error) => {
                let column = header.get(error.utf8_error().field()).map(String::from_utf8_lossy).unwrap_or_default();
                problems.add(line, format!("{column} is not UTF-8"));
            }
        }
    }
    Ok((places, rows))
}

/// The line that a record begins in: its position is before the blank lines above it.
fn line_at(bytes: &[u8], position: &csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line().saturating_add(u64::try_from(blank).unwrap_or(0))
}

fn places(file: &str, header: &ByteRecord) -> Outcome<Places> {
    let mut places = Places::new();
    for (place, name) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(name).trim().to_lowercase();
        let name = if name == BARCODE { "barcodes".to_owned() } else { name };
        let Some(column) = COLUMNS.iter().find(|column| **column == name) else {
            let message = format!("{file}: there is no column {name:?}");
            return Err(Failure::usage("file", message).hint(format!("the columns are {}", COLUMNS.join(", "))));
        };
        if places.insert(column, place).is_some() {
            return Err(Failure::usage("file", format!("{file}: the column {name} is there twice")));
        }
    }
    for needed in ["sku", "name"] {
        if !places.contains_key(needed) {
            let message = format!("{file}: the column {needed} is missing");
            return Err(Failure::usage("file", message).hint("the first line names the columns: sku,name,price,…"));
        }
    }
    Ok(places)
}

impl Named {
    /// Finds everything that the rows name, at once.
    async fn look_up(store: &AnyStore, rows: &Rows, default_site: Option<LocationId>) -> Result<Named, StoreError> {
        let codes = |column| rows.fields().filter_map(|row| row.text(column)).map(str::to_owned).collect();
        let (suppliers, sites): (BTreeSet<String>, BTreeSet<String>) = (codes("supplier"), codes("site"));
        let keys = |codes: &BTreeSet<String>| codes.iter().map(|code| Text::from(fold(code))).collect();
        let reads = ReadSet { supplier_codes: keys(&suppliers), location_codes: keys(&sites), ..ReadSet::default() };
        let found = store.load(&reads).await?;
        Ok(Named {
            suppliers: named(suppliers, &found.supplier_codes),
            sites: named(sites, &found.location_codes),
            default_site,
        })
    }
}

fn named<I: Copy>(codes: BTreeSet<String>, found: &[(Text, I)]) -> HashMap<String, Option<I>> {
    let id = |code: &str| {
        let key = fold(code);
        found.iter().find(|(known, _)| **known == *key).map(|(_, id)| *id)
    };
    codes.into_iter().map(|code| (code.clone(), id(&code))).collect()
}

/// The item that a row describes.
fn item(row: &Fields<'_>, named: &Named, seen: &mut Seen, problems: &mut Problems) -> Option<CreateItem> {
    let sku: Option<Sku> = match row.text("sku") {
        Some(_) => row.value("sku", problems),
        None => {
            problems.add(row.line, "sku is missing".to_owned());
            None
        }
    };
    let name = row.text("name");
    if name.is_none() {
        problems.add(row.line, "name is missing".to_owned());
    }
    let decimals = row.value("unit_decimals", problems).unwrap_or(0);
    let unit = match (row.text("unit"), row.text("unit_decimals")) {
        (None, None) => None,
        (code, _) => match Unit::new(code.unwrap_or(Unit::piece().code()), decimals) {
            Ok(unit) => Some(unit),
            Err(error) => {
                problems.add(row.line, error.to_string());
                None
            }
        },
    };
    let supplier = row.text("supplier").and_then(|code| {
        let supplier = named.suppliers.get(code).copied().flatten();
        if supplier.is_none() {
            problems.add(row.line, format!("no supplier has the code {code}"));
        }
        supplier
    });
    let (price, reorder_point) = (row.value("price", problems), row.value("reorder_point", problems));
    let reorder_to = row.value("reorder_to", problems);
    let barcodes = barcodes(row);
    let sku = sku?;
    seen.check(row.line, &sku, &barcodes, problems);
    let text = |column| Text::from(row.text(column).unwrap_or_default());
    Some(CreateItem {
        description: text("description"),
        brand: text("brand"),
        category: text("category"),
        unit,
        price,
        barcodes: barcodes.into_iter().map(Into::into).collect(),
        reorder_point,
        reorder_to,
        supplier,
        ..CreateItem::new(sku, name?)
    })
}

fn barcodes<'a>(row: &Fields<'a>) -> Vec<&'a str> {
    let codes = row.text("barcodes").unwrap_or_default().split('|');
    codes.map(str::trim).filter(|code| !code.is_empty()).collect()
}

impl Seen {
    fn check(&mut self, line: u64, sku: &Sku, barcodes: &[&str], problems: &mut Problems) {
        match self.skus.get(&sku.folded()) {
            Some(first) => problems.add(line, format!("sku {sku} is in line {first} too")),
            None => _ = self.skus.insert(sku.folded(), line),
        }
        for code in barcodes {
            match self.barcodes.get(*code) {
                Some(first) if *first != line => problems.add(line, format!("barcode {code} is in line {first} too")),
                _ => _ = self.barcodes.insert((*code).to_owned(), line),
            }
        }
    }
}

/// Where a row's quantity goes, how many, and what one costs.
fn goods(
    row: &Fields<'_>,
    unit: Option<&Unit>,
    named: &Named,
    problems: &mut Problems,
) -> Option<(LocationId, Quantity, Amount)> {
    let before = problems.rows.len();
    let quantity: Option<Quantity> = row.value("quantity", problems);
    let cost: Option<Amount> = row.value("cost", problems);
    if let Some(cost) = cost.filter(|cost| cost.is_negative()) {
        problems.add(row.line, format!("cost must not be below zero: {cost}"));
    }
    if row.text("site").is_some_and(|code| named.sites.get(code).copied().flatten().is_none()) {
        problems.add(row.line, format!("no site has the code {}", row.text("site").unwrap_or_default()));
    }
    let quantity = quantity?;
    if quantity.is_negative() {
        problems.add(row.line, format!("quantity must not be below zero: {quantity}"));
    }
    let decimals = unit.map_or(0, Unit::decimals);
    if quantity.decimals() > decimals {
        problems.add(row.line, format!("quantity {quantity} has more than the {decimals} decimals of its unit"));
    }
    if quantity.is_zero() || problems.rows.len() > before {
        return None;
    }
    let Some(cost) = cost else {
        problems.add(row.line, "cost is missing: a quantity needs the cost of one".to_owned());
        return None;
    };
    let site = match row.text("site") {
        Some(code) => named.sites.get(code).copied().flatten(),
        None => named.default_site,
    };
    if cost.times(quantity, ims_core::Rounding::LEDGER).is_none() {
        problems.add(row.line, "quantity × cost is too large".to_owned());
        return None;
    }
    Some((site?, quantity, cost))
}

/// Everything that a row says, in a form that does not depend on the order of columns.
fn content(row: &Fields<'_>) -> String {
    let mut content = String::new();
    for column in COLUMNS {
        if let Some(text) = row.text(column) {
            content.push_str(column);
            content.push('\u{1f}');
            content.push_str(text);
            content.push('\u{1e}');
        }
    }
    content
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    type Parsed = (Places, Vec<(u64, StringRecord)>);

    fn parsed(text: &[u8]) -> (Outcome<Parsed>, Vec<BadRow>) {
        let mut problems = Problems::default();
        let parsed = parse("items.csv", text, b',', &mut problems);
        (parsed, problems.rows)
    }

    #[test]
    fn bad_rows_in_the_middle_are_named_and_the_others_read() {
        let (parsed, problems) = parsed(b"\xef\xbb\xbfSKU,Name\nA,Tea\nB,caf\xe9\n\nC\nD,\"two\nlines\"\nE,Mug\n");
        let (_, rows) = parsed.unwrap();
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 6, 8]);
        let problem = |line, problem: &str| BadRow { line, problem: problem.to_owned() };
        assert_eq!(problems, [problem(3, "Name is not UTF-8"), problem(5, "has 1 fields instead of 2")]);
    }

    #[test]
    fn a_header_that_is_not_understood_ends_the_import() {
        assert!(parsed(b"sku,name,colour\n").0.is_err());
        assert!(parsed(b"sku,price\n").0.is_err());
        assert!(parsed(b"sku,name,SKU\n").0.is_err());
        assert!(parsed(b"barcode,name,sku\n").0.is_ok());
    }

    #[test]
    fn the_id_of_a_row_follows_from_what_it_says_and_not_from_where_it_says_it() {
        let first = parsed(b"sku,name,price\nA,Tea,1\n").0.unwrap();
        let second = parsed(b"price,name,sku,brand\n9,Mug,B,\n1,Tea,A,\n").0.unwrap();
        let content_of = |(places, rows): &Parsed, index: usize| {
            let (line, record) = &rows[index];
            content(&Fields { line: *line, record, places })
        };
        assert_eq!(content_of(&first, 0), content_of(&second, 1));
        assert_ne!(content_of(&second, 0), content_of(&second, 1));
    }
}
