//! Whether the server lives, and whether it can do its work. Nobody signs in for that, and no limit counts it.

use super::{Ending, Problem, config::Health};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use ims_core::{AnyStore, Offset, Store};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, task::AbortHandle};

/// Seconds after which it is worth asking a server again that is not ready.
const RETRY_AFTER_S: u64 = 2;

/// What is known of the parts of the server. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Doctor {
    shared: Arc<Shared>,
}

struct Shared {
    store: AnyStore,
    engine: AbortHandle,
    ending: Ending,
    deadline: Duration,
    keep: Duration,
    /// The last look at the store. Whoever asks while somebody looks waits for that look.
    looked: Mutex<Option<(Instant, Part)>>,
    /// Parts that are told of, and without which the server still does its work.
    others: RwLock<BTreeMap<&'static str, Ask>>,
}

/// Asks a part how it is.
type Ask = Box<dyn Fn() -> Value + Send + Sync>;

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// It works.
    Ok,
    /// It does not.
    Failing,
    /// It did not say in time.
    Slow,
    /// It ends, since it was told to.
    Ending,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("looked", &self.looked).finish_non_exhaustive()
    }
}

impl Doctor {
    /// Looks after a store, and the worker of the engine on it.
    pub(crate) fn new(store: AnyStore, engine: AbortHandle, ending: Ending, health: &Health) -> Doctor {
        let shared = Shared {
            store,
            engine,
            ending,
            deadline: Duration::from_millis(health.deadline_ms),
            keep: Duration::from_millis(health.keep_ms),
            looked: Mutex::default(),
            others: RwLock::default(),
        };
        Doctor { shared: Arc::new(shared) }
    }

    /// Tells of a part without which the server still does its work, such as the relays.
    pub(crate) fn tell_of(&self, name: &'static str, ask: impl Fn() -> Value + Send + Sync + 'static) {
        self.shared.others.write().unwrap_or_else(PoisonError::into_inner).insert(name, Box::new(ask));
    }

    /// The routes that answer.
    pub(crate) fn router(&self) -> Router {
        Router::new().route("/health/live", get(live)).route("/health/ready", get(ready)).with_state(self.clone())
    }

    /// Whether the server can do its work.
    pub(crate) async fn is_ready(&self) -> bool {
        self.needed().await.values().all(|part| *part == Part::Ok)
    }

    /// The parts without which the server cannot do its work.
    async fn needed(&self) -> BTreeMap<&'static str, Part> {
        let server = if self.shared.ending.is_announced() { Part::Ending } else { Part::Ok };
        BTreeMap::from([("engine", self.engine()), ("server", server), ("store", self.store().await)])
    }

    async fn store(&self) -> Part {
        let mut looked = self.shared.looked.lock().await;
        if let Some((_, part)) = looked.filter(|(at, _)| at.elapsed() < self.shared.keep) {
            return part;
        }
        let part = match tokio::time::timeout(self.shared.deadline, self.shared.store.events(Offset::START, 0)).await {
            Ok(Ok(_)) => Part::Ok,
            Ok(Err(error)) => {
                tracing::warn!(code = error.kind.code(), source = %error.source, "the store is not ready");
                Part::Failing
            }
            Err(_) => Part::Slow,
        };
        *looked = Some((Instant::now(), part));
        part
    }

    fn engine(&self) -> Part {
        if self.shared.engine.is_finished() { Part::Failing } else { Part::Ok }
    }

    fn others(&self) -> BTreeMap<&'static str, Value> {
        let others = self.shared.others.read().unwrap_or_else(PoisonError::into_inner);
        others.iter().map(|(name, ask)| (*name, ask())).collect()
    }
}

/// The process answers: that is all there is to say.
async fn live() -> Response {
    Json(json!({"status": "live", "version": env!("CARGO_PKG_VERSION")})).into_response()
}

async fn ready(State(doctor): State<Doctor>) -> Response {
    let needed = doctor.needed().await;
    let failing: Vec<&str> = needed.iter().filter(|(_, part)| **part != Part::Ok).map(|(name, _)| *name).collect();
    let mut parts: BTreeMap<&str, Value> = needed.iter().map(|(name, part)| (*name, json!({"status": part}))).collect();
    parts.extend(doctor.others());
    if failing.is_empty() {
        return Json(json!({"status": "ready", "parts": parts})).into_response();
    }
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", format!("not ready: {}", failing.join(", ")))
        .field("failing", failing)
        .field("parts", json!(parts))
        .retry_after(RETRY_AFTER_S)
        .into_response()
}
