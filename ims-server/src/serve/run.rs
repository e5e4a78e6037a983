//! Starting the server, and ending it without losing an answer.

use super::{Config, Gate, Service, http, relay::Relays};
use crate::{
    failure::{Failure, Outcome},
    store_url::{self, Purpose},
};
use ims_core::{Ims, Offset};
use std::net::SocketAddr;
use tokio::{net::TcpListener, sync::watch};

/// Serves until the process is told to end.
pub(crate) async fn run(config: Config) -> Outcome {
    let (store, registry) = store_url::open_with_registry(&config.store, Purpose::MakeOrUse).await?;
    let gate = Gate::open(registry.clone(), config.auth.clone()).await?;
    gate.announce_first_admin().await?;
    let (ims, worker) = Ims::new(store);
    let worker = tokio::spawn(worker);
    // Nobody wakes the relays yet: they look at the log by themselves.
    let woken = watch::channel(Offset::START).1;
    let (relays, relaying) = Relays::start(ims.store().clone(), registry, config.relaying(), woken)
        .map_err(|problem| Failure::usage("config", problem))?;
    let service = Service::new(ims, gate, relays, config);
    let house = tokio::spawn(service.clone().keep_house());
    let listener = listen(&service).await?;
    let router = http::router(service.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, router).with_graceful_shutdown(told_to_end()).await;
    relaying.end().await;
    house.abort();
    // It is gone when it has been waited for, and its clone of the service with it.
    let _ = house.await;
    drop(service);
    // A worker that panicked has answered its callers with an error already.
    let _ = worker.await;
    served.map_err(|error| Failure::store("serve", format!("the server ended: {error}")))
}

async fn listen(service: &Service) -> Outcome<TcpListener> {
    let address = service.config().http.address;
    let unusable = |error| Failure::usage("address", format!("{address} cannot be listened at: {error}"));
    let listener = TcpListener::bind(address).await.map_err(unusable)?;
    let address = listener.local_addr().map_err(unusable)?;
    crate::output::tell(format_args!("listening at http://{address}"));
    Ok(listener)
}

/// Waits for the signal that ends the process.
async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
