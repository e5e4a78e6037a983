//! gRPC: a message becomes what was said, an answer becomes a message.
//!
//! No command is named here. `ims.proto` is written from the engine's sources, and so are its JSON Schemas; a message and
//! the JSON form of the same thing are turned into each other by what these two say (`forms.rs`). So a call takes the same
//! way as a request by HTTP, and a command that is new to the engine is new to nothing here.

mod around;
mod batch;
mod body;
mod codec;
mod config;
mod deadline;
mod described;
mod events;
mod forms;
mod from_message;
mod health;
mod inventory;
mod metadata;
mod status;
mod to_message;

#[cfg(test)]
mod tests;

pub(crate) use config::Grpc;

use super::{Service, health::Doctor};
use axum::Router;
use described::{DESCRIPTORS, Described};
use inventory::{Accounts, Inventory};
use std::sync::Arc;
use tonic::service::Routes;

/// All methods, and beside them what tells which there are, and whether the server is well.
///
/// # Errors
/// A line for people, where the parts of this program do not fit together.
pub(crate) fn router(service: Service, doctor: Doctor) -> Result<Router, String> {
    let described = Arc::new(Described::read()?);
    let reflection =
        || tonic_reflection::server::Builder::configure().register_encoded_file_descriptor_set(DESCRIPTORS);
    let unreadable = |error: tonic_reflection::server::Error| error.to_string();
    let (figures, ending) = (service.figures().clone(), service.ending().clone());
    let inventory = Inventory { service, described: Arc::clone(&described) };
    let routes = Routes::new(health::Visits::to(doctor, ending))
        .add_service(reflection().build_v1().map_err(unreadable)?)
        .add_service(reflection().build_v1alpha().map_err(unreadable)?)
        .add_service(Accounts(inventory.clone()))
        .add_service(inventory);
    Ok(around::around(routes.into_axum_router(), &described, &figures))
}
