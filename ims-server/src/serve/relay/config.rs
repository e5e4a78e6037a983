//! How relays are set up: `[[relay]]`, and `[webhooks]`.

use super::{envelope::Order, filter::Filter, sink::Routing};
use crate::{serve::caller::Costs, store_url};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use std::{collections::BTreeSet, fmt, path::PathBuf};

/// A broker that hears of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Relay {
    /// Its name, under which its position is kept: lower case, digits, `-` and `_`. Another name begins anew.
    pub(crate) name: String,
    /// What kind of broker it is.
    pub(crate) kind: Kind,
    /// Where it is, such as `redis://127.0.0.1:6379`. With a password in it, better one of the next two.
    #[schemars(with = "Option<String>")]
    pub(crate) url: Option<BrokerUrl>,
    /// The environment variable that has the URL.
    pub(crate) url_env: Option<String>,
    /// The file that has the URL.
    pub(crate) url_file: Option<PathBuf>,
    /// The Redis stream, the beginning of Redis channels and NATS subjects, the RabbitMQ exchange, the Kafka topic.
    pub(crate) target: String,
    /// Whether events are named by their type, once each, or by the names of older systems, once for each alias.
    pub(crate) routing: Routing,
    /// What has an order of its own: `subject`, or the whole `log`.
    pub(crate) order: Order,
    /// Only events of these types or aliases; `ims.order_*` stands for all that begin so. All, where there are none.
    pub(crate) types: Vec<String>,
    /// Only events that touch one of these, such as `site:0190163d-8694-739b-aea5-966c26f8ad91`.
    pub(crate) rooms: Vec<String>,
    /// Whether events tell what goods cost: `hidden` or `shown`.
    pub(crate) costs: Costs,
    /// Where a relay begins that was never there before: with the `oldest` event, or with the `newest`.
    pub(crate) start: Start,
    /// Messages that are sent before their acknowledgements are waited for.
    pub(crate) batch: usize,
    /// Bytes of a message; an event that would be larger is sent without its data, which `dataref` then names.
    pub(crate) message_limit_bytes: usize,
    /// Until a broker that does not answer counts as away.
    pub(crate) ack_timeout_ms: u64,
    /// The longest pause between two tries.
    pub(crate) backoff_most_ms: u64,
    /// Redis stream: about how many entries it keeps; all, where there is no number.
    pub(crate) entries_kept: Option<u64>,
    /// RabbitMQ: whether an event that no queue is bound for is waited for (`wait`) or given up (`skip`).
    pub(crate) unroutable: Unroutable,
    /// NATS: the JetStream stream, which is made where it is not there.
    pub(crate) stream: String,
    /// NATS: for how long the stream remembers ids to tell duplicates, where it is made.
    pub(crate) duplicate_window_ms: u64,
}

/// What all relays share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pace {
    /// After how long without a sign of life another instance goes on with a relay. It must be longer than the time that
    /// a broker has to answer.
    pub(crate) lease_ms: u64,
    /// How often the log is looked at where nothing wakes the relay.
    pub(crate) poll_ms: u64,
}

/// Listeners by HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Webhooks {
    /// Whether `http://` will do, beside `https://`.
    pub(crate) plain_http: Allowed,
    /// Whether private, loopback and link-local addresses may be called.
    pub(crate) private_addresses: Allowed,
    /// Until a delivery counts as failed.
    pub(crate) timeout_ms: u64,
    /// The first pause between two tries; each further one is twice as long.
    pub(crate) backoff_first_ms: u64,
    /// The longest pause between two tries.
    pub(crate) backoff_most_ms: u64,
    /// After how many failures in a row a webhook is disabled.
    pub(crate) failures_limit: u32,
    /// For how long one may fail until it is disabled.
    pub(crate) deadline_ms: u64,
    /// Bytes of a delivery; an event that would be larger is sent without its data.
    pub(crate) message_limit_bytes: usize,
    /// How often the list of webhooks is read, for those that another instance was told of.
    pub(crate) refresh_ms: u64,
    /// Webhooks that there may be.
    pub(crate) webhooks_limit: usize,
}

/// Whether something is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Allowed {
    /// It is.
    Allowed,
    /// It is not.
    #[default]
    Refused,
}

