//! `GET /v1/events/stream`: server-sent events.

use super::{
    entry::Entry,
    follow::{End, Follower, Words},
    pass::Pass,
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
use futures_util::StreamExt;
use ims_core::Offset;
use serde::Deserialize;
use std::convert::Infallible;

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
    let hub = service.hub();
    let rooms = Rooms::of_query(asked.room.as_deref(), hub.config().rooms, hub.store()).await?;
    let listener = hub.listen(&caller, View::of(&caller, rooms), after).await?;
    let words = ServerSentEvents { retry_ms: hub.config().retry_ms };
    let sent = Follower { service, pass, listener, words, until: None }.begin();
    let mut response = Response::new(Body::from_stream(sent.map(Ok::<_, Infallible>)));
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

/// Events as HTML has them.
struct ServerSentEvents {
    retry_ms: u64,
}

impl ServerSentEvents {
    /// Says when to come again.
    fn retry(&self) -> Bytes {
        format!("retry: {}\n\n", self.retry_ms).into()
    }
}

impl Words for ServerSentEvents {
    type Piece = Bytes;

    const KIND: &'static str = "server_sent_events";

    fn hello(&self) -> Option<Bytes> {
        Some(self.retry())
    }

    fn event(&self, entry: &Entry, view: &View) -> Result<Bytes, Problem> {
        entry.stream(view.sight).cloned()
    }

    fn missed(&self, from: Offset, offset: Offset) -> Result<Bytes, Problem> {
        Ok(format!("id: {offset}\nevent: resync\ndata: {{\"from\":{from},\"offset\":{offset}}}\n\n").into())
    }

    /// A comment, so that nobody between takes the silence for the end; and how far the log has been looked through, so that
    /// nobody who comes back has it looked through again.
    fn alive(&self, position: Offset) -> Option<Bytes> {
        Some(format!(":\nid: {position}\n\n").into())
    }

    fn last(&self, end: End) -> Option<Bytes> {
        match end {
            End::Gone | End::Unread => None,
            // `event: end` would keep clients from coming again.
            End::GoingAway => Some(format!(": the server ends, come again\nretry: {}\n\n", self.retry_ms).into()),
            End::Problem(problem) => Some(format!("event: end\ndata: {}\n\n", problem.to_json()).into()),
        }
    }
}
