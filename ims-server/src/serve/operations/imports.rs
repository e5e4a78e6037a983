//! Files that are taken in.

use crate::{
    engine::Engine,
    failure::Failure,
    import::{self, Kind, Rows, Stopped},
    serve::{
        Answer, Call, Operation, Problem, Right,
        call::Mode,
        operation::{Access, Answering, Import, Verb, Work},
    },
    spreadsheet::{BadRow, DecimalMark, Encoding, Problems, Reading},
};
use axum::http::StatusCode;
use ims_core::{LocationId, LocationKind, Reports, Standing, report::PageRequest};
use serde::Deserialize;
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "import_items",
        verb: Verb::Post,
        path: "/v1/imports/items",
        access: Access::With(Right::EditCatalogue),
        work: Work::Import(Import {
            run: |call| -> Answering<'_> { Box::pin(import(call, Kind::Items)) },
            summary: "Adds items from a CSV file, with their stock. Every row is checked before any is written. The same \
                      file again does nothing twice.",
            fields: &[
                ("site", "Where quantities go that name no site; the only one where the shop has one."),
                DELIMITER,
                DECIMAL_MARK,
                ENCODING,
            ],
            file: "The first line names the columns: sku and name must be there; description, brand, category, unit, \
                   unit_decimals, price, cost, reorder_point, reorder_to, backorder_limit, barcodes, supplier, tracking, \
                   costing, standard_cost, standing, quantity and site may be.",
            example: "sku,name,price,quantity,cost,site\nMUG-1,Mug,9.90,12,4.10,MAIN\nPOT-1,Tea pot,29.00,,,\n",
            answer: "Imported",
        }),
    },
    Operation {
        name: "import_suppliers",
        verb: Verb::Post,
        path: "/v1/imports/suppliers",
        access: Access::With(Right::EditParties),
        work: Work::Import(Import {
            run: |call| -> Answering<'_> { Box::pin(import(call, Kind::Suppliers)) },
            summary: "Adds suppliers from a CSV file. Every row is checked before any is written. The same file again does \
                      nothing twice.",
            fields: &[DELIMITER, DECIMAL_MARK, ENCODING],
            file: PARTIES,
            example: "code,name,contact,email,city\nCLAY,Clay works,Order desk,orders@clay.example,Porto\n",
            answer: "ImportedSuppliers",
        }),
    },
    Operation {
        name: "import_customers",
        verb: Verb::Post,
        path: "/v1/imports/customers",
        access: Access::With(Right::EditParties),
        work: Work::Import(Import {
            run: |call| -> Answering<'_> { Box::pin(import(call, Kind::Customers)) },
            summary: "Adds customers from a CSV file. Every row is checked before any is written. The same file again does \
                      nothing twice.",
            fields: &[DELIMITER, DECIMAL_MARK, ENCODING],
            file: PARTIES,
            example: "code,name,email,phone,city\nC-8,School library,library@school.example,+351 22 000,Porto\n",
            answer: "ImportedCustomers",
        }),
    },
];

const DELIMITER: (&str, &str) =
    ("delimiter", "What stands between two columns, such as `,` or `;`; seen from the file where nothing is said.");
const DECIMAL_MARK: (&str, &str) = (
    "decimal_mark",
    "What stands before the decimals of numbers, `.` or `,`; seen from the file where nothing is said.",
);
const ENCODING: (&str, &str) =
    ("encoding", "`utf-8`, `utf-16`, `utf-16be` or `windows-1252`; seen from the file where nothing is said.");
const PARTIES: &str = "The first line names the columns: code and name must be there; contact, email, phone, address, city, \
                       country and standing may be.";

pub(super) const SCHEMAS: &str = r##"{
  "Imported": {
    "description": "What an import has written, or with `mode=simulate` would write.",
    "type": "object",
    "properties": {
      "rows": {"type": "integer", "minimum": 0, "description": "Rows of the file."},
      "items": {"type": "integer", "minimum": 0, "description": "Items that are new."},
      "receipts": {"type": "integer", "minimum": 0, "description": "Quantities that are new on the shelf."},
      "imported_before": {"type": "integer", "minimum": 0, "description": "Rows of which nothing is new: the same was imported before."},
      "note": {"type": ["string", "null"], "description": "How the file was read, where that is not as UTF-8 with commas between columns and decimal points."}
    },
    "required": ["rows", "items", "receipts", "imported_before", "note"]
  },
  "ImportedSuppliers": {
    "description": "What an import of suppliers has written, or with `mode=simulate` would write.",
    "type": "object",
    "properties": {
      "rows": {"type": "integer", "minimum": 0, "description": "Rows of the file."},
      "suppliers": {"type": "integer", "minimum": 0, "description": "Suppliers that are new."},
      "imported_before": {"type": "integer", "minimum": 0, "description": "Rows of which nothing is new: the same was imported before."},
      "note": {"type": ["string", "null"], "description": "How the file was read, where that is not as UTF-8 with commas between columns and decimal points."}
    },
    "required": ["rows", "suppliers", "imported_before", "note"]
  },
  "ImportedCustomers": {
    "description": "What an import of customers has written, or with `mode=simulate` would write.",
    "type": "object",
    "properties": {
      "rows": {"type": "integer", "minimum": 0, "description": "Rows of the file."},
      "customers": {"type": "integer", "minimum": 0, "description": "Customers that are new."},
      "imported_before": {"type": "integer", "minimum": 0, "description": "Rows of which nothing is new: the same was imported before."},
      "note": {"type": ["string", "null"], "description": "How the file was read, where that is not as UTF-8 with commas between columns and decimal points."}
    },
    "required": ["rows", "customers", "imported_before", "note"]
  }
}"##;

