//! `ims item import`, `ims supplier import` and `ims customer import`

use crate::{
    failure::{Failure, Outcome},
    import::{Counted, Import as Content, Kind, Rows, Stopped},
    output::{self, Format},
    progress::Progress,
    session::Session,
    spreadsheet::{BadRow, DecimalMark, Encoding, Problems, Reading},
};
use clap::Args;
use ims_core::StoreErrorKind;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Adds many items from a CSV file, with their stock
#[derive(Args, Debug)]
#[command(after_help = "\
The first line names the columns, in any order:
  sku, name         must be there
  description, brand, category, price, reorder_point, reorder_to,
  backorder_limit
  barcodes          several with | between them
  supplier          the code of one that the shop knows
  unit              such as piece or kg; a piece where nothing is said
  unit_decimals     how finely it divides, 0 to 6
  tracking          stocked or service
  costing           fifo, average or standard
  standard_cost     the cost of one, where it is costed at standard
  standing          active or retired
  quantity, cost    what is on the shelf, and the cost of one
  site              where it is; the shop's only site where nothing is said
What `ims item list --format csv` and `ims export` write is read back: the column
id is left out, and supplier_code stands for supplier.

Every row is checked before any is written, and every bad one is named with its
line. The same file again does nothing twice; rows that are new in it are done.
Files as spreadsheets of many countries write them are recognised: ; or tabs
between columns, decimal commas, UTF-16 and Windows-1252. What can be read in two
ways is asked about.")]
pub(super) struct Items {
    #[command(flatten)]
    from: From,
    /// To which site quantities go that name none; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
}

/// Adds many from a CSV file
#[derive(Args, Debug)]
#[command(after_help = "\
The first line names the columns, in any order:
  code, name        must be there
  contact, email, phone, address, city, country
  standing          active or retired
What `list --format csv` and `ims export` write is read back: the column id is
left out.

Every row is checked before any is written, and every bad one is named with its
line. The same file again does nothing twice; rows that are new in it are done.
Files as spreadsheets of many countries write them are recognised: ; or tabs
between columns, UTF-16 and Windows-1252.")]
pub(super) struct Parties {
    #[command(flatten)]
    from: From,
}

/// The file, and how it is read.
#[derive(Args, Debug)]
struct From {
    /// The CSV file
    file: PathBuf,
    /// Only check, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// What stands between two columns, where the file does not show it
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// What stands before the decimals of numbers, where the file does not show it: . or ,
    #[arg(long, value_name = "CHARACTER", value_parser = DecimalMark::of)]
    decimal_mark: Option<DecimalMark>,
    /// How its characters are written, where the file does not show it: utf-8, utf-16 or windows-1252
    #[arg(long, value_name = "NAME", value_parser = Encoding::named)]
    encoding: Option<Encoding>,
}

fn delimiter(text: &str) -> Result<u8, &'static str> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Ok(*byte),
        [b'\\', b't'] => Ok(b'\t'),
        _ => Err("one character such as , or ;"),
    }
}

/// Bytes of a file that is read as a whole, so that nothing is written of a file with a bad end.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// What to do where there is no room even to check a file.
const IMPORT_AGAIN: &str =
    "make room, and import the same file again: what was written of it before is there, and is not done twice";
/// How many bad rows are told apart; the rest is only counted.
const MOST_REPORTED: usize = 100;

impl Items {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        self.from.run(session, Kind::Items, self.site.as_deref()).await
    }
}

impl Parties {
    pub(super) async fn run(self, session: &Session, kind: Kind) -> Outcome {
        self.from.run(session, kind, None).await
    }
}

impl From {
    async fn run(self, session: &Session, kind: Kind, site: Option<&str>) -> Outcome {
        session.open_shop().await?;
        let mut problems = Problems::default();
        let file = self.file.display().to_string();
        let reading = Reading { delimiter: self.delimiter, decimal_mark: self.decimal_mark, encoding: self.encoding };
        let rows = Rows::parse(kind, &file, &read_file(&self.file)?, &reading, &mut problems)?;
        if let Some(note) = rows.read_as().note() {
            session.out.say(note);
        }
        let site = match rows.need_a_site() {
            true => Some(session.site(site).await?.id),
            false => None,
        };
        let mut content = Content::read(session.store(), &rows, site, &mut problems).await?;
        check(session, &content, &mut problems).await?;
        if !problems.rows.is_empty() {
            return Err(refuse(&self.file, problems));
        }
        let done = if self.dry_run { Done::Tried } else { Done::Written };
        if done == Done::Written {
            write(session, &mut content).await?;
        }
        let counted = content.count();
        let text = in_words(&counted, done);
        if session.out.format == Format::Table {
            return session.out.text(&text);
        }
        let mut told = Map::new();
        told.insert("dry_run".to_owned(), Value::Bool(self.dry_run));
        told.extend(counted.to_json());
        session.out.one(&text, &told)
    }
}

