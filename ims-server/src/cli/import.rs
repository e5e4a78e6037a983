//! `ims item import`

use crate::{
    failure::{Failure, Outcome},
    import::{BadRow, Import as Content, Problems, Rows},
    output::{self, Format},
    progress::Progress,
    session::Session,
};
use clap::Args;
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Adds many items from a CSV file, with their stock
#[derive(Args, Debug)]
#[command(after_help = "\
The first line names the columns, in any order:
  sku, name         must be there
  description, brand, category, price, reorder_point, reorder_to
  barcodes          several with | between them
  supplier          the code of one that the shop knows
  unit              such as piece or kg; a piece where nothing is said
  unit_decimals     how finely it divides, 0 to 6
  quantity, cost    what is on the shelf, and the cost of one
  site              where it is; the shop's only site where nothing is said

Every row is checked before any is written, and every bad one is named with its
line. The same file again does nothing twice; rows that are new in it are done.")]
pub(super) struct Import {
    /// The CSV file, in UTF-8
    file: PathBuf,
    /// Only check, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// To which site quantities go that name none; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// What stands between two columns
    #[arg(long, value_name = "CHARACTER", default_value = ",", value_parser = delimiter)]
    delimiter: u8,
}

fn delimiter(text: &str) -> Result<u8, &'static str> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Ok(*byte),
        [b'\\', b't'] => Ok(b'\t'),
        _ => Err("one character such as , or ;"),
    }
}

/// What was imported.
#[derive(Serialize)]
struct Imported {
    dry_run: bool,
    rows: usize,
    items: usize,
    receipts: usize,
}

/// Bytes of a file that is read as a whole, so that nothing is written of a file with a bad end.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// How many bad rows are told apart; the rest is only counted.
const MOST_REPORTED: usize = 100;

impl Import {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        session.open_shop().await?;
        let mut problems = Problems::default();
        let file = self.file.display().to_string();
        let rows = Rows::parse(&file, &read_file(&self.file)?, self.delimiter, &mut problems)?;
        let site = match rows.need_a_site() {
            true => Some(session.site(self.site.as_deref()).await?.id),
            false => None,
        };
        let content = Content::read(session.store(), &rows, site, &mut problems).await?;
        check(session, &content, &mut problems).await?;
        if !problems.rows.is_empty() {
            return Err(refuse(&self.file, problems));
        }
        let imported = Imported {
            dry_run: self.dry_run,
            rows: content.items.len(),
            items: content.items.len(),
            receipts: content.receipts.len(),
        };
        if !self.dry_run {
            write(session, content).await?;
        }
        let (items, receipts) = (count(imported.items, "item"), count(imported.receipts, "quantity"));
        let text = if self.dry_run {
            format!("All rows are fine: {items} and {receipts} would be written.")
        } else {
            format!("Imported {items} and {receipts}.")
        };
        if session.out.format == Format::Table { session.out.text(&text) } else { session.out.one(&text, &imported) }
    }
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

/// Has the engine try every item, without writing any.
async fn check(session: &Session, content: &Content, problems: &mut Problems) -> Outcome {
    let total = u64::try_from(content.items.len()).unwrap_or(u64::MAX);
    let progress = Progress::of(&session.out, "Checking", total, "rows");
    let context = session.context(session.id()).await?;
    Ok(content.check(&session.ims, &context, problems, || progress.advance(1)).await?)
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
async fn write(session: &Session, content: Content) -> Outcome {
    let commands = content.items.len().saturating_add(content.receipts.len());
    let progress = Progress::of(&session.out, "Writing", u64::try_from(commands).unwrap_or(u64::MAX), "commands");
    let context = session.context(session.id()).await?;
    content.write(&session.ims, &context, || progress.advance(1)).await.map_err(|(line, error)| {
        Failure::from(error)
            .field("line", line)
            .hint(format!("it stopped at line {line}; import the same file again: it goes on where it stopped"))
    })
}