/// A kind of broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A Redis stream: kept until read.
    #[default]
    RedisStream,
    /// Redis channels: heard by those who listen at that moment.
    RedisChannel,
    /// A topic exchange of RabbitMQ.
    Rabbitmq,
    /// A topic of Kafka.
    Kafka,
    /// Subjects of NATS, kept by JetStream.
    Nats,
    /// HTTP; not set up here but by `/v1/webhooks`.
    #[serde(skip)]
    Webhook,
}

/// Where a relay begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Start {
    /// With the first event of the log.
    #[default]
    Oldest,
    /// With the first event after it was set up.
    Newest,
}

/// What becomes of an event that nobody has asked the broker to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unroutable {
    /// The relay waits until somebody has.
    #[default]
    Wait,
    /// It is given up.
    Skip,
}

/// Where a broker is. Its password is never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct BrokerUrl(String);

impl BrokerUrl {
    /// The URL, with its password.
    pub(crate) fn whole(&self) -> &str {
        &self.0
    }
}

impl From<String> for BrokerUrl {
    fn from(url: String) -> BrokerUrl {
        BrokerUrl(url)
    }
}

impl fmt::Debug for BrokerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&store_url::shown(&self.0))
    }
}

impl Serialize for BrokerUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&store_url::shown(&self.0))
    }
}

impl Kind {
    /// As it is written.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Kind::RedisStream => "redis_stream",
            Kind::RedisChannel => "redis_channel",
            Kind::Rabbitmq => "rabbitmq",
            Kind::Kafka => "kafka",
            Kind::Nats => "nats",
            Kind::Webhook => "webhook",
        }
    }
}

impl Default for Relay {
    fn default() -> Self {
        Relay {
            name: String::new(),
            kind: Kind::default(),
            url: None,
            url_env: None,
            url_file: None,
            target: "ims".to_owned(),
            routing: Routing::default(),
            order: Order::default(),
            types: Vec::new(),
            rooms: Vec::new(),
            costs: Costs::Hidden,
            start: Start::default(),
            batch: 256,
            message_limit_bytes: 900_000,
            ack_timeout_ms: 10_000,
            backoff_most_ms: 30_000,
            entries_kept: None,
            unroutable: Unroutable::default(),
            stream: "IMS".to_owned(),
            duplicate_window_ms: 120_000,
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Pace { lease_ms: 20_000, poll_ms: 500 }
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Webhooks {
            plain_http: Allowed::Refused,
            private_addresses: Allowed::Refused,
            timeout_ms: 10_000,
            backoff_first_ms: 1_000,
            backoff_most_ms: 15 * 60 * 1000,
            failures_limit: 200,
            deadline_ms: 3 * 24 * 60 * 60 * 1000,
            message_limit_bytes: 900_000,
            refresh_ms: 5_000,
            webhooks_limit: 50,
        }
    }
}

/// Characters of a relay's name.
const NAME_CHARS: usize = 64;

impl Relay {
    /// The broker's URL, from wherever it is kept.
    ///
    /// # Errors
    /// A line for people, without the URL.
    pub(crate) fn resolved_url(&self) -> Result<BrokerUrl, String> {
        let name = &self.name;
        let url = match (&self.url, &self.url_env, &self.url_file) {
            (Some(url), None, None) => Ok(url.clone()),
            (None, Some(variable), None) => std::env::var(variable)
                .map(BrokerUrl)
                .map_err(|_| format!("relay {name}: the environment has no text {variable}")),
            (None, None, Some(file)) => std::fs::read_to_string(file)
                .map(|text| BrokerUrl(text.trim().to_owned()))
                .map_err(|error| format!("relay {name}: {} cannot be read: {error}", file.display())),
            _ => Err(format!("relay {name}: say one of url, url_env and url_file")),
        }?;
        // What is behind the last @ of a Kafka URL is its hosts.
        if self.kind != Kind::Kafka {
            store_url::check_host(url.whole()).map_err(|why| format!("relay {name}: {why}"))?;
        }
        Ok(url)
    }

