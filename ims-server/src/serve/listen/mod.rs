//! Connections: how many, how long, encrypted or not, and how they end. HTTP, gRPC and the figures have a door each.
//!
//! axum and tonic have no time limit for a connection, and the limits are what this is about; so the connections are
//! hyper's own.

mod activity;
mod connection;
mod exchange;
mod framing;
mod guarded;
mod half_sent;
mod handles;
mod refusal;
mod stream;
pub(crate) mod tls;
mod unread;

pub(crate) use exchange::refuse_unfit;
pub(crate) use half_sent::HalfSent;
pub(crate) use handles::raise_limit;

use super::{Config, Ending, config::Http};
use crate::failure::{Failure, Outcome};
use axum::Router;
use connection::Connection;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tls::Keys;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// What is spoken at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// HTTP/1.1 and HTTP/2.
    Http,
    /// gRPC, which is spoken by HTTP/2 alone.
    Grpc,
}

/// A listener and what is known of its connections.
#[derive(Debug)]
pub(crate) struct Door {
    listener: TcpListener,
    speaks: Speaks,
    keys: Option<Keys>,
    limits: Limits,
    open: Arc<Open>,
}

/// What a connection may take.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    connections: usize,
    head_bytes: usize,
    idle: Duration,
    write: Duration,
    /// Requests that are answered at once on one connection of HTTP/2.
    streams: u32,
}

/// Requests of HTTP that are answered at once on one connection of HTTP/2.
const STREAMS: u32 = 200;

/// How many connections are open.
#[derive(Debug, Default)]
pub(crate) struct Open(AtomicU64);

impl Open {
    /// So many.
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn enter(self: &Arc<Self>) -> Entered {
        self.0.fetch_add(1, Ordering::Relaxed);
        Entered(Arc::clone(self))
    }
}

/// A connection that is counted until this is dropped.
#[derive(Debug)]
struct Entered(Arc<Open>);

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl From<&Http> for Limits {
    fn from(http: &Http) -> Limits {
        Limits {
            connections: http.connection_limit,
            head_bytes: http.head_limit_bytes,
            idle: Duration::from_millis(http.idle_timeout_ms),
            write: Duration::from_millis(http.write_timeout_ms),
            streams: STREAMS,
        }
    }
}

impl Limits {
    /// Those of gRPC: the same as of HTTP, but for the calls on one connection.
    pub(crate) fn of_grpc(config: &Config) -> Limits {
        Limits { streams: config.grpc.streams_per_connection, ..Limits::from(&config.http) }
    }
}

/// How long a listener rests that could not take a connection: there are no handles left, or no memory.
const REST: Duration = Duration::from_millis(100);

impl Door {
    /// Listens at an address.
    pub(crate) async fn open(address: SocketAddr, speaks: Speaks, keys: Option<Keys>, limits: Limits) -> Outcome<Door> {
        let unusable = |error| Failure::usage("address", format!("{address} cannot be listened at: {error}"));
        let listener = TcpListener::bind(address).await.map_err(unusable)?;
        Ok(Door { listener, speaks, keys, limits, open: Arc::default() })
    }

    /// Where it listens, as a URL.
    pub(crate) fn url(&self) -> Outcome<String> {
        Ok(format!("{}://{}", self.scheme(), self.address()?))
    }

    /// A URL that reaches it on this machine, for somebody to open.
    pub(crate) fn url_here(&self) -> Outcome<String> {
        let address = self.address()?;
        if address.ip().is_unspecified() {
            return Ok(format!("{}://localhost:{}", self.scheme(), address.port()));
        }
        self.url()
    }

    fn scheme(&self) -> &'static str {
        match (self.speaks, &self.keys) {
            (Speaks::Http, None) => "http",
            (Speaks::Http, Some(_)) => "https",
            (Speaks::Grpc, None) => "grpc",
            (Speaks::Grpc, Some(_)) => "grpcs",
        }
    }

    fn address(&self) -> Outcome<SocketAddr> {
        self.listener.local_addr().map_err(|error| Failure::usage("address", error.to_string()))
    }

    /// The connections that are open.
    pub(crate) fn connections(&self) -> Arc<Open> {
        Arc::clone(&self.open)
    }

    /// Answers what comes, until the end begins; then lets what is being answered finish, for as long as it may.
    pub(crate) async fn serve(self, router: Router, ending: Ending, limit: Duration) {
        let free = Arc::new(Semaphore::new(self.limits.connections.min(Semaphore::MAX_PERMITS)));
        let tracker = TaskTracker::new();
        let cut = CancellationToken::new();
        loop {
            let taken = tokio::select! {
                () = ending.begun() => break,
                taken = async {
                    let place = Arc::clone(&free).acquire_owned().await.ok();
                    (place, self.listener.accept().await)
                } => taken,
            };
            let (place, (stream, peer)) = match taken {
                (Some(place), Ok(accepted)) => (place, accepted),
                (_, Err(error)) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(REST).await;
                    continue;
                }
                (None, Ok(_)) => break,
            };
            // An answer is one piece of news: it goes out at once.
            let _ = stream.set_nodelay(true);
            let held = stream::Held::new(place, self.open.enter(), tracker.token());
            let stream = stream::Stream::new(stream, self.limits.write, held);
            let acceptor = self.keys.as_ref().map(|keys| keys.acceptor(self.speaks));
            let (router, limits) = (router.clone(), self.limits.clone());
            let connection = Connection { stream, acceptor, router, peer, limits, ending: ending.clone() };
            let cut = cut.clone();
            tokio::spawn(async move {
                tokio::select! {
                    () = connection.serve() => {}
                    () = cut.cancelled() => {}
                }
            });
        }
        drop(self.listener);
        tracker.close();
        if tokio::time::timeout(limit, tracker.wait()).await.is_err() {
            tracing::warn!(connections = tracker.len(), "some requests did not finish in time and were cut off");
            cut.cancel();
        }
    }
}
