//! Whether the server lives, and whether it can do its work. Nobody signs in for that, and no limit counts it.

use super::{Ending, Problem, config::Health, observe::Writes};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use ims_core::{AnyStore, Offset, Reports, Store, StoreError, StoreErrorKind, report::PageRequest};
use ims_sqlx::{
    Registry,
    registry::{Expected, Written},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::{
    sync::Mutex,
    task::{AbortHandle, JoinError, JoinHandle},
};
use tracing::Instrument;

/// Seconds after which it is worth asking a server again that is not ready.
const RETRY_AFTER_S: u64 = 2;

/// What the registry calls what is written to see whether the store takes it: its kind and name.
const TRIAL: (&str, &str) = ("health", "trial");
/// Bytes of that: more than fits into a page that is there already.
const TRIAL_BYTES: usize = 8 * 1024;
/// What is written after something else had no room: together more than a sale needs, which is more than its own bytes.
const TRIALS_OF_ROOM: [&str; 3] = [TRIAL.1, "room-1", "room-2"];
/// Bytes of each of these.
const TRIAL_OF_ROOM_BYTES: usize = 60 * 1024;

/// What is known of the parts of the server. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Doctor {
    shared: Arc<Shared>,
}

struct Shared {
    store: AnyStore,
    registry: Registry,
    writes: Writes,
    /// How long it is believed that the store takes what is written, after it has taken something.
    written: Duration,
    trials: Trials,
    engine: AbortHandle,
    ending: Ending,
    deadline: Duration,
    keep: Duration,
    /// The last look at the store. Whoever asks while somebody looks waits for that look.
    looked: Mutex<Option<(Instant, Looked)>>,
    /// Parts that are told of, and without which the server still does its work.
    others: RwLock<BTreeMap<&'static str, Ask>>,
}

/// What the store is asked to see how it is, as far as it has no answer yet.
#[derive(Debug, Default)]
struct Trials {
    read: Trial,
    write: Trial,
    list: Trial,
}

/// Something that is tried. Nothing more of its kind is tried until it has an answer.
type Trial = Mutex<Option<JoinHandle<Result<(), StoreError>>>>;

/// How the store is.
#[derive(Clone, Copy, Debug)]
struct Looked {
    /// What commands need of it.
    store: Part,
    /// Lists and reports, which have connections of their own: sales go on without them.
    lists: Part,
}

/// What is looked at.
pub(crate) struct Patient {
    /// Where the shop is.
    pub(crate) store: AnyStore,
    /// What is beside it.
    pub(crate) registry: Registry,
    /// What was seen of what is written.
    pub(crate) writes: Writes,
    /// The worker of the engine.
    pub(crate) engine: AbortHandle,
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
    /// It has no room for what is to be written.
    Full,
    /// It may only be read.
    ReadOnly,
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
    pub(crate) fn new(patient: Patient, ending: Ending, health: &Health) -> Doctor {
        let Patient { store, registry, writes, engine } = patient;
        let shared = Shared {
            store,
            registry,
            writes,
            written: Duration::from_millis(health.written_ms),
            trials: Trials::default(),
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
        self.needed(self.look().await).values().all(|part| *part == Part::Ok)
    }

    /// The parts without which the server cannot do its work.
    fn needed(&self, looked: Looked) -> BTreeMap<&'static str, Part> {
        let server = if self.shared.ending.is_announced() { Part::Ending } else { Part::Ok };
        BTreeMap::from([("engine", self.engine()), ("server", server), ("store", looked.store)])
    }

    async fn look(&self) -> Looked {
        let Shared { looked, keep, trials, .. } = &*self.shared;
        let mut last = looked.lock().await;
        if let Some((_, looked)) = last.filter(|(at, _)| at.elapsed() < *keep) {
            return looked;
        }
        let store = async {
            match self.tried(&trials.read, |store| async move { store.events(Offset::START, 0).await.map(drop) }).await
            {
                Part::Ok => self.writes().await,
                other => other,
            }
        };
        let one = PageRequest { limit: 1, ..PageRequest::default() };
        let lists = self.tried(&trials.list, |store| async move { store.locations(&one).await.map(drop) });
        let (store, lists) = tokio::join!(store, lists);
        let looked = Looked { store, lists };
        *last = Some((Instant::now(), looked));
        looked
    }

