//! Telling relays to end.

use ims_core::Offset;
use std::time::Duration;
use tokio::{sync::watch, time::timeout};

/// Whether relays go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Running,
    Ending,
}

/// Says that it is time to end. Dropped, it says so too.
#[derive(Debug)]
pub(super) struct Ender(watch::Sender<Stage>);

/// Hears that it is time to end.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<Stage>);

impl Ender {
    /// One who says it and one who hears it.
    pub(super) fn new() -> (Ender, Stop) {
        let (sender, receiver) = watch::channel(Stage::Running);
        (Ender(sender), Stop(receiver))
    }

    /// Says it.
    pub(super) fn end(&self) {
        self.0.send_replace(Stage::Ending);
    }
}

impl Stop {
    /// Whether it was said.
    pub(super) fn has_come(&self) -> bool {
        *self.0.borrow() == Stage::Ending || self.0.has_changed().is_err()
    }

    /// Waits, but not longer than until it is said.
    pub(super) async fn pause(&mut self, pause: Duration) {
        // Whether the time is over or it was said: the caller looks.
        let _ = timeout(pause, self.heard()).await;
    }

    /// Waits, but not longer than until it is said or there are new events.
    pub(super) async fn pause_or_wake(&mut self, pause: Duration, woken: &mut watch::Receiver<Offset>) {
        tokio::select! {
            () = self.pause(pause) => {}
            changed = woken.changed() => if changed.is_err() {
                // Nobody wakes any more.
                self.pause(pause).await;
            }
        }
    }

    /// Waits until it is said.
    async fn heard(&mut self) {
        // An error says that the one who says it is gone.
        let _ = self.0.wait_for(|stage| *stage == Stage::Ending).await;
    }
}
