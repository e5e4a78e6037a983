//! Relays: the log of events, sent on to where others listen.
//!
//! Each relay reads the log after its position, which is kept in the store, and sends what it finds as CloudEvents. It moves
//! the position when its broker has acknowledged them: what was sent and not acknowledged is sent again, under the same id.
//! Several instances on one store share the relays; one of them relays at a time ([`lease`]).

pub(crate) mod config;
mod envelope;
mod filter;
mod kafka;
mod lease;
mod names;
mod nats;
mod rabbitmq;
mod redis;
mod runner;
mod sink;
mod stage;
mod status;
mod subject;
mod supervisor;
#[cfg(test)]
mod tests;
mod tls;
pub(crate) mod webhook;

pub(crate) use status::Changed;

use crate::serve::relay::{
    config::{BrokerUrl, Kind, Pace, Relay, Webhooks},
    kafka::Kafka,
    nats::Nats,
    rabbitmq::Rabbitmq,
    redis::Redis,
    runner::{Patience, Runner, Times},
    sink::Broker,
    stage::Ender,
    supervisor::Supervisor,
    webhook::Http,
};
use crate::session::new_uuid;
use ims_core::{AnyStore, Offset};
use ims_sqlx::registry::Registry;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

/// The first pause after a broker did not take messages.
const BACKOFF_FIRST: Duration = Duration::from_millis(100);

/// The relays of this instance, and what is known of them. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Relays {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    store: AnyStore,
    registry: Registry,
    /// Tells this instance from others on the same store.
    me: Arc<str>,
    pace: Pace,
    webhooks: Webhooks,
    http: Http,
    /// The relays of the set-up.
    configured: Vec<(String, Kind)>,
    /// Tells that a webhook was added or taken away.
    webhooks_changed: Arc<Notify>,
}

/// The relays at work.
#[derive(Debug)]
pub(crate) struct Running {
    ender: Ender,
    tasks: JoinSet<()>,
}

/// How relays are set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'a> {
    /// The brokers.
    pub(crate) relays: &'a [Relay],
    /// What all relays share.
    pub(crate) pace: Pace,
    /// Listeners by HTTP.
    pub(crate) webhooks: &'a Webhooks,
}

impl Relays {
    /// Starts the relays that are set up and those of all webhooks. `woken` tells of new events sooner than the log is
    /// looked at anyway.
    ///
    /// # Errors
    /// A line for people that names the relay that cannot be.
    pub(crate) fn start(
        store: AnyStore,
        registry: Registry,
        config: Settings<'_>,
        woken: watch::Receiver<Offset>,
    ) -> Result<(Relays, Running), String> {
        config::check(config.relays, config.pace, config.webhooks)?;
        tls::choose_provider();
        let http = Http::new(config.webhooks)?;
        let shared = Shared {
            store,
            registry,
            me: new_uuid().to_string().into(),
            pace: config.pace,
            webhooks: config.webhooks.clone(),
            http,
            configured: config.relays.iter().map(|relay| (relay.name.clone(), relay.kind)).collect(),
            webhooks_changed: Arc::default(),
        };
        let relays = Relays { shared: Arc::new(shared) };
        let runners = config.relays.iter().map(|relay| relays.runner(relay)).collect::<Result<Vec<_>, _>>()?;
        let (ender, stop) = Ender::new();
        let mut tasks = JoinSet::new();
        for runner in runners {
            tasks.spawn(runner.run(stop.clone(), woken.clone()));
        }
        tasks.spawn(Supervisor::new(relays.clone(), woken).run(stop));
        Ok((relays, Running { ender, tasks }))
    }

    fn runner(&self, relay: &Relay) -> Result<Runner, String> {
        let times = Times {
            ack: Duration::from_millis(relay.ack_timeout_ms),
            backoff_first: BACKOFF_FIRST,
            backoff_most: Duration::from_millis(relay.backoff_most_ms),
            ..self.times()
        };
        Ok(Runner {
            store: self.shared.store.clone(),
            registry: self.shared.registry.clone(),
            name: relay.name.clone(),
            kind: relay.kind.word(),
            me: Arc::clone(&self.shared.me),
            broker: broker(relay, &relay.resolved_url()?)?,
            filter: relay.filter()?,
            costs: relay.costs,
            order: relay.order,
            limit_bytes: relay.message_limit_bytes,
            start: Some(relay.start),
            times,
            patience: Patience::Endless,
        })
    }

    /// What all relays share of how long things take.
    fn times(&self) -> Times {
        let Shared { pace, webhooks, .. } = &*self.shared;
        Times {
            lease: Duration::from_millis(pace.lease_ms),
            poll: Duration::from_millis(pace.poll_ms),
            ack: Duration::from_millis(webhooks.timeout_ms),
            backoff_first: Duration::from_millis(webhooks.backoff_first_ms),
            backoff_most: Duration::from_millis(webhooks.backoff_most_ms),
        }
    }
}

impl Running {
    /// Ends the relays: each finishes the batch that it is sending, and lets another instance go on.
    pub(crate) async fn end(mut self) {
        self.ender.end();
        while self.tasks.join_next().await.is_some() {}
    }
}

fn broker(relay: &Relay, url: &BrokerUrl) -> Result<Box<dyn Broker>, String> {
    let url = url.whole();
    let named = |problem: String| format!("relay {}: {problem}", relay.name);
    Ok(match relay.kind {
        Kind::RedisStream | Kind::RedisChannel => Box::new(Redis::new(relay, url).map_err(named)?),
        Kind::Rabbitmq => Box::new(Rabbitmq::new(relay, url)),
        Kind::Kafka => Box::new(Kafka::new(relay, url).map_err(named)?),
        Kind::Nats => Box::new(Nats::new(relay, url)),
        Kind::Webhook => return Err(named("a webhook is added by /v1/webhooks".to_owned())),
    })
}