    /// Whether the store takes what is written. What callers write tells it; where nobody does, something is written.
    async fn writes(&self) -> Part {
        let Shared { writes, deadline, written, registry, trials, .. } = &*self.shared;
        if writes.wait_longer_than(*deadline) {
            return Part::Slow;
        }
        if writes.are_done_within(*written) {
            return Part::Ok;
        }
        self.tried(&trials.write, |_| try_to_write(registry.clone(), writes.clone())).await
    }

    /// What comes in time of something that is tried.
    async fn tried<F>(&self, trial: &Trial, attempt: impl FnOnce(AnyStore) -> F) -> Part
    where
        F: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let mut trial = trial.lock().await;
        // What came too late says how the store was.
        drop(trial.take_if(|trial| trial.is_finished()));
        let begin = || tokio::spawn(told(attempt(self.shared.store.clone())).in_current_span());
        let waiting = trial.get_or_insert_with(begin);
        let Ok(answered) = tokio::time::timeout(self.shared.deadline, waiting).await else { return Part::Slow };
        *trial = None;
        Part::of(answered)
    }

    fn engine(&self) -> Part {
        if self.shared.engine.is_finished() { Part::Failing } else { Part::Ok }
    }

    fn others(&self) -> BTreeMap<&'static str, Value> {
        let others = self.shared.others.read().unwrap_or_else(PoisonError::into_inner);
        others.iter().map(|(name, ask)| (*name, ask())).collect()
    }
}

impl Part {
    /// How a store is that answered so.
    fn of(answered: Result<Result<(), StoreError>, JoinError>) -> Part {
        let error = match answered {
            Ok(Ok(())) => return Part::Ok,
            Ok(Err(error)) => error,
            Err(_) => return Part::Failing,
        };
        match error.kind {
            StoreErrorKind::Full => Part::Full,
            StoreErrorKind::ReadOnly => Part::ReadOnly,
            _ => Part::Failing,
        }
    }
}

/// Tells the log why something was not done, also where nobody waits for it any more.
async fn told(attempt: impl Future<Output = Result<(), StoreError>>) -> Result<(), StoreError> {
    let answered = attempt.await;
    if let Err(error) = &answered {
        tracing::warn!(code = error.kind.code(), source = %error.source, "the store is not ready");
    }
    answered
}

/// Writes something that nobody reads.
async fn try_to_write(registry: Registry, writes: Writes) -> Result<(), StoreError> {
    let (names, bytes): (&[&str], usize) =
        if writes.have_no_room() { (&TRIALS_OF_ROOM, TRIAL_OF_ROOM_BYTES) } else { (&[TRIAL.1], TRIAL_BYTES) };
    let write = writes.begin();
    let written = put_each(&registry, names, &"x".repeat(bytes)).await;
    write.note(&written);
    written
}

async fn put_each(registry: &Registry, names: &[&str], body: &str) -> Result<(), StoreError> {
    for name in names {
        let _: Written = registry.put(TRIAL.0, name, Expected::Any, body, None).await?;
    }
    Ok(())
}

/// The process answers: that is all there is to say.
async fn live() -> Response {
    Json(json!({"status": "live", "version": env!("CARGO_PKG_VERSION")})).into_response()
}

async fn ready(State(doctor): State<Doctor>) -> Response {
    let looked = doctor.look().await;
    let needed = doctor.needed(looked);
    let failing: Vec<&str> = needed.iter().filter(|(_, part)| **part != Part::Ok).map(|(name, _)| *name).collect();
    let mut parts: BTreeMap<&str, Value> = needed.iter().map(|(name, part)| (*name, json!({"status": part}))).collect();
    parts.insert("lists", json!({"status": looked.lists}));
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
