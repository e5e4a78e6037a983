//! How the server is set up: what is built in, then a file, then the environment, then the command line.
//!
//! A part of the server keeps its settings beside its code, as a struct that becomes one field of [`Config`]. The doc
//! comments are what `ims config show` and `docs/configuration.md` say of a setting.

mod describe;
mod http;
mod operate;
mod problems;
mod secret;
mod sources;

pub(crate) use describe::{file, page};
pub(crate) use http::Http;
pub(crate) use operate::{Database, Health, Log, LogFormat, Metrics, Shutdown, Tls, Traces};
pub(crate) use secret::Secret;
pub(crate) use sources::{Sources, environment};

use super::{
    auth,
    grpc::Grpc,
    late_entries::LateEntries,
    limits, live,
    relay::{Settings, config as relay},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The whole set-up. Every field has a value that is right for a shop of one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the shop is kept: `sqlite:FILE`, `postgres://…`, `mysql://…` or `memory:`. A URL may hold a password:
    /// `store_file` names a file that has it.
    #[serde(serialize_with = "secret::shown_url")]
    pub(crate) store: String,
    /// Connections to the store.
    pub(crate) database: Database,
    /// REST, live events and the documents.
    pub(crate) http: Http,
    /// Who may come in, and for how long.
    pub(crate) auth: auth::Config,
    /// What may be entered late.
    pub(crate) late_entries: LateEntries,
    /// How often somebody may ask.
    pub(crate) limits: limits::Config,
    /// The same by gRPC, on a listener of its own: its connections have the limits of `http` and the encryption of `tls`.
    pub(crate) grpc: Grpc,
    /// Events as they happen.
    pub(crate) live: live::Config,
    /// Brokers that hear of every event.
    pub(crate) relay: Vec<relay::Relay>,
    /// What all relays share.
    pub(crate) relays: relay::Pace,
    /// Listeners by HTTP, which people add while the server runs.
    pub(crate) webhooks: relay::Webhooks,
    /// Encrypted connections: both files, or none where a proxy in front of the server encrypts.
    pub(crate) tls: Tls,
    /// What happens when the server is told to end.
    pub(crate) shutdown: Shutdown,
    /// What `/health/ready` looks at.
    pub(crate) health: Health,
    /// Figures for Prometheus.
    pub(crate) metrics: Metrics,
    /// Traces of requests, for a collector that speaks OpenTelemetry.
    pub(crate) traces: Traces,
    /// What the server writes to the standard error.
    pub(crate) log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            store: crate::store_url::DEFAULT.into(),
            database: Database::default(),
            http: Http::default(),
            auth: auth::Config::default(),
            late_entries: LateEntries::default(),
            limits: limits::Config::default(),
            grpc: Grpc::default(),
            live: live::Config::default(),
            relay: Vec::new(),
            relays: relay::Pace::default(),
            webhooks: relay::Webhooks::default(),
            tls: Tls::default(),
            shutdown: Shutdown::default(),
            health: Health::default(),
            metrics: Metrics::default(),
            traces: Traces::default(),
            log: Log::default(),
        }
    }
}

impl Config {
    /// How relays are set up.
    pub(crate) fn relaying(&self) -> Settings<'_> {
        Settings { relays: &self.relay, pace: self.relays, webhooks: &self.webhooks }
    }
}
