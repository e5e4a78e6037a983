//! The document says what the server does.

use super::*;
use std::{collections::BTreeMap, fs};

/// What the document says of each operation, with its method and path.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

fn document(server: &Server) -> Value {
    server.send("GET", "/openapi.json", None, None).ok()
}

/// Fails with all that a schema of the document has against a value.
fn assert_fits(document: &Value, schema: &Value, value: &Value, of: &str) {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
    let problems: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(problems.is_empty(), "{of}: {value}\n{}", problems.join("\n"));
}

/// Puts values in the place of the braces of a path.
fn filled(path: &str, value: impl Fn(&str) -> String) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => value(name),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn every_documented_operation_is_routed() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let document = document(&server);
    let operations = operations(&document);
    assert!(operations.len() > 60, "only {} operations", operations.len());
    for (method, path, operation) in operations {
        let reply = server.send(&method, &filled(&path, |_| "x".to_owned()), None, None);
        let name = &operation["operationId"];
        assert!(![404, 405].contains(&reply.status), "{name}: {reply:?}");
        if operation["security"].as_array().is_some_and(|needed| !needed.is_empty()) {
            assert_eq!(reply.status, 401, "{name}: {reply:?}");
        }
        assert!(operation["responses"].get(reply.status.to_string()).is_some(), "{name}: {reply:?}");
    }
}

/// The examples of the document, one after the other, on a server that nobody has used.
struct Told<'a> {
    server: &'a Server,
    document: Value,
    operations: Vec<(String, String, Value)>,
    /// The newest answer of each operation.
    answers: BTreeMap<String, Value>,
}

impl Told<'_> {
    /// Puts answers in the place of what an example cannot know: tokens, and ids that the server makes.
    fn taken(&self, step: &Value) -> Value {
        let mut step = step.clone();
        let taken = step.as_object_mut().unwrap().remove("take").unwrap_or_else(|| json!({}));
        for (place, from) in taken.as_object().unwrap() {
            let from = from.as_str().unwrap();
            let (operation, pointer) = from.split_at(from.find('/').unwrap_or(from.len()));
            *step.pointer_mut(place).unwrap() = self.answers[operation].pointer(pointer).unwrap().clone();
        }
        step
    }

    /// Does one, and holds what it says and what it is answered against the document.
    fn tell(&mut self, step: &Value) {
        let name = step["operation"].as_str().unwrap();
        let (method, path, operation) =
            self.operations.iter().find(|(.., operation)| operation["operationId"] == name).unwrap().clone();
        let step = self.taken(step);
        let mut path = filled(&path, |field| step["path"][field].as_str().unwrap().to_owned());
        for (at, (field, value)) in step["query"].as_object().into_iter().flatten().enumerate() {
            path += &format!(
                "{}{field}={}",
                if at == 0 { '?' } else { '&' },
                value.as_str().map_or_else(|| value.to_string(), str::to_owned)
            );
        }
        let content = &operation["requestBody"]["content"];
        let body = step.get("body").cloned();
        if let Some(body) = &body {
            assert_fits(&self.document, &content["application/json"]["schema"], body, name);
        }
        let bearer =
            self.answers.get("sign_in").map(|tokens| format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
        let key = step["key"].as_str().map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned);
        let mut headers = vec![("Idempotency-Key", key.as_str())];
        headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        let reply = match content["text/csv"]["example"].as_str() {
            Some(csv) => {
                let bearer = bearer.as_deref().unwrap().strip_prefix("Bearer ").unwrap();
                send(self.server, &format!("{method} {path}"), bearer, &[("Content-Type", "text/csv")], csv.as_bytes())
            }
            None => self.server.send_with(&method, &path, &headers, body.as_ref()),
        };
        assert!(reply.status < 300, "{name}: {reply:?}");
        let answer = reply.json();
        let schema = &operation["responses"][reply.status.to_string()]["content"]["application/json"]["schema"];
        assert_fits(&self.document, schema, &answer, name);
        let is_tagged = reply.headers.contains_key("etag");
        let responses = &operation["responses"];
        assert_eq!(
            responses[reply.status.to_string()]["headers"].get("ETag").is_some(),
            is_tagged,
            "{name}: {reply:?}"
        );
        assert_eq!(responses.get("304").is_some(), is_tagged && method == "GET", "{name}");
        if let Some(rows) = answer.get("rows").and_then(Value::as_array) {
            assert!(!rows.is_empty(), "{name} finds nothing");
        }
        self.answers.insert(name.to_owned(), answer);
        if self.operations.iter().any(|(.., operation)| operation["operationId"] == format!("{name}_csv")) {
            let (way, query) = path.split_once('?').unwrap_or((&path, ""));
            let token = bearer.as_deref().unwrap().strip_prefix("Bearer ").unwrap();
            let csv = send(self.server, &format!("GET {way}.csv?{query}"), token, &[], b"");
            assert_eq!(
                (csv.status, csv.headers["content-type"].as_str()),
                (200, "text/csv; charset=utf-8"),
                "{name}: {csv:?}"
            );
            let name = format!("attachment; filename=\"{}.csv\"", name.replace('_', "-"));
            assert_eq!(csv.headers["content-disposition"], name);
            assert!(csv.text.lines().count() > 1, "{csv:?}");
        }
    }
}

