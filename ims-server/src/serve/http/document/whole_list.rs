//! Lists as CSV in the document: a path of its own for each, so that every answer has one media type.

use super::operation;
use crate::serve::{Operation, http::csv};
use axum::http::StatusCode;
use serde_json::json;
use utoipa::openapi::{
    Content, HeaderBuilder, ResponseBuilder,
    path::{Operation as Described, OperationBuilder},
};

/// Describes the whole of a list.
pub(super) fn described(list: &Operation) -> Described {
    let text = operation::as_schema(json!({"type": "string"}));
    let file = HeaderBuilder::new().schema(Some(operation::as_schema(json!({"type": "string"}))));
    let file = file.description(Some(format!("`attachment; filename=\"{}\"`.", csv::file_name(list)))).build();
    let answer = ResponseBuilder::new().description("The whole list, with the names of its columns in the first line.");
    let answer = answer.content("text/csv", Content::new(Some(text))).header("Content-Disposition", file);
    let mut described = OperationBuilder::new()
        .operation_id(Some(format!("{}_csv", list.name)))
        .tag(operation::tag(list))
        .summary(Some(format!("The same as CSV, the whole of it: {}", operation::summary(list))))
        .description(operation::right(list))
        .parameters(Some(operation::parameters_of_all(list)))
        .securities(Some(operation::security(list)))
        .response(StatusCode::OK.as_str(), answer.build());
    for (status, problem) in operation::problem_responses(list) {
        described = described.response(status.as_str(), problem);
    }
    described.build()
}
