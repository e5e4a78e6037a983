//! Bodies: how long the message in one is, before it is read; and one that keeps its caller's turn until it is sent.

use crate::serve::turns::Turn;
use bytes::Bytes;
use http::Response;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{Status, body::Body};

/// Bytes before a message: whether it is packed, and how long it is.
const PREFIX_BYTES: usize = 5;

type Piece = Result<Frame<Bytes>, Status>;

/// A body of which the first piece was read already.
struct Begun {
    first: Option<Piece>,
    rest: Body,
}

/// A body that was made in a turn.
struct Made {
    body: Body,
    _turn: Arc<Turn>,
}

/// Reads what stands before a message, and tells how many bytes it has: as many as it may have, where that is not there at
/// once. The body that comes back is whole.
pub(super) async fn announced(mut body: Body, limit_bytes: usize) -> (Body, usize) {
    let first = body.frame().await;
    let bytes = first.as_ref().and_then(|piece| message_bytes(piece.as_ref().ok()?)).unwrap_or(limit_bytes);
    (Body::new(Begun { first, rest: body }), bytes.min(limit_bytes))
}

fn message_bytes(piece: &Frame<Bytes>) -> Option<usize> {
    let (_, length) = piece.data_ref()?.get(..PREFIX_BYTES)?.split_at_checked(1)?;
    usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()
}

/// Keeps the turn that an answer was made in until it is sent.
pub(super) fn in_its_turn(mut response: Response<Body>) -> Response<Body> {
    match response.extensions_mut().remove::<Arc<Turn>>() {
        Some(_turn) => response.map(|body| Body::new(Made { body, _turn })),
        None => response,
    }
}

impl HttpBody for Begun {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }
}

impl HttpBody for Made {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use http_body_util::Full;

    #[tokio::test]
    async fn a_message_says_how_long_it_is_and_stays_whole() {
        let sent = Bytes::from_static(&[0, 0, 0, 1, 2, 7, 7]);
        let (body, bytes) = announced(Body::new(Full::new(sent.clone()).map_err(|never| match never {})), 1_000).await;
        assert_eq!(bytes, 258);
        assert_eq!(body.collect().await.unwrap().to_bytes(), sent);
        for (sent, expected) in [(&[0, 255, 255, 255, 255][..], 1_000), (&[0, 0][..], 1_000), (&[][..], 1_000)] {
            let body = Body::new(Full::new(Bytes::copy_from_slice(sent)).map_err(|never| match never {}));
            assert_eq!(announced(body, 1_000).await.1, expected, "{sent:?}");
        }
    }
}
