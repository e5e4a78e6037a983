//! Keeps a relay at work for each webhook that there is.

use super::{
    Relays,
    envelope::Order,
    runner::{Patience, Runner},
    stage::{Ender, Stop},
    webhook::{self, Webhook},
};
use ims_core::{Offset, StoreError};
use ims_sqlx::registry::ENTRIES_PER_PAGE;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// The relays of webhooks.
pub(super) struct Supervisor {
    relays: Relays,
    woken: watch::Receiver<Offset>,
    /// By the webhook's id.
    running: BTreeMap<String, (Ender, JoinHandle<()>)>,
}

impl Supervisor {
    /// Runs nothing yet.
    pub(super) fn new(relays: Relays, woken: watch::Receiver<Offset>) -> Supervisor {
        Supervisor { relays, woken, running: BTreeMap::new() }
    }

    /// Keeps them until it is stopped.
    pub(super) async fn run(mut self, mut stop: Stop) {
        let changed = Arc::clone(&self.relays.shared.webhooks_changed);
        let refresh = Duration::from_millis(self.relays.shared.webhooks.refresh_ms);
        while !stop.has_come() {
            if let Err(error) = self.look().await {
                tracing::warn!(code = error.kind.code(), source = %error.source, "the list of webhooks cannot be read");
            }
            tokio::select! {
                () = stop.pause(refresh) => {}
                () = changed.notified() => {}
            }
        }
        let mut ending: JoinSet<()> = std::mem::take(&mut self.running).into_values().map(ended).collect();
        while ending.join_next().await.is_some() {}
    }

    /// Starts what was added and ends what was taken away.
    async fn look(&mut self) -> Result<(), StoreError> {
        let there = webhook::list(&self.relays.shared.registry, "", ENTRIES_PER_PAGE).await?;
        let gone: Vec<String> =
            self.running.keys().filter(|id| there.iter().all(|one| one.id != **id)).cloned().collect();
        for id in gone {
            if let Some(running) = self.running.remove(&id) {
                ended(running).await;
            }
        }
        for webhook in there {
            if self.running.contains_key(&webhook.id) {
                continue;
            }
            match self.relays.webhook_runner(&webhook) {
                Ok(runner) => {
                    let (ender, stop) = Ender::new();
                    let task = tokio::spawn(runner.run(stop, self.woken.clone()));
                    self.running.insert(webhook.id, (ender, task));
                }
                Err(problem) => tracing::error!(webhook = webhook.id, problem, "this webhook cannot be called"),
            }
        }
        Ok(())
    }
}

async fn ended((ender, task): (Ender, JoinHandle<()>)) {
    ender.end();
    // One that panicked has ended, too; another instance takes its lease over.
    let _ = task.await;
}

impl Relays {
    fn webhook_runner(&self, webhook: &Webhook) -> Result<Runner, String> {
        let shared = &self.shared;
        let listener = webhook.listener(&shared.webhooks)?;
        Ok(Runner {
            store: shared.store.clone(),
            registry: shared.registry.clone(),
            name: Webhook::relay(&webhook.id),
            kind: super::Kind::Webhook.word(),
            me: Arc::clone(&shared.me),
            broker: Box::new(shared.http.calls(listener)),
            filter: webhook.filter()?,
            costs: webhook.costs,
            order: Order::Subject,
            limit_bytes: shared.webhooks.message_limit_bytes,
            start: None,
            times: self.times(),
            patience: Patience::Until {
                failures: shared.webhooks.failures_limit,
                deadline: Duration::from_millis(shared.webhooks.deadline_ms),
            },
        })
    }
}
