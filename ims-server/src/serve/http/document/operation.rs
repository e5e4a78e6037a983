//! One operation of the document.

use super::{TOKEN, examples, schemas};
use crate::serve::{
    Operation, codes, forms,
    operation::{Access, Key, Makes, Verb, Work},
    problem,
};
use axum::http::StatusCode;
use ims_core::{Error, Rejection, StoreErrorKind, limits};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::{
    Content, ContentBuilder, Header, HeaderBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
    path::{Operation as Described, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    security::SecurityRequirement,
};

/// Under which heading it stands: the first part of its path after the version.
pub(crate) fn tag(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(2).unwrap_or_default()
}

/// The fields that may be said in its query, each with what it does.
pub(crate) fn query_fields(operation: &Operation) -> impl Iterator<Item = (&'static str, &'static str)> {
    let fields = match operation.work {
        Work::Question(question) => question.fields,
        Work::Import(import) => import.fields,
        Work::Command(_) | Work::Task(_) | Work::Batch => &[],
    };
    fields.iter().copied()
}

/// The name of the schema of its answer.
pub(crate) fn answer(operation: &Operation) -> String {
    match operation.work {
        Work::Question(question) if question.length.is_list() => format!("{}Page", question.answer),
        _ => row(operation).to_owned(),
    }
}

/// The name of the schema of its answer, or of a row of it.
pub(crate) fn row(operation: &Operation) -> &'static str {
    match operation.work {
        Work::Command(_) => forms::command(operation.name).map_or("", |command| command.answer),
        Work::Question(question) => question.answer,
        Work::Task(task) => task.answer,
        Work::Batch => "BatchAnswers",
        Work::Import(import) => import.answer,
    }
}

/// Describes it.
pub(crate) fn described(operation: &Operation) -> Described {
    let mut described = OperationBuilder::new()
        .operation_id(Some(operation.name))
        .tag(tag(operation))
        .summary(Some(summary(operation)))
        .description(right(operation))
        .parameters(Some(parameters(operation)))
        .request_body(body(operation))
        .securities(Some(security(operation)));
    for (status, response) in responses(operation) {
        described = described.response(status.as_str(), response);
    }
    described.build()
}

/// How its caller says who they are: not at all, where everybody may ask.
pub(super) fn security(operation: &Operation) -> Vec<SecurityRequirement> {
    match operation.access {
        Access::Everybody => Vec::new(),
        Access::SignedIn | Access::With(_) => vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())],
    }
}

pub(super) fn summary(operation: &Operation) -> &'static str {
    match operation.work {
        Work::Command(_) => forms::command(operation.name).map_or("", |command| command.summary),
        Work::Question(question) => question.summary,
        Work::Task(task) => task.summary,
        Work::Batch => "Has many commands done in their order, each judged and answered for itself.",
        Work::Import(import) => import.summary,
    }
}

pub(super) fn right(operation: &Operation) -> Option<String> {
    match operation.access {
        Access::Everybody => Some("Everybody may ask it.".to_owned()),
        Access::SignedIn => Some("Needs no right but those of what is asked in it.".to_owned()),
        Access::With(right) => Some(format!("Needs the right `{}`.", right.word())),
    }
}

/// Those of a list that is wanted whole.
pub(super) fn parameters_of_all(list: &Operation) -> Vec<Parameter> {
    let mut all = parameters(list);
    all.retain(|parameter| !["limit", "cursor"].contains(&parameter.name.as_str()));
    all
}

