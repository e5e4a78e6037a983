//! Whether anything is being answered on a connection.

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::Notify;

/// Counts the answers that are under way on a connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    under_way: AtomicUsize,
    changed: Notify,
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

/// A body that keeps its answer under way until it is sent.
#[derive(Debug)]
pub(super) struct Watched {
    body: Body,
    _under_way: UnderWay,
}

impl Watched {
    /// Watches a body.
    pub(super) fn new(body: Body, under_way: UnderWay) -> Watched {
        Watched { body, _under_way: under_way }
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn a_connection_is_idle_only_after_its_last_answer() {
        let activity = Arc::new(Activity::default());
        let under_way = activity.begin();
        assert_eq!(activity.idle(Duration::ZERO).now_or_never(), None, "something is under way");
        drop(under_way);
        activity.idle(Duration::ZERO).await;
    }
}
