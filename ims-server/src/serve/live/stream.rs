//! `GET /v1/events/stream`: server-sent events.

use super::{
    hub::Hub,
    listener::{Heard, Listener},
    pass::{Pass, Still},
    rooms::Rooms,
    view::View,
};
use crate::serve::{Problem, Service, observe::Seen};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, Request, header},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, stream};
use ims_core::Offset;
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use tokio::{
    sync::mpsc,
    time::{interval, timeout},
};

/// What a stream is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: Option<Offset>,
    room: Option<String>,
}

/// Streams events until somebody goes.
pub(crate) async fn serve(State(service): State<Service>, request: Request<Body>) -> Response {
    begin(service, request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn begin(service: Service, request: Request<Body>) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    Seen::of(&parts.extensions).note_operation(super::STREAM.name);
    let pass = Pass::of(&parts.headers)?;
    let caller = pass.admit(&service, &parts).await?;
    let asked: Asked = serde_urlencoded::from_str(parts.uri.query().unwrap_or_default())
        .map_err(|error| Problem::malformed(format!("the query cannot be read: {error}")))?;
    // A browser that lost a stream asks for the same address again and says what it has heard.
    let after = last_heard(&parts.headers)?.or(asked.after);
    let hub = service.hub().clone();
    let rooms = Rooms::of_query(asked.room.as_deref(), hub.config().rooms, hub.store()).await?;
    let listener = hub.listen(&caller, View::of(&caller, rooms), after).await?;
    let (chunks, received) = mpsc::channel(1);
    let streaming = Streaming { service, hub, pass, listener, chunks };
    tokio::spawn(streaming.run());
    let mut response = Response::new(Body::from_stream(pieces(received)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies such as nginx would gather a stream otherwise.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

fn last_heard(headers: &HeaderMap) -> Result<Option<Offset>, Problem> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let offset = value.to_str().ok().and_then(|text| text.parse().ok());
    offset.map(Offset).map(Some).ok_or_else(|| Problem::malformed("Last-Event-ID is not an offset of the log"))
}

/// Some pieces of a stream at a time, sent on as they are.
fn pieces(received: mpsc::Receiver<Vec<Bytes>>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let next = |(mut received, mut pieces): (mpsc::Receiver<Vec<Bytes>>, std::vec::IntoIter<Bytes>)| async move {
        loop {
            if let Some(piece) = pieces.next() {
                return Some((Ok(piece), (received, pieces)));
            }
            pieces = received.recv().await?.into_iter();
        }
    };
    stream::unfold((received, Vec::new().into_iter()), next)
}

/// A stream that is being written.
struct Streaming {
    service: Service,
    hub: Hub,
    pass: Pass,
    listener: Listener,
    chunks: mpsc::Sender<Vec<Bytes>>,
}

/// Why a stream ends.
enum End {
    /// The client has gone, or does not read.
    Gone,
    /// The server ends.
    GoingAway,
    /// The caller may not listen any more, or something is wrong.
    Problem(Problem),
}

impl Streaming {
    async fn run(mut self) {
        let _counted = self.service.figures().begin_stream("server_sent_events");
        let last = match self.talk().await {
            End::Gone => return,
            End::GoingAway => format!("retry: {}\n\n", self.hub.config().retry_ms),
            End::Problem(problem) => format!("event: end\ndata: {}\n\n", problem.to_json()),
        };
        // Who does not take it at once does not read.
        let _ = self.chunks.try_send(vec![last.into()]);
    }

    async fn talk(&mut self) -> End {
        let config = self.hub.config().clone();
        let mut heartbeat = interval(Duration::from_millis(config.heartbeat_ms.max(1)));
        let mut recheck = interval(Duration::from_millis(config.recheck_ms.max(1)));
        recheck.reset();
        let hub = self.hub.clone();
        if self.send(vec![format!("retry: {}\n\n", config.retry_ms).into()]).await.is_err() {
            return End::Gone;
        }
        loop {
            let pieces = tokio::select! {
                () = hub.ended() => return End::GoingAway,
                () = self.chunks.closed() => return End::Gone,
                heard = self.listener.next() => match self.written(heard) {
                    Ok(pieces) => pieces,
                    Err(problem) => return End::Problem(problem),
                },
                // A comment, so that nobody between takes the silence for the end; and how far the log has been looked
                // through, so that nobody who comes back has it looked through again.
                _ = heartbeat.tick() => vec![format!(":\nid: {}\n\n", self.listener.position()).into()],
                _ = recheck.tick() => match Box::pin(self.pass.still(&self.service)).await {
                    Still::Yes(caller) => {
                        let rooms = self.listener.view().rooms.clone();
                        self.listener.look(View::of(&caller, rooms));
                        continue;
                    }
                    Still::No(problem) => return End::Problem(problem),
                    Still::Unknown => continue,
                },
            };
            if self.send(pieces).await.is_err() {
                return End::Gone;
            }
        }
    }

    fn written(&self, heard: Heard) -> Result<Vec<Bytes>, Problem> {
        match heard {
            Heard::Events(batch) => {
                let costs = self.listener.view().costs;
                batch.entries.iter().map(|entry| entry.stream(costs).cloned()).collect()
            }
            Heard::Resync { from, offset } => {
                let said = format!("id: {offset}\nevent: resync\ndata: {{\"from\":{from},\"offset\":{offset}}}\n\n");
                Ok(vec![said.into()])
            }
        }
    }

    /// Hands pieces on, unless the client does not take them in time.
    async fn send(&mut self, pieces: Vec<Bytes>) -> Result<(), ()> {
        if pieces.is_empty() {
            return Ok(());
        }
        let limit = Duration::from_millis(self.hub.config().write_timeout_ms);
        tokio::select! {
            biased;
            sent = timeout(limit, self.chunks.send(pieces)) => match sent {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(()),
            },
            // Who is still not done reading is not waited for.
            () = self.hub.ended() => Err(()),
        }
    }
}
