//! Answers over HTTP/2 that nobody reads. Each has a window of its own, and one that stays shut holds up no other: so it is
//! this one answer that is broken off, and not the connection.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    task_local,
    time::{Instant, Sleep, sleep_until},
};

task_local! {
    /// Since when the other end has to take what is there of the answer that this task sends; nothing where it is the answer
    /// that has to come.
    static WAITS: Cell<Option<Instant>>;
}

/// Notes that something of an answer is there to be sent.
pub(super) fn there() {
    note(Some(Instant::now()));
}

/// Notes that there is room for more of an answer.
pub(super) fn taken() {
    note(None);
}

/// Answers by HTTP/1 are sent by the task of their connection, which breaks by itself.
fn note(since: Option<Instant>) {
    let _ = WAITS.try_with(|waits| waits.set(since));
}

/// Runs what answers over HTTP/2, each on a task of its own and for as long as the other end reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct WhileRead {
    /// How long an answer may wait to be taken.
    pub(super) limit: Duration,
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for WhileRead {
    fn execute(&self, answers: F) {
        let limit = self.limit;
        tokio::spawn(WAITS.scope(Cell::new(None), async move {
            let mut answers = pin!(answers);
            let mut over = None;
            poll_fn(|context| match answers.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(()),
                Poll::Pending => waited(limit, &mut over, context),
            })
            .await;
        }));
    }
}

/// Whether an answer has waited for too long.
fn waited(limit: Duration, over: &mut Option<Pin<Box<Sleep>>>, context: &mut Context<'_>) -> Poll<()> {
    let since = WAITS.try_with(Cell::get).ok().flatten();
    let Some(until) = since.and_then(|since| since.checked_add(limit)) else { return Poll::Pending };
    let over = over.get_or_insert_with(|| Box::pin(sleep_until(until)));
    if over.deadline() != until {
        over.as_mut().reset(until);
    }
    ready!(over.as_mut().poll(context));
    tracing::debug!("an answer was not read in time and was broken off");
    Poll::Ready(())
}
