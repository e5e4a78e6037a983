//! Items in a CSV file: read and checked as a whole, before anything is written.

use crate::{
    engine::Engine,
    failure::{Outcome, for_people},
    session::derived_id,
    spreadsheet::{Columns, Problems, ReadAs, Reading, Sheet},
};
use csv::StringRecord;
use ims_core::{
    Amount, Answer, AnyStore, Command, CommandId, Context, Error, LocationId, Name, Quantity, ReadSet, Sku, Store,
    StoreError, SupplierId, Text, Unit,
    item::CreateItem,
    stock::{CostedGoods, ReceiveStock},
};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};

const COLUMNS: Columns = Columns {
    known: &[
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
    ],
    aliases: &[("barcode", "barcodes")],
    needed: &["sku", "name"],
    numbers: &["price", "cost", "reorder_point", "reorder_to", "quantity"],
};
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

/// What an import is to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Counted {
    /// Rows of the file.
    pub(crate) rows: usize,
    /// Items that are new.
    pub(crate) items: usize,
    /// Quantities that are new.
    pub(crate) receipts: usize,
    /// Rows of which nothing is new: the same was imported before.
    pub(crate) imported_before: usize,
}

/// A command that a row asks for.
pub(crate) struct Part {
    pub(crate) line: u64,
    pub(crate) id: CommandId,
    pub(crate) command: Command,
}

/// A file taken apart.
pub(crate) struct Rows(Sheet);

/// A row, with the text of each column that it has.
struct Fields<'a> {
    line: u64,
    record: &'a StringRecord,
    places: &'a HashMap<&'static str, usize>,
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
                problems.add(self.line, format!("{column} \"{text}\": {error}"));
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
    names: HashMap<Name, u64>,
}

impl Rows {
    /// Takes a file apart. Rows that are not whole are added to `problems`.
    ///
    /// # Errors
    /// Where its columns are not understood.
    pub(crate) fn parse(file: &str, bytes: &[u8], reading: &Reading, problems: &mut Problems) -> Outcome<Rows> {
        Sheet::read(file, bytes, reading, &COLUMNS, problems).map(Rows)
    }

    /// How it was read.
    pub(crate) fn read_as(&self) -> ReadAs {
        self.0.read_as
    }

    /// Whether there is a quantity without a site.
    pub(crate) fn need_a_site(&self) -> bool {
        self.fields().any(|row| row.text("quantity").is_some() && row.text("site").is_none())
    }

    fn fields(&self) -> impl Iterator<Item = Fields<'_>> {
        let Sheet { places, records, .. } = &self.0;
        records.iter().map(move |(line, record)| Fields { line: *line, record, places })
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
                    Err(Error::Rejected(rejection)) => problems.add(part.line, for_people(&rejection)),
                    Err(Error::IdReused { .. }) => {
                        problems.add(part.line, "was imported before, by somebody else or as of another time");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Counts what is new in it, and what an earlier import of the same rows did.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read.
    pub(crate) async fn count(&self, store: &AnyStore) -> Result<Counted, StoreError> {
        let parts: Vec<&Part> = self.items.iter().chain(&self.receipts).collect();
        let mut before: HashSet<CommandId> = HashSet::new();
        for parts in parts.chunks(COMMANDS_AT_ONCE) {
            let commands = parts.iter().map(|part| part.id).collect();
            let found = store.load(&ReadSet { commands, ..ReadSet::default() }).await?;
            let done = found.commands.iter().filter(|record| matches!(*record.answer, Answer::Done(_)));
            before.extend(done.map(|record| record.id));
        }
        let new = |parts: &[Part]| parts.iter().filter(|part| !before.contains(&part.id)).count();
        let open: BTreeSet<u64> =
            parts.iter().filter(|part| !before.contains(&part.id)).map(|part| part.line).collect();
        let rows = self.items.len();
        Ok(Counted {
            rows,
            items: new(&self.items),
            receipts: new(&self.receipts),
            imported_before: rows.saturating_sub(open.len()),
        })
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

impl Named {
    /// Finds everything that the rows name, at once.
    async fn look_up(store: &AnyStore, rows: &Rows, default_site: Option<LocationId>) -> Result<Named, StoreError> {
        let codes = |column| rows.fields().filter_map(|row| row.text(column)).map(str::to_owned).collect();
        let (suppliers, sites): (BTreeSet<String>, BTreeSet<String>) = (codes("supplier"), codes("site"));
        let names = suppliers.iter().map(|code| Name::supplier(code));
        let reads = ReadSet::named(names.chain(sites.iter().map(|code| Name::location(code))));
        let found = store.load(&reads).await?;
        Ok(Named {
            suppliers: suppliers.into_iter().map(|code| (code.clone(), found.named(&Name::supplier(&code)))).collect(),
            sites: sites.into_iter().map(|code| (code.clone(), found.named(&Name::location(&code)))).collect(),
            default_site,
        })
    }
}

/// The item that a row describes.
fn item(row: &Fields<'_>, named: &Named, seen: &mut Seen, problems: &mut Problems) -> Option<CreateItem> {
    let sku: Option<Sku> = match row.text("sku") {
        Some(_) => row.value("sku", problems),
        None => {
            problems.add(row.line, "sku is missing");
            None
        }
    };
    let name = row.text("name");
    if name.is_none() {
        problems.add(row.line, "name is missing");
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
        // One set of names, whatever the column: an item's own SKU may be its barcode.
        for (column, text) in [("sku", sku.as_str())].into_iter().chain(barcodes.iter().map(|code| ("barcode", *code)))
        {
            match self.names.get(&Name::item(text)) {
                Some(first) if *first != line => problems.add(line, format!("{column} {text} is in line {first} too")),
                _ => _ = self.names.insert(Name::item(text), line),
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
        problems.add(row.line, "cost is missing: a quantity needs the cost of one");
        return None;
    };
    let site = match row.text("site") {
        Some(code) => named.sites.get(code).copied().flatten(),
        None => named.default_site,
    };
    if cost.times(quantity, ims_core::Rounding::LEDGER).is_none() {
        problems.add(row.line, "quantity × cost is too large");
        return None;
    }
    Some((site?, quantity, cost))
}

/// Everything that a row says, in a form that does not depend on the order of columns.
fn content(row: &Fields<'_>) -> String {
    let mut content = String::new();
    for column in COLUMNS.known {
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
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn contents(file: &str) -> Vec<String> {
        let rows = Rows::parse("items.csv", file.as_bytes(), &Reading::default(), &mut Problems::default()).unwrap();
        rows.fields().map(|row| content(&row)).collect()
    }

    #[test]
    fn the_id_of_a_row_follows_from_what_it_says_and_not_from_how_and_where_it_says_it() {
        let first = contents("sku,name,price\nA,Tea,1.5\n");
        let second = contents("price,name,sku,brand\n9,Mug,B,\n1.5,Tea,A,\n");
        let third = contents("sku;name;price\nA;Tea;1,5\n");
        assert_eq!(first[0], second[1]);
        assert_eq!(first, third);
        assert_ne!(second[0], second[1]);
    }
}
