//! How the server is set up: what is built in, then a file, then the environment, then the command line.

use super::{
    auth, limits,
    relay::{Settings, config as relay},
};
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, path::PathBuf};

/// The whole set-up. Every field has a value that is right for a shop of one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the shop is kept.
    pub(crate) store: String,
    /// REST, live events and the documents.
    pub(crate) http: Http,
    /// Who may come in, and for how long.
    pub(crate) auth: auth::Config,
    /// How often somebody may ask.
    pub(crate) limits: limits::Config,
    /// Brokers that hear of every event.
    pub(crate) relay: Vec<relay::Relay>,
    /// What all relays share.
    pub(crate) relays: relay::Pace,
    /// Listeners by HTTP, which people add while the server runs.
    pub(crate) webhooks: relay::Webhooks,
}

/// How HTTP is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Http {
    /// Where to listen.
    pub(crate) address: SocketAddr,
    /// Bytes of a request's body.
    pub(crate) body_limit_bytes: usize,
    /// Values inside values of a request's body.
    pub(crate) depth_limit: usize,
    /// Commands of a batch.
    pub(crate) batch_limit: usize,
    /// Until a request is answered, its body included.
    pub(crate) request_timeout_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            store: "sqlite:ims.db".into(),
            http: Http::default(),
            auth: auth::Config::default(),
            limits: limits::Config::default(),
            relay: Vec::new(),
            relays: relay::Pace::default(),
            webhooks: relay::Webhooks::default(),
        }
    }
}

impl Config {
    /// How relays are set up.
    pub(crate) fn relaying(&self) -> Settings<'_> {
        Settings { relays: &self.relay, pace: self.relays, webhooks: &self.webhooks }
    }
}

impl Default for Http {
    fn default() -> Self {
        Http {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            body_limit_bytes: 1024 * 1024,
            depth_limit: 32,
            batch_limit: 1000,
            request_timeout_ms: 30_000,
        }
    }
}

/// From where a set-up is read, weakest first after what is built in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// A TOML file.
    pub(crate) file: Option<PathBuf>,
    /// Variables such as `IMS_HTTP__ADDRESS`.
    pub(crate) environment: Vec<(String, String)>,
    /// `http.address=127.0.0.1:8080`.
    pub(crate) settings: Vec<(String, String)>,
}

/// What environment variables of the set-up begin with. Two underscores stand between the parts of a name.
const PREFIX: &str = "IMS_";

impl Sources {
    /// Puts the set-up together.
    ///
    /// # Errors
    /// A line for people that names the setting.
    pub(crate) fn read(&self) -> Result<Config, String> {
        let mut builder = config::Config::builder();
        if let Some(file) = &self.file {
            builder = builder.add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
        }
        for (name, value) in self.environment.iter().filter_map(|(name, value)| Some((setting(name)?, value))) {
            builder = builder.set_override(name, value.as_str()).map_err(|error| error.to_string())?;
        }
        for (name, value) in &self.settings {
            builder = builder.set_override(name, value.as_str()).map_err(|error| error.to_string())?;
        }
        let read = builder.build().map_err(|error| error.to_string())?;
        read.try_deserialize().map_err(|error| error.to_string())
    }
}

/// The setting that an environment variable sets: `IMS_HTTP__ADDRESS` is `http.address`. `IMS_STORE` is the one setting
/// of a single word; other variables of one word belong to the command line.
fn setting(variable: &str) -> Option<String> {
    let name = variable.strip_prefix(PREFIX)?;
    (name.contains("__") || name == "STORE").then(|| name.to_ascii_lowercase().replace("__", "."))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_command_line_wins_over_the_environment_and_that_over_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ims.toml");
        std::fs::write(
            &file,
            "store = \"sqlite:a.db\"\n[http]\nbatch_limit = 1\ndepth_limit = 1\nbody_limit_bytes = 1\n",
        )
        .unwrap();
        let sources = Sources {
            file: Some(file),
            environment: pairs(&[("IMS_HTTP__BATCH_LIMIT", "2"), ("IMS_HTTP__DEPTH_LIMIT", "2"), ("IMS_ACTOR", "me")]),
            settings: pairs(&[("http.batch_limit", "3")]),
        };
        let config = sources.read().unwrap();
        let Http { batch_limit, depth_limit, body_limit_bytes, .. } = config.http;
        assert_eq!((batch_limit, depth_limit, body_limit_bytes), (3, 2, 1));
        assert_eq!(config.store, "sqlite:a.db");
    }

    #[test]
    fn a_setting_that_is_not_there_is_named() {
        let sources = Sources { settings: pairs(&[("http.adress", "127.0.0.1:1")]), ..Sources::default() };
        let problem = sources.read().unwrap_err();
        assert!(problem.contains("adress"), "{problem}");
    }
}
