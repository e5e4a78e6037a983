//! Redis: streams, which keep what was sent, and channels, which do not.

use super::{
    config::{Kind, Relay},
    envelope::Message,
    sink::{Broker, Failed, Sink, Trouble},
};
use async_trait::async_trait;
use redis::{AsyncConnectionConfig, Client, Pipeline, RedisError, aio::MultiplexedConnection};
use std::time::Duration;

/// A Redis server.
pub(super) struct Redis {
    client: Client,
    relay: Relay,
}

/// A connection to it.
struct Connection {
    connection: MultiplexedConnection,
    relay: Relay,
}

impl Redis {
    /// Reads where it is; connects to nothing yet.
    pub(super) fn new(relay: &Relay, url: &str) -> Result<Redis, String> {
        let client = Client::open(url).map_err(|error| error.category().to_owned())?;
        Ok(Redis { client, relay: relay.clone() })
    }
}

#[async_trait]
impl Broker for Redis {
    async fn connect(&self) -> Result<Box<dyn Sink>, Failed> {
        let timeout = Some(Duration::from_millis(self.relay.ack_timeout_ms));
        let config = AsyncConnectionConfig::new().set_connection_timeout(timeout).set_response_timeout(timeout);
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await.map_err(failed)?;
        Ok(Box::new(Connection { connection, relay: self.relay.clone() }))
    }

    fn batch(&self) -> usize {
        self.relay.batch
    }
}

#[async_trait]
impl Sink for Connection {
    async fn publish(&mut self, batch: &[Message]) -> Result<(), Failed> {
        let mut commands = redis::pipe();
        // All or nothing: no message can be there without the ones before it.
        commands.atomic();
        for routed in self.relay.routing.of(batch) {
            match self.relay.kind {
                Kind::RedisChannel => {
                    let channel = format!("{}.{}", self.relay.target, routed.word);
                    commands.cmd("PUBLISH").arg(channel).arg(&*routed.message.json).ignore();
                }
                _ => {
                    let stream = self.relay.routing.place(&self.relay.target, routed.word);
                    add(&mut commands, &stream, &self.relay, &routed.id, routed.message);
                }
            }
        }
        if commands.is_empty() {
            return Ok(());
        }
        commands.query_async::<()>(&mut self.connection).await.map_err(failed)
    }
}

/// Adds an entry: its id, its type and the whole event.
fn add(commands: &mut Pipeline, stream: &str, relay: &Relay, id: &str, message: &Message) {
    let command = commands.cmd("XADD").arg(stream);
    if let Some(kept) = relay.entries_kept {
        command.arg("MAXLEN").arg("~").arg(kept);
    }
    command.arg("*").arg("id").arg(id).arg("type").arg(message.happening.event_type()).arg("key").arg(&message.key);
    command.arg("event").arg(&*message.json).ignore();
}

fn failed(error: RedisError) -> Failed {
    let trouble = if error.is_timeout() {
        Trouble::TimedOut
    } else if error.is_io_error() || error.is_connection_dropped() {
        Trouble::Unreachable
    } else {
        Trouble::Refused
    };
    Failed::new(trouble, error)
}
