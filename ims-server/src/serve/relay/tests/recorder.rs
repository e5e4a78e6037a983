//! The loop against a broker that does what a test says.

use super::{
    super::{
        config::Start,
        envelope::{Message, Order},
        filter::Filter,
        runner::{Patience, Runner, Times},
        sink::{Broker, Failed, Sink, Trouble},
        stage::Ender,
    },
    Heard, Relays, Shop, caught_up, eventually, line, relay, start,
};
use crate::serve::{
    caller::Costs,
    relay::{Changed, config::Kind},
};
use async_trait::async_trait;
use ims_core::Offset;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// What the broker does with the next batch.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// Keeps it and says so.
    Take,
    /// Keeps it, and its answer is lost.
    TakeAndBreak,
    /// Says no.
    Refuse,
    /// Never answers.
    Hang,
}

/// A broker that keeps what it takes.
#[derive(Clone, Debug, Default)]
struct Recorder {
    taken: Arc<Mutex<Vec<Message>>>,
    plan: Arc<Mutex<VecDeque<Does>>>,
}

#[async_trait]
impl Broker for Recorder {
    async fn connect(&self) -> Result<Box<dyn Sink>, Failed> {
        Ok(Box::new(self.clone()))
    }

    fn batch(&self) -> usize {
        7
    }
}

#[async_trait]
impl Sink for Recorder {
    async fn publish(&mut self, batch: &[Message]) -> Result<(), Failed> {
        let does = self.plan.lock().unwrap().pop_front().unwrap_or(Does::Take);
        if matches!(does, Does::Take | Does::TakeAndBreak) {
            self.taken.lock().unwrap().extend_from_slice(batch);
        }
        match does {
            Does::Take => Ok(()),
            Does::TakeAndBreak => Err(Failed::new(Trouble::Unreachable, "the connection broke")),
            Does::Refuse => Err(Failed::new(Trouble::Refused, "no")),
            Does::Hang => std::future::pending().await,
        }
    }
}

impl Recorder {
    fn planned(plan: impl IntoIterator<Item = Does>) -> Recorder {
        Recorder { plan: Arc::new(Mutex::new(plan.into_iter().collect())), ..Recorder::default() }
    }

    fn heard(&self) -> Heard {
        Heard::of(self.taken.lock().unwrap().iter().map(|message| message.json.clone()))
    }
}

/// A relay of this broker at work, and its end.
fn run(shop: &Shop, name: &str, broker: &Recorder, patience: Patience) -> (Ender, JoinHandle<()>) {
    let runner = Runner {
        store: shop.store().clone(),
        registry: shop.registry.clone(),
        name: name.to_owned(),
        kind: "recorder",
        me: name.into(),
        broker: Box::new(broker.clone()),
        filter: Filter::default(),
        costs: Costs::Hidden,
        order: Order::Subject,
        limit_bytes: 900_000,
        start: Some(Start::Oldest),
        times: Times {
            lease: Duration::from_secs(3),
            poll: Duration::from_millis(20),
            ack: Duration::from_millis(300),
            backoff_first: Duration::from_millis(1),
            backoff_most: Duration::from_millis(5),
        },
        patience,
    };
    let (ender, stop) = Ender::new();
    (ender, tokio::spawn(runner.run(stop, watch::channel(Offset::START).1)))
}

/// What is known of relays that were not started here.
fn known(shop: &Shop) -> Relays {
    start(shop.store(), &shop.registry, &[]).0
}

#[tokio::test]
async fn what_a_broker_did_not_acknowledge_it_gets_again() {
    let mut shop = Shop::open().await;
    shop.trade(100).await;
    let broker =
        Recorder::planned([Does::Take, Does::TakeAndBreak, Does::Refuse, Does::Hang, Does::Take, Does::TakeAndBreak]);
    let (ender, task) = run(&shop, "a", &broker, Patience::Endless);
    let relays = known(&shop);
    caught_up(&relays).await;
    ender.end();
    task.await.unwrap();
    let heard = broker.heard();
    heard.check(&shop).await;
    assert_eq!(heard.duplicates(), 14, "the two batches whose answers were lost");
    let after = line(&relays).await;
    assert_eq!((after.state, after.failures, after.last_error), ("stopped", 0, None));
}

