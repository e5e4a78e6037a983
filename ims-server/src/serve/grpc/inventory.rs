//! The service: finds the method, learns who calls, and hands over what was said.

use super::{
    around::no_such_method,
    batch, body, codec, deadline,
    described::{ACCOUNTS, Described, INVENTORY, Method, Work},
    events::Follow,
    from_message, metadata, status, to_message,
};
use crate::serve::{
    Answer, Caller, Problem, Right, Service,
    answer::Command,
    auth::Peer,
    bodies::Sent,
    call::{page, sort},
    http::{agent, authorization},
    limits::{Class, Told},
    observe::Seen,
    operation::{self, Access},
    turns::Turn,
};
use futures_util::{FutureExt, future::BoxFuture};
use http::{HeaderMap, Request, Response};
use ims_core::{Novelty, Offset};
use prost_reflect::DynamicMessage;
use serde_json::{Map, Value, json};
use std::{
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};
use tonic::{
    Code, Status,
    body::Body,
    metadata::MetadataValue,
    server::{Grpc, NamedService},
};

/// The service `ims.v1.Inventory`.
#[derive(Clone, Debug)]
pub(super) struct Inventory {
    pub(super) service: Service,
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
    /// Why it is not done.
    refused: Arc<OnceLock<Problem>>,
}

/// A message that answers, and what stands beside it.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) message: DynamicMessage,
    /// The offset of the log that it is as new as.
    pub(super) offset: Option<Offset>,
    /// The turn that it was made in.
    pub(super) turn: Option<Turn>,
    /// Whether the same call was answered so before.
    pub(super) novelty: Novelty,
}

impl Inventory {
    async fn serve(self, mut request: Request<Body>) -> Response<Body> {
        let mut told = Told::default();
        let described = Arc::clone(&self.described);
        let limit = deadline::of(request.headers(), &self.service.config().grpc);
        let answered = tokio::time::timeout(limit, self.answer(&mut request, &mut told)).await;
        let answered = answered.unwrap_or_else(|_| Err(Problem::timed_out()));
        let mut response = answered.unwrap_or_else(|problem| status::response(&described, &problem));
        told.write(response.headers_mut());
        response
    }

    async fn answer(self, request: &mut Request<Body>, told: &mut Told) -> Result<Response<Body>, Problem> {
        let method = self.described.at(request.uri().path()).cloned().ok_or_else(no_such_method)?;
        let seen = Seen::of(request.extensions());
        seen.note_operation(method.work.name());
        let address = self.service.limits().client(request.extensions(), request.headers());
        // Before the message is read: nobody makes the server read what they may not ask.
        let caller = self.caller(&method, address, request.headers(), &seen, told).await?;
        let limit = method.message_limit_bytes(&self.service.config().grpc);
        let (head, body) = std::mem::take(request).into_parts();
        let (body, bytes) = body::announced(body, limit).await;
        let _memory = match method.work {
            Work::Operation(operation) => {
                self.service.bodies().reserve(Sent { operation, caller: &caller, address, bytes }).await
            }
            Work::Events => None,
        };
        let request = Request::from_parts(head, body);
        let codec = codec::Described { request: method.request.clone() };
        let mut grpc = Grpc::new(codec).max_decoding_message_size(limit);
        let (works_on, refused) = (method.work, Arc::default());
        let calling = Calling { inventory: self, method, caller, address, refused: Arc::clone(&refused) };
        let response = match works_on {
            Work::Events => grpc.server_streaming(Follow(calling), request).await,
            Work::Operation(_) => grpc.unary(Once(calling), request).await,
        };
        match (refused.get(), response.extensions().get::<Status>()) {
            (Some(problem), _) => Err(problem.clone()),
            // Nothing else is out of range.
            (None, Some(status)) if status.code() == Code::OutOfRange => Err(too_large(limit)),
            (None, Some(status)) => Err(status::problem(status)),
            (None, None) => Ok(body::in_its_turn(response)),
        }
    }

    /// Learns who calls, and refuses those who may not, or not so often.
    async fn caller(
        &self,
        method: &Method,
        address: IpAddr,
        headers: &HeaderMap,
        seen: &Seen,
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
        let caller = self.service.gate().caller(authorization(headers)?.as_deref()).await?;
        seen.note_caller(&caller.name);
        self.service.limits().caller(class, &caller, told)?;
        if let Access::With(right) = access {
            caller.must(right)?;
        }
        Ok(caller)
    }
}

impl Calling {
    /// Refuses it. The status says nothing: the problem does, once the refusal is out of the hands that need a status.
    pub(super) fn refuse(&self, problem: Problem) -> Status {
        // The first one is why.
        let _ = self.refused.set(problem);
        Status::unknown("refused")
    }

    async fn answer(&self, headers: &HeaderMap, message: &DynamicMessage) -> Result<Answered, Problem> {
        let metadata::Beside { mut said, min_offset } = metadata::read(headers)?;
        said.peer = Peer { address: Some(self.address), agent: agent(headers) };
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
            && question.length.is_list()
        {
            said.page = page(number(&mut said.fields, "limit"), text(&mut said.fields, "cursor"));
            if let Some(list) = question.length.sorted() {
                said.page.sort = Some(sort(list, text(&mut said.fields, "sort").as_deref())?);
            }
        }
        let Answer { json, offset, turn, command, novelty, .. } = service.answer(operation, &self.caller, said).await?;
        let json: Value = serde_json::from_slice(&json).map_err(|error| Problem::internal(error.to_string()))?;
        let json = match command {
            Some(Command { id, receipt }) => json!({"id": id, "receipt": {receipt: json}}),
            None => json,
        };
        let message = to_message::message(&described.forms, &self.method.answer, &json)?;
        Ok(Answered { message, offset, turn, novelty })
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
            let answered = calling.answer(&metadata.into_headers(), &message).await;
            let Answered { message, offset, turn, novelty } = answered.map_err(|problem| calling.refuse(problem))?;
            let mut response = tonic::Response::new(message);
            if let Some(turn) = turn {
                response.extensions_mut().insert(Arc::new(turn));
            }
            if let Some(offset) = offset {
                response.metadata_mut().insert(metadata::OFFSET, offset.0.into());
            }
            if novelty == Novelty::Replayed {
                response.metadata_mut().insert(metadata::REPLAYED, MetadataValue::from_static("true"));
            }
            Ok(response)
        }
        .boxed()
    }
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("the message is larger than {limit} bytes");
    Problem::new(http::StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail).field("limit_bytes", limit)
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
