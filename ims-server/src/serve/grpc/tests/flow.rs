//! A shop's day, as a client has it.

use super::client::{Client, Running};
use crate::serve::Config;
use prost::Message;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::pb;

/// A shop with a site MAIN and 20 of TEA-1 that cost 2.10 each.
pub(super) async fn with_tea(client: &Client) {
    client.done("OpenShop", "open", json!({"name": "Corner shop", "currency": "GBP"})).await;
    client.done("CreateLocation", "main", json!({"code": "MAIN", "name": "Main street"})).await;
    client.done("CreateItem", "tea", json!({"sku": "TEA-1", "name": "Green tea", "price": "4.5"})).await;
    let line = json!({"item": "sku:TEA-1", "quantity": "20", "unit_cost": "2.10"});
    client.done("ReceiveStock", "goods", json!({"site": "code:MAIN", "lines": [line]})).await;
}

pub(super) fn order(quantity: &str) -> Value {
    json!({"site": "code:MAIN", "lines": [{"item": "sku:TEA-1", "quantity": quantity}]})
}

/// Why, for programs.
pub(super) fn reason(status: &Status) -> String {
    let told = pb::Status::decode(status.details()).unwrap();
    pb::ErrorInfo::decode(told.details[0].value.as_slice()).unwrap().reason
}

#[tokio::test]
async fn a_shop_opens_sells_and_is_asked() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;

    let placed = client.done("PlaceOrder", "order-1", order("6")).await;
    let receipt = &placed["receipt"]["order_placed"];
    assert_eq!((receipt["status"].as_str(), receipt["total"].as_str()), (Some("placed"), Some("27")));
    assert_eq!(placed["id"], receipt["id"]);
    client.done("ShipOrder", "ship-1", json!({"order": "number:MAIN-1"})).await;

    let stock = client.call("Stock", &[], json!({"item": "sku:TEA-1"})).await.unwrap();
    assert_eq!((stock["rows"][0]["on_hand"].as_str(), stock["rows"][0]["value"].as_str()), (Some("14"), Some("29.4")));
    let profit = client.call("Profit", &[], json!({"by": "item"})).await.unwrap();
    assert_eq!((profit["rows"][0]["revenue"].as_str(), profit["rows"][0]["cost"].as_str()), (Some("27"), Some("12.6")));
    let shown = client.call("Order", &[], json!({"order": "number:MAIN-1"})).await.unwrap();
    assert_eq!((shown["status"].as_str(), shown["shipments"].as_array().map(Vec::len)), (Some("shipped"), Some(1)));
    running.end().await;
}

#[tokio::test]
async fn what_stands_in_a_path_by_http_must_be_said() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    for method in ["ItemStock", "ItemMovements"] {
        let rows = client.call(method, &[], json!({"item": "sku:TEA-1"})).await.unwrap();
        assert_eq!(rows["rows"].as_array().map(Vec::len), Some(1), "{method}: {rows}");
        let status = client.call(method, &[], json!({})).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "malformed"), "{method}");
    }
    running.end().await;
}

#[tokio::test]
async fn lists_come_in_pages() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    client.done("CreateItem", "rum", json!({"sku": "RUM-1", "name": "Dark rum"})).await;
    let first = client.call("Items", &[], json!({"limit": 1})).await.unwrap();
    let second = client.call("Items", &[], json!({"limit": 1, "cursor": first["next"]})).await.unwrap();
    let skus = [&first, &second].map(|page| page["rows"][0]["sku"].as_str().unwrap().to_owned());
    assert_eq!(skus, ["RUM-1", "TEA-1"]);
    assert_eq!(second.get("next"), None);
    running.end().await;
}

#[tokio::test]
async fn a_command_is_done_once_and_its_key_belongs_to_it() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    let first = client.done("PlaceOrder", "order-1", order("6")).await;
    assert_eq!(client.done("PlaceOrder", "order-1", order("6")).await, first);
    let key = [("idempotency-key", "order-1")];
    let other = client.call("PlaceOrder", &key, order("7")).await.unwrap_err();
    assert_eq!((other.code(), reason(&other).as_str()), (Code::AlreadyExists, "id_reused"));
    let without = client.call("PlaceOrder", &[], order("1")).await.unwrap_err();
    assert_eq!((without.code(), reason(&without).as_str()), (Code::InvalidArgument, "idempotency_key_missing"));
    running.end().await;
}

