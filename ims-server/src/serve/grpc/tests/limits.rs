//! What is too much, too late, or over.

use super::super::Grpc;
use super::{client::Running, flow::reason};
use crate::serve::Config;
use serde_json::json;
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

#[tokio::test]
async fn a_message_that_is_too_large_is_not_read() {
    let grpc = Grpc { message_limit_bytes: 1_000, ..Grpc::default() };
    let running = Running::start(Config { grpc, ..Config::default() }).await;
    let client = running.manager().await;
    let long = json!({"code": "MAIN", "name": "x".repeat(1_001)});
    let status = client.call("CreateLocation", &[("idempotency-key", "1")], long).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    running.end().await;
}

#[tokio::test]
async fn a_message_that_does_not_come_is_given_up() {
    let grpc = Grpc { request_timeout_ms: 200, ..Grpc::default() };
    let running = Running::start(Config { grpc, ..Config::default() }).await;
    let client = running.manager().await;
    for method in ["CreateLocation", "Events"] {
        let status = client.say_nothing(method).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::DeadlineExceeded, "timed_out"), "{method}");
    }
    running.end().await;
}

#[tokio::test]
async fn a_reader_is_told_that_its_time_is_over() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    let mut events = client.events(&[("grpc-timeout", "300m")], json!({"after": 0})).await;
    assert_eq!(events.next().await.unwrap_err().code(), Code::DeadlineExceeded);
    running.end().await;
}

#[tokio::test]
async fn a_server_that_ends_tells_its_readers_to_come_again() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    let mut events = client.events(&[], json!({"after": 0})).await;
    let (heard, ()) = futures_util::future::join(events.next(), running.end()).await;
    assert_eq!(heard.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn it_says_that_it_serves() {
    let running = Running::start(Config::default()).await;
    let client = running.nobody().await;
    let mut health = HealthClient::new(client.channel.clone());
    for service in ["", "ims.v1.Inventory"] {
        let asked = HealthCheckRequest { service: service.to_owned() };
        let told = health.check(asked).await.unwrap().into_inner();
        assert_eq!(told.status(), ServingStatus::Serving, "{service:?}");
    }
    let asked = HealthCheckRequest { service: "ims.v1.Bank".to_owned() };
    assert_eq!(health.check(asked).await.unwrap_err().code(), Code::NotFound);
    running.end().await;
}

#[tokio::test]
async fn it_says_that_it_ends_before_it_does() {
    let running = Running::start(Config::default()).await;
    let client = running.nobody().await;
    let mut health = HealthClient::new(client.channel.clone());
    let asked = HealthCheckRequest { service: "ims.v1.Inventory".to_owned() };
    let mut watched = health.watch(asked.clone()).await.unwrap().into_inner();
    assert_eq!(watched.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    running.service.ending().announce();
    assert_eq!(health.check(asked).await.unwrap().into_inner().status(), ServingStatus::NotServing);
    assert_eq!(watched.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    // Whoever watches does not hold the end up.
    running.end().await;
    assert_eq!(watched.message().await.unwrap(), None);
}

#[tokio::test]
async fn a_method_that_there_is_not_is_unimplemented() {
    let running = Running::start(Config::default()).await;
    let client = running.manager().await;
    let mut grpc = tonic::client::Grpc::new(client.channel.clone());
    grpc.ready().await.unwrap();
    let pool = prost_reflect::DescriptorPool::decode(super::super::described::DESCRIPTORS).unwrap();
    let of = pool.get_message_by_name("ims.v1.ShopRequest").unwrap();
    let codec = super::super::codec::Described { request: of.clone() };
    let request = tonic::Request::new(prost_reflect::DynamicMessage::new(of));
    let path = "/ims.v1.Inventory/Steal".parse().unwrap();
    let status = grpc.unary(request, path, codec).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    running.end().await;
}
