//! Writes: exactly once, each judged for itself, read where they were written.

use super::*;

#[test]
fn each_command_of_a_batch_is_judged_and_answered_for_itself() {
    let shop = Shop::with_tea();
    let server = shop.serve(&["http.batch_limit=6"]);
    let clerk = server.user("carl", "clerk");
    let sell =
        |count: &str| json!({"sell": {"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": count}]}});
    let batch = json!({"commands": [
        {"key": "1", "command": sell("15"), "occurred_at": null},
        {"key": "2", "command": sell("15")},
        {"key": "3", "command": {"create_item": {"sku": "A", "name": "a"}}},
        {"key": "4", "command": {"sell": {"site": "code:NOWHERE", "lines": []}}},
        {"key": "5", "command": {"steal": {}}},
        {"key": "6", "command": sell("5")},
    ]});
    let answers = server.post("/v1/batch", &clerk, &batch).ok();
    let told: Vec<(u64, String)> = answers["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| {
            let code = answer["problem"]["code"].as_str().unwrap_or_default();
            (answer["status"].as_u64().unwrap(), code.to_owned())
        })
        .collect();
    let expected = [
        (201, ""),
        (409, "insufficient_stock"),
        (403, "no_right"),
        (404, "unknown_name"),
        (400, "malformed"),
        (201, ""),
    ];
    assert_eq!(told, expected.map(|(status, code)| (status, code.to_owned())));
    let replayed = |answers: &mut Value| {
        let answers = answers["answers"].as_array_mut().unwrap().iter_mut();
        answers.map(|answer| answer.as_object_mut().unwrap().remove("replayed").unwrap()).collect::<Vec<Value>>()
    };
    let (mut answers, mut again) = (answers, server.post("/v1/batch", &clerk, &batch).ok());
    assert_eq!(replayed(&mut answers), [false; 6].map(Value::from));
    assert_eq!(
        replayed(&mut again),
        [true, true, false, false, false, true].map(Value::from),
        "what was never decided"
    );
    assert_eq!(again, answers, "it is answered as it was");
    let again = server.post("/v1/batch", &clerk, &json!({"commands": vec![json!({}); 7]}));
    assert_eq!(again.refused(413), "batch_too_large");
    let stock = server.get("/v1/items/sku:TEA-1/stock", &clerk).ok();
    assert_eq!(stock["rows"][0]["on_hand"], "0");
}

#[test]
fn what_became_of_a_command_can_be_asked() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let bearer = format!("Bearer {admin}");
    let sell = |key: &str, count: &str| {
        let body = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": count}]});
        server.send_with("POST", "/v1/sales", &[("Authorization", &bearer), ("Idempotency-Key", key)], Some(&body))
    };
    let done = sell("till-1", "2");
    let command = done.headers["ims-command"].clone();
    assert_eq!(sell("till-2", "200").refused(409), "insufficient_stock");
    let by_key = server.get("/v1/commands/till-1", &admin).ok();
    assert_eq!((&by_key["outcome"], &by_key["receipt"]), (&json!("done"), &json!({"sold": done.json()})));
    assert_eq!(server.get(&format!("/v1/commands/{command}"), &admin).ok(), by_key);
    let refused = server.get("/v1/commands/till-2", &admin).ok();
    assert_eq!((&refused["outcome"], &refused["problem"]["code"]), (&json!("refused"), &json!("insufficient_stock")));
    assert_eq!(server.get("/v1/commands/till-3", &admin).refused(404), "not_found");
    let moved = server.get("/v1/commands/till-1/movements", &admin).ok();
    assert_eq!(moved["rows"][0]["quantity"], "2");
    assert_eq!(sell("till-1", "3").refused(422), "id_reused");
}