#[test]
fn the_examples_tell_a_story_that_is_done_as_the_document_says() {
    let shop = Shop::none();
    // It makes the store, and nobody has opened a shop in it.
    let file = shop.path("first-admin");
    let set = format!("auth.first_admin_file={}", file.display());
    let server = shop.serve_as_it_is(&["auth.registration=viewer", &set]);
    let token = fs::read_to_string(&file).unwrap().trim().to_owned();
    let document = document(&server);
    let answers = BTreeMap::from([("first_admin_token".to_owned(), json!(token))]);
    let operations = operations(&document);
    let mut told = Told { server: &server, document, operations, answers };
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve/http/document/examples.json");
    let story: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    story.iter().for_each(|step| told.tell(step));
    let imported = json!({"rows": 2, "items": 2, "receipts": 1, "imported_before": 0, "note": null});
    assert_eq!(told.answers["import_items"], imported);
    assert_eq!(told.answers["import_suppliers"]["suppliers"], 1);
    assert_eq!(told.answers["import_customers"]["customers"], 1);
}

/// Whoever may see costs or may not: what they are told is as the document says.
#[test]
fn every_question_is_answered_as_the_document_says() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let (admin, document) = (server.admin(), document(&server));
    let main = "code:MAIN";
    let sale = json!({"site": main, "lines": [{"item": "sku:TEA-1", "quantity": "16"}]});
    let sold = server.command("POST", "/v1/sales", &admin, &sale).ok();
    let hold = json!({"item": "sku:TEA-1", "site": main, "quantity": "1", "until": "2099-01-01T00:00:00Z"});
    let held = server.command("POST", "/v1/holds", &admin, &hold).ok();
    let supplier = json!({"code": "S", "contact": contact("Leaf")});
    server.command("POST", "/v1/suppliers", &admin, &supplier).ok();
    server.command("POST", "/v1/customers", &admin, &json!({"code": "C", "contact": contact("Tea room")})).ok();
    let lines = json!([{"item": "sku:TEA-1", "quantity": "2", "unit_cost": "2"}]);
    let purchase = json!({"supplier": "code:S", "site": main, "lines": lines});
    let bought = server.command("POST", "/v1/purchases", &admin, &purchase).ok();
    let id = |answer: &Value| answer["id"].as_str().unwrap().to_owned();
    let field = |name: &str| match name {
        "item" => "sku:tea-1".to_owned(),
        "location" | "site" => "code:main".to_owned(),
        "supplier" => "code:S".to_owned(),
        "customer" => "code:c".to_owned(),
        "order" | "command" => id(&sold["order"]),
        "purchase" => id(&bought),
        "hold" => id(&held),
        other => panic!("no example of {other}"),
    };
    let clerk = server.user("carl", "clerk");
    for (method, path, operation) in operations(&document) {
        let tag = operation["tags"][0].as_str().unwrap();
        let shops = [
            "shop",
            "items",
            "locations",
            "suppliers",
            "customers",
            "stock",
            "holds",
            "movements",
            "orders",
            "purchases",
            "alerts",
            "reorder",
            "reports",
            "search",
            "commands",
        ];
        if method != "GET" || !shops.contains(&tag) || path.ends_with(".csv") {
            continue;
        }
        let mut path = filled(&path, field);
        match operation["operationId"].as_str().unwrap() {
            "profit" => path += "?by=item",
            "search" => path += "?text=te",
            _ => {}
        }
        for (who, token) in [("admin", &admin), ("clerk", &clerk)] {
            let reply = server.get(&path, token);
            let of = format!("{path} for {who}");
            if reply.status == 403 && who == "clerk" {
                continue;
            }
            assert_eq!(reply.status, 200, "{of}: {reply:?}");
            let answer = reply.json();
            assert_fits(
                &document,
                &operation["responses"]["200"]["content"]["application/json"]["schema"],
                &answer,
                &of,
            );
            if let Some(rows) = answer.get("rows") {
                assert!(!rows.as_array().unwrap().is_empty(), "{of} is empty");
            }
            if who == "clerk" {
                for cost in ["\"value\"", "\"cost\"", "\"unit_cost\"", "\"profit\"", "\"standard_cost\""] {
                    assert!(!answer.to_string().contains(cost), "{of} tells {cost}: {answer}");
                }
            }
        }
    }
}

fn contact(name: &str) -> Value {
    json!({"name": name, "contact": "", "email": "", "phone": "", "address": "", "city": "Köln", "country": ""})
}

#[test]
fn the_document_can_be_read_and_tried_out_without_the_internet() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let page = raw(&server, b"GET /api/docs/ HTTP/1.0\r\n\r\n");
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.text.contains("swagger-ui"), "{page:?}");
    for line in page.text.lines().filter(|line| line.contains("src=") || line.contains("href=")) {
        assert!(!line.contains("//"), "it asks somebody else: {line}");
    }
    let setup = raw(&server, b"GET /api/docs/swagger-initializer.js HTTP/1.0\r\n\r\n");
    assert!(setup.text.contains("/openapi.json"), "{setup:?}");
}

#[test]
fn a_browser_that_comes_to_the_server_is_told_where_to_go() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let page = raw(&server, b"GET / HTTP/1.0\r\n\r\n");
    assert_eq!((page.status, page.headers["content-type"].as_str()), (200, "text/html; charset=utf-8"), "{page:?}");
    for link in page.text.split("href=\"/").skip(1) {
        let path = link.split('"').next().unwrap();
        let there = raw(&server, format!("GET /{path} HTTP/1.0\r\n\r\n").as_bytes());
        assert_eq!(there.status, 200, "/{path}");
    }
    assert!(page.text.matches("href=\"/").count() >= 3, "{page:?}");
}
