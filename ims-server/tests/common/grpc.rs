//! A client of gRPC, which knows what `ims.proto` says and nothing else.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use futures_util::StreamExt;
use hyper_util::rt::TokioIo;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, MethodDescriptor, Value};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use rustls_pki_types::{CertificateDer, ServerName};
use std::{io, sync::Arc};
use tokio::{net::TcpStream, runtime::Runtime};
use tokio_rustls::TlsConnector;
use tonic::{
    Request, Response, Status, Streaming,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    metadata::AsciiMetadataKey,
    transport::{Channel, Endpoint},
};
use tonic_types::pb;

/// What `build.rs` made of `ims.proto`.
const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ims.binpb"));

/// Somebody who calls, over one connection.
pub struct Caller {
    runtime: Runtime,
    channel: Channel,
    pool: DescriptorPool,
    token: Option<String>,
}

/// What a call says: fields of its message by their names.
pub type Fields<'a> = &'a [(&'a str, Value)];

impl Caller {
    /// Connects to `grpc://…`.
    pub fn new(url: &str) -> Caller {
        Caller::on(async { Caller::endpoint(url, "grpc").connect().await.unwrap() })
    }

    /// Connects to `grpcs://…`, and trusts one certificate.
    pub fn encrypted(url: &str, trusts: CertificateDer<'static>) -> Caller {
        let connector = TlsConnector::from(Arc::new(trusting(trusts)));
        let address = url.strip_prefix("grpcs://").unwrap().to_owned();
        let connect = tower::service_fn(move |_| {
            let (connector, address) = (connector.clone(), address.clone());
            async move {
                let stream = TcpStream::connect(address).await?;
                let name = ServerName::try_from("localhost").unwrap();
                let stream = connector.connect(name, stream).await?;
                assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
                Ok::<_, io::Error>(TokioIo::new(stream))
            }
        });
        // The connector encrypts: the channel must not.
        let endpoint = Caller::endpoint(url, "grpcs");
        Caller::on(async { endpoint.connect_with_connector(connect).await.unwrap() })
    }

    fn endpoint(url: &str, scheme: &str) -> Endpoint {
        let address = url.strip_prefix(scheme).unwrap_or_else(|| panic!("{url} is not {scheme}://…"));
        Channel::from_shared(format!("http{address}")).unwrap()
    }

    fn on(connected: impl Future<Output = Channel>) -> Caller {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let channel = runtime.block_on(connected);
        Caller { runtime, channel, pool: DescriptorPool::decode(DESCRIPTORS).unwrap(), token: None }
    }

    /// Shows an access token or an API key from now on.
    pub fn with(self, token: &str) -> Caller {
        Caller { token: Some(format!("Bearer {token}")), ..self }
    }

    fn method(&self, name: &str) -> MethodDescriptor {
        let service = self.pool.get_service_by_name("ims.v1.Inventory").unwrap();
        service.methods().find(|method| method.name() == name).unwrap()
    }

    fn request(&self, of: MessageDescriptor, metadata: &[(&str, &str)], fields: Fields<'_>) -> Request<DynamicMessage> {
        let mut message = DynamicMessage::new(of);
        for (name, value) in fields {
            message.set_field_by_name(name, value.clone());
        }
        let mut request = Request::new(message);
        let token = self.token.as_deref().map(|token| ("authorization", token));
        for (name, value) in metadata.iter().copied().chain(token) {
            let name = AsciiMetadataKey::from_bytes(name.as_bytes()).unwrap();
            request.metadata_mut().insert(name, value.parse().unwrap());
        }
        request
    }

    /// Calls a method, with what stands beside its message.
    pub fn call_with(
        &self,
        name: &str,
        metadata: &[(&str, &str)],
        fields: Fields<'_>,
    ) -> Result<Response<DynamicMessage>, Status> {
        let method = self.method(name);
        let request = self.request(method.input(), metadata, fields);
        let path = format!("/ims.v1.Inventory/{name}").parse().unwrap();
        self.runtime.block_on(async {
            let mut grpc = tonic::client::Grpc::new(self.channel.clone());
            grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
            grpc.unary(request, path, Messages(method.output())).await
        })
    }

    /// Calls a method.
    pub fn call(&self, name: &str, fields: Fields<'_>) -> Result<DynamicMessage, Status> {
        self.call_with(name, &[], fields).map(Response::into_inner)
    }

    /// Follows the log.
    pub fn events(&self, after: u64) -> Events<'_> {
        let method = self.method("Events");
        let request = self.request(method.input(), &[], &[("after", Value::U64(after))]);
        let path = "/ims.v1.Inventory/Events".parse().unwrap();
        let events = self.runtime.block_on(async {
            let mut grpc = tonic::client::Grpc::new(self.channel.clone());
            grpc.ready().await.unwrap();
            grpc.server_streaming(request, path, Messages(method.output())).await.unwrap().into_inner()
        });
        Events { caller: self, events }
    }
}

/// The log as somebody hears it.
pub struct Events<'a> {
    caller: &'a Caller,
    events: Streaming<DynamicMessage>,
}

impl Events<'_> {
    /// Waits for the next event.
    pub fn next(&mut self) -> Result<DynamicMessage, Status> {
        self.caller.runtime.block_on(self.events.next()).unwrap()
    }

    /// The offset of the next event.
    pub fn offset(&mut self) -> u64 {
        let event = self.next().unwrap();
        event.get_field_by_name("offset").unwrap().as_u64().unwrap()
    }
}

/// Why a call was refused, for programs.
pub fn reason(status: &Status) -> String {
    let told = pb::Status::decode(status.details()).unwrap();
    let info = told.details.first().unwrap_or_else(|| panic!("{status:?}"));
    pb::ErrorInfo::decode(info.value.as_slice()).unwrap().reason
}

fn trusting(certificate: CertificateDer<'static>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

/// Reads messages of one kind, and writes any.
#[derive(Clone)]
struct Messages(MessageDescriptor);

impl Codec for Messages {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Messages;
    type Decoder = Messages;

    fn encoder(&mut self) -> Messages {
        self.clone()
    }

    fn decoder(&mut self) -> Messages {
        self.clone()
    }
}

impl Encoder for Messages {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, bytes: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.encode(bytes).map_err(|error| Status::internal(error.to_string()))
    }
}

impl Decoder for Messages {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        let read = DynamicMessage::decode(self.0.clone(), bytes);
        read.map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}
