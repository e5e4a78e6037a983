//! The log as it grows: who hears what of it, and how that ends.

use super::{
    client::{Client, Running},
    flow::{order, reason, with_tea},
};
use crate::serve::{AuthConfig, Config, Name, Standing, UserChange, live, right::Role};
use ims_core::LocationId;
use serde_json::{Value, json};
use std::time::Duration;
use tonic::Code;

/// Adds a second site with goods of its own; gives its id. The offsets are those after the four of `with_tea`.
async fn with_second_site(client: &Client) -> LocationId {
    let made = client.done("CreateLocation", "branch", json!({"code": "BRANCH", "name": "Branch"})).await;
    let line = json!({"item": "sku:TEA-1", "quantity": "7", "unit_cost": "2.10"});
    client.done("ReceiveStock", "branch-goods", json!({"site": "code:BRANCH", "lines": [line]})).await;
    client.done("PlaceOrder", "main-order", order("6")).await;
    made["id"].as_str().unwrap().parse().unwrap()
}

fn live(live: live::Config) -> Config {
    Config { live, ..Config::default() }
}

#[tokio::test]
async fn who_works_at_one_site_hears_of_it_and_of_no_other_and_of_no_cost() {
    let running = Running::start(Config::default()).await;
    let manager = running.manager().await;
    with_tea(&manager).await;
    let branch = with_second_site(&manager).await;
    let clerk = Client::of(&running, running.user("ben", Role::Clerk, Some(branch)).await).await;
    let mut events = clerk.events(&[], json!({"after": 2})).await;
    // The goods of MAIN (4) and its order (7) are not for them.
    assert_eq!(events.offsets(2).await, [3, 5]);
    let goods = events.next().await.unwrap();
    assert_eq!(goods["offset"], 6);
    assert!(goods["body"]["done"]["stock_received"].is_object(), "{goods}");
    assert!(!goods.to_string().contains("2.1"), "{goods}");
    manager.done("CreateItem", "rum", json!({"sku": "RUM-1", "name": "Dark rum"})).await;
    assert_eq!(events.offsets(1).await, [8]);
    drop(events);
    running.end().await;
}

#[tokio::test]
async fn a_reader_who_names_rooms_hears_of_no_other() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    with_second_site(&client).await;
    let mut events = client.events(&[], json!({"after": 0, "rooms": ["site:BRANCH", "category:Drinks"]})).await;
    assert_eq!(events.offsets(2).await, [5, 6]);
    drop(events);
    for (room, told) in [("kitchen", "malformed"), ("site:NOWHERE", "unknown_name")] {
        let status = client.follow(&[], json!({"after": 0, "rooms": [room]})).await.err().unwrap();
        assert_eq!(reason(&status), told);
    }
    running.end().await;
}

#[tokio::test]
async fn a_reader_who_has_what_the_log_has_not_is_told_to_begin_anew() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    let status = client.events(&[], json!({"after": 9})).await.next().await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "resync"));
    assert!(status.message().ends_with("follow what comes after 4"), "{}", status.message());
    running.end().await;
}

#[tokio::test]
async fn a_reader_who_does_not_read_is_told_so_and_keeps_no_seat() {
    let settings = live::Config { write_timeout_ms: 2_000, listeners_per_caller: 1, ..live::Config::default() };
    let running = Running::start(live(settings)).await;
    let client = running.manager().await;
    with_tea(&client).await;
    client.done("CreateItem", "fee", json!({"sku": "FEE", "name": "Fee", "tracking": "service", "price": "1"})).await;
    let lines: Vec<Value> = vec![json!({"item": "sku:FEE", "quantity": "1"}); 500];
    for key in 0..10 {
        client.done("PlaceOrder", &key.to_string(), json!({"site": "code:MAIN", "lines": lines})).await;
    }
    let mut events = client.events(&[], json!({"after": 0})).await;
    let second = client.follow(&[], json!({"after": 0})).await.err().unwrap();
    assert_eq!((second.code(), reason(&second).as_str()), (Code::ResourceExhausted, "too_many_listeners"));
    // On one connection, what nobody reads holds up what somebody would.
    let beside = client.beside(&running).await;
    // The seat is free as soon as the first has not read for too long.
    let mut again = loop {
        match beside.follow(&[], json!({"after": 4})).await {
            Ok(again) => break again,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    assert_eq!(again.offsets(11).await.last(), Some(&15));
    let mut last = 0;
    let status = loop {
        match events.next().await {
            Ok(event) => {
                assert_eq!(event["offset"], last + 1);
                last += 1;
            }
            Err(status) => break status,
        }
    };
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "unread"));
    assert!(last < 15, "there was more than the reader's window takes");
    drop((events, again));
    running.end().await;
}

#[tokio::test]
async fn who_may_not_listen_any_more_is_told_so() {
    let mut config = live(live::Config { recheck_ms: 50, ..live::Config::default() });
    config.auth = AuthConfig { believed_ms: 0, ..config.auth };
    let running = Running::start(config).await;
    let manager = running.manager().await;
    with_tea(&manager).await;
    let clerk = running.clerk().await;
    let mut events = clerk.events(&[], json!({"after": 3})).await;
    assert_eq!(events.offsets(1).await, [4]);
    let change = UserChange { standing: Some(Standing::Disabled), ..UserChange::nothing(Name::new("ben").unwrap()) };
    running.service.gate().change_user("user:ada", &Name::new("ben").unwrap(), &change).await.unwrap();
    let status = events.next().await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unauthenticated, "unauthenticated"));
    running.end().await;
}

#[tokio::test]
async fn an_open_stream_is_counted() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    with_tea(&client).await;
    let mut events = client.events(&[], json!({"after": 3})).await;
    assert_eq!(events.offsets(1).await, [4]);
    let figures = running.service.figures().text().unwrap();
    assert!(figures.contains("ims_streams_open{kind=\"grpc\"} 1"), "{figures}");
    assert!(figures.contains("ims_requests_total{operation=\"event_stream\",status=\"2xx\"} 1"), "{figures}");
    drop(events);
    running.end().await;
}
