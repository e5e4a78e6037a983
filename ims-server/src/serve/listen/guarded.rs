//! What stands between a connection, encrypted or not, and the library that reads HTTP from it: it looks at each head
//! before it is read, and lets the other end read the last answer.

use super::{
    framing::{Framing, Unfit},
    refusal,
};
use std::{
    collections::VecDeque,
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

/// How long what still comes is taken in after the last answer. Where it were left lying, the system would reset the
/// connection, and the answer would be lost with it.
const LINGER: Duration = Duration::from_secs(2);
/// Bytes that are taken in at once then.
const SCRATCH_BYTES: usize = 8 * 1024;

/// What is known of the heads that came over a connection. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Heads(Arc<Mutex<Seen>>);

#[derive(Debug)]
struct Seen {
    framing: Framing,
    /// Of each head that came whole and was not asked for yet.
    verdicts: VecDeque<Option<Unfit>>,
}

impl Heads {
    /// Has seen none yet.
    pub(super) fn new(most_head_bytes: usize) -> Heads {
        Heads(Arc::new(Mutex::new(Seen { framing: Framing::new(most_head_bytes), verdicts: VecDeque::new() })))
    }

    /// What is wrong with the next request of HTTP/1, in the order in which they came; nothing where it is fit.
    pub(super) fn next(&self) -> Option<Unfit> {
        self.lock().verdicts.pop_front().unwrap_or(Some(Unfit::Lost))
    }

    /// The connection speaks another protocol from here on.
    pub(super) fn let_go(&self) {
        self.lock().framing.let_go();
    }

    /// What an answer becomes that the library beneath gives by itself: nobody was asked about the head that it is to.
    fn refusal(&self, answer: &[u8]) -> Option<Vec<u8>> {
        if !answer.starts_with(refusal::BEGINS) {
            return None;
        }
        let seen = self.lock();
        let unfit = seen.verdicts.front().copied().flatten();
        if seen.framing.is_http_1() { refusal::told(answer, unfit) } else { None }
    }

    fn read(&self, bytes: &[u8]) {
        let mut seen = self.lock();
        let Seen { framing, verdicts } = &mut *seen;
        framing.read(bytes, |verdict| verdicts.push_back(verdict));
    }

    /// Whether a head has begun to come and has not come whole.
    pub(super) fn is_in_head(&self) -> bool {
        self.lock().framing.is_in_head()
    }

    /// Whether it is HTTP/1.
    pub(super) fn is_http_1(&self) -> bool {
        self.lock().framing.is_http_1()
    }

    /// Whether more may come of a request that was answered already.
    fn owes(&self) -> bool {
        !self.lock().framing.is_between()
    }

    /// What was seen is whole, whoever panicked while holding it.
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection whose heads are looked at.
#[derive(Debug)]
pub(super) struct Guarded<S> {
    inner: S,
    heads: Heads,
    /// What is sent in the place of what was to be.
    instead: VecDeque<u8>,
    closing: Closing,
}

/// How far the end of a connection is.
#[derive(Debug)]
enum Closing {
    Open,
    /// All was said; what still comes is dropped until then.
    Lingers(Pin<Box<Sleep>>),
    Closed,
}

impl<S> Guarded<S> {
    pub(super) fn new(inner: S, heads: Heads) -> Guarded<S> {
        Guarded { inner, heads, instead: VecDeque::new(), closing: Closing::Open }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, into))?;
        self.heads.read(into.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> Guarded<S> {
    /// Sends what goes out in the place of something else.
    fn poll_instead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.instead.is_empty() {
            let (bytes, _) = self.instead.as_slices();
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, bytes))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.drain(..written.min(self.instead.len()));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_instead(context))?;
        if let Some(told) = self.heads.refusal(bytes) {
            self.instead = told.into();
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = parts {
            return self.poll_write(context, only);
        }
        ready!(self.poll_instead(context))?;
        Pin::new(&mut self.inner).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_instead(context))?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(this.poll_instead(context))?;
        loop {
            match &mut this.closing {
                Closing::Closed => return Poll::Ready(Ok(())),
                Closing::Open => {
                    ready!(Pin::new(&mut this.inner).poll_shutdown(context))?;
                    this.closing = match this.heads.owes() {
                        true => Closing::Lingers(Box::pin(tokio::time::sleep(LINGER))),
                        false => Closing::Closed,
                    };
                }
                Closing::Lingers(until) => {
                    let mut scratch = [0; SCRATCH_BYTES];
                    let mut scratch = ReadBuf::new(&mut scratch);
                    if until.as_mut().poll(context).is_pending() {
                        let read = ready!(Pin::new(&mut this.inner).poll_read(context, &mut scratch));
                        if read.is_ok() && !scratch.filled().is_empty() {
                            continue;
                        }
                    }
                    this.closing = Closing::Closed;
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn heads_are_told_of_in_their_order_and_no_more_than_came() {
        let (mut other, end) = duplex(1_000);
        let heads = Heads::new(1_000);
        let mut guarded = Guarded::new(end, heads.clone());
        other.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n").await.unwrap();
        let mut some = [0; 1_000];
        assert!(guarded.read(&mut some).await.unwrap() > 0);
        assert_eq!([heads.next(), heads.next(), heads.next()], [None, Some(Unfit::NoHost), Some(Unfit::Lost)]);
    }

    #[tokio::test]
    async fn what_is_owed_of_a_request_is_taken_in_after_the_last_answer() {
        for (sent, owed) in [("GET / HTTP/1.1\r\nhost: a\r\n\r\n", false), ("POST / HTTP/1.1\r\nhost: a\r\n", true)] {
            let (mut other, end) = duplex(16);
            let mut guarded = Guarded::new(end, Heads::new(1_000));
            let sending = async {
                other.write_all(sent.as_bytes()).await.unwrap();
                other
            };
            let reading = async {
                let mut some = vec![0; sent.len()];
                guarded.read_exact(&mut some).await.unwrap();
            };
            let (mut other, ()) = tokio::join!(sending, reading);
            let sending = tokio::spawn(async move { other.write_all(&[b'x'; 100]).await });
            guarded.shutdown().await.unwrap();
            drop(guarded);
            assert_eq!(sending.await.unwrap().is_ok(), owed, "{sent}");
        }
    }
}
