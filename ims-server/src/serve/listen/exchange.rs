//! One request of a connection and its answer, and what becomes of the connection after them.

use super::{framing::Unfit, guarded::Heads, half_sent::Awaited};
use crate::serve::Ending;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request as AnyRequest,
    http::{HeaderValue, Request, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use std::{
    convert::Infallible,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tower::ServiceExt;

/// How much of a body is still taken in though the answer does not depend on it.
#[derive(Clone, Copy, Debug)]
struct Patience {
    bytes: u64,
    wait: Duration,
}

/// By HTTP/1, before the answer: so that the connection can be kept.
const BEFORE_THE_ANSWER: Patience = Patience { bytes: 64 * 1024, wait: Duration::from_secs(1) };
/// By HTTP/2, beside the answer: many clients do not read one before they have sent all, and take the end of what they send
/// as the end of both. A body that is larger is no mistake of somebody who imports a file.
const BESIDE_THE_ANSWER: Patience = Patience { bytes: 64 * 1024 * 1024, wait: Duration::from_secs(30) };

/// Answers a request. By HTTP/1, where one message follows the other, the answer says whether another request may come.
pub(super) async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    heads: &Heads,
    ending: &Ending,
) -> Result<Response, Infallible> {
    if request.version() > Version::HTTP_11 {
        let (request, unread) = lend(request, ending);
        let response = router.oneshot(request).await?;
        unread.take_in_beside(ending.clone());
        return Ok(response);
    }
    let unfit = heads.next();
    if let Some(unfit) = unfit {
        request.extensions_mut().insert(unfit);
    }
    let (request, unread) = lend(request, ending);
    let mut response = router.oneshot(request).await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        heads.let_go();
        return Ok(response);
    }
    let goes_on = unfit.is_none() && unread.take_in(BEFORE_THE_ANSWER).await == Rest::Nothing && !ending.is_announced();
    if !goes_on {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// Refuses a request that others might read in another way than this server does.
pub(crate) async fn refuse_unfit(request: AnyRequest, next: Next) -> Response {
    match request.extensions().get::<Unfit>() {
        Some(unfit) => unfit.problem().into_response(),
        None => next.run(request).await,
    }
}

/// What is left of a request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// The next request can follow.
    Nothing,
    /// Too much, or it does not come.
    Some,
}

/// The body of a request, of which what nobody has read comes back.
struct Lent {
    body: Option<Incoming>,
    back: Arc<Mutex<Option<Unread>>>,
    asked: Asked,
}

/// Whether anybody has begun to read a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Yes,
    No,
}

/// A body that was not read to its end.
struct Unread {
    body: Incoming,
    asked: Asked,
}

/// What comes back of a body.
struct Back {
    unread: Arc<Mutex<Option<Unread>>>,
    /// Whether its sender waits to be told to send it.
    waits: bool,
}

/// Lends the body of a request to whoever answers it.
fn lend(request: Request<Incoming>, ending: &Ending) -> (AnyRequest, Back) {
    let unread = Arc::<Mutex<Option<Unread>>>::default();
    let waits = request.headers().contains_key(header::EXPECT);
    let back = Back { unread: Arc::clone(&unread), waits };
    let lent = |body: Incoming| match body.is_end_stream() {
        true => Body::empty(),
        false => Body::new(Awaited::new(Lent { body: Some(body), back: unread, asked: Asked::No }, ending)),
    };
    (request.map(lent), back)
}

impl Back {
    /// Takes in what nobody has read, where that is little.
    async fn take_in(self, patience: Patience) -> Rest {
        let Some(Unread { mut body, asked }) = self.unread() else { return Rest::Nothing };
        let never_sent = self.waits && asked == Asked::No;
        if never_sent || body.size_hint().lower() > patience.bytes {
            return Rest::Some;
        }
        let mut room = patience.bytes;
        let taking = async {
            loop {
                match poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
                    None => return Rest::Nothing,
                    Some(Err(_)) => return Rest::Some,
                    Some(Ok(frame)) => {
                        let bytes = frame.data_ref().map_or(0, Bytes::len);
                        match room.checked_sub(u64::try_from(bytes).unwrap_or(u64::MAX)) {
                            Some(left) => room = left,
                            None => return Rest::Some,
                        }
                    }
                }
            }
        };
        tokio::time::timeout(patience.wait, taking).await.unwrap_or(Rest::Some)
    }

    /// Takes in what nobody has read while the answer is sent, for as long as the server does not end.
    fn take_in_beside(self, ending: Ending) {
        if self.unread.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            return;
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = self.take_in(BESIDE_THE_ANSWER) => {}
                () = ending.late() => {}
            }
        });
    }

    fn unread(&self) -> Option<Unread> {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl http_body::Body for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.asked = Asked::Yes;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let body = self.body.take().filter(|body| !body.is_end_stream());
        if let Some(body) = body {
            let unread = Unread { body, asked: self.asked };
            *self.back.lock().unwrap_or_else(PoisonError::into_inner) = Some(unread);
        }
    }
}