/// What its path, its query and its headers may say.
pub(super) fn parameters(operation: &Operation) -> Vec<Parameter> {
    let mut all = Vec::new();
    for name in operation.fields_of_path() {
        let what = match name {
            "command" => "The command's id, or the Idempotency-Key that you sent it with.",
            _ => "Which one.",
        };
        let mut parameter = parameter(name, ParameterIn::Path, Required::True, what, schemas::field(operation, name));
        if let Some(example) = examples::of(operation.name).and_then(|example| example.path.get(name)) {
            parameter = parameter.example(Some(example.clone()));
        }
        all.push(parameter.build());
    }
    let example = |name| examples::of(operation.name).and_then(|example| example.query.get(name)).cloned();
    let mut query = |name, what, schema| {
        let parameter = parameter(name, ParameterIn::Query, required(operation, name), what, schema);
        all.push(parameter.example(example(name)).build());
    };
    for (name, what) in query_fields(operation) {
        query(name, what, schemas::field(operation, name));
    }
    let mode = json!({"type": "string", "enum": ["execute", "simulate"], "default": "execute"});
    let tried = "`simulate` tells what would be done and does nothing.";
    match operation.work {
        Work::Question(question) => {
            if question.length.is_list() {
                let most = limits::ROWS_PER_PAGE;
                let schema = json!({"type": "integer", "minimum": 1, "maximum": most, "default": most});
                query(
                    "limit",
                    "At most so many rows. A page of large rows has fewer, and a `next` all the same.",
                    schema,
                );
                query("cursor", "The `next` of the page before.", json!({"type": "string", "minLength": 1}));
            }
            if let Some(list) = question.length.sorted() {
                let words = list.sorts();
                let schema = json!({"type": "string", "enum": words, "default": words.first()});
                query("sort", "In which order; with a minus, the largest or the newest first.", schema);
            }
            let what = "Answers only from a store that has the event at this offset: the `Ims-Offset` of a write.";
            query("min_offset", what, json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}));
        }
        Work::Command(_) => {
            let what = "When it happened, where that was earlier than now.";
            query("occurred_at", what, json!({"type": "string", "format": "date-time"}));
            query("mode", tried, mode);
        }
        Work::Import(_) | Work::Batch => query("mode", tried, mode),
        Work::Task(_) => {}
    }
    if takes_a_tag(operation) {
        let what = "The `ETag` of what you saw, or several of them: it is changed only if it is still that.";
        let schema = json!({"type": "string", "pattern": "^(\\*|\"[0-9a-f]{32}\"(, ?\"[0-9a-f]{32}\")*)$"});
        all.push(parameter("If-Match", ParameterIn::Header, Required::False, what, schema).build());
    }
    if needs_key(operation) {
        let what = "Made once for what you want done, and the same one when you send it again: a UUID, which becomes the \
                    command's id, or any text of your own.";
        let schema = json!({"type": "string", "minLength": 1, "maxLength": crate::serve::idempotency::MOST_KEY_CHARS, "pattern": "^[!-~]([ -~]*[!-~])?$"});
        all.push(parameter("Idempotency-Key", ParameterIn::Header, Required::True, what, schema).build());
    }
    all
}

fn needs_key(operation: &Operation) -> bool {
    match operation.work {
        Work::Command(_) => true,
        Work::Task(task) => task.key == Key::Needed,
        Work::Question(_) | Work::Batch | Work::Import(_) => false,
    }
}

/// Whether it changes a row only if that is still what its caller saw.
fn takes_a_tag(operation: &Operation) -> bool {
    let Work::Command(_) = operation.work else { return false };
    let request = forms::command(operation.name).and_then(|command| forms::schemas().get(command.request));
    request.and_then(|schema| schema.get("properties")?.get(schemas::TAG)).is_some()
}

/// Whether its answer has a tag: a row that is asked for, or one of a kind that is changed only if it is still what was seen.
fn is_tagged(operation: &Operation) -> bool {
    let is_changed = |one: &Operation| takes_a_tag(one) && row(one) == row(operation);
    operation.has_tag() || matches!(operation.work, Work::Command(_)) && Operation::all().any(is_changed)
}

/// A question that makes no sense without a field needs it.
fn required(operation: &Operation, field: &str) -> Required {
    match (operation.name, field) {
        ("profit", "by") | ("search", "text") => Required::True,
        _ => Required::False,
    }
}

pub(super) fn parameter(
    name: &str,
    place: ParameterIn,
    required: Required,
    what: &str,
    schema: Value,
) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(what))
        .schema(Some(as_schema(schema)))
}

/// A schema as the library has it. Those that are written here have no word that it does not know.
pub(super) fn as_schema(schema: Value) -> RefOr<Schema> {
    serde_json::from_value(schema).unwrap_or_else(|_| Ref::from_schema_name("Problem").into())
}

fn body(operation: &Operation) -> Option<RequestBody> {
    if let Work::Import(import) = operation.work {
        let schema = as_schema(json!({"type": "string", "description": import.file}));
        let content = ContentBuilder::new().schema(Some(schema)).example(Some(import.example.into())).build();
        return Some(RequestBodyBuilder::new().content("text/csv", content).required(Some(Required::True)).build());
    }
    let (name, schema) = schemas::body(operation)?;
    let needed = schema.get("required").and_then(Value::as_array).is_some_and(|fields| !fields.is_empty());
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name)));
    if let Some(example) = examples::of(operation.name) {
        content = content.example(Some(Value::Object(example.body.clone())));
    }
    let required = if needed { Required::True } else { Required::False };
    Some(RequestBodyBuilder::new().content("application/json", content.build()).required(Some(required)).build())
}

