//! Kafka: records keyed as Kafka's own clients key them, acknowledged by all replicas in sync.

mod murmur2;

use super::{
    config::Relay,
    envelope::{CONTENT_TYPE, Message},
    sink::{Broker, Failed, Routed, Sink, Trouble},
};
use async_trait::async_trait;
use futures_util::future::try_join_all;
use murmur2::murmur2;
use rskafka::{
    BackoffConfig,
    chrono::DateTime,
    client::{
        Client, ClientBuilder, Credentials, SaslConfig,
        error::{Error, ProtocolError},
        partition::{Compression, PartitionClient, UnknownTopicHandling},
    },
    record::Record,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

/// A Kafka cluster: `kafka://host:9092,host2:9092`, `kafkas://user:password@host:9093` with TLS and a name.
pub(super) struct Kafka {
    address: Address,
    relay: Relay,
}

/// What a URL says of a cluster.
struct Address {
    hosts: Vec<String>,
    tls: Tls,
    sasl: Option<SaslConfig>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    Plain,
    Encrypted,
}

/// Connections to the leaders of partitions.
struct Connection {
    client: Client,
    /// The partitions of each topic that is there.
    topics: HashMap<String, Vec<i32>>,
    leaders: HashMap<(String, i32), Arc<PartitionClient>>,
    relay: Relay,
}

impl Kafka {
    /// Reads where it is; connects to nothing yet.
    pub(super) fn new(relay: &Relay, url: &str) -> Result<Kafka, String> {
        let address = Address::parse(url).ok_or(
            "a Kafka URL is kafka://HOST:PORT,… or kafkas://USER:PASSWORD@HOST:PORT,… with ?sasl=plain, scram-sha-256 or \
             scram-sha-512",
        )?;
        Ok(Kafka { address, relay: relay.clone() })
    }
}

impl Address {
    fn parse(url: &str) -> Option<Address> {
        let (scheme, rest) = url.split_once("://")?;
        let tls = match scheme {
            "kafka" => Tls::Plain,
            "kafkas" => Tls::Encrypted,
            _ => return None,
        };
        let (rest, mechanism) = rest.split_once("?sasl=").unwrap_or((rest, "plain"));
        let (who, hosts) = rest.rsplit_once('@').map_or((None, rest), |(who, hosts)| (Some(who), hosts));
        let hosts: Vec<String> = hosts.trim_end_matches('/').split(',').map(str::to_owned).collect();
        if hosts.iter().any(|host| !host.contains(':')) {
            return None;
        }
        let sasl = match who {
            None => None,
            Some(who) => Some(sasl(mechanism, who)?),
        };
        Some(Address { hosts, tls, sasl })
    }
}

fn sasl(mechanism: &str, who: &str) -> Option<SaslConfig> {
    let (user, password) = who.split_once(':')?;
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    let credentials = Credentials::new(decoded(user)?, decoded(password)?);
    Some(match mechanism {
        "plain" => SaslConfig::Plain(credentials),
        "scram-sha-256" => SaslConfig::ScramSha256(credentials),
        "scram-sha-512" => SaslConfig::ScramSha512(credentials),
        _ => return None,
    })
}

#[async_trait]
impl Broker for Kafka {
    async fn connect(&self) -> Result<Box<dyn Sink>, Failed> {
        let patience = Duration::from_millis(self.relay.ack_timeout_ms);
        let backoff = BackoffConfig {
            init_backoff: Duration::from_millis(50),
            max_backoff: Duration::from_secs(1),
            base: 2.0,
            deadline: Some(patience),
        };
        let mut builder = ClientBuilder::new(self.address.hosts.clone()).client_id("ims").backoff_config(backoff);
        if self.address.tls == Tls::Encrypted {
            let tls = super::tls::client().map_err(|error| Failed::new(Trouble::Refused, error))?;
            builder = builder.tls_config(Arc::new(tls));
        }
        if let Some(sasl) = &self.address.sasl {
            builder = builder.sasl_config(sasl.clone());
        }
        let client = builder.build().await.map_err(failed)?;
        let topics = client.list_topics().await.map_err(failed)?;
        let topics = topics.into_iter().map(|topic| (topic.name, topic.partitions.into_iter().collect())).collect();
        Ok(Box::new(Connection { client, topics, leaders: HashMap::new(), relay: self.relay.clone() }))
    }

    fn batch(&self) -> usize {
        self.relay.batch
    }
}

#[async_trait]
impl Sink for Connection {
    async fn publish(&mut self, batch: &[Message]) -> Result<(), Failed> {
        let mut records: BTreeMap<(String, i32), Vec<Record>> = BTreeMap::new();
        for routed in self.relay.routing.of(batch) {
            let topic = self.relay.routing.place(&self.relay.target, routed.word);
            let partition = self.partition(&topic, &routed.message.key)?;
            records.entry((topic, partition)).or_default().push(record(&routed));
        }
        let mut sendings = Vec::with_capacity(records.len());
        for (place, records) in records {
            let leader = self.leader(place).await?;
            // One request for a partition is appended whole or not at all, and the next one leaves after its answer.
            sendings.push(async move { leader.produce(records, Compression::NoCompression).await });
        }
        try_join_all(sendings).await.map(drop).map_err(failed)
    }
}

impl Connection {
    /// The partition of a key: the same that Kafka's own clients choose.
    fn partition(&self, topic: &str, key: &str) -> Result<i32, Failed> {
        let none = || Failed::new(Trouble::Unroutable, format!("there is no topic {topic}"));
        let partitions = self.topics.get(topic).ok_or_else(none)?;
        let positive = usize::try_from(murmur2(key.as_bytes()) & 0x7fff_ffff).unwrap_or_default();
        let at = positive.checked_rem(partitions.len()).ok_or_else(none)?;
        partitions.get(at).copied().ok_or_else(none)
    }

    async fn leader(&mut self, place: (String, i32)) -> Result<Arc<PartitionClient>, Failed> {
        if let Some(leader) = self.leaders.get(&place) {
            return Ok(Arc::clone(leader));
        }
        let leader = self.client.partition_client(place.0.clone(), place.1, UnknownTopicHandling::Error).await;
        let leader = Arc::new(leader.map_err(failed)?);
        self.leaders.insert(place, Arc::clone(&leader));
        Ok(leader)
    }
}

fn record(routed: &Routed<'_>) -> Record {
    let Message { happening, key, time, json, .. } = routed.message;
    let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    Record {
        key: Some(key.as_bytes().to_vec()),
        value: Some(json.to_vec()),
        headers: BTreeMap::from([
            header("content-type", CONTENT_TYPE),
            header("id", &routed.id),
            header("type", happening.event_type()),
        ]),
        timestamp: DateTime::from_timestamp_micros(time.micros()).unwrap_or_default(),
    }
}

fn failed(error: Error) -> Failed {
    let trouble = match &error {
        Error::Connection(_) | Error::Request(_) => Trouble::Unreachable,
        Error::RetryFailed(_) | Error::Timeout => Trouble::TimedOut,
        Error::ServerError { protocol_error, .. } => match protocol_error {
            ProtocolError::UnknownTopicOrPartition => Trouble::Unroutable,
            ProtocolError::MessageTooLarge | ProtocolError::RecordListTooLarge => Trouble::TooLarge,
            _ => Trouble::Refused,
        },
        _ => Trouble::Refused,
    };
    Failed::new(trouble, error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_hosts_and_how_they_are_reached() {
        let plain = Address::parse("kafka://a:9092,b:9093").unwrap();
        assert_eq!((plain.hosts, plain.tls), (vec!["a:9092".to_owned(), "b:9093".to_owned()], Tls::Plain));
        assert!(plain.sasl.is_none());
        let named = Address::parse("kafkas://shop:p%40ss@a:9093?sasl=scram-sha-512").unwrap();
        assert_eq!(named.tls, Tls::Encrypted);
        let Some(SaslConfig::ScramSha512(credentials)) = named.sasl else { panic!("no SCRAM") };
        assert_eq!((credentials.username.as_str(), credentials.password.as_str()), ("shop", "p@ss"));
        for wrong in ["kafka://a", "http://a:9092", "kafka://user@a:1", "kafka://u:p@a:1?sasl=gssapi"] {
            assert!(Address::parse(wrong).is_none(), "{wrong}");
        }
    }
}
