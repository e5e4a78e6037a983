//! gRPC: a message becomes what was said, an answer becomes a message.
//!
//! No command is named here. `ims.proto` is written from the engine's sources, and so are its JSON Schemas; a message and
//! the JSON form of the same thing are turned into each other by what these two say (`forms.rs`). So a call takes the same
//! way as a request by HTTP, and a command that is new to the engine is new to nothing here.

mod batch;
mod codec;
mod config;
mod deadline;
mod described;
mod events;
mod forms;
mod from_message;
mod inventory;
mod metadata;
mod status;
mod to_message;

#[cfg(test)]
mod tests;

pub(crate) use config::Grpc;

use super::Service;
use described::{DESCRIPTORS, Described, SERVICES};
use futures_util::FutureExt;
use inventory::{Accounts, Inventory, Knows};
use std::{sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tonic::transport::{Server, server::TcpIncoming};
use tonic_health::ServingStatus;

/// Serves until the server ends and every call that was begun is answered, or has had the time for it. Those who follow the
/// log are told to come again.
///
/// # Errors
/// A line for people.
pub(crate) async fn serve(service: Service, listener: TcpListener) -> Result<(), String> {
    let knows: Knows =
        |service, authorization| async move { service.gate().caller(authorization.as_deref()).await }.boxed();
    serve_known(service, knows, listener).await
}

async fn serve_known(service: Service, knows: Knows, listener: TcpListener) -> Result<(), String> {
    let described = Arc::new(Described::read()?);
    let config = service.config().grpc.clone();
    let most = Duration::from_millis(service.config().shutdown.limit_ms);
    let ending = service.ending().clone();
    let (health, health_service) = tonic_health::server::health_reporter();
    for name in SERVICES {
        health.set_service_status(name, ServingStatus::Serving).await;
    }
    let until_end = {
        let ending = ending.clone();
        async move {
            ending.begun().await;
            for name in SERVICES {
                health.set_service_status(name, ServingStatus::NotServing).await;
            }
        }
    };
    let reflection =
        || tonic_reflection::server::Builder::configure().register_encoded_file_descriptor_set(DESCRIPTORS);
    let inventory = Inventory { service, knows, described };
    let unreadable = |error: tonic_reflection::server::Error| error.to_string();
    let served = Server::builder()
        .max_concurrent_streams(config.streams_per_connection)
        .add_service(health_service)
        .add_service(reflection().build_v1().map_err(unreadable)?)
        .add_service(reflection().build_v1alpha().map_err(unreadable)?)
        .add_service(Accounts(inventory.clone()))
        .add_service(inventory)
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), until_end);
    let too_late = async {
        ending.begun().await;
        tokio::time::sleep(most).await;
    };
    tokio::select! {
        served = served => served.map_err(|error| error.to_string()),
        () = too_late => Ok(()),
    }
}
