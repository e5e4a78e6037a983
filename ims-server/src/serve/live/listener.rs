//! Somebody who listens, each at a position of their own.

use super::{
    hub::{Hub, Start},
    ring::Batch,
    seats::Seat,
    view::View,
};
use ims_core::Offset;
use std::time::Duration;
use tokio::{sync::watch, time::sleep};

/// Between two tries to read a store that failed: at first, and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Somebody who listens.
#[derive(Debug)]
pub(crate) struct Listener {
    hub: Hub,
    seat: Seat,
    view: View,
    position: Offset,
    pace: Pace,
    newest: watch::Receiver<Offset>,
}

/// How far a listener has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// They read what was there before they came.
    CatchingUp,
    /// They have read all that there is.
    Live,
    /// They asked for more than there is.
    Lost,
}

/// What a listener hears.
#[derive(Clone, Debug)]
pub(crate) enum Heard {
    /// Events; none, where what there is concerns somebody else.
    Events(Batch),
    /// They missed events: the next they hear are those after `offset`.
    Resync {
        /// They have heard all up to here.
        from: Offset,
        /// Where they are now.
        offset: Offset,
    },
}

impl Listener {
    /// Begins to listen.
    pub(super) fn new(hub: Hub, seat: Seat, view: View, start: Start) -> Listener {
        let newest = hub.newest();
        let (position, pace) = match start {
            Start::At(position) => (position, Pace::CatchingUp),
            Start::Beyond { newest } => (newest, Pace::Lost),
        };
        Listener { hub, seat, view, position, pace, newest }
    }

    /// Where they are: they have heard all that concerns them up to here.
    pub(crate) fn position(&self) -> Offset {
        self.position
    }

    /// What they are shown.
    pub(crate) fn view(&self) -> &View {
        &self.view
    }

    /// Changes what they are shown from now on.
    pub(crate) fn look(&mut self, view: View) {
        self.view = view;
    }

    /// Listens no more, and keeps the seat.
    pub(crate) fn leave(self) -> Seat {
        self.seat
    }

    /// Goes elsewhere in the log.
    pub(crate) fn go(&mut self, start: Start) {
        (self.position, self.pace) = match start {
            Start::At(position) => (position, Pace::CatchingUp),
            Start::Beyond { newest } => (newest, Pace::Lost),
        };
    }

    /// Waits for what comes next. Nothing is lost where this is dropped before it answers.
    pub(crate) async fn next(&mut self) -> Heard {
        let mut retry = RETRY.0;
        loop {
            if self.pace == Pace::Lost {
                self.pace = Pace::CatchingUp;
                return Heard::Resync { from: self.position, offset: self.position };
            }
            let newest = *self.newest.borrow_and_update();
            if self.position >= newest {
                self.pace = Pace::Live;
                // The hub that is held here has the other end.
                let _ = self.newest.changed().await;
                continue;
            }
            let behind = newest.0.saturating_sub(self.position.0);
            if self.pace == Pace::Live && behind > self.hub.config().most_behind_events {
                let from = std::mem::replace(&mut self.position, newest);
                return Heard::Resync { from, offset: newest };
            }
            if let Some(batch) = self.hub.remembered(self.position, &self.view) {
                return self.hear(batch);
            }
            // In a box: those who wait, which nearly all do, need no room for it.
            match Box::pin(self.hub.stored(self.seat.caller(), self.position, &self.view, self.hub.batch())).await {
                Ok(stored) => return self.hear(stored.batch),
                Err(problem) => {
                    tracing::debug!(code = problem.code(), "a listener waits for the store");
                    sleep(retry).await;
                    retry = retry.saturating_mul(2).min(RETRY.1);
                }
            }
        }
    }

    fn hear(&mut self, batch: Batch) -> Heard {
        self.position = batch.reached;
        Heard::Events(batch)
    }
}