#[tokio::test]
async fn a_relay_goes_on_where_it_was_and_sends_again_what_it_is_told_to() {
    let mut shop = Shop::open().await;
    shop.trade(30).await;
    let first = Recorder::default();
    let (ender, task) = run(&shop, "a", &first, Patience::Endless);
    let relays = known(&shop);
    caught_up(&relays).await;
    ender.end();
    task.await.unwrap();

    let before = shop.newest().await;
    shop.trade(9).await;
    let second = Recorder::default();
    let (ender, task) = run(&shop, "a", &second, Patience::Endless);
    caught_up(&relays).await;
    assert_eq!(u64::try_from(second.heard().0.len()).unwrap(), shop.newest().await - before, "nothing again");

    assert_eq!(relays.rewind("a", Offset::START).await.unwrap(), Changed::Done);
    eventually("everything again", async || {
        let all = second.heard().0.len() as u64;
        (all >= shop.newest().await * 2 - before).then_some(())
    })
    .await;
    ender.end();
    task.await.unwrap();
    let again = second.heard().0.split_off(usize::try_from(shop.newest().await - before).unwrap());
    Heard(again).check(&shop).await;
    assert_eq!(relays.rewind("b", Offset::START).await.unwrap(), Changed::Unknown);
}

#[tokio::test]
async fn a_relay_that_fails_for_too_long_is_disabled_until_it_is_enabled() {
    let shop = Shop::open().await;
    let broker = Recorder::planned([Does::Refuse; 3]);
    let limit = Patience::Until { failures: 3, deadline: Duration::from_secs(3600) };
    let name = super::super::webhook::Webhook::relay("w");
    let (ender, task) = run(&shop, &name, &broker, limit);
    let relays = known(&shop);
    eventually("the end of its patience", async || (line(&relays).await.state == "disabled").then_some(())).await;
    let disabled = line(&relays).await;
    assert_eq!((disabled.failures, disabled.last_error.as_deref()), (3, Some("relay_refused")));
    assert!(broker.heard().0.is_empty());
    assert_eq!(relays.enable("w").await.unwrap(), Changed::Done);
    caught_up(&relays).await;
    ender.end();
    task.await.unwrap();
    broker.heard().check(&shop).await;
}

#[tokio::test]
async fn a_broker_that_never_answers_keeps_nobody_waiting() {
    let mut shop = Shop::open().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    // It takes connections and says nothing on them.
    let listening = tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((connection, _)) = silent.accept().await {
            open.push(connection);
        }
    });
    let schemes =
        [(Kind::RedisStream, "redis"), (Kind::Rabbitmq, "amqp"), (Kind::Nats, "nats"), (Kind::Kafka, "kafka")];
    let silent = schemes.map(|(kind, scheme)| super::super::config::Relay {
        name: scheme.to_owned(),
        ack_timeout_ms: 200,
        ..relay(kind, &format!("{scheme}://{address}"))
    });
    let (relays, running) = start(shop.store(), &shop.registry, &silent);
    let broker = Recorder::default();
    let (ender, task) = run(&shop, "works", &broker, Patience::Endless);
    shop.trade(30).await;
    eventually("the one that works", async || (broker.heard().0.len() as u64 == shop.newest().await).then_some(()))
        .await;
    for (_, scheme) in schemes {
        eventually("a failure that is known", async || {
            let lines = relays.list().await.unwrap();
            let line = lines.into_iter().find(|line| line.name == scheme).unwrap();
            (line.state == "failing" && line.position == Offset::START && line.lag > 30).then(|| {
                assert_eq!(line.last_error.as_deref(), Some("relay_timed_out"), "{scheme}");
            })
        })
        .await;
    }
    ender.end();
    task.await.unwrap();
    // It ends although they still say nothing.
    running.end().await;
    listening.abort();
}

#[tokio::test]
async fn only_what_was_asked_for_is_sent_and_the_rest_is_passed_over() {
    let mut shop = Shop::open().await;
    shop.trade(30).await;
    let all = shop.newest().await;
    let sales = Filter::new(&["SaleCreated".to_owned()], &[]).unwrap();
    let page = ims_core::Store::events(shop.store(), Offset::START, 1000).await.unwrap().events;
    let data = |event| super::super::envelope::data(Costs::Hidden, event).unwrap();
    let taken = page.iter().filter(|event| sales.takes(event, &data(event))).count();
    assert!(taken >= 10 && (taken as u64) < all, "{taken}");
    let item = data(&page[7])["body"].to_string();
    let (_, rest) = item.split_once("\"item\":\"").unwrap();
    let room = format!("item:{}", &rest[..36]);
    let about = Filter::new(&[], &[room]).unwrap();
    let heard: Vec<String> =
        page.iter().filter(|event| about.takes(event, &data(event))).map(|event| data(event).to_string()).collect();
    assert!(!heard.is_empty() && heard.len() < page.len());
    assert!(heard.iter().all(|event| event.contains(&rest[..36])));
    assert!(Filter::new(&[], &["TEA-1".to_owned()]).is_err());
}
