//! `GET /v1/events/ws`: a WebSocket that is told which rooms it is in.
//!
//! What the server sends is an event, where it has no `type`; what has one is about the connection itself.

use super::{
    handshake,
    hub::Hub,
    listener::{Heard, Listener},
    origin,
    pass::{Pass, Rechecks, Still},
    rooms::Rooms,
    seats::Seat,
    view::View,
};
use crate::serve::{Caller, Problem, Service, auth::Secret, observe::Seen};
use axum::{
    body::Body,
    extract::State,
    http::Request,
    response::{IntoResponse, Response},
};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use ims_core::Offset;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{future::pending, time::Duration};
use tokio::time::{Instant, interval, timeout};
use tokio_websockets::{
    CloseCode, Config, Error, Limits, Message, ServerBuilder, WebSocketStream, proto::ProtocolError,
};

/// How long a client may take to answer that the connection is closed, and to stop sending.
const CLOSING: Duration = Duration::from_secs(2);

/// What a WebSocket is opened with, where it is not by headers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    ticket: Option<Secret>,
}

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Said {
    /// Into these rooms, too. `after` begins there; without it, one who is in no room yet begins at the newest event.
    Subscribe {
        #[serde(default)]
        rooms: Option<Vec<String>>,
        #[serde(default)]
        after: Option<Offset>,
    },
    /// Out of these rooms; out of all where none is named.
    Unsubscribe {
        #[serde(default)]
        rooms: Option<Vec<String>>,
    },
    /// For browsers, whose programs cannot send the protocol's own ping.
    Ping,
}

/// What the server says beside events.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Answer {
    /// The client is in these rooms now, and hears what comes after this offset.
    Subscribed { rooms: Vec<String>, offset: Offset },
    /// There was nothing else for the client up to here.
    Reached { offset: Offset },
    /// The client missed what is after `from`, up to and including `offset`.
    Resync { from: Offset, offset: Offset },
    /// The answer to a ping.
    Pong,
    /// What the client said could not be done.
    Problem { problem: Value },
}

