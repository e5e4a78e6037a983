//! Files that are taken in.

use crate::{
    failure::Failure,
    import::{self, BadRow, Problems, Rows},
    serve::{
        Answer, Call, Operation, Problem, Right,
        call::Mode,
        operation::{Access, Answering, Import, Verb, Work},
    },
};
use axum::http::StatusCode;
use ims_core::{LocationId, LocationKind, Reports, Standing, report::PageRequest};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[Operation {
    name: "import_items",
    verb: Verb::Post,
    path: "/v1/imports/items",
    access: Access::With(Right::EditCatalogue),
    work: Work::Import(Import {
        run: |call| -> Answering<'_> { Box::pin(import(call)) },
        summary: "Adds items from a CSV file, with their stock. Every row is checked before any is written. The same file \
                  again does nothing twice.",
        fields: &[
            ("site", "Where quantities go that name no site; the only one where the shop has one."),
            ("delimiter", "What stands between two columns: `,` where nothing is said."),
        ],
        answer: "Imported",
    }),
}];

pub(super) const SCHEMAS: &str = r##"{
  "Imported": {
    "description": "What an import has written, or with `mode=simulate` would write.",
    "type": "object",
    "properties": {
      "rows": {"type": "integer", "minimum": 0, "description": "Rows of the file."},
      "items": {"type": "integer", "minimum": 0, "description": "Items that are there now."},
      "receipts": {"type": "integer", "minimum": 0, "description": "Quantities that are on the shelf now."}
    },
    "required": ["rows", "items", "receipts"]
  }
}"##;

/// How many bad rows are told apart; the rest is only counted.
const MOST_TOLD: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct How {
    site: Option<LocationId>,
    delimiter: Option<char>,
}

#[derive(Serialize)]
struct Imported {
    rows: usize,
    items: usize,
    receipts: usize,
}

async fn import(call: Call<'_>) -> Result<Answer, Problem> {
    let How { site, delimiter } = call.fields()?;
    let mut problems = Problems::default();
    let rows = Rows::parse("the file", &call.said.file, byte(delimiter)?, &mut problems).map_err(bad_file)?;
    let site = match site {
        None if rows.need_a_site() => Some(only_site(&call).await?),
        named => named,
    };
    // Stock comes in with the items: who may not move it may only add them.
    let content = import::Import::read(call.service.store(), &rows, site, &mut problems).await?;
    if !content.receipts.is_empty() {
        call.caller.must(Right::MoveStock)?;
    }
    let context = call.service.context(call.caller, None);
    content.check(call.service.ims(), &context, &mut problems, || {}).await?;
    if !problems.rows.is_empty() {
        return Err(bad_rows(problems));
    }
    let done = Imported { rows: content.items.len(), items: content.items.len(), receipts: content.receipts.len() };
    if call.said.mode == Mode::Execute {
        let stopped = |(line, error)| Problem::from(error).field("line", line);
        content.write(call.service.ims(), &context, || {}).await.map_err(stopped)?;
    }
    Ok(call.answer(&done)?.offset(call.service.ims().newest()))
}

fn byte(delimiter: Option<char>) -> Result<u8, Problem> {
    match u8::try_from(delimiter.unwrap_or(',')) {
        Ok(byte) if byte.is_ascii_punctuation() && byte != b'"' || byte == b'\t' => Ok(byte),
        _ => Err(Problem::at("delimiter", "it is one character such as , or ;")),
    }
}

fn bad_file(failure: Failure) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_file", failure.message())
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
