//! Starting the server, and ending it without losing an answer.

mod signals;

use super::{
    Config, Ending, Gate, Service,
    clock::{self, Clocks},
    grpc,
    health::{Doctor, Patient},
    http, layers,
    listen::{self, Door, Limits, Speaks, tls::Keys},
    live::{self, Hub},
    observe::{self, Figures, RelaysSeen, Traces, Writes, business::Business},
    relay::Relays,
};
use crate::{
    failure::{Failure, Outcome},
    session::now,
};
use ims_core::{AnyStore, Ims, Store};
use ims_sqlx::Registry;
use signals::Signals;
use std::time::Duration;
use tokio::task::{AbortHandle, JoinHandle};

/// How long the engine and the tasks beside it may take to end after the last request.
const TASKS_END: Duration = Duration::from_secs(10);

/// Serves until the process is told to end.
pub(crate) async fn run(config: Config) -> Outcome {
    // Before anything else: a signal that comes while the store is opened ends the server as well.
    let signals = Signals::listen().map_err(|error| Failure::store("signals", error.to_string()))?;
    clock::check(now())?;
    let usage = |problem| Failure::usage("config", problem);
    let traces = Traces::start(&config.traces).map_err(usage)?;
    observe::start_logs(&config.log, traces.as_ref()).map_err(usage)?;
    observe::watch_panics();
    listen::raise_limit();
    let served = serve(config, signals).await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    served
}

async fn serve(config: Config, signals: Signals) -> Outcome {
    let keys = Keys::of(&config.tls)?;
    let figures = Figures::new();
    let writes = Writes::default();
    let (store, registry) = open(&config, &figures, &writes).await?;
    let opened = store.clone();
    let (store, commits) = live::watched(store);
    let hub = Hub::begin(store.clone(), registry.clone(), commits.clone(), config.live.clone());
    let unusable = |problem| Failure::usage("config", problem);
    let (relays, relaying) =
        Relays::start(store.clone(), registry.clone(), config.relaying(), commits).map_err(unusable)?;
    let (ims, worker) = Ims::new(store.clone());
    let worker = tokio::spawn(worker);
    let gate = Gate::open(registry.clone(), config.auth.clone()).await?;
    let service = Service::new(ims, gate, hub, relays.clone(), config, figures.clone());
    let (config, ending) = (service.config().clone(), service.ending().clone());
    let patient = Patient { store: store.clone(), registry: registry.clone(), writes, engine: worker.abort_handle() };
    let doctor = Doctor::new(patient, ending.clone(), &config.health);
    let clocks = Clocks::new(config.health.clock_tolerance_ms);

    let door = Door::open(config.http.address, Speaks::Http, keys.clone(), Limits::from(&config.http)).await?;
    let grpc = grpc_door(&config, keys.clone()).await?;
    figures.add(observe::Engine::new(service.engine_figures(), store.clone()));
    let listeners = [("http", Some(&door)), ("grpc", grpc.as_ref())];
    let listeners = listeners.into_iter().filter_map(|(name, door)| Some((name, door?.connections())));
    figures.add(observe::Connections::new(listeners.collect()));
    let shown_figures = figures_door(&config).await?;
    let figures_url = shown_figures.as_ref().map(Door::url).transpose()?;
    let grpc_url = grpc.as_ref().map(Door::url).transpose()?;
    let first_admin =
        service.gate().announce_first_admin(&format!("{}{}", door.url_here()?, http::FIRST_ADMIN)).await?;
    // The first line is for people and for scripts that wait for it; what follows tells more, and is the log.
    crate::output::tell(format_args!("listening at {}", door.url()?));
    if let Some(url) = grpc_url {
        crate::output::tell(format_args!("gRPC at {url}"));
    }
    if let Some(url) = figures_url {
        crate::output::tell(format_args!("figures at {url}/metrics"));
    }
    if let Some(words) = first_admin {
        crate::output::tell(words);
    }
    let mut tasks = Vec::new();
    if let Some(shown) = shown_figures {
        tasks.push(watch_figures(shown, &config, &figures, store, registry.clone(), &ending));
    }
    tasks.push(tokio::spawn(clocks.clone().watch(registry, figures.clone(), ending.clone())));
    let relays_seen = RelaysSeen::default();
    tasks.push(tokio::spawn(relays_seen.clone().watch(relays, figures.clone(), ending.clone())));
    doctor.tell_of("relays", move || relays_seen.told());
    doctor.tell_of("clock", move || clocks.told());
    let routes = doctor.router().merge(http::router(service.clone()));
    let routes = layers::around(routes, &config, &figures);
    tasks.push(keep_house(service.clone()));
    tasks.push(end_streams(service.hub().clone(), ending.clone()));
    let limit = Duration::from_millis(config.shutdown.limit_ms);
    if let Some(door) = grpc {
        let routes = grpc::router(service.clone(), doctor).map_err(|problem| Failure::usage("grpc", problem))?;
        tasks.push(tokio::spawn(door.serve(routes, ending.clone(), limit)));
    }
    tasks.push(tokio::spawn(door.serve(routes, ending.clone(), limit)));

    signals.ended(keys.as_ref()).await;
    ending.announce();
    tracing::info!("told to end");
    tokio::time::sleep(Duration::from_millis(config.shutdown.drain_ms)).await;
    ending.begin();
    drop(service);
    relaying.end().await;
    let ended = end(tasks, worker, limit.saturating_add(TASKS_END)).await;
    // Whoever copies the file of a store that nobody serves has all of it.
    if tokio::time::timeout(TASKS_END, opened.close()).await.is_err() {
        tracing::warn!("the store was still in use and was not closed");
    }
    ended
}

