//! One relay at work: it reads the log after its position, publishes, and moves the position behind what was acknowledged.

use super::{
    config::Start,
    envelope::{self, Message, Order, Writing},
    filter::Filter,
    lease::{Held, Lease, Record, State, Watch},
    sink::{Broker, Failed, Sink, Trouble},
    stage::Stop,
};
use crate::serve::caller::Costs;
use ims_core::{AnyStore, CommandId, Event, Offset, Store, StoreError, limits::EVENTS_PER_PAGE};
use ims_sqlx::registry::Registry;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

/// A relay of this instance. Another instance may be the one that relays; then it stands by.
pub(super) struct Runner {
    /// The log.
    pub(super) store: AnyStore,
    /// Where positions and leases are.
    pub(super) registry: Registry,
    /// The relay's name in the registry.
    pub(super) name: String,
    /// The kind of its broker.
    pub(super) kind: &'static str,
    /// This instance.
    pub(super) me: Arc<str>,
    /// Where messages go.
    pub(super) broker: Box<dyn Broker>,
    /// Which events are sent.
    pub(super) filter: Filter,
    /// Whether they tell what goods cost.
    pub(super) costs: Costs,
    /// What has an order of its own.
    pub(super) order: Order,
    /// Bytes of a message.
    pub(super) limit_bytes: usize,
    /// Where it begins; nowhere, where its entry is made by somebody else.
    pub(super) start: Option<Start>,
    /// How long things take.
    pub(super) times: Times,
    /// When it is given up.
    pub(super) patience: Patience,
}

/// How long things take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// How long a lease lasts without a sign of life.
    pub(super) lease: Duration,
    /// How often the log is looked at where nothing wakes the relay.
    pub(super) poll: Duration,
    /// Until a broker that does not answer counts as away.
    pub(super) ack: Duration,
    /// The first pause between two tries; each further one is twice as long.
    pub(super) backoff_first: Duration,
    /// The longest.
    pub(super) backoff_most: Duration,
}

/// When a relay is given up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// Never.
    Endless,
    /// After so many failures in a row, or after it has failed for so long, or at once where nobody is there any more.
    Until {
        /// How many.
        failures: u32,
        /// How long.
        deadline: Duration,
    },
}

/// Why an instance relays no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Stopped,
    Lost,
}

/// What came of one look at the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// There may be more.
    Moved,
    /// There is nothing more now.
    Idle,
    /// Messages were not taken.
    Failed,
    /// Another instance relays.
    Lost,
}

impl Runner {
    /// Relays until it is stopped.
    pub(super) async fn run(self, mut stop: Stop, mut woken: watch::Receiver<Offset>) {
        let mut watch = Watch::new();
        let stand_by = self.times.lease.checked_div(4).unwrap_or_default();
        loop {
            let names = (self.name.as_str(), &*self.me);
            match watch.take(&self.registry, names, self.times.lease, async || self.begin().await).await {
                Ok(Some(lease)) => {
                    tracing::info!(relay = self.name, position = lease.record.position.0, "relaying");
                    if self.lead(lease, &mut stop, &mut woken).await == End::Stopped {
                        return;
                    }
                    tracing::warn!(relay = self.name, "another instance relays now");
                }
                Ok(None) => {}
                Err(error) => self.store_failed(&error),
            }
            stop.pause(stand_by).await;
            if stop.has_come() {
                return;
            }
        }
    }

    /// What a relay that was never there begins with.
    async fn begin(&self) -> Result<Option<Record>, StoreError> {
        let position = match self.start {
            None => return Ok(None),
            Some(Start::Oldest) => Offset::START,
            Some(Start::Newest) => self.store.events(Offset::START, 0).await?.newest,
        };
        Ok(Some(Record::new(self.kind, position)))
    }

