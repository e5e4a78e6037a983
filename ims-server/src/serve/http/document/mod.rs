//! The OpenAPI document: made of the list of operations and of the schemas, so that it says what the server does.

mod examples;
mod followed;
mod operation;
mod schemas;
mod whole_list;

use super::{Form, csv};
use crate::serve::{Operation, live};
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, sync::LazyLock};
use utoipa::openapi::{
    Components, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder,
    path::{Parameter, ParameterIn},
    security::{Http, HttpAuthScheme, SecurityScheme},
    server::ServerBuilder,
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

# First steps

1. **The first admin.** A server without users prints a link at its start, in its log or terminal. Open it in a browser, or send the token in it to `POST /v1/account/first-admin` with a name and a password of your choice. Where the link is gone, `ims user add NAME --role admin` beside the store does the same.
2. **Sign in.** `POST /v1/tokens` with that name and password answers an `access_token`. Send it with every request as `Authorization: Bearer …`; on the page `/api/docs` put it into *Authorize*. It is good for minutes: `POST /v1/tokens/refresh` gives the next. Programs and tills have API keys instead, from `POST /v1/keys`, which are sent in the same way.
3. **Open the shop.** `PUT /v1/shop`, then a site (`POST /v1/locations`), an item (`POST /v1/items`), its goods (`POST /v1/stock/receipts`), a sale (`POST /v1/sales`), and what was earned (`GET /v1/reports/profit?by=day`). The examples of this document do it in this order, on an empty shop, as they stand.

# What holds everywhere

**Exactly once.** Every write comes with an `Idempotency-Key`, made once for what you want done: a UUID, or any text of \
your own. Sent again it is answered as it was the first time, with `Idempotent-Replayed: true`, and done no second time, \
without an end of time. Where an answer was lost, send the same request again, or ask `GET /v1/commands/{key}`.

**Answers.** A write is answered with what it made or changed: an item, an order, the goods that moved. `201` says that \
something is there now that was not, and `Location` where; `ETag` is what `If-Match` takes.

**Names in place of ids.** Wherever an id of an item, a location, a supplier, a customer or an order is expected, in a \
path, a query or a body, a name may stand: `sku:TEA-1`, `barcode:4006381333931`, `code:MAIN`, `number:MAIN-17`.

**Lists** come in pages of `rows`; `next` is the `cursor` of the page after. The same path with `.csv` behind it, such as \
`/v1/items.csv`, sends the whole list at once, as a spreadsheet takes it; so does `Accept: text/csv`. `sort` names the order, with a minus \
for the other way round: `sort=-placed_at` has the newest first. `from` and `until` are business days or times; of profit they are business days.

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

/// The names that a query of an operation may have, as the document tells them.
pub(crate) fn query_names(asked: &Operation, form: Form) -> &'static [String] {
    static NAMES: LazyLock<BTreeMap<(&str, Form), Vec<String>>> = LazyLock::new(|| {
        let forms = [(Form::Json, operation::parameters as Described), (Form::Csv, operation::parameters_of_all)];
        let names = |one, parameters: Described| {
            let in_query = |parameter: &Parameter| parameter.parameter_in == ParameterIn::Query;
            parameters(one).into_iter().filter(in_query).map(|parameter| parameter.name).collect()
        };
        let of = |one: &'static Operation| forms.map(|(form, parameters)| ((one.name, form), names(one, parameters)));
        Operation::all().flat_map(of).collect()
    });
    NAMES.get(&(asked.name, form)).map_or(&[], Vec::as_slice)
}

/// Tells the parameters of an operation.
type Described = fn(&Operation) -> Vec<Parameter>;

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
        if csv::is_there(operation) {
            let path = format!("{}{}", operation.path, csv::ENDING);
            paths = paths.path(path, PathItem::new(HttpMethod::Get, whole_list::described(operation)));
        }
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
        .servers(Some([ServerBuilder::new().url("/").description(Some("The server that sent this.")).build()]))
        .tags(Some(tags.into_iter().map(|tag| TagBuilder::new().name(tag).description(Some(heading(tag))).build())))
        .build()
}

/// What stands under the heading of a part of the paths.
fn heading(tag: &str) -> &'static str {
    match tag {
        "shop" => "The shop itself: its name, its currency, its time zone.",
        "periods" => "Closing the books.",
        "items" => "What is traded.",
        "locations" => "Where stock is.",
        "suppliers" => "Who delivers.",
        "customers" => "Who buys.",
        "stock" => "What is on the shelf, and how it gets there without an order.",
        "holds" => "Stock put aside for a while.",
        "movements" => "Where goods went, and what they cost.",
        "orders" => "Sales orders, from the basket to the shipment.",
        "sales" => "Sales over the counter.",
        "returns" => "What customers bring back.",
        "purchases" => "Purchase orders, and what suppliers deliver.",
        "alerts" => "What runs low.",
        "reorder" => "What should be bought.",
        "reports" => "What was earned, and what the stock is worth.",
        "events" => "What happened, as a log, as streams, over WebSockets.",
        "search" => "One box to search in.",
        "lookups" => "Rows by their ids and names.",
        "tables" => "Everything that the store keeps.",
        "imports" => "Files that are taken in.",
        "batch" => "Many commands at once.",
        "commands" => "What became of a command.",
        "webhooks" => "Listeners by HTTPS.",
        "tokens" => "Signing in and out.",
        "account" => "Your own account.",
        "users" => "Who may come in, and as what.",
        "invitations" => "Asking somebody in.",
        "keys" => "API keys, for programs, tills and scanners.",
        "admin" => "The server's own affairs.",
        _ => "",
    }
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
        let whole = Operation::all().filter(|one| csv::is_there(one));
        let whole = whole.map(|one| (word(one), format!("{}.csv", one.path), format!("{}_csv", one.name)));
        assert_eq!(documented, listed.chain(whole).chain(streams).collect());
    }

    #[test]
    fn every_heading_says_what_stands_under_it() {
        let document = document();
        let tags = document["tags"].as_array().unwrap();
        let silent: Vec<_> = tags.iter().filter(|tag| tag["description"].as_str().unwrap().is_empty()).collect();
        assert!(silent.is_empty(), "{silent:?}");
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
