//! Whether anything is being answered on a connection.

use super::unread;
use axum::body::{Body, Bytes};
use http_body::{Body as _, Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Counts the answers that are under way on a connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    under_way: AtomicUsize,
    changed: Notify,
    /// Told once there was a request by HTTP/2.
    streams: CancellationToken,
}

/// An answer that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Activity>);

impl Activity {
    /// Counts an answer.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        self.under_way.fetch_add(1, Ordering::AcqRel);
        self.changed.notify_one();
        UnderWay(Arc::clone(self))
    }

    /// Notes that there are streams, as HTTP/2 has them.
    pub(super) fn has_streams(&self) {
        self.streams.cancel();
    }

    /// Waits for the first of them.
    pub(super) async fn streams(&self) {
        self.streams.cancelled().await;
    }

    /// Whether nothing is under way now.
    pub(super) fn is_idle(&self) -> bool {
        self.under_way.load(Ordering::Acquire) == 0
    }

    /// Waits until nothing has been under way for so long.
    pub(super) async fn idle(&self, limit: Duration) {
        loop {
            let changed = self.changed.notified();
            if self.under_way.load(Ordering::Acquire) > 0 {
                changed.await;
            } else if tokio::time::timeout(limit, changed).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::AcqRel);
        self.0.changed.notify_one();
    }
}

/// Bytes of an answer that are handed on at once: who takes so many within the time limit is slow, and not gone.
const PIECE: usize = 16 * 1024;

/// A body that keeps its answer under way until it is sent, piece by piece.
#[derive(Debug)]
pub(super) struct Watched {
    body: Body,
    /// What the body has given and is still to be handed on.
    rest: Bytes,
    _under_way: UnderWay,
}

impl Watched {
    /// Watches a body.
    pub(super) fn new(body: Body, under_way: UnderWay) -> Watched {
        unread::there();
        Watched { body, rest: Bytes::new(), _under_way: under_way }
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)).map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let piece = self.rest.split_to(self.rest.len().min(PIECE));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        unread::taken();
        let polled = self.poll_piece(context);
        if polled.is_ready() {
            unread::there();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (body, rest) = (self.body.size_hint(), u64::try_from(self.rest.len()).unwrap_or(u64::MAX));
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::future::poll_fn;

    #[tokio::test]
    async fn an_answer_is_handed_on_piece_by_piece_and_is_whole() {
        let whole: Vec<u8> = (0..=u8::MAX).cycle().take(2 * PIECE + 7).collect();
        let mut watched = Watched::new(Body::from(whole.clone()), Arc::new(Activity::default()).begin());
        let mut got = Vec::new();
        while !watched.is_end_stream() {
            let left = (whole.len() - got.len()) as u64;
            assert_eq!(watched.size_hint().exact(), Some(left));
            let frame = poll_fn(|context| Pin::new(&mut watched).poll_frame(context)).await.unwrap().unwrap();
            let piece = frame.into_data().unwrap();
            assert!(piece.len() <= PIECE);
            got.extend_from_slice(&piece);
        }
        assert_eq!(got, whole);
    }

    #[tokio::test]
    async fn a_connection_is_idle_only_after_its_last_answer() {
        let activity = Arc::new(Activity::default());
        let under_way = activity.begin();
        assert_eq!(activity.idle(Duration::ZERO).now_or_never(), None, "something is under way");
        drop(under_way);
        activity.idle(Duration::ZERO).await;
    }
}
