//! What is known of relays and webhooks, and what can be done with them.

use super::{
    Relays,
    lease::{self, Record, State},
    runner::store_id,
    sink::Trouble,
    webhook::{self, Added, Existed, Unfit, Webhook},
};
use crate::{serve::caller::Costs, session::new_uuid};
use bytes::Bytes;
use ims_core::{Offset, Store, StoreError, StoreErrorKind, Timestamp};
use ims_sqlx::registry::{ENTRIES_PER_PAGE, Expected, Written};
use serde::Serialize;
use std::borrow::Cow;

/// A relay, and how it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RelayLine {
    /// Its name; `webhook:` and an id for a webhook's.
    pub(crate) name: String,
    /// The kind of its broker.
    pub(crate) kind: Cow<'static, str>,
    /// The last event that was acknowledged, or passed over.
    pub(crate) position: Offset,
    /// How many events it is behind the newest.
    pub(crate) lag: u64,
    /// `running`, `failing`, `disabled`, or `stopped` where no instance relays.
    pub(crate) state: &'static str,
    /// Why the last try failed.
    pub(crate) last_error: Option<Cow<'static, str>>,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// When the first of them was.
    pub(crate) failing_since: Option<Timestamp>,
    /// The instance that relays.
    pub(crate) holder: Option<String>,
}

/// A webhook, without its secret, and how it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct WebhookLine {
    /// Its id.
    pub(crate) id: String,
    /// Where it listens.
    pub(crate) url: String,
    /// What people call it.
    pub(crate) description: String,
    /// Only events of these types or aliases.
    pub(crate) types: Vec<String>,
    /// Only events that touch one of these.
    pub(crate) rooms: Vec<String>,
    /// Whether events tell what goods cost.
    pub(crate) costs: Costs,
    /// When it was added.
    pub(crate) created_at: Timestamp,
    /// How its relay does; nothing where it was taken away meanwhile.
    pub(crate) relay: Option<RelayLine>,
}

/// What came of a delivery for a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tested {
    /// The status that the listener answered.
    pub(crate) status: Option<u16>,
    /// Why it was not taken.
    pub(crate) error: Option<&'static str>,
}

/// Whether a relay was there to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// It was, and is as it was told to be.
    Done,
    /// There is none of this name that has ever run.
    Unknown,
    /// Others wrote it every time; it may help to try again.
    Busy,
}

/// Tries of a change that others write into.
const ATTEMPTS: u32 = 10;

impl RelayLine {
    fn of(name: String, record: Record, newest: Offset) -> RelayLine {
        let state = match (record.state, &record.holder) {
            (State::Disabled, _) => "disabled",
            (_, None) => "stopped",
            (State::Running, Some(_)) => "running",
            (State::Failing, Some(_)) => "failing",
        };
        RelayLine {
            name,
            kind: record.kind,
            position: record.position,
            lag: newest.0.saturating_sub(record.position.0),
            state,
            last_error: record.last_error,
            failures: record.failures,
            failing_since: record.failing_since,
            holder: record.holder,
        }
    }
}

impl WebhookLine {
    fn of(webhook: Webhook, relay: Option<RelayLine>) -> WebhookLine {
        let Webhook { id, url, description, types, rooms, costs, created_at, secret: _ } = webhook;
        WebhookLine { id, url, description, types, rooms, costs, created_at, relay }
    }
}

