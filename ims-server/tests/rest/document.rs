//! The document says what the server does.

use super::*;
use std::fs;

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
        if operation.get("security").is_some() {
            assert_eq!(reply.status, 401, "{name}: {reply:?}");
        }
        assert!(operation["responses"].get(reply.status.to_string()).is_some(), "{name}: {reply:?}");
    }
}

#[test]
fn the_examples_tell_a_story_that_is_done_as_the_document_says() {
    let shop = Shop::none();
    // It makes the store, and nobody has opened a shop in it.
    let server = shop.serve_as_it_is(&[]);
    shop.add_user(common::server::ADMIN.0, common::server::ADMIN.1, "admin");
    let (admin, document) = (server.admin(), document(&server));
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve/http/document/examples.json");
    let story: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let operations = operations(&document);
    for step in &story {
        let name = step["operation"].as_str().unwrap();
        let (method, path, operation) =
            operations.iter().find(|(.., operation)| operation["operationId"] == name).unwrap();
        let path = filled(path, |field| step["path"][field].as_str().unwrap().to_owned());
        let body = step.get("body").cloned();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if let Some(body) = &body {
            assert_fits(&document, schema, body, name);
        }
        let reply = match step.get("key").and_then(Value::as_str) {
            Some(key) => {
                let bearer = format!("Bearer {admin}");
                let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
                server.send_with(method, &path, &headers, body.as_ref())
            }
            None => server.command(method, &path, &admin, &body.unwrap_or_else(|| json!({}))),
        };
        let status = reply.status.to_string();
        let answer = reply.ok();
        let schema = &operation["responses"][&status]["content"]["application/json"]["schema"];
        assert_fits(&document, schema, &answer, name);
    }
    let import = operations.iter().find(|(.., operation)| operation["operationId"] == "import_items").unwrap();
    let csv = import.2["requestBody"]["content"]["text/csv"]["example"].as_str().unwrap();
    let reply = send(&server, "POST /v1/imports/items", &admin, &[("Content-Type", "text/csv")], csv.as_bytes());
    assert_eq!(reply.ok(), json!({"rows": 2, "items": 2, "receipts": 1}));
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
        "order" | "command" => id(&sold),
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
        if method != "GET" || !shops.contains(&tag) {
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