#[test]
fn an_answer_that_was_given_before_says_so() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let bearer = format!("Bearer {}", server.admin());
    let send = |method: &str, path: &str, key: &str, body: &Value| {
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        server.send_with(method, path, &headers, Some(body))
    };
    let replayed = |reply: &Reply| reply.headers.get("idempotent-replayed").cloned();
    let lines = |count: &str| json!([{"item": "sku:TEA-1", "quantity": count}]);
    let goods = json!({"loose": {"site": "code:MAIN", "lines": [{"item": "sku:NONE", "quantity": "1"}]}});
    for (method, path, status, body) in [
        ("POST", "/v1/items", 201, json!({"sku": "A", "name": "a"})),
        ("PATCH", "/v1/items/sku:A", 200, json!({"name": "b"})),
        ("POST", "/v1/orders", 201, json!({"site": "code:MAIN", "lines": lines("1")})),
        ("POST", "/v1/sales", 409, json!({"site": "code:MAIN", "lines": lines("1000")})),
        ("POST", "/v1/webhooks", 201, json!({"url": "https://shop.example/hear"})),
        ("POST", "/v1/returns", 404, json!({"goods": goods})),
    ] {
        let first = send(method, path, path, &body);
        let again = send(method, path, path, &body);
        assert_eq!((first.status, again.status), (status, status), "{path}: {again:?}");
        assert_eq!(replayed(&first), None, "{path}");
        let is_asked_anew = first.status == 404;
        assert_eq!(replayed(&again).as_deref() == Some("true"), !is_asked_anew, "{path}");
        assert_eq!(first.headers.get("location"), again.headers.get("location"), "{path}");
    }
}

#[test]
fn a_write_is_answered_with_what_it_made() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let bearer = format!("Bearer {}", server.admin());
    let send = |method: &str, path: &str, headers: &[(&str, &str)], body: &Value| {
        let key = path.len().to_string();
        let mut all = vec![("Authorization", bearer.as_str()), ("Idempotency-Key", key.as_str())];
        all.extend_from_slice(headers);
        server.send_with(method, path, &all, Some(body))
    };
    let made = send("POST", "/v1/items", &[], &json!({"sku": "A", "name": "a"}));
    let item = made.json();
    assert_eq!(item["id"], made.headers["ims-command"]);
    let read = server.send_with("GET", &made.headers["location"], &[("Authorization", &bearer)], None);
    assert_eq!((&read.json(), &read.headers["etag"]), (&item, &made.headers["etag"]));
    let path = "/v1/items/sku:A";
    assert_eq!(send("PATCH", path, &[], &json!({"name": "b", "if_tag": "x"})).refused(400), "malformed");
    let changed = send("PATCH", path, &[("If-Match", &made.headers["etag"])], &json!({"name": "b"}));
    assert_eq!((changed.status, &changed.json()["name"]), (200, &json!("b")));
}

#[test]
fn what_was_written_is_read_at_its_offset() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let body = json!({"sku": "A", "name": "a"});
    let written = server.command("POST", "/v1/items", &admin, &body);
    let offset: u64 = written.headers["ims-offset"].parse().unwrap();
    assert_eq!(written.headers["location"], format!("/v1/items/{}", written.json()["id"].as_str().unwrap()));
    assert_eq!(written.status, 201);
    server.get(&format!("/v1/items/sku:A?min_offset={offset}"), &admin).ok();
    let too_far = server.get(&format!("/v1/items?min_offset={}", offset + 1), &admin);
    assert_eq!(too_far.headers["retry-after"], "1");
    assert_eq!(too_far.refused(409), "offset_not_reached");
}

#[test]
fn only_what_is_still_as_it_was_seen_is_changed() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let bearer = format!("Bearer {admin}");
    let seen = server.get("/v1/items/sku:TEA-1", &admin).headers["etag"].clone();
    let change = |key: &str, price: &str| {
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key), ("If-Match", &seen)];
        server.send_with("PATCH", "/v1/items/sku:TEA-1", &headers, Some(&json!({"price": price})))
    };
    change("1", "5.00").ok();
    assert_eq!(change("2", "6.00").refused(412), "changed");
    let headers = [("Authorization", bearer.as_str()), ("If-None-Match", &seen)];
    assert_eq!(server.send_with("GET", "/v1/items/sku:TEA-1", &headers, None).ok()["price"], "5");
    let now = server.get("/v1/items/sku:TEA-1", &admin).headers["etag"].clone();
    let headers = [("Authorization", bearer.as_str()), ("If-None-Match", &now)];
    assert_eq!(server.send_with("GET", "/v1/items/sku:TEA-1", &headers, None).status, 304);
}

