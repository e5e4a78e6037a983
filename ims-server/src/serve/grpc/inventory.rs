//! The service: finds the method, learns who calls, and hands over what was said.

use super::{
    batch, codec, deadline,
    described::{ACCOUNTS, Described, INVENTORY, Method, Work},
    events::Follow,
    from_message, metadata, status, to_message,
};
use crate::serve::{
    Caller, Problem, Right, Service,
    auth::Peer,
    call::page,
    limits::{Class, Told},
    operation::{self, Access, Length},
    site,
};
use axum::extract::ConnectInfo;
use futures_util::{FutureExt, future::BoxFuture};
use http::{HeaderMap, Request, Response};
use ims_core::Offset;
use prost_reflect::DynamicMessage;
use serde_json::{Map, Value};
use std::{
    convert::Infallible,
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{
    Code, Status,
    body::Body,
    server::{Grpc, NamedService},
    transport::server::TcpConnectInfo,
};

/// Learns from `authorization` who calls.
pub(super) type Knows = fn(Service, Option<String>) -> BoxFuture<'static, Result<Caller, Problem>>;

/// The service `ims.v1.Inventory`.
#[derive(Clone, Debug)]
pub(super) struct Inventory {
    pub(super) service: Service,
    pub(super) knows: Knows,
    pub(super) described: Arc<Described>,
}

/// The service `ims.v1.Accounts`: the same by another name.
#[derive(Clone, Debug)]
pub(super) struct Accounts(pub(super) Inventory);

/// Somebody's call of a method, before the message is read.
#[derive(Clone, Debug)]
pub(super) struct Calling {
    pub(super) inventory: Inventory,
    pub(super) method: Method,
    pub(super) caller: Caller,
    address: IpAddr,
}

/// A message that answers, and the offset of the log that it is as new as.
pub(super) type Answered = (DynamicMessage, Option<Offset>);

impl Inventory {
    async fn serve(self, mut request: Request<Body>) -> Response<Body> {
        let mut told = Told::default();
        let described = Arc::clone(&self.described);
        let answered = self.answer(&mut request, &mut told).await;
        let mut response = answered.unwrap_or_else(|problem| status::of(&described, &problem).into_http());
        told.write(response.headers_mut());
        response
    }

    async fn answer(self, request: &mut Request<Body>, told: &mut Told) -> Result<Response<Body>, Problem> {
        let Some(method) = self.described.at(request.uri().path()).cloned() else {
            let detail = "there is no such method; reflection tells which there are";
            return Err(Problem::new(http::StatusCode::NOT_IMPLEMENTED, "method_not_allowed", detail));
        };
        let address = self.address(request);
        // Before the message is read: nobody makes the server read what they may not ask.
        let caller = self.caller(&method, address, request.headers(), told).await?;
        let request = std::mem::take(request);
        let limit = self.service.config().grpc.message_limit_bytes;
        let codec = codec::Described { request: method.request.clone() };
        let mut grpc = Grpc::new(codec).max_decoding_message_size(limit);
        let works_on = method.work;
        let calling = Calling { inventory: self, method, caller, address };
        let response = match works_on {
            Work::Events => grpc.server_streaming(Follow(calling), request).await,
            Work::Operation(_) => grpc.unary(Once(calling), request).await,
        };
        if is_too_large(&response) { Err(too_large(limit)) } else { Ok(response) }
    }

    /// The address of the client, as far as trusted proxies tell.
    fn address(&self, request: &mut Request<Body>) -> IpAddr {
        let connection = request.extensions().get::<TcpConnectInfo>();
        if let Some(socket) = connection.and_then(TcpConnectInfo::remote_addr) {
            request.extensions_mut().insert(ConnectInfo(socket));
        }
        self.service.limits().client(request.extensions(), request.headers())
    }

    /// Learns who calls, and refuses those who may not, or not so often.
    async fn caller(
        &self,
        method: &Method,
        address: IpAddr,
        headers: &HeaderMap,
        told: &mut Told,
    ) -> Result<Caller, Problem> {
        let (access, class) = match method.work {
            Work::Operation(operation) => (operation.access, Class::of(operation)),
            Work::Events => (Access::With(Right::ReadEvents), Class::Else),
        };
        self.service.limits().address(class, address, told)?;
        if access == Access::Everybody {
            return Ok(Caller::nobody());
        }
        let authorization = metadata::authorization(headers)?.map(str::to_owned);
        let caller = (self.knows)(self.service.clone(), authorization).await?;
        self.service.limits().caller(class, &caller, told)?;
        if let Access::With(right) = access {
            caller.must(right)?;
        }
        if caller.site.is_some() && matches!(method.work, Work::Events) {
            return Err(site::whole_shop());
        }
        Ok(caller)
    }
}

impl Calling {
    /// A problem as a status.
    pub(super) fn status(&self, problem: &Problem) -> Status {
        status::of(&self.inventory.described, problem)
    }

    async fn answer(&self, headers: &HeaderMap, message: &DynamicMessage) -> Result<Answered, Problem> {
        let metadata::Beside { mut said, min_offset } = metadata::read(headers)?;
        said.peer = Peer { address: Some(self.address), agent: metadata::agent(headers) };
        let Inventory { service, described, .. } = &self.inventory;
        if let Some(offset) = min_offset {
            service.reached(offset).await?;
        }
        let Work::Operation(operation) = self.method.work else {
            return Err(Problem::internal("the log is not told in one answer"));
        };
        said.fields = from_message::fields(&described.forms, message)?;
        if matches!(operation.work, operation::Work::Batch) {
            return batch::run(self, said).await;
        }
        if let operation::Work::Question(question) = operation.work
            && question.length == Length::Pages
        {
            said.page = page(number(&mut said.fields, "limit"), text(&mut said.fields, "cursor"));
        }
        let answer = service.answer(operation, &self.caller, said).await?;
        let json = serde_json::from_slice(&answer.json).map_err(|error| Problem::internal(error.to_string()))?;
        Ok((to_message::message(&described.forms, &self.method.answer, &json)?, answer.offset))
    }
}

fn number(fields: &mut Map<String, Value>, name: &str) -> Option<u32> {
    fields.remove(name)?.as_u64()?.try_into().ok()
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Option<String> {
    fields.remove(name)?.as_str().map(str::to_owned)
}

/// A call that has one answer.
struct Once(Calling);

impl tonic::server::UnaryService<DynamicMessage> for Once {
    type Response = DynamicMessage;
    type Future = BoxFuture<'static, Result<tonic::Response<DynamicMessage>, Status>>;

    fn call(&mut self, request: tonic::Request<DynamicMessage>) -> Self::Future {
        let calling = self.0.clone();
        async move {
            let (metadata, _, message) = request.into_parts();
            let headers = metadata.into_headers();
            let limit = deadline::of(&headers, &calling.inventory.service.config().grpc);
            let answered = tokio::time::timeout(limit, calling.answer(&headers, &message)).await;
            let (message, offset) = answered
                .map_err(|_| timed_out())
                .and_then(|answered| answered)
                .map_err(|problem| calling.status(&problem))?;
            let mut response = tonic::Response::new(message);
            if let Some(offset) = offset {
                response.metadata_mut().insert(metadata::OFFSET, offset.0.into());
            }
            Ok(response)
        }
        .boxed()
    }
}

/// Whether a message was not read because it is too large: nothing else is out of range.
fn is_too_large(response: &Response<Body>) -> bool {
    let code = response.headers().get("grpc-status").map(|code| Code::from_bytes(code.as_bytes()));
    code == Some(Code::OutOfRange)
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("the message is larger than {limit} bytes");
    Problem::new(http::StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail).field("limit_bytes", limit)
}

/// The caller's time is over.
pub(super) fn timed_out() -> Problem {
    let detail = "this took too long; send the same request again, with the same key, to find out what became of it";
    Problem::new(http::StatusCode::GATEWAY_TIMEOUT, "timed_out", detail).retry_after(1)
}

impl NamedService for Inventory {
    const NAME: &'static str = INVENTORY;
}

impl NamedService for Accounts {
    const NAME: &'static str = ACCOUNTS;
}

impl tonic::codegen::Service<Request<Body>> for Inventory {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.clone().serve(request).map(Ok).boxed()
    }
}

impl tonic::codegen::Service<Request<Body>> for Accounts {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.clone().serve(request).map(Ok).boxed()
    }
}
