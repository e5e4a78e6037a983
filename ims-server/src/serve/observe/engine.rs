//! What the engine counts, and the connections of its store, found when they are asked for.

use super::process::Found;
use ims_core::{AnyStore, Store};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
};
use std::fmt;

/// The engine. It is asked by a function, so that who shows its figures does not keep it from ending.
pub(crate) struct Engine {
    figures: Box<dyn Fn() -> Option<ims_core::Figures> + Send + Sync>,
    store: AnyStore,
}

impl Engine {
    /// Shows the figures that a function tells, and the connections of a store.
    pub(crate) fn new(
        figures: impl Fn() -> Option<ims_core::Figures> + Send + Sync + 'static,
        store: AnyStore,
    ) -> Engine {
        Engine { figures: Box::new(figures), store }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Collector for Engine {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        if let Some(figures) = (self.figures)() {
            of_engine(&mut encoder, &figures)?;
        }
        let Some(connections) = self.store.connections() else { return Ok(()) };
        let gauges = [
            ("ims_store_connections_open", "Connections to the database", connections.open),
            ("ims_store_connections_idle", "Connections to the database that wait to be used", connections.idle),
            ("ims_store_connections_limit", "Connections to the database that there may be", connections.most),
        ];
        gauges.iter().try_for_each(|(name, help, count)| Found(ConstGauge::new(*count)).write(&mut encoder, name, help))
    }
}

fn of_engine(encoder: &mut DescriptorEncoder<'_>, figures: &ims_core::Figures) -> fmt::Result {
    let help = "Commands that were answered, by outcome; one that comes again counts again";
    let mut commands = encoder.encode_descriptor("ims_engine_commands", help, None, MetricType::Counter)?;
    let outcomes = [
        ("done", figures.done),
        ("refused", figures.refused),
        ("failed", figures.failed),
        ("simulated", figures.simulated),
    ];
    for (outcome, count) in outcomes {
        ConstCounter::new(count).encode(commands.encode_family(&[("outcome", outcome)])?)?;
    }
    let counters = [
        ("ims_engine_batches", "Batches that were committed", figures.batches),
        ("ims_engine_batched_commands", "Commands whose answers these batches recorded", figures.batched),
        ("ims_engine_conflicts", "Batches that were decided again: another writer was faster", figures.conflicts),
        ("ims_engine_retries", "Batches that were tried again after the store had failed", figures.retries),
    ];
    for (name, help, count) in counters {
        Found(ConstCounter::new(count)).write(encoder, name, help)?;
    }
    let gauges = [
        ("ims_engine_commands_waiting", "Commands that wait for an answer", figures.waiting),
        ("ims_engine_largest_batch_commands", "Commands in the largest batch since the start", figures.largest_batch),
        ("ims_engine_rows_kept", "Rows that are kept in memory between batches", figures.rows_kept),
    ];
    gauges.iter().try_for_each(|(name, help, count)| Found(ConstGauge::new(*count)).write(encoder, name, help))
}
