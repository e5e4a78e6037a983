//! NATS: subjects that JetStream keeps, with ids by which it tells duplicates.

use super::{
    config::Relay,
    envelope::{CONTENT_TYPE, Message},
    sink::{Broker, Failed, Routed, Sink, Trouble, waves},
};
use async_nats::{
    ConnectError, ConnectErrorKind, ConnectOptions,
    jetstream::{
        Context,
        context::{PublishAckFuture, PublishError, PublishErrorKind},
        message::PublishMessage,
        stream,
    },
};
use async_trait::async_trait;
use futures_util::future::try_join_all;
use std::{future::IntoFuture, time::Duration};

/// A NATS server.
pub(super) struct Nats {
    url: String,
    relay: Relay,
}

/// A connection to it.
struct Connection {
    jetstream: Context,
    relay: Relay,
}

impl Nats {
    /// Remembers where it is; connects to nothing yet.
    pub(super) fn new(relay: &Relay, url: &str) -> Nats {
        Nats { url: url.to_owned(), relay: relay.clone() }
    }
}

#[async_trait]
impl Broker for Nats {
    async fn connect(&self) -> Result<Box<dyn Sink>, Failed> {
        let timeout = Duration::from_millis(self.relay.ack_timeout_ms);
        let client = ConnectOptions::new()
            .name(format!("ims relay {}", self.relay.name))
            .connection_timeout(timeout)
            .request_timeout(Some(timeout))
            .connect(&self.url)
            .await
            .map_err(not_connected)?;
        let mut jetstream = async_nats::jetstream::new(client);
        jetstream.set_timeout(timeout);
        let config = stream::Config {
            name: self.relay.stream.clone(),
            subjects: vec![format!("{}.>", self.relay.target)],
            duplicate_window: Duration::from_millis(self.relay.duplicate_window_ms),
            ..stream::Config::default()
        };
        jetstream.get_or_create_stream(config).await.map_err(|error| Failed::new(Trouble::Refused, error))?;
        Ok(Box::new(Connection { jetstream, relay: self.relay.clone() }))
    }

    fn batch(&self) -> usize {
        self.relay.batch
    }
}

#[async_trait]
impl Sink for Connection {
    async fn publish(&mut self, batch: &[Message]) -> Result<(), Failed> {
        for wave in waves(self.relay.routing.of(batch)) {
            let mut acks = Vec::with_capacity(wave.len());
            for routed in wave {
                acks.push(self.send(routed).await.map_err(failed)?.into_future());
            }
            try_join_all(acks).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn close(self: Box<Self>) {
        // Everything is acknowledged: a connection that breaks now loses nothing.
        let _ = self.jetstream.client().drain().await;
    }
}

impl Connection {
    async fn send(&self, routed: Routed<'_>) -> Result<PublishAckFuture, PublishError> {
        let message = PublishMessage::build()
            .payload(routed.message.json.clone())
            .header("Content-Type", CONTENT_TYPE)
            .message_id(&routed.id);
        self.jetstream.send_publish(format!("{}.{}", self.relay.target, routed.word), message).await
    }
}

fn not_connected(error: ConnectError) -> Failed {
    let trouble = match error.kind() {
        ConnectErrorKind::TimedOut => Trouble::TimedOut,
        ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => Trouble::Refused,
        _ => Trouble::Unreachable,
    };
    Failed::new(trouble, error)
}

fn failed(error: PublishError) -> Failed {
    let trouble = match error.kind() {
        PublishErrorKind::StreamNotFound => Trouble::Unroutable,
        PublishErrorKind::TimedOut => Trouble::TimedOut,
        PublishErrorKind::BrokenPipe => Trouble::Unreachable,
        PublishErrorKind::MaxPayloadExceeded => Trouble::TooLarge,
        _ => Trouble::Refused,
    };
    Failed::new(trouble, error)
}