/// How many bad rows are told apart; the rest is only counted.
const MOST_TOLD: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct How {
    site: Option<LocationId>,
    delimiter: Option<char>,
    decimal_mark: Option<String>,
    encoding: Option<String>,
}

async fn import(call: Call<'_>, kind: Kind) -> Result<Answer, Problem> {
    let How { site, delimiter, decimal_mark, encoding } = call.fields()?;
    if site.is_some() && kind != Kind::Items {
        return Err(Problem::at("site", "only items have stock at a site; leave it out"));
    }
    let reading = Reading {
        delimiter: delimiter.map(byte).transpose()?,
        decimal_mark: said("decimal_mark", decimal_mark, DecimalMark::of)?,
        encoding: said("encoding", encoding, Encoding::named)?,
    };
    let mut problems = Problems::default();
    let rows = Rows::parse(kind, "the file", &call.said.file, &reading, &mut problems)
        .map_err(|failure| bad_file(&failure))?;
    let site = match site {
        None if rows.need_a_site() => Some(only_site(&call).await?),
        named => named,
    };
    // Stock comes in with the items: who may not move it may only add them.
    let mut content = import::Import::read(call.service.store(), &rows, site, &mut problems).await?;
    if content.moves_stock() {
        call.caller.must(Right::MoveStock)?;
    }
    let context = call.service.context(call.caller, None);
    let engine = Engine::Here(call.service.ims().clone());
    content.check(call.service.store(), &engine, &context, &mut problems, || {}).await?;
    if !problems.rows.is_empty() {
        return Err(bad_rows(problems));
    }
    if call.said.mode == Mode::Execute {
        let stopped = |stopped: Stopped| {
            let problem = Problem::from(stopped.error.clone()).reworded(|said| stopped.said_of_the_rest(said));
            problem.field("line", stopped.line).field("done", stopped.done)
        };
        content.write(&engine, &context, || {}).await.map_err(stopped)?;
    }
    let mut told = content.count().to_json();
    told.insert("note".to_owned(), json!(rows.read_as().note()));
    Ok(call.answer(&told)?.offset(call.service.ims().newest()))
}

/// Reads an option where one is given.
fn said<T>(
    name: &str,
    given: Option<String>,
    read: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Result<Option<T>, Problem> {
    given.map(|text| read(&text).map_err(|choices| Problem::at(name, &format!("it is {choices}")))).transpose()
}

fn byte(delimiter: char) -> Result<u8, Problem> {
    match u8::try_from(delimiter) {
        Ok(byte) if byte.is_ascii_punctuation() && byte != b'"' || byte == b'\t' => Ok(byte),
        _ => Err(Problem::at("delimiter", "it is one character such as , or ;")),
    }
}

fn bad_file(failure: &Failure) -> Problem {
    let next = failure.next().map(|hint| format!("; {hint}")).unwrap_or_default();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_file", format!("{}{next}", failure.message()))
}

fn bad_rows(problems: Problems) -> Problem {
    let mut rows = problems.rows;
    rows.sort_by_key(|row| row.line);
    let count = rows.len();
    let told: Vec<_> =
        rows.iter().take(MOST_TOLD).map(|BadRow { line, problem }| json!({"line": line, "problem": problem})).collect();
    let detail = format!("{count} problems were found in the file; nothing was written");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_rows", detail).field("problems", count).field("rows", told)
}

/// The shop's only site.
async fn only_site(call: &Call<'_>) -> Result<LocationId, Problem> {
    let mut sites = Vec::new();
    let mut page = PageRequest::default();
    loop {
        let found = call.service.store().locations(&page).await?;
        let in_use = |row: &ims_core::Location| row.kind == LocationKind::Site && row.standing == Standing::Active;
        sites.extend(found.rows.into_iter().filter(|row| in_use(row)).map(|row| row.id));
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    match sites.as_slice() {
        [only] => Ok(*only),
        _ => Err(Problem::at("site", "rows have a quantity and no site: say which site they are for")),
    }
}
