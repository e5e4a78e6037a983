//! Lists: pages, filters, and the whole of them as CSV.

use super::*;
use serde_json::Map;

#[test]
fn a_list_goes_on_where_its_page_ended_and_no_other_list_does() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    for sku in ["A", "B", "C"] {
        add_item(&server, &admin, sku);
    }
    let first = server.get("/v1/items?limit=2", &admin).ok();
    let cursor = first["next"].as_str().unwrap();
    let second = server.get(&format!("/v1/items?limit=2&cursor={cursor}"), &admin).ok();
    let skus = |page: &Value| page["rows"].as_array().unwrap().iter().map(|row| row["sku"].clone()).collect::<Vec<_>>();
    assert_eq!((skus(&first), skus(&second)), (vec![json!("A"), json!("B")], vec![json!("C")]));
    assert_eq!(second["next"], Value::Null);
    for path in ["/v1/items?text=a&cursor=", "/v1/locations?cursor=", "/v1/orders?cursor="] {
        assert_eq!(server.get(&format!("{path}{cursor}"), &admin).refused(400), "bad_cursor", "{path}");
    }
    for forged in ["x", "%5B7%5D", "AAAAAAAAAAAAAAAA"] {
        assert_eq!(server.get(&format!("/v1/items?cursor={forged}"), &admin).refused(400), "bad_cursor", "{forged}");
    }
}

#[test]
fn a_list_comes_in_the_order_that_is_asked_for() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    for sku in ["A", "B", "C"] {
        add_item(&server, &admin, sku);
    }
    let page = |path: &str| {
        let page = server.get(path, &admin).ok();
        let skus: Vec<String> = page["rows"].as_array().unwrap().iter().map(|row| row["sku"].to_string()).collect();
        (skus.join(" ").replace('"', ""), page["next"].as_str().map(str::to_owned))
    };
    let (first, next) = page("/v1/items?limit=2&sort=-sku");
    let next = next.unwrap();
    assert_eq!(first, "C B");
    assert_eq!(page(&format!("/v1/items?limit=2&sort=-sku&cursor={next}")), ("A".to_owned(), None));
    assert_eq!(page("/v1/items?sort=sku"), ("A B C".to_owned(), None));
    // A cursor goes on in its order alone; the list's own order is the same with a word and without.
    for other in ["", "&sort=sku"] {
        let answer = server.get(&format!("/v1/items?limit=2&cursor={next}{other}"), &admin);
        assert_eq!(answer.refused(400), "bad_cursor");
    }
    let (_, own) = page("/v1/items?limit=2");
    assert_eq!(page(&format!("/v1/items?sort=sku&cursor={}", own.unwrap())), ("C".to_owned(), None));
    // A word of another list, and one of none.
    for word in ["-placed_at", "SKU", "price"] {
        let answer = server.get(&format!("/v1/items?sort={word}"), &admin);
        let problem = answer.json();
        assert_eq!(answer.refused(400), "malformed", "{word}");
        assert_eq!(problem["at"], "sort", "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("sku or -sku"), "{problem}");
    }
    assert_eq!(server.get("/v1/users?sort=sku", &admin).refused(400), "malformed");
    // The whole list as CSV, too.
    let lines = server.get("/v1/items.csv?sort=-sku", &admin).text;
    let skus: Vec<&str> = lines.lines().filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(skus, ["sku", "C", "B", "A"]);
}

