//! RabbitMQ: a durable topic exchange, persistent messages, publisher confirms.

use super::{
    config::{Relay, Unroutable},
    envelope::{CONTENT_TYPE, Message},
    sink::{Broker, Failed, Routed, Routing, Sink, Trouble, waves},
};
use async_trait::async_trait;
use futures_util::future::try_join_all;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, ErrorKind, ExchangeKind,
    options::{BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions},
    types::FieldTable,
};

/// What AMQP calls a message that survives a restart.
const PERSISTENT: u8 = 2;
/// What AMQP calls an orderly end.
const SUCCESS: u16 = 200;

/// A RabbitMQ server.
pub(super) struct Rabbitmq {
    url: String,
    relay: Relay,
}

/// A connection with one channel.
struct Open {
    connection: Connection,
    channel: Channel,
    relay: Relay,
}

impl Rabbitmq {
    /// Remembers where it is; connects to nothing yet.
    pub(super) fn new(relay: &Relay, url: &str) -> Rabbitmq {
        Rabbitmq { url: url.to_owned(), relay: relay.clone() }
    }
}

#[async_trait]
impl Broker for Rabbitmq {
    async fn connect(&self) -> Result<Box<dyn Sink>, Failed> {
        let name = format!("ims relay {}", self.relay.name);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let connection = Connection::connect(&self.url, properties).await.map_err(failed)?;
        let channel = connection.create_channel().await.map_err(failed)?;
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let exchange = self.relay.target.as_str().into();
        channel
            .exchange_declare(exchange, ExchangeKind::Topic, durable, FieldTable::default())
            .await
            .map_err(failed)?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.map_err(failed)?;
        Ok(Box::new(Open { connection, channel, relay: self.relay.clone() }))
    }

    fn batch(&self) -> usize {
        self.relay.batch
    }
}

#[async_trait]
impl Sink for Open {
    async fn publish(&mut self, batch: &[Message]) -> Result<(), Failed> {
        for wave in waves(self.relay.routing.of(batch)) {
            let mut confirms = Vec::with_capacity(wave.len());
            for routed in wave {
                confirms.push(self.send(routed).await.map_err(failed)?);
            }
            for confirmation in try_join_all(confirms).await.map_err(failed)? {
                self.check(confirmation)?;
            }
        }
        Ok(())
    }

    async fn close(self: Box<Self>) {
        // Everything is acknowledged: a connection that breaks now loses nothing.
        let _ = self.connection.close(SUCCESS, "the relay ends".into()).await;
    }
}

impl Open {
    async fn send(&self, routed: Routed<'_>) -> lapin::Result<lapin::PublisherConfirm> {
        let key = match self.relay.routing {
            Routing::Type => routed.message.happening.event_type(),
            Routing::Alias => routed.word,
        };
        let properties = BasicProperties::default()
            .with_content_type(CONTENT_TYPE.into())
            .with_delivery_mode(PERSISTENT)
            .with_message_id(routed.id.into())
            .with_type(routed.message.happening.event_type().into());
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let exchange = self.relay.target.as_str().into();
        self.channel.basic_publish(exchange, key.into(), options, &routed.message.json, properties).await
    }

    fn check(&self, confirmation: Confirmation) -> Result<(), Failed> {
        match (confirmation, self.relay.unroutable) {
            (Confirmation::Ack(None), _) | (Confirmation::Ack(Some(_)), Unroutable::Skip) => Ok(()),
            (Confirmation::Ack(Some(_)), Unroutable::Wait) => {
                Err(Failed::new(Trouble::Unroutable, "no queue is bound for this message"))
            }
            (Confirmation::Nack(_) | Confirmation::NotRequested, _) => {
                Err(Failed::new(Trouble::Refused, "the broker did not take responsibility for a message"))
            }
        }
    }
}

fn failed(error: lapin::Error) -> Failed {
    let trouble = match error.kind() {
        ErrorKind::ProtocolError(_) => Trouble::Refused,
        _ => Trouble::Unreachable,
    };
    Failed::new(trouble, error)
}
