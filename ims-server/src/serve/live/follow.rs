//! Sending what follows to somebody, for as long as they may listen: streams differ in their words alone.

use super::{
    entry::Entry,
    listener::{Heard, Listener},
    pass::{Pass, Rechecks, Still},
    view::View,
};
use crate::serve::{Problem, Service, layers};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use ims_core::Offset;
use std::{future::pending, panic::AssertUnwindSafe, time::Duration, vec};
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, interval, sleep_until, timeout},
};

/// How a protocol says what there is to say.
pub(crate) trait Words: Send + 'static {
    /// A part of what is sent.
    type Piece: Send + 'static;

    /// What its streams are called in the figures.
    const KIND: &'static str;

    /// Greets a listener.
    fn hello(&self) -> Option<Self::Piece>;

    /// Tells of an event.
    ///
    /// # Errors
    /// `internal` where it cannot be written.
    fn event(&self, entry: &Entry, view: &View) -> Result<Self::Piece, Problem>;

    /// Tells that events were missed: all that the listener hears from now on is after `offset`.
    ///
    /// # Errors
    /// Where that is the end.
    fn missed(&self, from: Offset, offset: Offset) -> Result<Self::Piece, Problem>;

    /// Gives a sign of life: there was nothing else for the listener up to here.
    fn alive(&self, position: Offset) -> Option<Self::Piece>;

    /// Says goodbye.
    fn last(&self, end: End) -> Option<Self::Piece>;
}

/// Why a stream ends.
#[derive(Debug)]
pub(crate) enum End {
    /// The listener has gone.
    Gone,
    /// The listener does not read.
    Unread,
    /// The server ends.
    GoingAway,
    /// The listener may not listen any more, or something is wrong.
    Problem(Problem),
}

/// Somebody who is sent what follows.
pub(crate) struct Follower<W: Words> {
    pub(crate) service: Service,
    pub(crate) pass: Pass,
    pub(crate) listener: Listener,
    pub(crate) words: W,
    /// When they want to hear no more.
    pub(crate) until: Option<Instant>,
}

impl<W: Words> Follower<W> {
    /// Begins to send, on a task of its own; gives what is to be sent, up to the last word.
    pub(crate) fn begin(self) -> impl Stream<Item = W::Piece> + Send + 'static {
        let (pieces, received) = mpsc::channel(1);
        let sent = Sent { received, pieces: Vec::new().into_iter(), last: Some(tokio::spawn(self.run(pieces))) };
        stream::unfold(sent, |mut sent| async move { Some((sent.next().await?, sent)) }).fuse()
    }

    async fn run(mut self, pieces: mpsc::Sender<Vec<W::Piece>>) -> Option<W::Piece> {
        let figures = self.service.figures().clone();
        let _counted = figures.begin_stream(W::KIND);
        let talk = AssertUnwindSafe(self.talk(&pieces)).catch_unwind().await;
        let end = talk.unwrap_or_else(|_| End::Problem(layers::defect()));
        self.words.last(end)
    }

    async fn talk(&mut self, pieces: &mpsc::Sender<Vec<W::Piece>>) -> End {
        let hub = self.service.hub().clone();
        let config = hub.config();
        let mut heartbeat = interval(Duration::from_millis(config.heartbeat_ms.max(1)));
        let mut rechecks = Rechecks::every(config.recheck_ms);
        let limit = Duration::from_millis(config.write_timeout_ms);
        let mut next: Vec<W::Piece> = self.words.hello().into_iter().collect();
        loop {
            if !next.is_empty() {
                tokio::select! {
                    biased;
                    sent = timeout(limit, pieces.send(next)) => match sent {
                        Ok(Ok(())) => {}
                        Ok(Err(_)) => return End::Gone,
                        Err(_) => return End::Unread,
                    },
                    // Who is still not done reading is not waited for.
                    () = hub.ended() => return End::GoingAway,
                    () = over(self.until) => return End::Problem(Problem::timed_out()),
                }
            }
            next = tokio::select! {
                () = hub.ended() => return End::GoingAway,
                () = pieces.closed() => return End::Gone,
                () = over(self.until) => return End::Problem(Problem::timed_out()),
                heard = self.listener.next() => match self.said(heard) {
                    Ok(said) => said,
                    Err(problem) => return End::Problem(problem),
                },
                _ = heartbeat.tick() => self.words.alive(self.listener.position()).into_iter().collect(),
                () = rechecks.due() => match Box::pin(self.pass.still(&self.service)).await {
                    Still::Yes(caller) => {
                        rechecks.hear(&self.service, &caller).await;
                        let rooms = self.listener.view().rooms.clone();
                        self.listener.look(View::of(&caller, rooms));
                        Vec::new()
                    }
                    Still::No(problem) => return End::Problem(problem),
                    Still::Unknown => Vec::new(),
                },
            };
        }
    }

    fn said(&self, heard: Heard) -> Result<Vec<W::Piece>, Problem> {
        match heard {
            Heard::Events(batch) => {
                let view = self.listener.view();
                batch.entries.iter().map(|entry| self.words.event(entry, view)).collect()
            }
            Heard::Resync { from, offset } => Ok(vec![self.words.missed(from, offset)?]),
        }
    }
}

/// Waits until somebody's time is over; for ever where it never is.
async fn over(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => pending().await,
    }
}

/// What a follower sends.
struct Sent<P> {
    /// Some pieces at a time.
    received: mpsc::Receiver<Vec<P>>,
    pieces: vec::IntoIter<P>,
    /// What is said when there is no more.
    last: Option<JoinHandle<Option<P>>>,
}

impl<P> Sent<P> {
    async fn next(&mut self) -> Option<P> {
        loop {
            if let Some(piece) = self.pieces.next() {
                return Some(piece);
            }
            match self.received.recv().await {
                Some(pieces) => self.pieces = pieces.into_iter(),
                None => return self.last.take()?.await.unwrap_or_default(),
            }
        }
    }
}
