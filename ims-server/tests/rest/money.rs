//! What documents come to, what may be refunded by whom, and whom a document was made out to.

use super::*;

/// Sells so many teas at 4.50 and says which order that is.
fn sold(server: &Server, token: &str, count: &str) -> String {
    let body = json!({"site": "code:MAIN", "customer": "code:C1", "lines": [{"item": "sku:TEA-1", "quantity": count}]});
    server.command("POST", "/v1/sales", token, &body).ok()["order"]["id"].as_str().unwrap().to_owned()
}

fn of_order(order: &str, refund: &str) -> Value {
    json!({"goods": {"of_order": {"order": order, "lines": [{"line": 0, "quantity": "1", "refund": refund}]}}})
}

fn loose(unit_price: &str) -> Value {
    let line = json!({"item": "sku:TEA-1", "quantity": "1", "unit_price": unit_price});
    json!({"goods": {"loose": {"site": "code:MAIN", "lines": [line]}}})
}

/// Goods of which somebody says that they had cost much.
fn costly() -> Value {
    let line = json!({"item": "sku:TEA-1", "quantity": "100", "unit_price": "0", "unit_cost": "999999"});
    json!({"goods": {"loose": {"site": "code:MAIN", "lines": [line]}}})
}

/// The same, for a reason.
fn for_a_reason(mut back: Value) -> Value {
    back["refund_reason"] = "Its box was torn".into();
    back
}

fn shop() -> Shop {
    let shop = Shop::with_tea();
    shop.ok(&["customer", "add", "C1", "Bea Bell", "--city", "Graz", "--address", "1 Hill Road"]);
    shop
}

#[test]
fn nobody_is_refunded_more_than_was_paid_but_by_those_who_may() {
    let shop = shop();
    let server = shop.serve(&[]);
    let (manager, clerk) = (server.user("mia", "manager"), server.user("carl", "clerk"));
    let till = server.user("till", "device");
    for seller in [&clerk, &till] {
        let order = sold(&server, seller, "2");
        let back = |body: &Value| server.command("POST", "/v1/returns", seller, body);
        let refused = back(&of_order(&order, "999999"));
        let problem = refused.json();
        assert_eq!(refused.refused(409), "refund_too_large");
        assert_eq!((&problem["wanted"], &problem["refundable"]), (&json!("999999"), &json!("4.5")));
        assert_eq!(back(&of_order(&order, "-1")).refused(422), "amount_negative");
        // What no order is known of was paid by nobody: it is not for those who only sell.
        for anything in [loose("4.5"), loose("0"), costly()] {
            assert_eq!(back(&anything).refused(403), "no_right");
        }
        assert_eq!(back(&for_a_reason(of_order(&order, "5"))).refused(403), "no_right");
        assert_eq!(back(&for_a_reason(loose("5"))).refused(403), "no_right");
        back(&of_order(&order, "4.5")).ok();
        // In a batch, too.
        let commands =
            json!([{"key": format!("{order}-1"), "command": {"return_goods": for_a_reason(of_order(&order, "5"))}}]);
        let answers = server.post("/v1/batch", seller, &json!({"commands": commands})).ok();
        assert_eq!(answers["answers"][0]["problem"]["code"], "no_right");
        let commands = json!([{"key": format!("{order}-2"), "command": {"return_goods": costly()}}]);
        let answers = server.post("/v1/batch", seller, &json!({"commands": commands})).ok();
        assert_eq!(answers["answers"][0]["problem"]["code"], "no_right");
    }
    let back = |body: &Value| server.command("POST", "/v1/returns", &manager, body);
    back(&loose("4.5")).ok();
    assert_eq!(back(&loose("4.51")).refused(409), "refund_too_large");
    let order = sold(&server, &manager, "1");
    let kindly = server.command("POST", "/v1/returns", &manager, &for_a_reason(of_order(&order, "20"))).ok();
    let goods = &kindly["goods"];
    assert_eq!((&goods["refund"], &goods["refund_reason"]), (&json!("20"), &json!("Its box was torn")));
}

#[test]
fn a_credit_is_not_paid_out_by_those_who_only_sell() {
    let shop = shop();
    shop.ok(&["item", "add", "FEE", "A fee", "--service", "--price", "1"]);
    let server = shop.serve(&[]);
    let (manager, till) = (server.user("mia", "manager"), server.user("till", "device"));
    let credit = json!({"site": "code:MAIN", "lines": [{"item": "sku:FEE", "quantity": "1", "unit_price": "-500"}]});
    for path in ["/v1/sales", "/v1/orders"] {
        assert_eq!(server.command("POST", path, &till, &credit).refused(403), "no_right");
        server.command("POST", path, &manager, &credit).ok();
    }
}

#[test]
fn what_an_order_comes_to_is_in_every_answer() {
    let shop = shop();
    let server = shop.serve(&[]);
    let clerk = server.user("carl", "clerk");
    let line = json!({"item": "sku:TEA-1", "quantity": "10", "unit_price": "5"});
    let placed = json!({"site": "code:MAIN", "lines": [line]});
    let order = server.command("POST", "/v1/orders", &clerk, &placed).ok()["id"].as_str().unwrap().to_owned();
    let part = json!({"lines": [{"line": 0, "quantity": "3"}]});
    server.command("POST", &format!("/v1/orders/{order}/shipments"), &clerk, &part).ok();
    let cancelled = server.command("POST", &format!("/v1/orders/{order}/cancel"), &clerk, &json!({})).ok();
    let expected = json!({"cancelled": "35", "shipped": "15", "returned": "0", "refunded": "0", "to_pay": "15"});
    assert_eq!(cancelled["amounts"], expected);
    assert_eq!(server.get(&format!("/v1/orders/{order}"), &clerk).ok()["amounts"], expected);
    assert_eq!(server.get("/v1/orders", &clerk).ok()["rows"][0]["amounts"], expected);
    let csv = csv_of(&server, "/v1/orders", &clerk).text;
    let mut lines = csv.lines().map(|line| line.split(','));
    let place = lines.next().unwrap().position(|column| column == "amounts.to_pay").unwrap();
    assert_eq!(lines.next().unwrap().nth(place), Some("15"));
}

#[test]
fn a_document_keeps_its_party_and_shows_it_to_those_who_may_see_contacts() {
    let shop = shop();
    let server = shop.serve(&[]);
    let (clerk, till) = (server.user("carl", "clerk"), server.user("till", "device"));
    let order = sold(&server, &till, "1");
    let contact = json!({"contact": {"name": "Bea Brown", "city": "Wien"}});
    server.command("PATCH", "/v1/customers/code:C1", &clerk, &contact).ok();
    let path = format!("/v1/orders/{order}");
    let party = json!({"name": "Bea Bell", "address": "1 Hill Road", "city": "Graz", "country": ""});
    assert_eq!(server.get(&path, &clerk).ok()["party"], party);
    let found =
        |city: &str| server.get(&format!("/v1/orders?city={city}"), &clerk).ok()["rows"].as_array().unwrap().len();
    assert_eq!((found("graz"), found("Wien")), (1, 0));
    for path in [&*path, "/v1/orders", "/v1/events", &format!("/v1/commands/{order}")] {
        let seen = server.get(path, &till).ok().to_string();
        assert!(seen.contains(&order) && !seen.contains("Bea"), "{path}: {seen}");
    }
    assert!(!csv_of(&server, "/v1/orders", &till).text.contains("party"));
    assert!(csv_of(&server, "/v1/orders", &clerk).text.contains("Bea Bell"));
}
