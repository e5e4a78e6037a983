//! What `docs/migrating.md` tells those who come from another system is done by the server, in the order of the page.

use super::*;

/// A request as the page has it: `POST /v1/items {…}`, or a file below `POST /v1/imports/items`.
struct Told<'p> {
    line: &'p str,
    method: &'p str,
    path: &'p str,
    body: Option<Value>,
    file: Option<&'p str>,
}

fn told(page: &str) -> Vec<Told<'_>> {
    let mut told = Vec::new();
    for block in page.split("\n```").skip(1).step_by(2) {
        let (kind, text) = block.split_once('\n').unwrap();
        if kind == "csv" {
            let (line, file) = text.split_once("\n\n").unwrap();
            let (method, path) = line.split_once(' ').unwrap();
            told.push(Told { line, method, path, body: None, file: Some(file) });
            continue;
        }
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (method, rest) = line.split_once(' ').unwrap();
            let (path, body) = rest.split_once(' ').map_or((rest, None), |(path, body)| (path, Some(body)));
            let body = body.map(|body| serde_json::from_str(body).unwrap_or_else(|error| panic!("{line}: {error}")));
            told.push(Told { line, method, path, body, file: None });
        }
    }
    told
}

#[test]
fn every_request_of_the_page_on_migrating_is_answered() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/migrating.md");
    let page = std::fs::read_to_string(page).unwrap();
    let shop = Shop::none();
    shop.add_user(common::server::ADMIN.0, common::server::ADMIN.1, "admin");
    let server = shop.serve_as_it_is(&[]);
    let admin = server.admin();
    let told = told(&page);
    assert!(told.len() > 50, "{}", told.len());
    for Told { line, method, path, body, file } in &told {
        let body = body.clone().unwrap_or_else(|| json!({}));
        let reply = match *method {
            _ if file.is_some() => {
                send(&server, line, &admin, &[("Content-Type", "text/csv")], file.unwrap_or_default().as_bytes())
            }
            "GET" => server.get(path, &admin),
            "POST" if ["/v1/users", "/v1/tokens", "/v1/keys", "/v1/batch"].contains(path) => {
                server.post(path, &admin, &body)
            }
            _ => server.command(method, path, &admin, &body),
        };
        assert!((200..300).contains(&reply.status), "{line}: {reply:?}");
        let answer = reply.json();
        // What the page promises of some of them.
        match *line {
            "POST /v1/imports/suppliers" => assert_eq!(answer["suppliers"], 2),
            "POST /v1/imports/customers" => assert_eq!(answer["customers"], 2),
            "POST /v1/imports/items" => assert_eq!((&answer["items"], &answer["receipts"]), (&json!(2), &json!(1))),
            "GET /v1/stock?item=sku:BOLT-8" => assert_eq!(answer["rows"][0]["on_hand"], "955"),
            "GET /v1/suppliers?city=Porto" => assert_eq!(answer["rows"].as_array().unwrap().len(), 1),
            "GET /v1/orders?customer=code:C-2" => assert_eq!(answer["rows"].as_array().unwrap().len(), 1),
            "POST /v1/admin/verify" => assert_eq!(answer["ok"], true),
            _ => {}
        }
        if *path == "/v1/batch" {
            assert_eq!(answer["answers"][0]["problem"], Value::Null, "{line}: {answer}");
        }
    }
    let alerts = server.get("/v1/alerts", &admin).ok();
    let paper = alerts["rows"].as_array().unwrap().iter().find(|row| row["sku"] == "PAPER-A4");
    assert_eq!(paper.unwrap()["available"], "8", "{alerts}");
}
