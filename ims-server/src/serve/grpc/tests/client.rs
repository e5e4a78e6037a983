//! A server on a port of its own, and a client that knows of it only what reflection tells.

use super::super::{codec, forms::Forms, from_message, inventory::Knows, metadata, serve_known, to_message};
use crate::serve::{
    Caller, Config, Ending, Gate, Problem, Service,
    caller::Proof,
    live::{self, Hub},
    observe::Figures,
    relay::Relays,
    right::{Right, Role},
};
use futures_util::{FutureExt, StreamExt, stream};
use ims_core::{AnyStore, Ims, MemoryStore};
use ims_sqlx::Registry;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::{net::TcpListener, task::JoinHandle};
use tonic::{Request, Status, Streaming, metadata::AsciiMetadataKey, transport::Channel};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

/// A server that runs.
pub(super) struct Running {
    pub(super) address: SocketAddr,
    ending: Ending,
    served: JoinHandle<Result<(), String>>,
}

/// What may be set beside a message.
pub(super) type Metadata<'a> = &'a [(&'a str, &'a str)];

/// A caller is called by their role.
const KNOWS: Knows = |_, authorization| {
    let role = match authorization.as_deref() {
        Some("Bearer manager") => Ok(Role::Manager),
        Some("Bearer clerk") => Ok(Role::Clerk),
        _ => Err(Problem::unauthenticated("sign in first")),
    };
    let caller = role.map(|role| {
        let rights = role.rights().iter().copied().collect::<std::collections::BTreeSet<Right>>();
        Caller { name: "user:ada".into(), role, rights: rights.into(), site: None, proof: Proof::Nothing }
    });
    async { caller }.boxed()
};

impl Running {
    /// Starts a server with an empty store.
    pub(super) async fn start(config: Config) -> Running {
        let registry = Registry::memory();
        let (store, commits) = live::watched(AnyStore::new(MemoryStore::new()));
        let woken = commits.clone();
        let hub = Hub::begin(store.clone(), registry.clone(), commits, config.live.clone());
        let gate = Gate::open(registry, config.auth.clone()).await.unwrap();
        let (ims, worker) = Ims::new(store);
        tokio::spawn(worker);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (relays, _) = Relays::start(ims.store().clone(), Registry::memory(), config.relaying(), woken).unwrap();
        let service = Service::new(ims, gate, hub, relays, config, Figures::new());
        let ending = service.ending().clone();
        let served = tokio::spawn(serve_known(service, KNOWS, listener));
        Running { address, ending, served }
    }

    /// Ends it, and waits for its end.
    pub(super) async fn end(self) {
        self.ending.begin();
        self.served.await.unwrap().unwrap();
    }
}

/// A client that has asked what there is.
pub(super) struct Client {
    pub(super) channel: Channel,
    pool: DescriptorPool,
    forms: Forms,
    token: &'static str,
}

impl Client {
    pub(super) async fn of(running: &Running, token: &'static str) -> Client {
        let channel = Channel::from_shared(format!("http://{}", running.address)).unwrap().connect().await.unwrap();
        let pool = reflected(channel.clone()).await;
        let forms = Forms::of(&pool).unwrap();
        Client { channel, pool, forms, token }
    }

    fn method(&self, name: &str) -> MethodDescriptor {
        let service = self.pool.get_service_by_name("ims.v1.Inventory").unwrap();
        service.methods().find(|method| method.name() == name).unwrap()
    }

    fn request(&self, method: &MethodDescriptor, metadata: Metadata<'_>, json: &Value) -> Request<DynamicMessage> {
        let mut request = Request::new(to_message::message(&self.forms, &method.input(), json).unwrap());
        let authorization = [("authorization", self.token)];
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

    /// Follows the log.
    pub(super) async fn events(&self, metadata: Metadata<'_>, json: Value) -> Events<'_> {
        let method = self.method("Events");
        let mut grpc = self.grpc();
        grpc.ready().await.unwrap();
        let path = "/ims.v1.Inventory/Events".parse().unwrap();
        let codec = codec::Described { request: method.output() };
        let response = grpc.server_streaming(self.request(&method, metadata, &json), path, codec).await.unwrap();
        Events { events: response.into_inner(), forms: &self.forms }
    }
}

/// The log, as a client hears it.
pub(super) struct Events<'a> {
    events: Streaming<DynamicMessage>,
    forms: &'a Forms,
}

impl Events<'_> {
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