    /// Which events it sends.
    ///
    /// # Errors
    /// A line for people.
    pub(crate) fn filter(&self) -> Result<Filter, String> {
        Filter::new(&self.types, &self.rooms).map_err(|problem| format!("relay {}: {problem}", self.name))
    }

    fn check(&self, pace: Pace) -> Result<(), String> {
        let name = &self.name;
        let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if name.is_empty() || name.len() > NAME_CHARS || !name.chars().all(fit) {
            let rule = format!("a relay needs a name of 1 to {NAME_CHARS} lower case letters, digits, - and _");
            return Err(format!("{rule}, not \"{name}\""));
        }
        if self.batch == 0 {
            return Err(format!("relay {name}: batch must be at least 1"));
        }
        check_timeout(name, self.ack_timeout_ms, pace)?;
        self.filter().map(drop)
    }
}

impl Webhooks {
    fn check(&self, pace: Pace) -> Result<(), String> {
        check_timeout("webhooks", self.timeout_ms, pace)
    }
}

/// Another instance must not go on while this one still waits for an answer.
fn check_timeout(name: &str, timeout_ms: u64, pace: Pace) -> Result<(), String> {
    if timeout_ms.saturating_mul(3) > pace.lease_ms.saturating_mul(2) {
        return Err(format!(
            "{name}: a timeout of {timeout_ms} ms needs a relays.lease_ms of at least half as much more"
        ));
    }
    Ok(())
}

/// Refuses relays that cannot be.
///
/// # Errors
/// A line for people.
pub(crate) fn check(relays: &[Relay], pace: Pace, webhooks: &Webhooks) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for relay in relays {
        relay.check(pace)?;
        if !names.insert(&relay.name) {
            return Err(format!("two relays are called {}", relay.name));
        }
    }
    webhooks.check(pace)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn named(name: &str) -> Relay {
        Relay { name: name.to_owned(), ..Relay::default() }
    }

    fn refused(relays: &[Relay]) -> String {
        check(relays, Pace::default(), &Webhooks::default()).unwrap_err()
    }

    #[test]
    fn what_stands_in_no_file_is_right() {
        check(&[named("stock")], Pace::default(), &Webhooks::default()).unwrap();
    }

    #[test]
    fn a_relay_that_cannot_be_is_refused() {
        assert!(refused(&[named("")]).contains("name"));
        assert!(refused(&[named("a"), named("a")]).contains("two relays"));
        let wrong = Relay { types: vec!["SaleCreatd".to_owned()], ..named("a") };
        assert!(refused(&[wrong]).contains("SaleCreatd"));
        assert!(refused(&[Relay { ack_timeout_ms: 19_000, ..named("a") }]).contains("lease_ms"));
    }

    #[test]
    fn a_password_is_never_printed() {
        let relay = Relay { url: Some("amqp://shop:s3cret@mq/%2f".to_owned().into()), ..named("a") };
        assert!(!format!("{relay:?}").contains("s3cret"));
        assert!(!serde_json::to_string(&relay).unwrap().contains("s3cret"));
        assert_eq!(relay.resolved_url().unwrap().whole(), "amqp://shop:s3cret@mq/%2f");
    }

    #[test]
    fn a_password_that_parts_its_url_is_refused() {
        let of = |kind, url: &str| Relay { kind, url: Some(url.to_owned().into()), ..named("a") }.resolved_url();
        for (kind, url) in [
            (Kind::Rabbitmq, "amqp://me:1/s3cret@mq"),
            (Kind::Nats, "nats://me:1?s3cret@mq"),
            (Kind::RedisStream, "redis://:1#s3cret@mq"),
        ] {
            let told = of(kind, url).unwrap_err();
            assert!(told.starts_with("relay a: ") && told.contains("%2F") && !told.contains("s3cret"), "{told}");
        }
        assert!(of(Kind::Kafka, "kafkas://me:s3/cret@mq:9092").is_ok());
    }

    #[test]
    fn a_url_is_read_from_one_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        std::fs::write(&file, "redis://:pw@mq\n").unwrap();
        let relay = Relay { url_file: Some(file), ..named("a") };
        assert_eq!(relay.resolved_url().unwrap().whole(), "redis://:pw@mq");
        assert!(named("a").resolved_url().unwrap_err().contains("say one of"));
    }
}
