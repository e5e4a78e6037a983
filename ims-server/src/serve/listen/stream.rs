//! A connection's stream: it breaks when the other end takes nothing for too long, and counts for as long as it is there.

use super::Entered;
use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::OwnedSemaphorePermit,
    time::Sleep,
};
use tokio_util::task::task_tracker::TaskTrackerToken;

/// What a connection takes as long as it is open, also after it has become a WebSocket.
#[derive(Debug)]
pub(super) struct Held {
    _place: OwnedSemaphorePermit,
    _entered: Entered,
    _tracked: TaskTrackerToken,
}

impl Held {
    pub(super) fn new(place: OwnedSemaphorePermit, entered: Entered, tracked: TaskTrackerToken) -> Held {
        Held { _place: place, _entered: entered, _tracked: tracked }
    }
}

/// A stream whose writes have a limit.
#[derive(Debug)]
pub(super) struct Stream<S> {
    inner: S,
    limit: Duration,
    /// Runs while something waits to be written.
    waits: Option<Pin<Box<Sleep>>>,
    _held: Held,
}

impl<S> Stream<S> {
    pub(super) fn new(inner: S, limit: Duration, held: Held) -> Stream<S> {
        Stream { inner, limit, waits: None, _held: held }
    }

    /// What it is made of.
    pub(super) fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Breaks off what has waited for too long.
    fn bounded<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.waits = None;
            return polled;
        }
        let limit = self.limit;
        let waits = self.waits.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        match waits.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.bounded(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(context, parts);
        self.bounded(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_flush(context);
        self.bounded(context, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_shutdown(context);
        self.bounded(context, polled)
    }
}