fn responses(operation: &Operation) -> BTreeMap<StatusCode, Response> {
    let mut all = BTreeMap::new();
    match operation.work {
        Work::Command(Makes::Under(_) | Makes::At(_)) => {
            let path = header("Where it is.", json!({"type": "string"}));
            let made = answered(operation, "There it is.").header("Location", path);
            all.insert(StatusCode::CREATED, made.build());
            all.insert(StatusCode::OK, answered(operation, "What would be done.").build());
        }
        Work::Command(Makes::Something) => {
            all.insert(StatusCode::CREATED, answered(operation, "There it is.").build());
            all.insert(StatusCode::OK, answered(operation, "What would be done.").build());
        }
        Work::Question(question) if question.length.is_list() => {
            all.insert(StatusCode::OK, answered(operation, "A page of the list.").build());
        }
        Work::Question(_) if operation.has_tag() => {
            let what = "The version of it that `If-None-Match` says is the one there is.";
            let known =
                ResponseBuilder::new().description(what).header("ETag", header(ETAG, json!({"type": "string"})));
            all.insert(StatusCode::NOT_MODIFIED, known.build());
            all.insert(StatusCode::OK, answered(operation, "The answer.").build());
        }
        Work::Task(_) if operation.verb == Verb::Post => {
            all.insert(StatusCode::CREATED, answered(operation, "It is there now.").build());
            all.insert(StatusCode::OK, answered(operation, "The answer.").build());
        }
        Work::Command(Makes::Nothing) | Work::Question(_) | Work::Task(_) | Work::Batch | Work::Import(_) => {
            all.insert(StatusCode::OK, answered(operation, "The answer.").build());
        }
    }
    all.extend(problem_responses(operation));
    all
}

/// The problems that it may be answered with, by status.
pub(super) fn problem_responses(operation: &Operation) -> impl Iterator<Item = (StatusCode, Response)> {
    problems(operation).into_iter().map(|(status, codes)| {
        let what = codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        (status, ResponseBuilder::new().description(what).content(problem::CONTENT_TYPE, content).build())
    })
}

fn header(what: &str, schema: Value) -> Header {
    HeaderBuilder::new().schema(Some(as_schema(schema))).description(Some(what)).build()
}

fn answered(operation: &Operation, what: &str) -> ResponseBuilder {
    let content = Content::new(Some(Ref::from_schema_name(answer(operation))));
    let response = ResponseBuilder::new().description(what).content("application/json", content);
    let response = match needs_key(operation) {
        true => response.header("Idempotent-Replayed", header(REPLAYED, json!({"type": "string", "enum": ["true"]}))),
        false => response,
    };
    let response = match is_tagged(operation) {
        true => response.header("ETag", header(ETAG, json!({"type": "string"}))),
        false => response,
    };
    let response = match operation.work {
        Work::Command(_) => {
            let what = "The id of the command: of what it made, where it made something.";
            response.header("Ims-Command", header(what, json!({"type": "string", "format": "uuid"})))
        }
        _ => response,
    };
    match operation.work {
        Work::Command(_) | Work::Batch | Work::Import(_) => {
            let what = "An offset of the log at which what was done is there: a `min_offset` for questions.";
            response.header("Ims-Offset", header(what, json!({"type": "integer", "minimum": 0})))
        }
        Work::Question(_) | Work::Task(_) => response,
    }
}

const ETAG: &str = "Tells the versions of it apart: what `If-Match` and `If-None-Match` take.";
const REPLAYED: &str = "There where the same `Idempotency-Key` was answered so before, and nothing was done now.";

/// The codes of problems that it may be answered with, by status.
fn problems(operation: &Operation) -> BTreeMap<StatusCode, Vec<&'static str>> {
    let mut all: BTreeMap<StatusCode, Vec<&'static str>> = BTreeMap::new();
    let is_command = matches!(operation.work, Work::Command(_) | Work::Batch | Work::Import(_));
    let (is_question, has_body) = (!operation.writes(), operation.writes());
    for (code, status, _) in codes::CODES {
        let may_be = match *code {
            // Those of a stream by gRPC are its last word.
            "method_not_allowed" | "resync" | "unread" => false,
            "unauthenticated" => operation.access != Access::Everybody,
            "no_right" => matches!(operation.access, Access::With(_)),
            "idempotency_key_missing" | "idempotency_key_invalid" => !is_question,
            "bad_cursor" => matches!(operation.work, Work::Question(question) if question.length.is_list()),
            "body_too_large" | "media_type" | "content_encoding" | "ending" => has_body,
            "batch_too_large" => matches!(operation.work, Work::Batch),
            "bad_rows" | "bad_file" => matches!(operation.work, Work::Import(_)),
            "in_flight" => is_command || operation.name == "command",
            _ => true,
        };
        if let (true, Ok(status)) = (may_be, StatusCode::from_u16(*status)) {
            all.entry(status).or_default().push(code);
        }
    }
    if operation.has_tag() {
        all.entry(StatusCode::PRECONDITION_FAILED).or_default().push("changed");
    }
    if is_command {
        for code in Rejection::CODES.iter().copied() {
            all.entry(problem::status_of(code)).or_default().push(code);
        }
        all.entry(StatusCode::UNPROCESSABLE_ENTITY).or_default().push("id_reused");
        all.entry(StatusCode::SERVICE_UNAVAILABLE).or_default().extend(["contended", "stopped"]);
    }
    for code in StoreErrorKind::CODES.iter().copied() {
        all.entry(problem::status_of_store(code)).or_default().push(code);
    }
    let internal = Error::CODES.iter().copied().filter(|code| *code == "internal");
    all.entry(StatusCode::INTERNAL_SERVER_ERROR).or_default().extend(internal);
    all
}