    /// Relays for as long as the lease is held.
    async fn lead(&self, mut lease: Lease, stop: &mut Stop, woken: &mut watch::Receiver<Offset>) -> End {
        let mut sink = None;
        let mut not_before = Instant::now();
        loop {
            if stop.has_come() {
                self.end(lease, sink).await;
                return End::Stopped;
            }
            if lease.is_due() && self.renew(&mut lease).await == Held::Lost {
                return End::Lost;
            }
            let renew_every = lease.renew_every();
            let left = not_before.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                stop.pause(left.min(renew_every)).await;
                continue;
            }
            if lease.record.state == State::Disabled {
                stop.pause(renew_every).await;
                continue;
            }
            match self.round(&mut lease, &mut sink, stop).await {
                Ok(Round::Moved) => {}
                Ok(Round::Idle) => stop.pause_or_wake(self.times.poll.min(renew_every), woken).await,
                Ok(Round::Failed) => not_before = after(self.backoff(lease.record.failures)),
                Ok(Round::Lost) => return End::Lost,
                Err(error) => {
                    self.store_failed(&error);
                    not_before = after(self.times.poll);
                }
            }
        }
    }

    /// Renews the lease, or finds that it has ended.
    async fn renew(&self, lease: &mut Lease) -> Held {
        match lease.write().await {
            Ok(held) => held,
            Err(error) => {
                self.store_failed(&error);
                if lease.left().is_zero() { Held::Lost } else { Held::Still }
            }
        }
    }

    /// Gives the lease back.
    async fn end(&self, lease: Lease, sink: Option<Box<dyn Sink>>) {
        if let Err(error) = lease.release().await {
            self.store_failed(&error);
        }
        if let Some(sink) = sink {
            // A broker that does not answer does not keep the server from ending.
            let _ = timeout(self.times.ack, sink.close()).await;
        }
    }

    /// Sends a page of the log.
    async fn round(
        &self,
        lease: &mut Lease,
        sink: &mut Option<Box<dyn Sink>>,
        stop: &Stop,
    ) -> Result<Round, StoreError> {
        let page = self.store.events(lease.record.position, EVENTS_PER_PAGE).await?.events;
        let Some(last) = page.last() else { return Ok(Round::Idle) };
        let messages = match self.messages(&page).await? {
            Ok(messages) => messages,
            Err(failed) => return self.failed(lease, failed).await,
        };
        for batch in messages.chunks(self.broker.batch().max(1)) {
            if stop.has_come() {
                return Ok(Round::Moved);
            }
            if let Err(failed) = self.publish(lease.left(), sink, batch).await {
                *sink = None;
                return self.failed(lease, failed).await;
            }
            if lease.record.state == State::Failing {
                tracing::info!(relay = self.name, "the relay works again");
            }
            if let Some(last) = batch.last() {
                lease.record.succeed(last.offset);
            }
            match lease.write().await? {
                Held::Still => {}
                Held::Changed => return Ok(Round::Moved),
                Held::Lost => return Ok(Round::Lost),
            }
        }
        // Written with the next renewal: what nobody hears of may be passed over twice.
        lease.record.position = last.offset;
        Ok(Round::Moved)
    }

    /// The messages of those events that are sent.
    async fn messages(&self, events: &[Event]) -> Result<Result<Vec<Message>, Failed>, StoreError> {
        let Some(store) = store_id(&self.store).await? else { return Ok(Ok(Vec::new())) };
        let writing = Writing { store, order: self.order, limit_bytes: self.limit_bytes };
        let message = |event| -> Result<Option<Message>, serde_json::Error> {
            let data = envelope::data(self.costs, event)?;
            if !self.filter.takes(event, &data) {
                return Ok(None);
            }
            Message::of(writing, event, data).map(Some)
        };
        let messages: Result<Vec<Message>, serde_json::Error> =
            events.iter().filter_map(|event| message(event).transpose()).collect();
        Ok(messages.map_err(|error| Failed::new(Trouble::Refused, error)))
    }

    /// Publishes, connected or not, within the time that a broker has and the lease lasts.
    async fn publish(
        &self,
        lease_left: Duration,
        sink: &mut Option<Box<dyn Sink>>,
        batch: &[Message],
    ) -> Result<(), Failed> {
        let publish = async {
            let open = match sink {
                Some(open) => open,
                None => sink.insert(self.broker.connect().await?),
            };
            open.publish(batch).await
        };
        let limit = self.times.ack.min(lease_left);
        let late = |_| Err(Failed::new(Trouble::TimedOut, format!("no answer within {} ms", limit.as_millis())));
        timeout(limit, publish).await.unwrap_or_else(late)
    }

    /// Notes that messages were not taken.
    async fn failed(&self, lease: &mut Lease, failed: Failed) -> Result<Round, StoreError> {
        let now = crate::session::now();
        let record = &mut lease.record;
        record.fail(failed.trouble, now);
        let code = failed.trouble.code();
        tracing::warn!(relay = self.name, code, source = failed.source, failures = record.failures, "not relayed");
        if self.gives_up(record, failed.trouble, now) {
            tracing::error!(relay = self.name, code, "the relay is disabled");
            record.state = State::Disabled;
        }
        Ok(match lease.write().await? {
            Held::Still => Round::Failed,
            Held::Changed => Round::Moved,
            Held::Lost => Round::Lost,
        })
    }

    fn gives_up(&self, record: &Record, trouble: Trouble, now: ims_core::Timestamp) -> bool {
        let Patience::Until { failures, deadline } = self.patience else { return false };
        let failing_us = record.failing_since.map_or(0, |since| now.micros().saturating_sub(since.micros()));
        let failing = Duration::from_micros(u64::try_from(failing_us).unwrap_or_default());
        trouble == Trouble::Gone || record.failures >= failures || failing >= deadline
    }

    /// The pause after so many failures in a row: twice as long each time, and not equally long for all.
    fn backoff(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let whole = self.times.backoff_first.saturating_mul(doubled).min(self.times.backoff_most);
        let percent = fastrand::u32(50..=100);
        whole.saturating_mul(percent).checked_div(100).unwrap_or(whole)
    }

    fn store_failed(&self, error: &StoreError) {
        tracing::warn!(relay = self.name, code = error.kind.code(), source = %error.source, "the store failed");
    }
}

fn after(pause: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(pause).unwrap_or(now)
}

/// What tells a store from others: the command that opened its shop, which is the first in its log.
pub(super) async fn store_id(store: &AnyStore) -> Result<Option<CommandId>, StoreError> {
    let page = store.events(Offset::START, 1).await?;
    Ok(page.events.first().map(|event| event.record.command))
}
