//! The OpenAPI document: made of the list of operations and of the schemas, so that it says what the server does.

mod examples;
mod followed;
mod operation;
mod schemas;

use crate::serve::{Operation, live};
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use std::sync::LazyLock;
use utoipa::openapi::{
    Components, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder,
    security::{Http, HttpAuthScheme, SecurityScheme},
    tag::TagBuilder,
};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the document is.
pub(crate) const PATH: &str = "/openapi.json";
/// Where people read it.
const PAGE: &str = "/api/docs";
/// The name of the one way to say who calls.
const TOKEN: &str = "token";

/// What stands at the head of the document.
const ABOUT: &str = "\
Everything that a shop asks and does over the network: items, stock, orders, purchases, reports.

**Exactly once.** Every write comes with an `Idempotency-Key`, made once for what you want done: a UUID, or any text of \
your own. Sent again it is answered as it was the first time and done no second time, without an end of time. Where an \
answer was lost, send the same request again, or ask `GET /v1/commands/{key}`.

**Names in place of ids.** Wherever an id of an item, a location, a supplier, a customer or an order is expected, in a \
path, a query or a body, a name may stand: `sku:TEA-1`, `barcode:4006381333931`, `code:MAIN`, `number:MAIN-17`.

**Lists** come in pages of `rows`; `next` is the `cursor` of the page after. With `Accept: text/csv` the whole list is \
sent at once, as a spreadsheet takes it.

**Decimals** are strings, never floating point: `\"4.50\"`.

**Problems** are documents of RFC 9457 with a stable `code`.

**Reading what you wrote.** A write is answered with `Ims-Offset`; a question with `min_offset` is answered only from a \
store that has come so far.";

static DOCUMENT: LazyLock<Vec<u8>> = LazyLock::new(|| serde_json::to_vec(&document()).unwrap_or_default());

/// Sends the document.
pub(crate) async fn send() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_slice()).into_response()
}

/// The page on which people read it and try it out. All of it is in the program.
pub(crate) fn page<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let config = Config::new([PATH]).display_operation_id(true).filter(true).persist_authorization(false);
    SwaggerUi::new(PAGE).config(config).into()
}

/// The whole document.
pub(crate) fn document() -> Value {
    let mut document = serde_json::to_value(outline()).unwrap_or_default();
    // The schemas go in as they are: no type of a library knows every word of theirs.
    if let Value::Object(document) = &mut document {
        let components = document.entry("components").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(components) = components {
            components.insert("schemas".to_owned(), Value::Object(schemas::all()));
        }
    }
    document
}

/// All but the schemas.
fn outline() -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut tags: Vec<&str> = Vec::new();
    for operation in Operation::all() {
        let tag = operation::tag(operation);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        paths = paths.path(operation.path, PathItem::new(method(operation), operation::described(operation)));
    }
    for followed in [&live::STREAM, &live::SOCKET] {
        paths = paths.path(followed.path, PathItem::new(HttpMethod::Get, followed::described(followed)));
    }
    let info = InfoBuilder::new()
        .title("IMS")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build()))
        .build();
    let mut components = Components::new();
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some("The `access_token` of `POST /v1/tokens`, or an API key.".to_owned());
    components.add_security_scheme(TOKEN, SecurityScheme::Http(token));
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags.into_iter().map(|tag| TagBuilder::new().name(tag).build())))
        .build()
}

fn method(operation: &Operation) -> HttpMethod {
    use crate::serve::operation::Verb;
    match operation.verb {
        Verb::Get => HttpMethod::Get,
        Verb::Post => HttpMethod::Post,
        Verb::Put => HttpMethod::Put,
        Verb::Patch => HttpMethod::Patch,
        Verb::Delete => HttpMethod::Delete,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::serve::forms;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_and_every_stream_is_in_the_document_and_nothing_else() {
        let document = document();
        let mut documented = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (verb, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                documented.insert((verb.to_uppercase(), path.clone(), name.to_owned()));
            }
        }
        let word = |operation: &Operation| format!("{:?}", operation.verb).to_uppercase();
        let listed = Operation::all().map(|one| (word(one), one.path.to_owned(), one.name.to_owned()));
        let streams =
            [live::STREAM, live::SOCKET].map(|one| ("GET".to_owned(), one.path.to_owned(), one.name.to_owned()));
        assert_eq!(documented, listed.chain(streams).collect());
    }

    #[test]
    fn every_schema_that_is_named_is_there_and_every_one_that_is_there_is_named() {
        let document = document();
        let there: BTreeSet<&str> =
            document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut named = BTreeSet::new();
        forms::each_target(&document, &mut |name| _ = named.insert(name));
        assert_eq!(named.difference(&there).collect::<Vec<_>>(), Vec::<&&str>::new(), "are named and not there");
        assert_eq!(there.difference(&named).collect::<Vec<_>>(), Vec::<&&str>::new(), "are there and not named");
    }

    #[test]
    fn every_operation_says_what_it_does_and_every_parameter_what_it_is() {
        let document = document();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let name = &operation["operationId"];
                assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    assert!(parameter["description"].is_string(), "{name}: {parameter}");
                    assert!(parameter["schema"].is_object(), "{name}: {parameter}");
                }
            }
        }
    }
}