#[test]
fn a_list_is_narrowed_to_a_period_a_city_and_wares() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let done = |method, path, body| server.command(method, path, &admin, &body).ok();
    let party = |code: &str, city: &str| {
        let nothing = ["contact", "email", "phone", "address", "country"].map(|field| (field.to_owned(), json!("")));
        let mut contact: Map<String, Value> = nothing.into_iter().collect();
        contact.extend([("name".to_owned(), json!(code)), ("city".to_owned(), json!(city))]);
        json!({"code": code, "contact": contact})
    };
    done("POST", "/v1/suppliers", party("LEAFCO", "Köln"));
    done("POST", "/v1/customers", party("C-1", "Old Town"));
    done("PATCH", "/v1/items/sku:TEA-1", json!({"category": "Drinks/Tea", "supplier": "code:LEAFCO"}));
    done("POST", "/v1/items", json!({"sku": "FEE", "name": "Delivery", "tracking": "service", "price": "5"}));
    let lines = |item, price: &str| json!([{"item": item, "quantity": "1", price: "2"}]);
    let sale = json!({"site": "code:MAIN", "customer": "code:C-1", "lines": lines("sku:TEA-1", "unit_price")});
    let goods = json!({"site": "code:MAIN", "lines": lines("sku:TEA-1", "unit_cost")});
    done("POST", "/v1/stock/receipts?occurred_at=2026-01-01T00:00:00Z", goods);
    let first = done("POST", "/v1/sales?occurred_at=2026-01-31T23:30:00Z", sale)["order"]["id"].clone();
    let sale = json!({"site": "code:MAIN", "lines": lines("sku:FEE", "unit_price")});
    let second = done("POST", "/v1/sales?occurred_at=2026-02-01T00:00:00Z", sale)["order"]["id"].clone();
    let purchase = json!({"supplier": "code:LEAFCO", "site": "code:MAIN", "lines": lines("sku:TEA-1", "unit_cost")});
    let bought = done("POST", "/v1/purchases?occurred_at=2026-02-02T00:00:00Z", purchase)["id"].clone();

    let found = |path: &str| {
        let rows = server.get(path, &admin).ok()["rows"].as_array().unwrap().clone();
        rows.into_iter().map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    for (filter, orders) in [
        ("from=2026-02-01T00:00:00Z", vec![&second]),
        ("until=2026-01-31T23:30:00Z", vec![&first]),
        ("from=2026-01-31T23:30:00Z&until=2026-02-01T00:00:00Z", vec![&second, &first]),
        ("from=2026-02-01T00:00:00Z&until=2026-01-31T23:30:00Z", vec![]),
        ("city=OLD%20TOWN", vec![&first]),
        ("brand=Leaf&category=Drinks", vec![&first]),
        ("brand=lEAF", vec![&first]),
        ("brand=Lea", vec![]),
        ("item=sku:FEE&category=Drinks", vec![]),
    ] {
        assert_eq!(found(&format!("/v1/orders?{filter}")).iter().collect::<Vec<_>>(), orders, "{filter}");
    }
    for (filter, purchases) in [
        ("from=2026-02-02T00:00:00Z&until=2026-02-02T00:00:00Z", vec![&bought]),
        ("until=2026-02-01T23:59:59.999999Z", vec![]),
        ("city=k%C3%B6ln&brand=Leaf&category=Drinks/Tea", vec![&bought]),
        ("category=Drink", vec![]),
    ] {
        assert_eq!(found(&format!("/v1/purchases?{filter}")).iter().collect::<Vec<_>>(), purchases, "{filter}");
    }
    assert_eq!(found("/v1/items?supplier=code:leafco").len(), 1);
    assert_eq!(server.get("/v1/items?supplier=code:LEAF", &admin).refused(404), "unknown_name");
    let period = "from=2026-01-31T23:30:00Z&until=2026-02-01T00:00:00Z";
    assert_eq!(found(&format!("/v1/movements?{period}")).len(), 2);
    assert_eq!(found(&format!("/v1/items/sku:TEA-1/movements?{period}")).len(), 1);
    for (days, orders) in [
        ("from=2026-02-01", vec![&second]),
        ("until=2026-01-31", vec![&first]),
        ("from=2026-01-31&until=2026-02-01", vec![&second, &first]),
        ("from=2026-02-02", vec![]),
        ("from=2026-02-01T00:30:00%2B01:00&until=2026-01-31", vec![&first]),
    ] {
        assert_eq!(found(&format!("/v1/orders?{days}")).iter().collect::<Vec<_>>(), orders, "{days}");
    }
    assert_eq!(found("/v1/movements?from=2026-02-01&until=2026-02-01").len(), 1);
    server.get("/v1/reports/value?as_of=2026-02-01", &admin).ok();
    for wrong in ["/v1/orders?from=2026-02-30", "/v1/purchases?until=yesterday", "/v1/movements?from=code:MAIN"] {
        let problem = server.get(wrong, &admin);
        assert!(
            problem.json()["detail"].as_str().unwrap().contains("a day such as 2026-01-31"),
            "{wrong}: {problem:?}"
        );
        assert_eq!(problem.refused(400), "malformed", "{wrong}");
    }
    // Where a customer lives is nothing for a till.
    let till = server.user("till", "device");
    assert_eq!(server.get("/v1/orders?brand=Leaf", &till).status, 200);
    assert_eq!(server.get("/v1/orders?city=Old%20Town", &till).refused(403), "no_right");
}

