//! The figures of the shop: orders, revenue, units, alerts.
//!
//! They are counted from the log of the shop and never from requests. So they tell what was done, whoever did it and
//! however often it was asked for, and every instance that serves the shop tells the same; a query takes the `max` of all
//! instances, not their sum. How far the log has been counted, and what came of it, is kept in the shop's registry: an
//! instance that starts counts on from there. Refusals are not in the log, since nothing happened: `ims_problems_total`
//! has them for each instance since it began.

mod collector;
mod totals;

pub(crate) use collector::Business;

use crate::serve::Ending;
use ims_core::{AnyStore, Offset, Store, StoreError};
use ims_sqlx::{
    Registry,
    registry::{Expected, Written},
};
use std::time::{Duration, Instant};
use totals::Totals;

/// Under what the totals are kept in the registry.
const KIND: &str = "figures";
const NAME: &str = "business";
/// Events that are counted at once.
const EVENTS: u32 = 1_000;
/// How often what was counted is kept, at most.
const KEPT_EVERY: Duration = Duration::from_secs(60);

/// Counts the log until the server ends.
pub(crate) async fn count(business: Business, store: AnyStore, registry: Registry, every: Duration, ending: Ending) {
    let mut counting = Counting { totals: begin(&registry).await, kept: Instant::now(), kept_until: Offset::START };
    loop {
        if let Err(error) = counting.catch_up(&business, &store, &registry, &ending).await {
            tracing::warn!(code = error.kind.code(), source = %error.source, "the log could not be counted");
        }
        tokio::select! {
            () = ending.begun() => break,
            () = tokio::time::sleep(every) => {}
        }
    }
    counting.keep(&registry).await;
}

/// What was counted before, by whichever instance; nothing where it cannot be read.
async fn begin(registry: &Registry) -> Totals {
    match registry.get(KIND, NAME).await {
        Ok(entry) => entry.and_then(|entry| serde_json::from_str(&entry.body).ok()).unwrap_or_default(),
        Err(error) => {
            tracing::warn!(code = error.kind.code(), "the figures of the shop are counted from the beginning");
            Totals::default()
        }
    }
}

struct Counting {
    totals: Totals,
    kept: Instant,
    kept_until: Offset,
}

impl Counting {
    /// Counts all events that there are.
    async fn catch_up(
        &mut self,
        business: &Business,
        store: &AnyStore,
        registry: &Registry,
        ending: &Ending,
    ) -> Result<(), StoreError> {
        loop {
            let page = store.events(self.totals.counted, EVENTS).await?;
            for event in &page.events {
                self.totals.count(event);
            }
            business.show(&self.totals, page.newest);
            if self.kept.elapsed() >= KEPT_EVERY {
                self.keep(registry).await;
            }
            if page.events.is_empty() || self.totals.counted >= page.newest || ending.is_announced() {
                return Ok(());
            }
        }
    }

    /// Keeps what was counted for the next instance that starts. Another instance may have counted further: then its next
    /// turn keeps that again, and nothing is wrong in between.
    async fn keep(&mut self, registry: &Registry) {
        self.kept = Instant::now();
        if self.kept_until == self.totals.counted {
            return;
        }
        let Ok(body) = serde_json::to_string(&self.totals) else { return };
        match registry.put(KIND, NAME, Expected::Any, &body, None).await {
            Ok(Written::Done { .. } | Written::Conflict) => self.kept_until = self.totals.counted,
            Err(error) => tracing::warn!(code = error.kind.code(), "the figures of the shop could not be kept"),
        }
    }
}
