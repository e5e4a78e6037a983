//! Lists as CSV: the whole of it, page by page, as fast as it is read.

use super::accept::Wish;
use crate::{
    serve::{Caller, Operation, Problem, Service, call::Said, caller::Sight, costs, forms, operation::Work},
    spreadsheet::{LineEnd, write_row},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use futures_util::stream;
use ims_core::report::Cursor;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Rows that are read at once: as many of a list are in memory as are being sent.
const ROWS_AT_ONCE: u32 = 250;
/// What lists are sent as.
const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// What the path of a list ends with where all of it is wanted as CSV.
pub(crate) const ENDING: &str = ".csv";

/// Whether an answer is wanted as CSV by `Accept`, which lists alone have. Who takes neither is sent JSON, as everywhere.
pub(crate) fn wanted(operation: &Operation, headers: &HeaderMap) -> bool {
    is_there(operation) && Wish::of(headers, "text/csv").is_before(Wish::of(headers, "application/json"))
}

/// Whether an operation is a list that can be CSV: one whose rows have fields of one value each.
pub(crate) fn is_there(operation: &Operation) -> bool {
    let Work::Question(question) = operation.work else { return false };
    question.length.is_list() && forms::fields(question.answer).next().is_some()
}

/// A page of a list, as it is answered.
#[derive(Deserialize)]
struct Page {
    rows: Vec<Map<String, Value>>,
    next: Option<Cursor>,
}

/// What is still to be sent.
struct Rest {
    service: Service,
    operation: &'static Operation,
    caller: Caller,
    said: Said,
    columns: Vec<String>,
}

/// Sends the whole list.
pub(crate) async fn send(
    service: Service,
    operation: &'static Operation,
    caller: Caller,
    mut said: Said,
) -> Result<Response, Problem> {
    let Work::Question(question) = operation.work else { return Err(Problem::internal("only lists are sent as CSV")) };
    said.page.limit = ROWS_AT_ONCE;
    let columns = columns(question.answer, caller.sight());
    let rest = Rest { service, operation, caller, said, columns };
    // What is wrong with the question is told by a status; it is too late for that once rows are being sent.
    let first = rest.page().await?;
    let text = rest.lines(&[&rest.columns], &first.rows);
    let next = first.next;
    let more = stream::unfold((rest, next), |(mut rest, next)| async move {
        rest.said.page.after = Some(next?);
        match rest.page().await {
            Ok(page) => {
                let lines = rest.lines(&[], &page.rows);
                Some((Ok(Bytes::from(lines)), (rest, page.next)))
            }
            // The connection is cut: a list that ends too early must not look whole.
            Err(problem) => Some((Err(std::io::Error::other(problem.code().to_owned())), (rest, None))),
        }
    });
    let all = stream::StreamExt::chain(stream::iter([Ok::<_, std::io::Error>(Bytes::from(text))]), more);
    let mut response = Response::new(Body::from_stream(all));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    // The names of operations are fit for a header.
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file_name(operation))) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// What a browser calls the file: `item-movements.csv`.
pub(crate) fn file_name(operation: &Operation) -> String {
    format!("{}{ENDING}", operation.name.replace('_', "-"))
}

impl Rest {
    async fn page(&self) -> Result<Page, Problem> {
        let answer = self.service.answer(self.operation, &self.caller, self.said.clone()).await?;
        serde_json::from_slice(&answer.json)
            .map_err(|error| Problem::internal(format!("a list is not in pages: {error}")))
    }

    /// Writes names of columns and rows.
    fn lines(&self, headings: &[&Vec<String>], rows: &[Map<String, Value>]) -> Vec<u8> {
        let mut written = Vec::new();
        for heading in headings {
            write_row(&mut written, *heading, LineEnd::CrLf);
        }
        for row in rows {
            write_row(&mut written, self.columns.iter().map(|column| cell(row, column)), LineEnd::CrLf);
        }
        written
    }
}

/// The columns of a row of this schema: its fields that are texts, numbers or words, one or several, in the schema's order.
/// Those of an object in it have its name and a dot before theirs.
pub(crate) fn columns(schema: &str, sight: Sight) -> Vec<String> {
    let mut columns = Vec::new();
    add_columns("", schema, &mut columns);
    let is_bought = columns.iter().any(|column| column == "supplier");
    columns.retain(|column| !column.split('.').any(|name| costs::is_hidden(sight, name, |_| is_bought)));
    columns
}

fn add_columns(before: &str, schema: &str, columns: &mut Vec<String>) {
    for (name, kind) in forms::fields(schema) {
        let column = format!("{before}{name}");
        match kind {
            forms::Kind::Scalar | forms::Kind::Scalars => columns.push(column),
            forms::Kind::Object(inner) => add_columns(&format!("{column}."), &inner, columns),
            forms::Kind::Other => {}
        }
    }
}

/// The text of a cell; several have `|` between them, as in every other file.
fn cell(row: &Map<String, Value>, column: &str) -> String {
    let mut names = column.split('.');
    let mut value = names.next().and_then(|name| row.get(name));
    for name in names {
        value = value.and_then(|value| value.get(name));
    }
    value.map(text).unwrap_or_default()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().map(text).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_the_schema_in_its_order() {
        let shown = columns("StockLine", Sight::ALL);
        let expected =
            ["item", "sku", "name", "site", "on_hand", "committed", "available", "incoming", "backordered", "value"];
        assert_eq!(shown, expected);
        assert_eq!(columns("StockLine", Sight::default()), expected[..9]);
        let item = columns("Item", Sight::ALL);
        let place = |name: &str| item.iter().position(|column| column == name);
        assert!(place("price") < place("barcodes") && place("barcodes") < place("reorder_point"), "{item:?}");
        let customer = columns("Customer", Sight::ALL);
        assert_eq!(customer[..3], ["id", "code", "contact.name"]);
        let has = |sight, name: &str| columns("Order", sight).iter().any(|column| column == name);
        assert!(has(Sight::ALL, "amounts.to_pay") && has(Sight::ALL, "party.city"));
        assert!(has(Sight::default(), "amounts.to_pay") && !has(Sight::default(), "party.city"));
        assert!(!columns("Purchase", Sight::default()).iter().any(|column| column.starts_with("amounts")));
    }

    #[test]
    fn several_texts_are_one_cell() {
        let row = serde_json::json!({"barcodes": ["96385074", "A-1"], "none": [], "unit": {"code": "kg"}});
        let row = row.as_object().unwrap();
        let cells = ["barcodes", "none", "unit.code", "missing"].map(|column| cell(row, column));
        assert_eq!(cells, ["96385074|A-1", "", "kg", ""]);
    }

    #[test]
    fn every_list_can_be_csv_but_whole_tables() {
        let is_list = |one: &&Operation| matches!(one.work, Work::Question(asked) if asked.length.is_list());
        let lists = Operation::all().filter(is_list);
        let others: Vec<&str> = lists.filter(|one| !is_there(one)).map(|one| one.name).collect();
        assert_eq!(others, ["table"]);
    }
}
