//! How HTTP is served.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// How HTTP is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Http {
    /// Where to listen. Port 0 is any free one.
    #[schemars(with = "String")]
    pub(crate) address: SocketAddr,
    /// Bytes of a request's body.
    pub(crate) body_limit_bytes: usize,
    /// Bytes of a file that is imported.
    pub(crate) import_limit_bytes: usize,
    /// Bytes of memory for all bodies that are being read and worked on: one that is large waits until there is room for it.
    /// JSON takes up to 16 times its bytes.
    pub(crate) bodies_memory_bytes: usize,
    /// Bytes of a request's head: its line and its headers.
    pub(crate) head_limit_bytes: usize,
    /// Values inside values of a request's body.
    pub(crate) depth_limit: usize,
    /// Commands of a batch.
    pub(crate) batch_limit: usize,
    /// Connections that are open at once at each listener. More of them wait until one is closed.
    pub(crate) connection_limit: usize,
    /// Until a request is answered, its body included; a proof of the store may take longer.
    pub(crate) request_timeout_ms: u64,
    /// Until a connection on which nothing is being answered is closed: one that was never used, one that is kept for a
    /// next request, and one on which the head of the next request comes too slowly.
    pub(crate) idle_timeout_ms: u64,
    /// Until a connection is closed whose other end does not take what is sent.
    pub(crate) write_timeout_ms: u64,
    /// From which sites a browser may call, such as `https://shop.example`; none unless they are named. `*` is all.
    pub(crate) allowed_origins: Vec<String>,
    /// Whether answers are compressed for those who ask for it.
    pub(crate) compression: bool,
}

impl Default for Http {
    fn default() -> Self {
        Http {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            body_limit_bytes: 1024 * 1024,
            import_limit_bytes: 16 * 1024 * 1024,
            bodies_memory_bytes: 128 * 1024 * 1024,
            head_limit_bytes: 32 * 1024,
            depth_limit: 32,
            batch_limit: 1000,
            connection_limit: 20_000,
            request_timeout_ms: 30_000,
            idle_timeout_ms: 30_000,
            write_timeout_ms: 30_000,
            allowed_origins: Vec::new(),
            compression: true,
        }
    }
}