#[tokio::test]
async fn what_is_tried_is_not_done() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    let tried = [("idempotency-key", "order-1"), ("mode", "simulate")];
    let told = client.call("PlaceOrder", &tried, order("6")).await.unwrap();
    assert_eq!(told["receipt"]["order_placed"]["total"], "27");
    let orders = client.call("Orders", &[], json!({})).await.unwrap();
    assert_eq!(orders["rows"], json!([]));
    running.end().await;
}

#[tokio::test]
async fn a_refusal_is_a_status_with_its_numbers() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    let status = client.call("PlaceOrder", &[("idempotency-key", "order-1")], order("21")).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "insufficient_stock"));
    assert_eq!(status.message(), "21 of TEA-1 wanted, 20 available at MAIN");
    let status = client.call("Item", &[], json!({"item": "sku:NONE"})).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let status = client.call("Profit", &[], json!({})).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "malformed"));
    assert!(status.message().contains("by"), "{}", status.message());
    running.end().await;
}

#[tokio::test]
async fn who_may_not_see_costs_sees_none_and_nobody_sees_nothing() {
    let running = Running::start(Config::default()).await;
    let manager = running.manager().await;
    with_tea(&manager).await;
    let clerk = running.clerk().await;
    let stock = clerk.call("Stock", &[], json!({})).await.unwrap();
    assert_eq!((stock["rows"][0]["on_hand"].as_str(), stock["rows"][0]["value"].as_str()), (Some("20"), Some("")));
    let status = clerk.call("Profit", &[], json!({"by": "item"})).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "no_right"));
    let nobody = running.nobody().await;
    let status = nobody.call("Stock", &[], json!({})).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unauthenticated, "unauthenticated"));
    running.end().await;
}

#[tokio::test]
async fn a_batch_is_judged_command_by_command() {
    let running = Running::start(Config::default()).await;
    let manager = running.manager().await;
    with_tea(&manager).await;
    let clerk = running.clerk().await;
    let commands = json!({"commands": [
        {"key": "1", "command": {"place_order": order("6")}},
        {"key": "2", "command": {"place_order": order("15")}},
        {"key": "3", "command": {"close_period": {"until": "2020-01-31"}}},
        {"key": "4", "command": {"place_order": order("14")}},
    ]});
    let told = clerk.call("Batch", &[], commands).await.unwrap();
    let answers = told["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0]["done"]["receipt"]["order_placed"]["number"], 1);
    assert_eq!(answers[1]["problem"]["rejection"]["code"], "insufficient_stock");
    assert_eq!(answers[1]["problem"]["rejection"]["available"], "14");
    assert_eq!(answers[2]["problem"]["code"], "no_right");
    assert_eq!(answers[3]["done"]["receipt"]["order_placed"]["number"], 2);
    running.end().await;
}

#[tokio::test]
async fn a_reader_of_the_log_goes_on_where_it_was_cut_off() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    let mut events = client.events(&[], json!({"after": 0})).await;
    for offset in 1..=4 {
        assert_eq!(events.next().await.unwrap()["offset"], offset);
    }
    drop(events);
    let mut events = client.events(&[], json!({"after": 2})).await;
    let third = events.next().await.unwrap();
    assert_eq!((third["offset"].as_u64(), third["actor"].as_str()), (Some(3), Some("user:ada")));
    assert_eq!(third["body"]["done"]["item_created"]["sku"], "TEA-1");
    assert_eq!(events.next().await.unwrap()["offset"], 4);
    // What happens from now on is heard too.
    client.done("PlaceOrder", "order-1", order("6")).await;
    let fifth = events.next().await.unwrap();
    assert_eq!(
        (fifth["offset"].as_u64(), fifth["body"]["done"]["order_placed"]["number"].as_u64()),
        (Some(5), Some(1))
    );
    drop(events);
    running.end().await;
}