/// Opens the store and the registry beside it.
async fn open(config: &Config, figures: &Figures, writes: &Writes) -> Outcome<(AnyStore, Registry)> {
    let (store, registry) = ims_sqlx::open_with_registry(&config.store, (&config.database).into()).await?;
    Ok((observe::watched(store, figures.clone(), writes.clone()), registry))
}

/// Sweeps up now and then, until the server ends.
fn keep_house(service: Service) -> JoinHandle<()> {
    let ending = service.ending().clone();
    tokio::spawn(async move {
        tokio::select! {
            () = service.keep_house() => {}
            () = crate::memory::give_back() => {}
            () = service.gate().hear_changes() => {}
            () = ending.begun() => {}
        }
    })
}

/// Tells those who listen to events to go, when the end begins.
fn end_streams(hub: Hub, ending: Ending) -> JoinHandle<()> {
    tokio::spawn(async move {
        ending.begun().await;
        hub.end();
    })
}

/// Listens for gRPC, where the set-up says so.
async fn grpc_door(config: &Config, keys: Option<Keys>) -> Outcome<Option<Door>> {
    let Some(address) = config.grpc.address else { return Ok(None) };
    Door::open(address, Speaks::Grpc, keys, Limits::of_grpc(config)).await.map(Some)
}

/// Listens for whoever reads the figures, where the set-up says so.
async fn figures_door(config: &Config) -> Outcome<Option<Door>> {
    let Some(address) = config.metrics.address else { return Ok(None) };
    Door::open(address, Speaks::Http, None, Limits::from(&config.http)).await.map(Some)
}

/// Serves the figures, and counts those of the shop.
fn watch_figures(
    door: Door,
    config: &Config,
    figures: &Figures,
    store: AnyStore,
    registry: Registry,
    ending: &Ending,
) -> JoinHandle<()> {
    let business = Business::default();
    figures.add(business.clone());
    let every = Duration::from_millis(config.metrics.business_interval_ms);
    let count = observe::business::count(business, store, registry, every, ending.clone());
    let show = door.serve(observe::figures_router(figures.clone()), ending.clone(), Duration::ZERO);
    tokio::spawn(async move {
        tokio::join!(count, show);
    })
}

/// Waits for the last request, and then for the engine, which ends after its last commit.
async fn end(tasks: Vec<JoinHandle<()>>, worker: JoinHandle<()>, limit: Duration) -> Outcome {
    let handles: Vec<AbortHandle> = tasks.iter().map(JoinHandle::abort_handle).collect();
    if tokio::time::timeout(limit, futures_util::future::join_all(tasks)).await.is_err() {
        tracing::warn!("some tasks did not end in time and were cut off");
        handles.iter().for_each(AbortHandle::abort);
    }
    match tokio::time::timeout(TASKS_END, worker).await {
        Ok(Ok(())) => {
            tracing::info!("ended");
            Ok(())
        }
        Ok(Err(error)) => Err(Failure::store("engine", format!("the engine ended badly: {error}"))),
        Err(_) => Err(Failure::store("engine", "the engine did not end in time")),
    }
}
