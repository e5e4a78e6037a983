//! The log, as it grows.

use super::{deadline, from_message, inventory::Calling, status, to_message};
use crate::serve::{
    Problem, call,
    live::{self, End, Entry, Follower, Pass, Rooms, View, Words},
};
use axum::http::StatusCode;
use futures_util::{
    FutureExt,
    future::BoxFuture,
    stream::{BoxStream, StreamExt},
};
use http::HeaderMap;
use ims_core::Offset;
use prost_reflect::DynamicMessage;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;
use tonic::Status;

/// What a reader asks for.
#[derive(Deserialize)]
struct Asked {
    after: Offset,
    rooms: Vec<String>,
}

/// A call that is answered with every event after an offset, and goes on.
pub(super) struct Follow(pub(super) Calling);

impl tonic::server::ServerStreamingService<DynamicMessage> for Follow {
    type Response = DynamicMessage;
    type ResponseStream = BoxStream<'static, Result<DynamicMessage, Status>>;
    type Future = BoxFuture<'static, Result<tonic::Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: tonic::Request<DynamicMessage>) -> Self::Future {
        let calling = self.0.clone();
        async move {
            let (metadata, _, message) = request.into_parts();
            let following = begin(&calling, &metadata.into_headers(), &message).await;
            following.map(tonic::Response::new).map_err(|problem| calling.refuse(problem))
        }
        .boxed()
    }
}

async fn begin(
    calling: &Calling,
    headers: &HeaderMap,
    message: &DynamicMessage,
) -> Result<BoxStream<'static, Result<DynamicMessage, Status>>, Problem> {
    let service = calling.inventory.service.clone();
    let Asked { after, rooms } = call::read(from_message::json(&calling.inventory.described.forms, message)?)?;
    let hub = service.hub();
    let rooms = match rooms.is_empty() {
        true => Rooms::all(),
        false => Rooms::of(&rooms, hub.config().rooms, hub.store()).await?,
    };
    let listener = hub.listen(&calling.caller, View::of(&calling.caller, rooms), Some(after)).await?;
    let until = deadline::asked(headers).and_then(|limit| Instant::now().checked_add(limit));
    let (pass, words) = (Pass::of(headers)?, Messages(calling.clone()));
    Ok(Follower { service, pass, listener, words, until }.begin().boxed())
}

/// Events as messages. All else is the status that ends them: a message of its own there is for nothing but events, and
/// that the other end is still there, HTTP/2 asks by itself.
struct Messages(Calling);

impl Messages {
    fn message(&self, json: &[u8]) -> Result<DynamicMessage, Problem> {
        let Calling { inventory, method, .. } = &self.0;
        let json: Value = serde_json::from_slice(json).map_err(|error| Problem::internal(error.to_string()))?;
        to_message::message(&inventory.described.forms, &method.answer, &json)
    }
}

impl Words for Messages {
    type Piece = Result<DynamicMessage, Status>;

    const KIND: &'static str = "grpc";

    fn hello(&self) -> Option<Self::Piece> {
        None
    }

    fn event(&self, entry: &Entry, view: &View) -> Result<Self::Piece, Problem> {
        self.message(entry.json(view.sight)?).map(Ok)
    }

    fn missed(&self, from: Offset, offset: Offset) -> Result<Self::Piece, Problem> {
        Err(live::missed(from, offset))
    }

    fn alive(&self, _: Offset) -> Option<Self::Piece> {
        None
    }

    fn last(&self, end: End) -> Option<Self::Piece> {
        let problem = match end {
            End::Gone => return None,
            End::Unread => unread(),
            End::GoingAway => ending(),
            End::Problem(problem) => problem,
        };
        Some(Err(status::of(&self.0.inventory.described, &problem)))
    }
}

/// The reader takes nothing of what is there for them.
fn unread() -> Problem {
    let detail = "you did not read for too long: follow again what comes after the last event that you have";
    Problem::new(StatusCode::CONFLICT, "unread", detail)
}

fn ending() -> Problem {
    let detail = "the server is ending: follow again what comes after the last event that you have";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopped", detail).retry_after(1)
}
