//! How the relays do, for the figures and for `/health/ready`.

use super::Figures;
use crate::serve::{Ending, relay::Relays};
use serde_json::{Map, Value, json};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

/// Between two looks at the relays.
const EVERY: Duration = Duration::from_secs(5);

/// How each relay did when it was last looked at. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct RelaysSeen {
    states: Arc<RwLock<Map<String, Value>>>,
}

impl RelaysSeen {
    /// Their states by name: a relay that fails is told of, and the server works without it.
    pub(crate) fn told(&self) -> Value {
        // A map is whole, whoever panicked while holding it.
        Value::Object(self.states.read().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Looks at them now and then, until the server ends.
    pub(crate) async fn watch(self, relays: Relays, figures: Figures, ending: Ending) {
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = ending.begun() => return,
            }
            // A store that is away is told of elsewhere.
            let Ok(lines) = relays.list().await else { continue };
            for line in &lines {
                figures.note_relay(&line.name, line.lag);
            }
            let states = lines.into_iter().map(|line| (line.name, json!({"status": line.state, "lag": line.lag})));
            *self.states.write().unwrap_or_else(PoisonError::into_inner) = states.collect();
        }
    }
}