#[test]
fn a_whole_list_is_sent_as_csv() {
    let shop = Shop::open();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let mut file = "sku,name,price,quantity,cost\nA-0000,=1+1,4.50,7,2.10\n".to_owned();
    for number in 1..2_500 {
        file += &format!("A-{number:04},\"Mug, no. {number}\",4.50,,\n");
    }
    let headers = [("Content-Type", "text/csv")];
    let imported = send(&server, "POST /v1/imports/items", &admin, &headers, file.as_bytes()).ok();
    let all = json!({"rows": 2_500, "items": 2_500, "receipts": 1, "imported_before": 0, "note": null});
    assert_eq!(imported, all);

    let reply = csv_of(&server, "/v1/items", &admin);
    assert_eq!((reply.status, reply.headers["content-type"].as_str()), (200, "text/csv; charset=utf-8"));
    let mut reader = csv::Reader::from_reader(reply.text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    assert_eq!(columns.iter().take(3).collect::<Vec<_>>(), ["id", "sku", "name"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2_500);
    assert_eq!((&rows[0][2], &rows[2_499][2]), ("'=1+1", "Mug, no. 2499"));

    let rather = [("Accept", "text/csv;q=0.1, application/json")];
    assert_eq!(send(&server, "GET /v1/items?limit=1", &admin, &rather, b"").ok()["rows"][0]["sku"], "A-0000");

    let filtered = csv_of(&server, "/v1/items?text=no.%20249&limit=3", &admin);
    assert_eq!(filtered.text.lines().count(), 12, "{filtered:?}");

    let columns = |token: &str| csv_of(&server, "/v1/stock", token).text.lines().next().unwrap().to_owned();
    let shown = "item,sku,name,site,on_hand,committed,available,incoming,backordered";
    assert_eq!(columns(&admin), format!("{shown},value"));
    assert_eq!(columns(&server.user("carl", "clerk")), shown);
    assert_eq!(csv_of(&server, "/v1/items?limit=0", &admin).refused(400), "malformed");
}

#[test]
fn a_number_is_explained_by_what_is_behind_it() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let hold = json!({"item": "sku:TEA-1", "site": "code:MAIN", "quantity": "3", "until": "2099-01-01T00:00:00Z"});
    let held = server.command("POST", "/v1/holds", &admin, &hold).ok();
    let order = json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": "4"}]});
    server.command("POST", "/v1/orders", &admin, &order).ok();
    let behind = server.get("/v1/stock/sku:TEA-1/code:MAIN", &admin).ok();
    let stock = &behind["stock"];
    assert_eq!(
        (&stock["on_hand"], &stock["committed"], &stock["available"]),
        (&json!("20"), &json!("7"), &json!("13"))
    );
    assert_eq!(behind["allocated"], "4");
    assert_eq!(behind["holds"][0]["id"], held["id"]);
    assert_eq!(behind["layers"][0]["quantity"], "20");
    for filter in ["", "?item=sku:TEA-1", "?site=code:MAIN", "?item=sku:TEA-1&site=code:MAIN"] {
        let holds = server.get(&format!("/v1/holds{filter}"), &admin).ok();
        assert_eq!(holds["rows"].as_array().unwrap().len(), 1, "{filter}");
    }
    let movements = server.get("/v1/items/sku:TEA-1/movements", &admin).ok();
    assert_eq!(movements["rows"][0]["kind"], "receipt");
    assert_eq!(server.get("/v1/stock/sku:TEA-1/code:LOSS", &admin).status, 404);
}

#[test]
fn one_box_searches_everything_that_its_caller_may_see() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let admin = server.admin();
    let patch = json!({"barcodes": ["4006381333931"]});
    server.command("PATCH", "/v1/items/sku:TEA-1", &admin, &patch).ok();
    let contact =
        json!({"name": "Tea room", "contact": "", "email": "", "phone": "", "address": "", "city": "", "country": ""});
    server.command("POST", "/v1/customers", &admin, &json!({"code": "C-7", "contact": contact})).ok();
    let found = |text: &str, token: &str| {
        let found = server.get(&format!("/v1/search?text={text}"), token).ok();
        ["items", "suppliers", "customers"].map(|kind| found[kind].as_array().unwrap().len())
    };
    assert_eq!(found("TEA", &admin), [1, 0, 1]);
    assert_eq!(found("4006381333931", &admin), [1, 0, 0]);
    let till = server.user("till", "device");
    assert_eq!(found("tea", &till), [1, 0, 0]);
}
