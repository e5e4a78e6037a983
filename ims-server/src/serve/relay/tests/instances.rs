//! Two instances on one PostgreSQL.

use super::{Heard, Shop, caught_up, eventually, line, relay, start};
use crate::serve::relay::config::Kind;
use ims_sqlx::OpenOptions;
use xtask::servers::{self, brokers};

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_instances_relays_and_when_it_dies_the_other_goes_on() {
    let Some(server) = servers::or_skip(servers::postgres()).unwrap() else { return };
    let Some(broker) = brokers::or_skip(brokers::Kind::Redis).unwrap() else { return };
    let database = server.create_database().unwrap();
    let open = async || ims_sqlx::open_with_registry(database.url(), OpenOptions::default()).await.unwrap();
    let (store, registry) = open().await;
    let mut shop = Shop::on(store, registry).await;

    let relay = relay(Kind::RedisStream, &broker.url());
    let (first, first_running) = start(shop.store(), &shop.registry, std::slice::from_ref(&relay));
    let holder = eventually("one that relays", async || line(&first).await.holder).await;
    let (store, registry) = open().await;
    let (second, second_running) = start(&store, &registry, &[relay]);
    shop.trade(60).await;
    caught_up(&second).await;
    assert_eq!(line(&second).await.holder, Some(holder.clone()), "the first one relays");

    // Dropped, it ends where it is: it gives nothing back, as one that is killed.
    drop(first_running);
    shop.trade(60).await;
    caught_up(&second).await;
    let heir = line(&second).await.holder;
    assert!(heir.is_some() && heir != Some(holder), "the second one took over");
    second_running.end().await;
    assert_eq!(line(&second).await.holder, None, "it gave its lease back");

    let client = redis::Client::open(broker.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let entries: Vec<(String, Vec<(String, String)>)> =
        redis::cmd("XRANGE").arg("ims").arg("-").arg("+").query_async(&mut connection).await.unwrap();
    let event = |fields: &[(String, String)]| fields.iter().find(|(name, _)| name == "event").unwrap().1.clone();
    Heard::of(entries.iter().map(|(_, fields)| event(fields))).check(&shop).await;
}
