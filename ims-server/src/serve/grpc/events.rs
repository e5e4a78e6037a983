//! The log, as it grows.

use super::{
    deadline, from_message,
    inventory::{Calling, Inventory, timed_out},
    to_message,
};
use crate::serve::{Problem, call, costs};
use futures_util::{
    FutureExt, Stream,
    future::BoxFuture,
    stream::{self, BoxStream, StreamExt},
};
use ims_core::{Event, Offset, Store, limits};
use prost_reflect::DynamicMessage;
use serde::Deserialize;
use serde_json::Value;
use std::{collections::VecDeque, time::Duration};
use tokio::time::Instant;
use tonic::Status;

/// What a reader asks for.
#[derive(Deserialize)]
struct From {
    after: Offset,
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
            let json = from_message::json(&calling.inventory.described.forms, &message);
            let From { after } = json.and_then(call::read).map_err(|problem| calling.status(&problem))?;
            let until = deadline::asked(&metadata.into_headers()).and_then(|limit| Instant::now().checked_add(limit));
            Ok(tonic::Response::new(following(calling, after, until).boxed()))
        }
        .boxed()
    }
}

/// A reader of the log.
struct Reader {
    calling: Calling,
    after: Offset,
    loaded: VecDeque<Event>,
    until: Option<Instant>,
}

/// All events after an offset; the last item says why there are no more.
fn following(
    calling: Calling,
    after: Offset,
    until: Option<Instant>,
) -> impl Stream<Item = Result<DynamicMessage, Status>> + Send {
    let reader = Reader { calling, after, loaded: VecDeque::new(), until };
    stream::unfold(Some(reader), |reader| async {
        let mut reader = reader?;
        match reader.next().await {
            Ok(message) => Some((Ok(message), Some(reader))),
            Err(problem) => Some((Err(reader.calling.status(&problem)), None)),
        }
    })
}

impl Reader {
    async fn next(&mut self) -> Result<DynamicMessage, Problem> {
        let poll = Duration::from_millis(self.calling.inventory.service.config().grpc.events_poll_ms);
        loop {
            if let Some(event) = self.loaded.pop_front() {
                self.after = event.offset;
                return self.message(&event);
            }
            let page = self.calling.inventory.service.store().events(self.after, limits::EVENTS_PER_PAGE).await?;
            self.loaded.extend(page.events);
            if self.loaded.is_empty() {
                self.wait(poll).await?;
            }
        }
    }

    /// Waits for the next look, for the reader's deadline, or for the server's end.
    async fn wait(&mut self, poll: Duration) -> Result<(), Problem> {
        let over = self.until;
        let over = async move {
            match over {
                Some(over) => tokio::time::sleep_until(over).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = tokio::time::sleep(poll) => Ok(()),
            () = over => Err(timed_out()),
            _ = self.calling.inventory.ended.changed() => Err(ending(self.after)),
        }
    }

    fn message(&self, event: &Event) -> Result<DynamicMessage, Problem> {
        let Inventory { described, .. } = &self.calling.inventory;
        let json = costs::json(self.calling.caller.costs(), event)?;
        let json: Value = serde_json::from_slice(&json).map_err(|error| Problem::internal(error.to_string()))?;
        to_message::message(&described.forms, &self.calling.method.answer, &json)
    }
}

fn ending(after: Offset) -> Problem {
    let detail = format!("the server is ending; ask again for what comes after {after}");
    Problem::new(http::StatusCode::SERVICE_UNAVAILABLE, "stopped", detail).retry_after(1)
}