/// Takes a WebSocket in.
pub(crate) async fn serve(State(service): State<Service>, request: Request<Body>) -> Response {
    begin(service, request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn begin(service: Service, request: Request<Body>) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    Seen::of(&parts.extensions).note_operation(super::SOCKET.name);
    let hub = service.hub().clone();
    origin::check(&parts.headers, &hub.config().origins)?;
    let asked: Asked = serde_urlencoded::from_str(parts.uri.query().unwrap_or_default())
        .map_err(|error| Problem::malformed(format!("the query cannot be read: {error}")))?;
    let pass = match asked.ticket {
        None => Pass::of(&parts.headers)?,
        Some(ticket) => Pass::Ticket(hub.tickets().take(ticket, service.now()).await?),
    };
    let caller = pass.admit(&service, &parts).await?;
    let seat = hub.seat(&caller)?;
    let (response, upgrade) = handshake::accept(&mut parts)?;
    let ear = Ear::Idle(seat);
    tokio::spawn(Client { service, hub, pass, caller, ear, spoke_at: Instant::now() }.serve(upgrade));
    Ok(response)
}

/// Whether a client listens.
enum Ear {
    Idle(Seat),
    Listens(Box<Listener>),
    /// While it changes from one to the other.
    Changing,
}

/// Somebody at the other end of a WebSocket.
struct Client {
    service: Service,
    hub: Hub,
    pass: Pass,
    caller: Caller,
    ear: Ear,
    /// When they last said anything, a pong included.
    spoke_at: Instant,
}

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Why a connection ends.
enum End {
    /// The client has gone, does not read, or does not answer.
    Gone,
    /// With this code and reason.
    Close(CloseCode, &'static str),
}

impl From<Error> for End {
    fn from(error: Error) -> End {
        match error {
            Error::PayloadTooLong { .. } => End::Close(CloseCode::MESSAGE_TOO_BIG, "a message is too long"),
            Error::Protocol(ProtocolError::InvalidUtf8) => {
                End::Close(CloseCode::INVALID_FRAME_PAYLOAD_DATA, "a text is not UTF-8")
            }
            Error::Protocol(_) => End::Close(CloseCode::PROTOCOL_ERROR, "this is not the protocol"),
            _ => End::Gone,
        }
    }
}

impl Client {
    async fn serve(mut self, upgrade: OnUpgrade) {
        let _counted = self.service.figures().begin_stream("websocket");
        let Ok(connection) = upgrade.await else { return };
        let config = self.hub.config();
        let mut socket = ServerBuilder::new()
            .limits(Limits::default().max_payload_len(Some(config.message_bytes)))
            // A batch is handed to the system in as few writes as it takes.
            .config(Config::default().flush_threshold(config.batch_bytes.saturating_mul(2)))
            .serve(TokioIo::new(connection));
        let Err(end) = self.talk(&mut socket).await;
        if let End::Close(code, reason) = end {
            let close = async {
                // Of what cannot be read, the frame that says so is written already.
                let _ = socket.send(Message::close(Some(code), reason)).await;
                socket.close().await
            };
            let _ = timeout(CLOSING, close).await;
        }
    }

    async fn talk(&mut self, socket: &mut Socket) -> Result<std::convert::Infallible, End> {
        let config = self.hub.config().clone();
        let mut heartbeat = interval(Duration::from_millis(config.heartbeat_ms.max(1)));
        let mut rechecks = Rechecks::every(config.recheck_ms);
        heartbeat.reset();
        let hub = self.hub.clone();
        loop {
            tokio::select! {
                () = hub.ended() => return Err(End::Close(CloseCode::SERVICE_RESTART, "the server ends; come again")),
                said = socket.next() => {
                    let message = said.ok_or(End::Gone)??;
                    self.spoke_at = Instant::now();
                    if message.is_close() {
                        return Err(End::Gone);
                    }
                    if message.is_binary() {
                        return Err(End::Close(CloseCode::UNSUPPORTED_DATA, "say it in text"));
                    }
                    if let Some(text) = message.as_text() {
                        let answer = Box::pin(self.answer(text)).await.unwrap_or_else(|problem| problem.into());
                        self.send(socket, [text_of(&answer)]).await?;
                    }
                }
                heard = self.ear.next() => {
                    let messages = self.written(heard).map_err(|_| End::Close(CloseCode::INTERNAL_SERVER_ERROR, ""))?;
                    self.send(socket, messages).await?;
                }
                _ = heartbeat.tick() => {
                    if self.spoke_at.elapsed() > Duration::from_millis(config.idle_timeout_ms) {
                        return Err(End::Close(CloseCode::POLICY_VIOLATION, "you did not answer for too long"));
                    }
                    let reached = self.ear.position().map(|offset| text_of(&Answer::Reached { offset }));
                    self.send(socket, [Message::ping("")].into_iter().chain(reached)).await?;
                }
                () = rechecks.due() => {
                    Box::pin(self.recheck()).await?;
                    rechecks.hear(&self.service, &self.caller).await;
                }
            }
        }
    }

    /// Does what a client says.
    async fn answer(&mut self, text: &str) -> Result<Answer, Problem> {
        let said = serde_json::from_str(text)
            .map_err(|error| Problem::malformed(format!("this message cannot be read: {error}")))?;
        match said {
            Said::Ping => Ok(Answer::Pong),
            Said::Subscribe { rooms, after } => self.subscribe(rooms.as_deref(), after).await,
            Said::Unsubscribe { rooms } => self.unsubscribe(rooms.as_deref()).await,
        }
    }

    async fn subscribe(&mut self, rooms: Option<&[String]>, after: Option<Offset>) -> Result<Answer, Problem> {
        let most = self.hub.config().rooms;
        let wanted = match rooms {
            Some(rooms) => Rooms::of(rooms, most, self.hub.store()).await?,
            None => Rooms::all(),
        };
        let mut all = self.ear.rooms();
        all.add(wanted);
        if all.len() > most {
            return Err(Rooms::too_many(most));
        }
        let view = View::of(&self.caller, all);
        let start = match (&self.ear, after) {
            (Ear::Listens(_), None) => None,
            _ => Some(self.hub.start(after).await?),
        };
        self.ear = match (std::mem::replace(&mut self.ear, Ear::Changing), start) {
            (Ear::Idle(seat), Some(start)) => {
                Ear::Listens(Box::new(Listener::new(self.hub.clone(), seat, view, start)))
            }
            (Ear::Listens(mut listener), start) => {
                listener.look(view);
                if let Some(start) = start {
                    listener.go(start);
                }
                Ear::Listens(listener)
            }
            (other, _) => other,
        };
        self.subscribed().await
    }

    async fn unsubscribe(&mut self, rooms: Option<&[String]>) -> Result<Answer, Problem> {
        let mut rest = self.ear.rooms();
        match rooms {
            Some(rooms) => rest.leave(&Rooms::of(rooms, self.hub.config().rooms, self.hub.store()).await?),
            None => rest = Rooms::default(),
        }
        self.ear = match std::mem::replace(&mut self.ear, Ear::Changing) {
            Ear::Listens(listener) if rest.is_empty() => Ear::Idle(listener.leave()),
            Ear::Listens(mut listener) => {
                listener.look(View::of(&self.caller, rest));
                Ear::Listens(listener)
            }
            other => other,
        };
        self.subscribed().await
    }

    async fn subscribed(&self) -> Result<Answer, Problem> {
        let offset = self.ear.position().unwrap_or_default();
        Ok(Answer::Subscribed { rooms: self.ear.rooms().names(), offset })
    }

    /// Asks whether the client may still listen.
    async fn recheck(&mut self) -> Result<(), End> {
        match self.pass.still(&self.service).await {
            Still::Yes(caller) => {
                if let Ear::Listens(listener) = &mut self.ear {
                    let rooms = listener.view().rooms.clone();
                    listener.look(View::of(&caller, rooms));
                }
                self.caller = caller;
                Ok(())
            }
            Still::No(_) => Err(End::Close(CloseCode::POLICY_VIOLATION, "you may not listen any more")),
            Still::Unknown => Ok(()),
        }
    }

    fn written(&self, heard: Heard) -> Result<Vec<Message>, Problem> {
        match heard {
            Heard::Events(batch) => {
                let sight = self.caller.sight();
                batch.entries.iter().map(|entry| Ok(Message::text(entry.json(sight)?.clone()))).collect()
            }
            Heard::Resync { from, offset } => Ok(vec![text_of(&Answer::Resync { from, offset })]),
        }
    }

    /// Sends messages, unless the client does not take them in time.
    async fn send(&self, socket: &mut Socket, messages: impl IntoIterator<Item = Message>) -> Result<(), End> {
        let all = async {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        let limit = Duration::from_millis(self.hub.config().write_timeout_ms);
        tokio::select! {
            biased;
            sent = timeout(limit, all) => sent.map_err(|_| End::Gone)?.map_err(End::from),
            // Who is still not done reading is not waited for.
            () = self.hub.ended() => Err(End::Gone),
        }
    }
}

impl Ear {
    /// Waits for what comes next; for ever where nobody listens.
    async fn next(&mut self) -> Heard {
        match self {
            Ear::Listens(listener) => listener.next().await,
            Ear::Idle(_) | Ear::Changing => pending().await,
        }
    }

    fn position(&self) -> Option<Offset> {
        match self {
            Ear::Listens(listener) => Some(listener.position()),
            Ear::Idle(_) | Ear::Changing => None,
        }
    }

    fn rooms(&self) -> Rooms {
        match self {
            Ear::Listens(listener) => listener.view().rooms.clone(),
            Ear::Idle(_) | Ear::Changing => Rooms::default(),
        }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Answer {
        Answer::Problem { problem: problem.to_json() }
    }
}

/// An answer as it is sent. One that cannot be written, which none is, would be empty.
fn text_of(answer: &Answer) -> Message {
    Message::text(serde_json::to_string(answer).unwrap_or_default())
}