/// Whether anything was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Tried,
    Written,
}

/// What was imported, or would be.
fn in_words(counted: &Counted, done: Done) -> String {
    let Counted { kind, made, receipts, imported_before, .. } = *counted;
    let were = if imported_before == 1 { "was" } else { "were" };
    let before = format!("{} {were} imported before", count(imported_before, "row"));
    if made == 0 && receipts == 0 && imported_before > 0 {
        return format!("Nothing new: {before}.");
    }
    let made = count(made, kind.one());
    let new = if kind == Kind::Items { format!("{made} and {}", count(receipts, "quantity")) } else { made };
    let new = match done {
        Done::Tried => format!("All rows are fine: {new} would be written"),
        Done::Written => format!("Imported {new}"),
    };
    if imported_before == 0 { format!("{new}.") } else { format!("{new}; {before}.") }
}

fn count(count: usize, thing: &str) -> String {
    let number = output::count(u64::try_from(count).unwrap_or(u64::MAX));
    match (count, thing.strip_suffix('y')) {
        (1, _) => format!("1 {thing}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {thing}s"),
    }
}

fn read_file(path: &Path) -> Outcome<Vec<u8>> {
    let size = std::fs::metadata(path).map_err(|error| Failure::file(path, &error))?.len();
    if size > MOST_BYTES {
        let message = format!("{} has {size} bytes, more than {MOST_BYTES}", path.display());
        return Err(Failure::usage("file", message).hint("split it into several files"));
    }
    std::fs::read(path).map_err(|error| Failure::file(path, &error))
}

/// Has the engine try every command, without writing any.
async fn check(session: &Session, content: &Content, problems: &mut Problems) -> Outcome {
    let total = u64::try_from(content.commands()).unwrap_or(u64::MAX);
    let progress = Progress::of(&session.out, "Checking", total, "commands");
    let context = session.context(session.id()).await?;
    let checked = content.check(session.store(), &session.engine, &context, problems, || progress.advance(1)).await;
    checked.map_err(|error| Failure::from(error).hint_at(StoreErrorKind::Full.code(), IMPORT_AGAIN))
}

fn refuse(file: &Path, problems: Problems) -> Failure {
    let mut rows = problems.rows;
    rows.sort_by_key(|row| row.line);
    let bad: std::collections::BTreeSet<u64> = rows.iter().map(|row| row.line).collect();
    let count = count(bad.len(), "bad row");
    let lines = rows.iter().take(MOST_REPORTED).map(|BadRow { line, problem }| format!("line {line}: {problem}"));
    let fields: Vec<_> =
        rows.iter().take(MOST_REPORTED).map(|row| json!({ "line": row.line, "problem": row.problem })).collect();
    Failure::refused("bad_rows", format!("{} has {count}; nothing was written", file.display()))
        .details(lines.collect())
        .field("rows", fields)
        .hint("correct these rows and import the file again; --dry-run only checks")
}

/// Has everything done. What was done by an earlier run of the same import is answered and not done again.
async fn write(session: &Session, content: &mut Content) -> Outcome {
    let commands = u64::try_from(content.commands()).unwrap_or(u64::MAX);
    let progress = Progress::of(&session.out, "Writing", commands, "commands");
    let context = session.context(session.id()).await?;
    content.write(&session.engine, &context, || progress.advance(1)).await.map_err(|stopped| {
        let Stopped { line, done, .. } = stopped;
        Failure::from(stopped.error.clone())
            .reworded(|said| stopped.said_of_the_rest(said))
            .details(vec![format!("{} of {commands} commands were done; it stopped at line {line}", done)])
            .field("line", line)
            .field("done", done)
            .hint("import the same file again: it goes on where it stopped")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_imported_before_is_said() {
        let said = |made, receipts, imported_before, done| {
            in_words(&Counted { kind: Kind::Items, rows: 9, made, receipts, imported_before }, done)
        };
        assert_eq!(said(1, 2, 0, Done::Written), "Imported 1 item and 2 quantities.");
        assert_eq!(said(0, 0, 1, Done::Written), "Nothing new: 1 row was imported before.");
        assert_eq!(said(0, 0, 2, Done::Tried), "Nothing new: 2 rows were imported before.");
        assert_eq!(said(0, 1, 1, Done::Written), "Imported 0 items and 1 quantity; 1 row was imported before.");
        assert_eq!(said(2, 0, 0, Done::Tried), "All rows are fine: 2 items and 0 quantities would be written.");
        assert_eq!(said(0, 0, 0, Done::Written), "Imported 0 items and 0 quantities.");
        let said = |made, imported_before| {
            in_words(&Counted { kind: Kind::Customers, rows: 9, made, receipts: 0, imported_before }, Done::Written)
        };
        assert_eq!(said(2, 0), "Imported 2 customers.");
        assert_eq!(said(1, 3), "Imported 1 customer; 3 rows were imported before.");
    }
}
