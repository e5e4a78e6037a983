//! Kafka's protocol as librdkafka's mock cluster speaks it, read by librdkafka's consumer: neither is the client that relays.

use super::{Heard, Shop, caught_up, eventually, line, reached, relay, start};
use crate::serve::relay::config::Kind;
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
    message::Headers,
    mocking::MockCluster,
};
use std::{collections::BTreeMap, time::Duration};

const BROKERS: i32 = 3;
const PARTITIONS: i32 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_goes_down_and_nothing_is_lost() {
    let cluster = MockCluster::new(BROKERS).unwrap();
    let hosts = cluster.bootstrap_servers();
    let mut shop = Shop::open().await;
    shop.trade(400).await;

    // There is no topic yet: the relay waits and says why.
    let kafka = relay(Kind::Kafka, &format!("kafka://{hosts}"));
    let (relays, running) = start(shop.store(), &shop.registry, &[kafka]);
    eventually("that there is no topic", async || {
        (line(&relays).await.last_error.as_deref() == Some("relay_unroutable")).then_some(())
    })
    .await;
    cluster.create_topic("ims", PARTITIONS, BROKERS).unwrap();
    reached(&relays, 60).await;
    for broker in 1..=BROKERS {
        cluster.broker_down(broker).unwrap();
    }
    // However far the relay had come, there is something left to send.
    shop.trade(100).await;
    eventually("that the relay knows of it", async || (line(&relays).await.state == "failing").then_some(())).await;
    assert!(line(&relays).await.lag > 0, "nothing is taken meanwhile");
    for broker in 1..=BROKERS {
        cluster.broker_up(broker).unwrap();
    }
    shop.trade(100).await;
    caught_up(&relays).await;
    running.end().await;

    let records = tokio::task::block_in_place(|| consume(&hosts));
    let mut partitions: BTreeMap<Vec<u8>, i32> = BTreeMap::new();
    for (partition, key, _) in &records {
        assert_eq!(partitions.entry(key.clone()).or_insert(*partition), partition, "a key has one partition");
    }
    assert!(partitions.values().any(|partition| *partition != partitions.values().copied().next().unwrap()));
    Heard::of(records.iter().map(|(.., event)| event)).check(&shop).await;
}

/// Everything in the topic, in the order of each partition: its partition, its key and its value.
fn consume(hosts: &str) -> Vec<(i32, Vec<u8>, Vec<u8>)> {
    let consumer: BaseConsumer =
        ClientConfig::new().set("bootstrap.servers", hosts).set("group.id", "test").create().unwrap();
    let wait = Duration::from_secs(30);
    let mut places = TopicPartitionList::new();
    let mut left = 0;
    for partition in 0..PARTITIONS {
        let (low, high) = consumer.fetch_watermarks("ims", partition, wait).unwrap();
        left += high - low;
        places.add_partition_offset("ims", partition, Offset::Beginning).unwrap();
    }
    consumer.assign(&places).unwrap();
    let mut records = Vec::new();
    while left > 0 {
        let record = consumer.poll(wait).unwrap().unwrap();
        let headers = record.headers().unwrap();
        let id = headers.iter().find(|header| header.key == "id").unwrap().value.unwrap().to_vec();
        let event = record.payload().unwrap().to_vec();
        assert!(String::from_utf8_lossy(&event).contains(&*String::from_utf8_lossy(&id)));
        records.push((record.partition(), record.key().unwrap().to_vec(), event));
        left -= 1;
    }
    records
}