#[test]
fn tags_are_compared_weakly_to_read_and_strongly_to_change() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let bearer = format!("Bearer {admin}");
    let path = "/v1/items/sku:TEA-1";
    let tag = server.get(path, &admin).headers["etag"].clone();
    let read = |name: &str, value: &str| {
        let headers = [("Authorization", bearer.as_str()), (name, value)];
        server.send_with("GET", path, &headers, None)
    };
    for known in [&*tag, &format!("W/{tag}"), &format!("\"x\", W/{tag}"), "*"] {
        let reply = read("If-None-Match", known);
        assert_eq!((reply.status, &reply.headers["etag"], reply.text.as_str()), (304, &tag, ""), "{known}");
    }
    for unknown in ["\"x\"", "x", "", &tag.replace('"', "")] {
        assert_eq!(read("If-None-Match", unknown).status, 200, "{unknown}");
    }
    assert_eq!(read("If-Match", &format!("\"x\", {tag}")).status, 200);
    assert_eq!(read("If-Match", &format!("W/{tag}")).refused(412), "changed");
    assert_eq!(read("If-Match", "\"x\"").refused(412), "changed");

    let change = |key: &str, value: &str| {
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key), ("If-Match", value)];
        server.send_with("PATCH", path, &headers, Some(&json!({"brand": key})))
    };
    let weak = format!("W/{tag}");
    assert_eq!(change("1", &weak).refused(412), "changed");
    assert_eq!(change("1", &weak).refused(412), "changed", "and the same when it is sent again");
    assert_eq!(change("2", &format!("\"x\", {weak}")).refused(412), "changed");
    change("3", &format!("{weak}, {tag}, \"x\"")).ok();
    assert_eq!(change("4", &tag).refused(412), "changed");
    change("5", "*").ok();
}

#[test]
fn a_file_with_a_bad_row_is_not_imported_at_all() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let import = |query: &str, text: &str| {
        let line = format!("POST /v1/imports/items{query}");
        send(&server, &line, &admin, &[("Content-Type", "text/csv")], text.as_bytes())
    };
    let bad = import("", "sku,name,price\nA,a,1\nB,,x\nTEA-1,tea,1\n");
    assert_eq!(bad.status, 422, "{bad:?}");
    let problem = bad.json();
    assert_eq!(problem["code"], "bad_rows");
    let lines: Vec<&Value> = problem["rows"].as_array().unwrap().iter().map(|row| &row["line"]).collect();
    assert_eq!(lines, [3, 3, 4]);
    assert_eq!(import("", "sku,colour\n").refused(422), "bad_file");
    let open = import("", "sku,name,description\nU1,one,\"12 inch plate\nU2,two,x\n");
    assert!(open.text.contains("line 2: a quote is opened and never closed"), "{open:?}");
    assert_eq!(open.refused(422), "bad_file");
    assert_eq!(server.get("/v1/items/sku:U1", &admin).status, 404);
    assert_eq!(import("?delimiter=ab", "sku;name\nA;a\n").refused(400), "malformed");
    assert_eq!(server.get("/v1/items/sku:A", &admin).status, 404);
    let fine = "sku;name;quantity;cost\nA;a;2;1\n";
    assert_eq!(import("?delimiter=;&mode=simulate", fine).ok()["receipts"], 1);
    assert_eq!(server.get("/v1/items/sku:A", &admin).status, 404);
    let first = import("?delimiter=;&site=code:MAIN", fine).ok();
    assert_eq!((&first["items"], &first["imported_before"]), (&json!(1), &json!(0)));
    let second = import("?site=code:MAIN", fine).ok();
    assert_eq!((&second["items"], &second["receipts"], &second["imported_before"]), (&json!(0), &json!(0), &json!(1)));
    assert_eq!(second["note"], "The file was read with ; between columns.");
    let unclear = import("", "sku;name;price\nB;b;1.250\n");
    assert!(unclear.json()["rows"][0]["problem"].as_str().unwrap().contains("decimal-mark"), "{unclear:?}");
    import("?decimal_mark=,&encoding=windows-1252", "sku;name;price\nB;b;1.250\n").ok();
    assert_eq!(server.get("/v1/items/sku:B", &admin).ok()["price"], "1250");
    assert_eq!(import("?decimal_mark=x", fine).refused(400), "malformed");
    assert_eq!(server.get("/v1/items/sku:A/stock", &admin).ok()["rows"][0]["on_hand"], "2");

    shop.ok(&["site", "add", "W", "Warehouse"]);
    shop.ok(&["site", "retire", "W"]);
    for mode in ["simulate", "execute"] {
        let import = |text: &str| import(&format!("?site=code:W&mode={mode}"), text).json()["rows"].clone();
        assert_eq!(import(fine), json!([{"line": 2, "problem": "was imported before, to MAIN"}]));
        let new = "sku,name,quantity,cost\nC,c,1,1\n";
        assert_eq!(import(new), json!([{"line": 2, "problem": "site W is retired: restore it to use it again"}]));
    }
}

