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
use described::{DESCRIPTORS, Described, SERVICE};
use futures_util::FutureExt;
use inventory::{Inventory, Knows};
use std::{future::Future, sync::Arc};
use tokio::{net::TcpListener, sync::watch};
use tonic::transport::{Server, server::TcpIncoming};

/// Serves until `end` comes and every call that was begun is answered. Those who follow the log are told to come again.
///
/// # Errors
/// A line for people.
pub(crate) async fn serve(
    service: Service,
    listener: TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    let knows: Knows =
        |service, authorization| async move { service.gate().caller(authorization.as_deref()).await }.boxed();
    serve_known(service, knows, listener, end).await
}

async fn serve_known(
    service: Service,
    knows: Knows,
    listener: TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    let described = Arc::new(Described::read()?);
    let config = service.config().grpc.clone();
    let (ending, ended) = watch::channel(());
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_service_status(SERVICE, tonic_health::ServingStatus::Serving).await;
    let reflection =
        || tonic_reflection::server::Builder::configure().register_encoded_file_descriptor_set(DESCRIPTORS);
    let unreadable = |error: tonic_reflection::server::Error| error.to_string();
    let until_end = async move {
        end.await;
        health.set_service_status(SERVICE, tonic_health::ServingStatus::NotServing).await;
        drop(ending);
    };
    Server::builder()
        .max_concurrent_streams(config.streams_per_connection)
        .add_service(health_service)
        .add_service(reflection().build_v1().map_err(unreadable)?)
        .add_service(reflection().build_v1alpha().map_err(unreadable)?)
        .add_service(Inventory { service, knows, described, ended })
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), until_end)
        .await
        .map_err(|error| error.to_string())
}
