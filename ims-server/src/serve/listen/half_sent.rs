//! Bodies that are still being sent when the server ends: who has not sent one whole after a while is told to send it again.

use crate::serve::Ending;
use axum::{BoxError, body::Bytes};
use http_body::{Body, Frame, SizeHint};
use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

/// The server ended before a body had come.
#[derive(Debug)]
pub(crate) struct HalfSent;

impl fmt::Display for HalfSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server ended before the body had come")
    }
}

impl std::error::Error for HalfSent {}

/// A body that is waited for until the end of the server.
pub(super) struct Awaited<B> {
    body: B,
    /// Ends when it is too late; not there any more once that was told.
    late: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl<B> Awaited<B> {
    /// Waits for a body for as long as there is a server.
    pub(super) fn new(body: B, ending: &Ending) -> Awaited<B> {
        let ending = ending.clone();
        Awaited { body, late: Some(Box::pin(async move { ending.late().await })) }
    }
}

impl<B> Body for Awaited<B>
where
    B: Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => Poll::Ready(frame.map(|frame| frame.map_err(Into::into))),
            Poll::Pending => match self.late.as_mut().map(|late| late.as_mut().poll(context)) {
                Some(Poll::Ready(())) => {
                    self.late = None;
                    Poll::Ready(Some(Err(HalfSent.into())))
                }
                Some(Poll::Pending) | None => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
