//! How gRPC is set up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// How gRPC is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Grpc {
    /// Where to listen; gRPC is not served where none is given.
    #[schemars(with = "Option<String>")]
    pub(crate) address: Option<SocketAddr>,
    /// Bytes of a message that is sent to the server.
    pub(crate) message_limit_bytes: usize,
    /// Calls that one connection may have open at once.
    pub(crate) streams_per_connection: u32,
    /// Until a call is answered, where its caller sets no earlier deadline.
    pub(crate) request_timeout_ms: u64,
}

impl Default for Grpc {
    fn default() -> Self {
        Grpc {
            address: None,
            message_limit_bytes: 1024 * 1024,
            streams_per_connection: 100,
            request_timeout_ms: 30_000,
        }
    }
}
