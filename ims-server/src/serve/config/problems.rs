//! Settings that make no sense, alone or together.

use super::Config;
use crate::serve::listen::tls;

impl Config {
    /// What is wrong with the set-up as a whole, a line for people each; nothing where it can be used.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        problems.extend(self.tls_problem());
        let positive = [
            ("http.body_limit_bytes", self.http.body_limit_bytes == 0),
            ("http.depth_limit", self.http.depth_limit == 0),
            ("http.batch_limit", self.http.batch_limit == 0),
            ("http.connection_limit", self.http.connection_limit == 0),
            ("http.request_timeout_ms", self.http.request_timeout_ms == 0),
            ("http.idle_timeout_ms", self.http.idle_timeout_ms == 0),
            ("http.write_timeout_ms", self.http.write_timeout_ms == 0),
            ("grpc.message_limit_bytes", self.grpc.message_limit_bytes == 0),
            ("grpc.request_timeout_ms", self.grpc.request_timeout_ms == 0),
            ("grpc.streams_per_connection", self.grpc.streams_per_connection == 0),
            ("database.connections", self.database.connections == 0),
            ("database.acquire_timeout_ms", self.database.acquire_timeout_ms == 0),
            ("database.statement_timeout_ms", self.database.statement_timeout_ms == 0),
            ("health.deadline_ms", self.health.deadline_ms == 0),
            ("metrics.business_interval_ms", self.metrics.business_interval_ms == 0),
        ];
        problems.extend(positive.iter().filter(|(_, zero)| *zero).map(|(name, _)| format!("{name}: must be above 0")));
        if self.http.head_limit_bytes < SMALLEST_HEAD_BYTES {
            problems.push(format!("http.head_limit_bytes: must be at least {SMALLEST_HEAD_BYTES}"));
        }
        if self.traces.sample_percent > 100 {
            problems.push("traces.sample_percent: must be 0 to 100".into());
        }
        if self.limits.trusted_proxies.are_everybody() {
            problems.push(
                "limits.trusted_proxies: a network of 0 bits is everybody, and whoever calls could say any address; name \
                 the proxies, such as 10.0.0.0/8"
                    .into(),
            );
        }
        if let Err(error) = self.log.level.parse::<tracing_subscriber::EnvFilter>() {
            problems.push(format!("log.level: {error}"));
        }
        for origin in self.http.allowed_origins.iter().filter(|origin| !is_origin(origin)) {
            problems.push(format!(
                "http.allowed_origins: {origin:?} is not an origin, such as https://shop.example (no path, no slash)"
            ));
        }
        if let Some(endpoint) = self.traces.endpoint.as_deref().filter(|endpoint| !is_http_url(endpoint)) {
            problems.push(format!("traces.endpoint: {endpoint:?} is not a URL that begins with http:// or https://"));
        }
        let same_port = |address: &std::net::SocketAddr| address.port() != 0 && *address == self.http.address;
        if self.metrics.address.as_ref().is_some_and(same_port) {
            problems.push("metrics.address: is http.address; the figures need a port of their own".into());
        }
        if self
            .grpc
            .address
            .as_ref()
            .is_some_and(|address| same_port(address) || self.metrics.address == Some(*address) && address.port() != 0)
        {
            problems.push("grpc.address: is an address that is taken; gRPC needs a port of its own".into());
        }
        if let Err(error) = ims_sqlx::check_address(&self.store) {
            problems.push(format!("store: {error}"));
        }
        problems
    }

    fn tls_problem(&self) -> Option<String> {
        match (&self.tls.certificate_file, &self.tls.key_file) {
            (None, None) => None,
            (Some(_), None) => Some("tls.key_file: is needed beside tls.certificate_file".into()),
            (None, Some(_)) => Some("tls.certificate_file: is needed beside tls.key_file".into()),
            (Some(certificate), Some(key)) => tls::read(certificate, key).err(),
        }
    }
}

/// What hyper needs at least to read a request.
const SMALLEST_HEAD_BYTES: usize = 8_192;

/// Whether a text is an origin as browsers send it, or the word for all of them.
fn is_origin(text: &str) -> bool {
    let named = text.split_once("://").is_some_and(|(scheme, host)| {
        matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '*'])
    });
    text == "*" || named && text.is_ascii()
}

fn is_http_url(text: &str) -> bool {
    text.parse::<axum::http::Uri>().is_ok_and(|uri| {
        uri.host().is_some_and(|host| !host.is_empty()) && matches!(uri.scheme_str(), Some("http" | "https"))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_can_be_used() {
        assert_eq!(Config::default().problems(), [""; 0]);
    }

    #[test]
    fn every_setting_that_makes_no_sense_is_named() {
        let mut config = Config::default();
        config.tls.key_file = Some("key.pem".into());
        config.http.batch_limit = 0;
        config.grpc.streams_per_connection = 0;
        config.http.allowed_origins = vec!["https://shop.example/".into(), "https://shop.example:8443".into()];
        config.metrics.address = Some(config.http.address);
        config.traces.endpoint = Some("collector:4318".into());
        config.limits.trusted_proxies = serde_json::from_value("10.0.0.0/8,::/0".into()).unwrap();
        config.store = "postgre://me:secret@db/shop".into();
        let problems = config.problems();
        let begins = |name: &str| problems.iter().filter(|problem| problem.starts_with(name)).count();
        let named = [
            "tls.cert",
            "http.batch",
            "http.allowed",
            "grpc.streams",
            "limits.trusted",
            "metrics.address",
            "traces.endpoint",
            "store",
        ];
        assert_eq!(named.map(begins), [1; 8], "{problems:?}");
        assert_eq!(problems.len(), 8);
        assert!(!problems.concat().contains("secret"), "{problems:?}");
    }
}
