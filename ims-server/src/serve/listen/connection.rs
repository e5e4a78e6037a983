//! One connection: HTTP/1.1 or HTTP/2, whichever the other end speaks.

use super::{
    Limits,
    activity::{Activity, Watched},
    exchange,
    guarded::{Guarded, Heads},
    stream::Stream,
    unread::WhileRead,
};
use crate::serve::Ending;
use axum::{
    Router,
    extract::ConnectInfo,
    http::{Request, Version},
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto,
};
use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

/// How often the other end of a connection of HTTP/2 is asked whether it is still there.
const ASKS_EVERY: Duration = Duration::from_secs(20);

/// How long nothing has to be under way on a connection of HTTP/2 at the end before it is closed: whoever reads nothing
/// there, as clients that wait for nothing do, does not say that it has heard of the end.
const QUIET: Duration = Duration::from_secs(1);

/// Bytes of a body that may come over HTTP/2 before somebody reads it.
const STREAM_WINDOW_BYTES: u32 = 64 * 1024;
/// Bytes of all bodies that may come over one connection of HTTP/2 before somebody reads them.
const CONNECTION_WINDOW_BYTES: u32 = 2 * STREAM_WINDOW_BYTES;

/// A connection that was taken, and what it is served with.
pub(super) struct Connection {
    pub(super) stream: Stream<TcpStream>,
    /// There where it is to be encrypted.
    pub(super) acceptor: Option<TlsAcceptor>,
    pub(super) router: Router,
    pub(super) peer: SocketAddr,
    pub(super) limits: Limits,
    pub(super) ending: Ending,
}

impl Connection {
    /// Serves it until it ends. One that says nothing takes next to no memory: what reads it is made when the first byte is
    /// there.
    pub(super) async fn serve(self) {
        let mut first = [0];
        let speaks = tokio::select! {
            spoken = self.stream.get_ref().peek(&mut first) => spoken.is_ok_and(|bytes| bytes > 0),
            () = tokio::time::sleep(self.limits.idle) => false,
            () = self.ending.begun() => false,
        };
        if speaks {
            Box::pin(self.encrypt()).await;
        }
    }

    async fn encrypt(self) {
        let Connection { stream, acceptor, router, peer, limits, ending } = self;
        let Some(acceptor) = acceptor else { return speak(stream, router, peer, &limits, &ending).await };
        let encrypted = tokio::select! {
            encrypted = tokio::time::timeout(limits.idle, acceptor.accept(stream)) => encrypted,
            () = ending.late() => return,
        };
        match encrypted {
            Ok(Ok(stream)) => speak(stream, router, peer, &limits, &ending).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "a connection could not be encrypted"),
            Err(_) => tracing::debug!(%peer, "a connection was not encrypted in time"),
        }
    }
}

async fn speak<S>(stream: S, router: Router, peer: SocketAddr, limits: &Limits, ending: &Ending)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let activity = Arc::new(Activity::default());
    let heads = Heads::new(limits.head_bytes);
    let (guarded, coming) = (Guarded::new(stream, heads.clone()), heads.clone());
    let service = service_fn(|mut request: Request<Incoming>| {
        let (router, under_way) = (router.clone(), activity.begin());
        let (heads, ending) = (heads.clone(), ending.clone());
        if request.version() == Version::HTTP_2 {
            activity.has_streams();
        }
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            let response = exchange::answer(router, request, &heads, &ending).await?;
            Ok::<_, std::convert::Infallible>(response.map(|body| Watched::new(body, under_way)))
        }
    });
    let builder = builder(limits);
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(guarded), service));
    let mut told = false;
    let mut late = pin!(ending.late());
    let mut waits = true;
    let mut quiet = pin!(async {
        ending.late().await;
        if coming.is_http_1() {
            std::future::pending::<()>().await;
        }
        activity.idle(QUIET).await;
    });
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%peer, %error, "a connection broke");
                }
                return;
            }
            () = leave(&activity, limits, ending), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
            // Half a head is no request that anybody waits for at the end.
            () = late.as_mut(), if waits => {
                waits = false;
                if activity.is_idle() && coming.is_in_head() {
                    tracing::debug!(%peer, "a request had not come whole when the server ended");
                    return;
                }
            }
            () = quiet.as_mut() => return,
            // All was answered, and what is left of it at the connection is not read.
            () = activity.idle(limits.write), if told => {
                tracing::debug!(%peer, "a connection was not read from in time");
                return;
            }
        }
    }
}

/// Waits for the reason to end a connection: the server ends, or nobody wants anything.
///
/// As soon as it is known that the server will end, a connection of HTTP/2 is told that no more requests should come on it;
/// those of HTTP/1 are told so by their next answer, since one that were closed at once might be closed on a request that is
/// on its way. One that is new learns it with its first answer: it may be the question whether the server is well.
async fn leave(activity: &Activity, limits: &Limits, ending: &Ending) {
    let last_streams = async {
        ending.announced().await;
        activity.streams().await;
    };
    tokio::select! {
        () = ending.begun() => {}
        () = last_streams => {}
        () = activity.idle(limits.idle) => {}
    }
}

fn builder(limits: &Limits) -> auto::Builder<WhileRead> {
    let mut builder = auto::Builder::new(WhileRead { limit: limits.write });
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.idle).max_buf_size(limits.head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(ASKS_EVERY)
        .keep_alive_timeout(ASKS_EVERY)
        .max_concurrent_streams(limits.streams)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX));
    builder
}