#[test]
fn suppliers_and_customers_come_in_by_files() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let (admin, clerk, viewer) = (server.admin(), server.user("carl", "clerk"), server.user("vera", "viewer"));
    let import = |line: &str, token: &str, text: &str| {
        let line = format!("POST /v1/imports/{line}");
        send(&server, &line, token, &[("Content-Type", "text/csv")], text.as_bytes())
    };
    for many in ["suppliers", "customers"] {
        let file = "code;name;city;standing\nP1;Mill;Porto;\nP2;Old mill;;retired\n";
        let counted = |new: u32, before: u32| {
            let note = "The file was read with ; between columns.";
            json!({"rows": 2, many: new, "imported_before": before, "note": note})
        };
        assert_eq!(import(many, &viewer, file).refused(403), "no_right");
        assert_eq!(import(&format!("{many}?mode=simulate"), &clerk, file).ok(), counted(2, 0));
        assert_eq!(server.get(&format!("/v1/{many}/code:P1"), &admin).status, 404);
        assert_eq!(import(many, &clerk, file).ok(), counted(2, 0));
        assert_eq!(import(many, &clerk, file).ok(), counted(0, 2));
        let row = server.get(&format!("/v1/{many}/code:P1"), &admin).ok();
        assert_eq!((&row["contact"]["city"], &row["standing"]), (&json!("Porto"), &json!("active")));
        assert_eq!(server.get(&format!("/v1/{many}/code:P2"), &admin).ok()["standing"], "retired");
        // A list is read back: all of it is there, as somebody else has made it.
        let list = send(&server, &format!("GET /v1/{many}"), &admin, &[("Accept", "text/csv")], b"");
        let bad = import(many, &admin, &list.text).json();
        assert_eq!(
            (&bad["code"], &bad["rows"][0]["problem"]),
            (&json!("bad_rows"), &json!("code P1 is taken by another one, in use or retired"))
        );
        assert_eq!(import(many, &admin, "code,name,vat\n").refused(422), "bad_file");
        assert_eq!(import(&format!("{many}?site=code:MAIN"), &admin, file).refused(400), "malformed");
    }
}

/// Whichever way it is sent: alone, in a batch, or only tried.
#[test]
fn who_does_not_keep_the_books_enters_what_happened_lately() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let (admin, clerk) = (server.admin(), server.user("carl", "clerk"));
    let sale = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "1"}]});
    let path = "/v1/sales?occurred_at=1970-01-01T00:00:00Z";
    let code = |token: &str| server.command("POST", path, token, &sale).json()["code"].clone();
    assert_eq!(code(&clerk), "occurs_too_early");
    assert_eq!(code(&admin), "insufficient_stock_then");
    let one = json!({"key": "late", "command": {"sell": sale.clone()}, "occurred_at": "1970-01-01T00:00:00Z"});
    let batch = server.command("POST", "/v1/batch", &clerk, &json!({"commands": [one]})).ok();
    assert_eq!(batch["answers"][0]["problem"]["code"], "occurs_too_early", "{batch}");
    server.command("POST", "/v1/sales", &clerk, &sale).ok();
}
