//! Starting the server, and ending it without losing an answer.

use super::{Config, Gate, Service, grpc, http};
use crate::{
    failure::{Failure, Outcome},
    store_url::{self, Purpose},
};
use futures_util::future::OptionFuture;
use ims_core::Ims;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves until the process is told to end.
pub(crate) async fn run(config: Config) -> Outcome {
    let (store, registry) = store_url::open_with_registry(&config.store, Purpose::MakeOrUse).await?;
    let gate = Gate::open(registry, config.auth.clone()).await?;
    gate.announce_first_admin().await?;
    let (ims, worker) = Ims::new(store);
    let worker = tokio::spawn(worker);
    let service = Service::new(ims, gate, config);
    let house = tokio::spawn(service.clone().keep_house());
    let listener = listen(service.config().http.address, "http").await?;
    let router = http::router(service.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let over_http = axum::serve(listener, router).with_graceful_shutdown(told_to_end());
    let over_grpc = match service.config().grpc.address {
        Some(address) => Some(grpc::serve(service.clone(), listen(address, "grpc").await?, told_to_end())),
        None => None,
    };
    drop(service);
    let ended = |problem: String| Failure::store("serve", format!("the server ended: {problem}"));
    let (over_http, over_grpc) = tokio::join!(over_http, OptionFuture::from(over_grpc));
    house.abort();
    // It is gone when it has been waited for, and its clone of the service with it.
    let _ = house.await;
    // A worker that panicked has answered its callers with an error already.
    let _ = worker.await;
    over_http.map_err(|error| ended(error.to_string()))?;
    over_grpc.unwrap_or(Ok(())).map_err(ended)
}

async fn listen(address: SocketAddr, scheme: &'static str) -> Outcome<TcpListener> {
    let unusable = |error| Failure::usage("address", format!("{address} cannot be listened at: {error}"));
    let listener = TcpListener::bind(address).await.map_err(unusable)?;
    let address = listener.local_addr().map_err(unusable)?;
    crate::output::tell(format_args!("listening at {scheme}://{address}"));
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
