//! A server on a port of its own, and a client that knows of it only what reflection tells.

use super::super::{codec, forms::Forms, from_message, metadata, router, to_message};
use crate::serve::{
    Config, Ending, Gate, Name, NewUser, Secret, Service,
    auth::{Peer, SignIn},
    health::{Doctor, Patient},
    listen::{Door, Limits, Speaks},
    live::{self, Hub},
    observe::{Figures, Writes},
    relay::Relays,
    right::Role,
};
use futures_util::{StreamExt, stream};
use ims_core::{AnyStore, Ims, LocationId, MemoryStore};
use ims_sqlx::Registry;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor};
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::task::JoinHandle;
use tonic::{Request, Status, Streaming, metadata::AsciiMetadataKey, transport::Channel};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

/// A server that runs.
pub(super) struct Running {
    pub(super) url: String,
    pub(super) service: Service,
    ending: Ending,
    served: JoinHandle<()>,
}

/// What may be set beside a message.
pub(super) type Metadata<'a> = &'a [(&'a str, &'a str)];

/// Bytes that a server may send to a client who does not read.
const WINDOW: u32 = 65_535;

/// What everybody has as their password.
const PASSWORD: &str = "eleven badgers in a row";

impl Running {
    /// Starts a server with an empty store.
    pub(super) async fn start(config: Config) -> Running {
        let registry = Registry::memory();
        let (store, commits) = live::watched(AnyStore::new(MemoryStore::new()));
        let woken = commits.clone();
        let hub = Hub::begin(store.clone(), registry.clone(), commits, config.live.clone());
        let gate = Gate::open(registry.clone(), config.auth.clone()).await.unwrap();
        let (ims, worker) = Ims::new(store.clone());
        let worker = tokio::spawn(worker);
        let (relays, _) = Relays::start(store.clone(), Registry::memory(), config.relaying(), woken).unwrap();
        let service = Service::new(ims, gate, hub, relays, config, Figures::new());
        let (config, ending) = (service.config(), service.ending().clone());
        let patient = Patient { store, registry, writes: Writes::default(), engine: worker.abort_handle() };
        let doctor = Doctor::new(patient, ending.clone(), &config.health);
        let address = "127.0.0.1:0".parse().unwrap();
        let door = Door::open(address, Speaks::Grpc, None, Limits::of_grpc(config)).await.unwrap();
        let url = door.url().unwrap().replace("grpc://", "http://");
        let routes = router(service.clone(), doctor).unwrap();
        let limit = Duration::from_millis(config.shutdown.limit_ms);
        let served = tokio::spawn(door.serve(routes, ending.clone(), limit));
        Running { url, service, ending, served }
    }

    /// Makes a user of this role, and signs them in: what they send as `authorization`.
    pub(super) async fn user(&self, name: &str, role: Role, site: Option<LocationId>) -> String {
        let gate = self.service.gate();
        let (name, password) = (Name::new(name).unwrap(), Secret::new(PASSWORD));
        let user = NewUser { name: name.clone(), password: password.clone(), role, email: None, site };
        gate.make_user("test", user).await.unwrap();
        let said = SignIn { name: name.to_string(), password, refresh_token: None };
        let tokens = serde_json::to_value(gate.sign_in(&said, &Peer::default()).await.unwrap()).unwrap();
        format!("Bearer {}", tokens["access_token"].as_str().unwrap())
    }

    /// A client who is nobody.
    pub(super) async fn nobody(&self) -> Client {
        Client::of(self, "Bearer nobody".to_owned()).await
    }

    /// A client who may do everything in the shop.
    pub(super) async fn manager(&self) -> Client {
        Client::of(self, self.user("ada", Role::Manager, None).await).await
    }

    /// A client who sees no costs.
    pub(super) async fn clerk(&self) -> Client {
        Client::of(self, self.user("ben", Role::Clerk, None).await).await
    }

    /// Ends it, and waits for its end.
    pub(super) async fn end(self) {
        self.service.hub().end();
        self.ending.begin();
        self.served.await.unwrap();
    }
}

/// A client that has asked what there is.
pub(super) struct Client {
    pub(super) channel: Channel,
    pool: DescriptorPool,
    forms: Forms,
    token: String,
}

impl Client {
    pub(super) async fn of(running: &Running, token: String) -> Client {
        // A reader who does not read is told from others by little.
        let endpoint = Channel::from_shared(running.url.clone()).unwrap();
        let endpoint = endpoint.initial_stream_window_size(WINDOW).initial_connection_window_size(WINDOW);
        let channel = endpoint.connect().await.unwrap();
        let pool = reflected(channel.clone()).await;
        let forms = Forms::of(&pool).unwrap();
        Client { channel, pool, forms, token }
    }

    /// The same caller on a connection of its own.
    pub(super) async fn beside(&self, running: &Running) -> Client {
        Client::of(running, self.token.clone()).await
    }

