//! Lists: pages, filters, and the whole of them as CSV.

use super::*;

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
    assert_eq!(imported, json!({"rows": 2_500, "items": 2_500, "receipts": 1}));

    let reply = csv_of(&server, "/v1/items", &admin);
    assert_eq!((reply.status, reply.headers["content-type"].as_str()), (200, "text/csv; charset=utf-8"));
    let mut reader = csv::Reader::from_reader(reply.text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    assert_eq!(columns.iter().take(3).collect::<Vec<_>>(), ["id", "sku", "name"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2_500);
    assert_eq!((&rows[0][2], &rows[2_499][2]), ("'=1+1", "Mug, no. 2499"));

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
