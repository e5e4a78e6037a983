//! Redis, RabbitMQ and NATS as they are, killed in the middle.

use super::{Heard, Shop, caught_up, eventually, line, reached, relay, start};
use crate::serve::relay::{
    config::{Kind, Relay},
    sink::Routing,
};
use async_nats::jetstream::{self, consumer};
use futures_util::StreamExt;
use lapin::{
    Connection, ConnectionProperties, ExchangeKind,
    options::{BasicAckOptions, BasicGetOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::FieldTable,
};
use std::collections::BTreeSet;
use xtask::servers::brokers::{self, Broker};

/// Trades, kills the broker in the middle, trades on, starts it again, and waits until it has everything.
async fn with_a_death_in_the_middle(shop: &mut Shop, relay: Relay, broker: &mut Broker) {
    shop.trade(600).await;
    let (relays, running) = start(shop.store(), &shop.registry, &[relay]);
    reached(&relays, 60).await;
    tokio::task::block_in_place(|| broker.kill()).unwrap();
    shop.trade(100).await;
    eventually("that the relay knows of it", async || {
        let line = line(&relays).await;
        (line.state == "failing" && line.last_error.is_some()).then_some(())
    })
    .await;
    assert!(line(&relays).await.lag > 0, "it was killed in the middle");
    tokio::task::block_in_place(|| broker.restart()).unwrap();
    caught_up(&relays).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_dies_and_nothing_is_lost() {
    let Some(mut broker) = brokers::or_skip(brokers::Kind::Redis).unwrap() else { return };
    let mut shop = Shop::open().await;
    with_a_death_in_the_middle(&mut shop, relay(Kind::RedisStream, &broker.url()), &mut broker).await;
    let client = redis::Client::open(broker.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let entries: Vec<(String, Vec<(String, String)>)> =
        redis::cmd("XRANGE").arg("ims").arg("-").arg("+").query_async(&mut connection).await.unwrap();
    let events = entries.iter().map(|(_, fields)| {
        let named = |name: &str| &fields.iter().find(|(field, _)| field == name).unwrap().1;
        assert!(named("event").contains(named("id")) && named("event").contains(named("key")));
        named("event")
    });
    Heard::of(events).check(&shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_channels_have_the_names_of_older_systems() {
    let Some(broker) = brokers::or_skip(brokers::Kind::Redis).unwrap() else { return };
    let mut shop = Shop::open().await;
    let client = redis::Client::open(broker.url()).unwrap();
    let mut listener = client.get_async_pubsub().await.unwrap();
    listener.psubscribe("ims.*").await.unwrap();
    let by_alias = Relay { routing: Routing::Alias, ..relay(Kind::RedisChannel, &broker.url()) };
    let (relays, running) = start(shop.store(), &shop.registry, &[by_alias]);
    shop.trade(12).await;
    caught_up(&relays).await;
    running.end().await;
    let mut heard = listener.into_on_message();
    let mut channels = Vec::new();
    // Three products, the opening, and then the orders, the finds and the cancellations.
    while channels.len() < 13 {
        let message = heard.next().await.unwrap();
        let event: serde_json::Value = serde_json::from_slice(message.get_payload_bytes()).unwrap();
        let channel = message.get_channel_name().to_owned();
        let name = channel.strip_prefix("ims.").unwrap();
        assert!(event["alias"].as_str().unwrap().split(',').any(|alias| alias == name), "{channel}");
        channels.push(name.to_owned());
    }
    assert_eq!(
        channels[..7],
        ["ProductCreated", "ProductCreated", "ProductCreated", "StockIn", "SaleCreated", "StockIn", "SaleUpdated",]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_dies_and_nothing_is_lost() {
    let Some(mut broker) = brokers::or_skip(brokers::Kind::Nats).unwrap() else { return };
    let mut shop = Shop::open().await;
    with_a_death_in_the_middle(&mut shop, relay(Kind::Nats, &broker.url()), &mut broker).await;
    let client = async_nats::connect(broker.url()).await.unwrap();
    let stream = jetstream::new(client).get_stream("IMS").await.unwrap();
    let reader = stream.create_consumer(consumer::pull::Config::default()).await.unwrap();
    let kept = stream.get_info().await.unwrap().state.messages;
    let messages = reader.stream().messages().await.unwrap().take(usize::try_from(kept).unwrap());
    let messages: Vec<_> = messages.map(Result::unwrap).collect().await;
    for message in &messages {
        let id = message.headers.as_ref().unwrap().get("Nats-Msg-Id").unwrap().as_str();
        assert!(std::str::from_utf8(&message.payload).unwrap().contains(id));
    }
    let heard = Heard::of(messages.iter().map(|message| &message.payload));
    heard.check(&shop).await;
    assert_eq!(heard.duplicates(), 0, "JetStream knows them by their ids");
}

#[tokio::test(flavor = "multi_thread")]
async fn rabbitmq_dies_and_nothing_is_lost_and_what_nobody_wants_is_waited_for() {
    let Some(mut broker) = brokers::or_skip(brokers::Kind::Rabbitmq).unwrap() else { return };
    let mut shop = Shop::open().await;

    // Nobody has bound a queue: the relay waits and says why.
    let (relays, running) = start(shop.store(), &shop.registry, &[relay(Kind::Rabbitmq, &broker.url())]);
    eventually("that nobody listens", async || {
        (line(&relays).await.last_error.as_deref() == Some("relay_unroutable")).then_some(())
    })
    .await;
    assert_eq!(line(&relays).await.position.0, 0);
    running.end().await;

    let connection = Connection::connect(&broker.url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let durable = ExchangeDeclareOptions { durable: true, ..Default::default() };
    channel.exchange_declare("ims".into(), ExchangeKind::Topic, durable, FieldTable::default()).await.unwrap();
    channel.queue_declare("all".into(), QueueDeclareOptions::durable(), FieldTable::default()).await.unwrap();
    let bind = QueueBindOptions::default();
    channel.queue_bind("all".into(), "ims".into(), "ims.*".into(), bind, FieldTable::default()).await.unwrap();
    drop((channel, connection));

    with_a_death_in_the_middle(&mut shop, relay(Kind::Rabbitmq, &broker.url()), &mut broker).await;

    let connection = Connection::connect(&broker.url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let (mut events, mut ids) = (Vec::new(), BTreeSet::new());
    while let Some(message) = channel.basic_get("all".into(), BasicGetOptions::default()).await.unwrap() {
        message.ack(BasicAckOptions::default()).await.unwrap();
        ids.insert(message.properties.message_id().clone().unwrap().to_string());
        assert_eq!(message.properties.delivery_mode(), &Some(2), "it survives a restart");
        events.push(message.delivery.data);
    }
    let heard = Heard::of(&events);
    heard.check(&shop).await;
    assert_eq!(ids.len() as u64, shop.newest().await);
}