    fn method(&self, name: &str) -> MethodDescriptor {
        let service = self.pool.get_service_by_name("ims.v1.Inventory").unwrap();
        service.methods().find(|method| method.name() == name).unwrap()
    }

    fn request(&self, method: &MethodDescriptor, metadata: Metadata<'_>, json: &Value) -> Request<DynamicMessage> {
        let mut request = Request::new(to_message::message(&self.forms, &method.input(), json).unwrap());
        let authorization = [("authorization", self.token.as_str())];
        for (name, value) in metadata.iter().chain(&authorization) {
            let name = AsciiMetadataKey::from_bytes(name.as_bytes()).unwrap();
            request.metadata_mut().insert(name, value.parse().unwrap());
        }
        request
    }

    fn grpc(&self) -> tonic::client::Grpc<Channel> {
        tonic::client::Grpc::new(self.channel.clone())
    }

    /// Calls a method; gives the JSON that the answer stands for, and the offset beside it.
    pub(super) async fn call_for(
        &self,
        name: &str,
        metadata: Metadata<'_>,
        json: Value,
    ) -> Result<(Value, Option<u64>), Status> {
        let method = self.method(name);
        let mut grpc = self.grpc();
        grpc.ready().await.unwrap();
        let path = format!("/ims.v1.Inventory/{name}").parse().unwrap();
        let codec = codec::Described { request: method.output() };
        let response = grpc.unary(self.request(&method, metadata, &json), path, codec).await?;
        let offset = response.metadata().get(metadata::OFFSET).map(|offset| offset.to_str().unwrap().parse().unwrap());
        Ok((from_message::json(&self.forms, response.get_ref()).unwrap(), offset))
    }

    /// Calls a method.
    pub(super) async fn call(&self, name: &str, metadata: Metadata<'_>, json: Value) -> Result<Value, Status> {
        self.call_for(name, metadata, json).await.map(|(json, _)| json)
    }

    /// Has a command done.
    pub(super) async fn done(&self, name: &str, key: &str, json: Value) -> Value {
        self.call(name, &[("idempotency-key", key)], json).await.unwrap()
    }

    /// Begins to call a method, and says nothing.
    pub(super) async fn say_nothing(&self, name: &str) -> Status {
        let method = self.method(name);
        let mut grpc = self.grpc();
        grpc.ready().await.unwrap();
        let path = format!("/ims.v1.Inventory/{name}").parse().unwrap();
        let codec = codec::Described { request: method.output() };
        let request = self.request(&method, &[], &Value::Object(Map::new())).map(|_| stream::pending());
        grpc.client_streaming(request, path, codec).await.unwrap_err()
    }

    /// Follows the log.
    pub(super) async fn events(&self, metadata: Metadata<'_>, json: Value) -> Events<'_> {
        self.follow(metadata, json).await.unwrap()
    }

    /// Follows the log, if they may.
    pub(super) async fn follow(&self, metadata: Metadata<'_>, json: Value) -> Result<Events<'_>, Status> {
        let method = self.method("Events");
        let mut grpc = self.grpc();
        grpc.ready().await.unwrap();
        let path = "/ims.v1.Inventory/Events".parse().unwrap();
        let codec = codec::Described { request: method.output() };
        let response = grpc.server_streaming(self.request(&method, metadata, &json), path, codec).await?;
        Ok(Events { events: response.into_inner(), forms: &self.forms })
    }
}

/// The log, as a client hears it.
pub(super) struct Events<'a> {
    events: Streaming<DynamicMessage>,
    forms: &'a Forms,
}

impl Events<'_> {
    /// The offsets of the next events, as many as these.
    pub(super) async fn offsets(&mut self, count: usize) -> Vec<u64> {
        let mut offsets = Vec::new();
        while offsets.len() < count {
            offsets.push(self.next().await.unwrap()["offset"].as_u64().unwrap());
        }
        offsets
    }

    pub(super) async fn next(&mut self) -> Result<Value, Status> {
        self.events.next().await.unwrap().map(|event| from_message::json(self.forms, &event).unwrap())
    }
}

/// Asks a server what it serves.
async fn reflected(channel: Channel) -> DescriptorPool {
    let asked = MessageRequest::FileContainingSymbol("ims.v1.Inventory".to_owned());
    let asked = ServerReflectionRequest { host: String::new(), message_request: Some(asked) };
    let mut client = ServerReflectionClient::new(channel);
    let mut told = client.server_reflection_info(stream::iter([asked])).await.unwrap().into_inner();
    let Some(MessageResponse::FileDescriptorResponse(files)) = told.next().await.unwrap().unwrap().message_response
    else {
        panic!("reflection does not know the service");
    };
    let mut pool = DescriptorPool::new();
    for file in files.file_descriptor_proto {
        pool.decode_file_descriptor_proto(file.as_slice()).unwrap();
    }
    pool
}
