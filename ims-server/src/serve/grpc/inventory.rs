//! The service: finds the method, learns who calls, and hands over what was said.

use super::{
    batch, codec, deadline,
    described::{Described, Method, SERVICE, Work},
    events::Follow,
    from_message, metadata, status, to_message,
};
use crate::serve::{
    Caller, Problem, Right, Service,
    call::page,
    operation::{self, Access, Length},
};
use futures_util::{FutureExt, future::BoxFuture};
use http::{HeaderMap, Request, Response};
use ims_core::Offset;
use prost_reflect::DynamicMessage;
use serde_json::{Map, Value};
use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::watch;
use tonic::{
    Code, Status,
    body::Body,
    server::{Grpc, NamedService},
};

/// Learns from `authorization` who calls.
pub(super) type Knows = fn(Service, Option<String>) -> BoxFuture<'static, Result<Caller, Problem>>;

/// The service `ims.v1.Inventory`.
#[derive(Clone, Debug)]
pub(super) struct Inventory {
    pub(super) service: Service,
    pub(super) knows: Knows,
    pub(super) described: Arc<Described>,
    /// Closes when the server ends.
    pub(super) ended: watch::Receiver<()>,
}

/// Somebody's call of a method, before the message is read.
#[derive(Clone, Debug)]
pub(super) struct Calling {
    pub(super) inventory: Inventory,
    pub(super) method: Method,
    pub(super) caller: Caller,
}

/// A message that answers, and the offset of the log that it is as new as.
pub(super) type Answered = (DynamicMessage, Option<Offset>);

impl Inventory {
    async fn serve(self, request: Request<Body>) -> Response<Body> {
        let Some(method) = self.described.at(request.uri().path()).cloned() else {
            return Status::unimplemented("there is no such method; ask the reflection which there are").into_http();
        };
        // Before the message is read: nobody makes the server read what they may not ask.
        let caller = match self.caller(&method, request.headers()).await {
            Ok(caller) => caller,
            Err(problem) => return status::of(&self.described, &problem).into_http(),
        };
        let limit = self.service.config().grpc.message_limit_bytes;
        let described = Arc::clone(&self.described);
        let codec = codec::Described { request: method.request.clone() };
        let mut grpc = Grpc::new(codec).max_decoding_message_size(limit);
        let response = match method.work {
            Work::Events => grpc.server_streaming(Follow(Calling { inventory: self, method, caller }), request).await,
            Work::Operation(_) | Work::Batch => {
                grpc.unary(Once(Calling { inventory: self, method, caller }), request).await
            }
        };
        if is_too_large(&response) { status::of(&described, &too_large(limit)).into_http() } else { response }
    }

    /// Learns who calls, and refuses those who may not.
    async fn caller(&self, method: &Method, headers: &HeaderMap) -> Result<Caller, Problem> {
        let access = match method.work {
            Work::Operation(operation) => Some(operation.access),
            Work::Events => Some(Access::With(Right::ReadEvents)),
            // Every command of a batch is judged for itself.
            Work::Batch => None,
        };
        if access == Some(Access::Everybody) {
            return Ok(Caller::nobody());
        }
        let authorization = metadata::authorization(headers)?.map(str::to_owned);
        let caller = (self.knows)(self.service.clone(), authorization).await?;
        if let Some(Access::With(right)) = access {
            caller.must(right)?;
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
        let Inventory { service, described, .. } = &self.inventory;
        if let Some(offset) = min_offset {
            service.reached(offset).await?;
        }
        let Work::Operation(operation) = self.method.work else { return batch::run(self, message).await };
        said.fields = from_message::fields(&described.forms, message)?;
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
    const NAME: &'static str = SERVICE;
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