impl Relays {
    /// All relays by their names, those of webhooks too, with their lag: for people and for metrics.
    pub(crate) async fn list(&self) -> Result<Vec<RelayLine>, StoreError> {
        let newest = self.newest().await?;
        let mut lines = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.shared.registry.list(lease::KIND, &after, ENTRIES_PER_PAGE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.name);
            for entry in page {
                let record = Record::of(&entry)?;
                lines.push(RelayLine::of(entry.name, record, newest));
            }
        }
        // One that was set up and has never reached the store is a relay, too.
        for (name, kind) in &self.shared.configured {
            if lines.iter().all(|line| line.name != *name) {
                let never = Record::new(kind.word(), Offset::START);
                lines.push(RelayLine::of(name.clone(), never, newest));
            }
        }
        lines.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(lines)
    }

    async fn newest(&self) -> Result<Offset, StoreError> {
        Ok(self.shared.store.events(Offset::START, 0).await?.newest)
    }

    /// Has a relay begin again after an offset.
    pub(crate) async fn rewind(&self, name: &str, position: Offset) -> Result<Changed, StoreError> {
        let position = position.min(self.newest().await?);
        self.change(name, |record| record.position = position).await
    }

    /// Has a webhook that was disabled go on where it was.
    pub(crate) async fn enable(&self, id: &str) -> Result<Changed, StoreError> {
        self.change(&Webhook::relay(id), Record::enable).await
    }

    async fn change(&self, name: &str, change: impl Fn(&mut Record)) -> Result<Changed, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(entry) = self.shared.registry.get(lease::KIND, name).await? else { return Ok(Changed::Unknown) };
            let mut record = Record::of(&entry)?;
            change(&mut record);
            let body =
                serde_json::to_string(&record).map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error))?;
            let seen = Expected::Version(entry.version);
            if let Written::Done { .. } = self.shared.registry.put(lease::KIND, name, seen, &body, None).await? {
                return Ok(Changed::Done);
            }
        }
        Ok(Changed::Busy)
    }

    /// Adds a webhook that hears of what happens from now on.
    pub(crate) async fn add_webhook(&self, webhook: &Webhook) -> Result<Added, Unfit> {
        let begin = self.newest().await?;
        let added = webhook::add(&self.shared.registry, &self.shared.webhooks, webhook, begin).await?;
        self.shared.webhooks_changed.notify_one();
        Ok(added)
    }

    /// Takes a webhook away.
    pub(crate) async fn remove_webhook(&self, id: &str) -> Result<Existed, StoreError> {
        let existed = webhook::remove(&self.shared.registry, id).await?;
        self.shared.webhooks_changed.notify_one();
        Ok(existed)
    }

    /// Webhooks that come after an id, at most so many.
    pub(crate) async fn webhooks(&self, after: &str, limit: u32) -> Result<Vec<WebhookLine>, StoreError> {
        let newest = self.newest().await?;
        let mut lines = Vec::new();
        for webhook in webhook::list(&self.shared.registry, after, limit).await? {
            let name = Webhook::relay(&webhook.id);
            let entry = self.shared.registry.get(lease::KIND, &name).await?;
            let record = entry.as_ref().map(Record::of).transpose()?;
            lines.push(WebhookLine::of(webhook, record.map(|record| RelayLine::of(name, record, newest))));
        }
        Ok(lines)
    }

    /// One webhook.
    pub(crate) async fn webhook(&self, id: &str) -> Result<Option<WebhookLine>, StoreError> {
        let Some(webhook) = webhook::get(&self.shared.registry, id).await? else { return Ok(None) };
        let newest = self.newest().await?;
        let name = Webhook::relay(id);
        let entry = self.shared.registry.get(lease::KIND, &name).await?;
        let record = entry.as_ref().map(Record::of).transpose()?;
        Ok(Some(WebhookLine::of(webhook, record.map(|record| RelayLine::of(name, record, newest)))))
    }

    /// Sends a webhook something to see whether it listens. It is no event of the log.
    pub(crate) async fn test_webhook(&self, id: &str) -> Result<Option<Tested>, StoreError> {
        let Some(webhook) = webhook::get(&self.shared.registry, id).await? else { return Ok(None) };
        let Ok(listener) = webhook.listener(&self.shared.webhooks) else {
            return Ok(Some(Tested { status: None, error: Some(Trouble::AddressForbidden.code()) }));
        };
        let store = store_id(&self.shared.store).await?;
        let source = store.map_or_else(|| "urn:ims".to_owned(), |store| format!("urn:uuid:{store}"));
        let id = format!("test-{}", new_uuid());
        let event = serde_json::json!({
            "specversion": "1.0",
            "id": &id,
            "source": source,
            "type": "ims.webhook_test",
            "subject": format!("webhook:{}", webhook.id),
            "time": crate::session::now().to_string(),
            "datacontenttype": "application/json",
            "data": {},
        });
        let delivered = self.shared.http.deliver(&listener, &id, Bytes::from(event.to_string())).await;
        Ok(Some(match delivered {
            Ok(status) => Tested { status: Some(status.as_u16()), error: None },
            Err(failed) => {
                tracing::info!(webhook = webhook.id, code = failed.trouble.code(), source = failed.source, "not taken");
                Tested { status: None, error: Some(failed.trouble.code()) }
            }
        }))
    }
}
