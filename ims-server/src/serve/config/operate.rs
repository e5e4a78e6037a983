//! What only those who run the server touch.

use super::Secret;
use ims_sqlx::OpenOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

/// Connections to the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    /// At most so many connections, and 2 at least. Half of them are for lists and reports alone, so that no sale waits for
    /// one. There is one more: for writing, and on PostgreSQL for rows that other instances write as well.
    pub(crate) connections: u32,
    /// How long a caller waits for a free connection.
    pub(crate) acquire_timeout_ms: u64,
    /// How long a statement waits for another writer's locks.
    pub(crate) lock_timeout_ms: u64,
    /// How long one load, commit or question may take altogether.
    pub(crate) statement_timeout_ms: u64,
}

impl Default for Database {
    fn default() -> Self {
        Database { connections: 8, acquire_timeout_ms: 5_000, lock_timeout_ms: 10_000, statement_timeout_ms: 20_000 }
    }
}

impl From<&Database> for OpenOptions {
    fn from(database: &Database) -> OpenOptions {
        let mut options = OpenOptions::default();
        options.connections = database.connections;
        options.acquire_timeout = Duration::from_millis(database.acquire_timeout_ms);
        options.lock_timeout = Duration::from_millis(database.lock_timeout_ms);
        options.statement_timeout = Duration::from_millis(database.statement_timeout_ms);
        options
    }
}

/// Encrypted connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tls {
    /// The certificate and those that vouch for it, in PEM. The server reads both files anew when it gets SIGHUP.
    pub(crate) certificate_file: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    pub(crate) key_file: Option<PathBuf>,
}

/// What happens when the server is told to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Shutdown {
    /// How long the server still takes new requests while `/health/ready` says already that it ends, so that a load
    /// balancer sends them elsewhere.
    pub(crate) drain_ms: u64,
    /// How long requests that are being answered may take to finish after that.
    pub(crate) limit_ms: u64,
}

impl Default for Shutdown {
    fn default() -> Self {
        Shutdown { drain_ms: 0, limit_ms: 20_000 }
    }
}

/// What `/health/ready` looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Health {
    /// How long the store may take to answer.
    pub(crate) deadline_ms: u64,
    /// How long one look at the store is good for, however often somebody asks.
    pub(crate) keep_ms: u64,
    /// For how long a store that has taken something is believed to take more. After that a little is written to see it.
    pub(crate) written_ms: u64,
    /// By how much the clock of this machine may differ from that of the database.
    pub(crate) clock_tolerance_ms: u64,
}

impl Default for Health {
    fn default() -> Self {
        Health { deadline_ms: 2_000, keep_ms: 1_000, written_ms: 30_000, clock_tolerance_ms: 2_000 }
    }
}

/// Figures for Prometheus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Metrics {
    /// Where `/metrics` is served, on a listener of its own, such as `127.0.0.1:9464`; nowhere unless it is set. Nobody
    /// signs in there: keep it where only Prometheus gets.
    #[schemars(with = "Option<String>")]
    pub(crate) address: Option<SocketAddr>,
    /// How often the log of the shop is read for the figures of the business.
    pub(crate) business_interval_ms: u64,
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics { address: None, business_interval_ms: 2_000 }
    }
}

/// Traces of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Traces {
    /// Where a collector takes OTLP over HTTP, such as `http://127.0.0.1:4318/v1/traces`; nothing is traced unless it is
    /// set.
    pub(crate) endpoint: Option<String>,
    /// Headers that the collector wants, such as one with a key.
    pub(crate) headers: BTreeMap<String, Secret>,
    /// How many of a hundred requests are traced, where the caller has not decided it.
    pub(crate) sample_percent: u8,
    /// As what the collector knows this server.
    pub(crate) service_name: String,
}

impl Default for Traces {
    fn default() -> Self {
        Traces { endpoint: None, headers: BTreeMap::new(), sample_percent: 100, service_name: "ims".into() }
    }
}

/// What the server writes to the standard error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`; for a part of the program alone: `info,sqlx=warn`.
    pub(crate) level: String,
    /// In which form.
    pub(crate) format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Log { level: "info".into(), format: LogFormat::default() }
    }
}

/// In which form the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// For people on a terminal, otherwise JSON.
    #[default]
    Auto,
    /// For people.
    Text,
    /// A line of JSON for each entry.
    Json,
}
