//! Waiting lines: who stands in one gets their turn, one after the other, with a pause before each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How many may stand in one line.
const MOST_WAITING: usize = 10;

/// The lines, by what they are for. A line that nobody stands in is not there.
#[derive(Debug)]
pub(super) struct Turns {
    pause: Duration,
    lines: Mutex<HashMap<String, Line>>,
}

#[derive(Debug, Default)]
struct Line {
    front: Arc<tokio::sync::Mutex<()>>,
    waiting: usize,
}

/// Somebody in a line, until this is dropped.
struct Place<'a> {
    turns: &'a Turns,
    key: &'a str,
}

/// A line is as long as it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany;

impl Turns {
    /// Nobody waits yet.
    pub(super) fn new(pause: Duration) -> Turns {
        Turns { pause, lines: Mutex::default() }
    }

    /// Waits until it is somebody's turn. They come in the order in which they came.
    pub(super) async fn wait(&self, key: &str) -> Result<(), TooMany> {
        let front = self.enter(key)?;
        let _place = Place { turns: self, key };
        let _first = front.lock().await;
        tokio::time::sleep(self.pause).await;
        Ok(())
    }

    fn enter(&self, key: &str) -> Result<Arc<tokio::sync::Mutex<()>>, TooMany> {
        let mut lines = self.lock();
        let line = lines.entry(key.to_owned()).or_default();
        if line.waiting >= MOST_WAITING {
            return Err(TooMany);
        }
        line.waiting = line.waiting.saturating_add(1);
        Ok(Arc::clone(&line.front))
    }

    /// Lines are whole, whoever panicked while holding them.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.turns.lock();
        if let Some(line) = lines.get_mut(self.key) {
            line.waiting = line.waiting.saturating_sub(1);
            if line.waiting == 0 {
                lines.remove(self.key);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, future::join_all};

    #[tokio::test]
    async fn a_line_has_an_end_and_is_gone_when_all_had_their_turn() {
        let turns = Turns::new(Duration::from_millis(1));
        let came = join_all((0..12).map(|_| turns.wait("anna"))).await;
        assert_eq!(came.iter().filter(|came| came.is_ok()).count(), MOST_WAITING);
        assert_eq!(came.last(), Some(&Err(TooMany)));
        assert!(turns.lock().is_empty());
    }

    #[tokio::test]
    async fn each_line_is_for_itself_and_who_goes_leaves_it() {
        let turns = Turns::new(Duration::from_secs(3600));
        let mut first = Box::pin(turns.wait("anna"));
        assert_eq!(first.as_mut().now_or_never(), None);
        assert_eq!(turns.wait("ben").now_or_never(), None, "there is a pause before each");
        assert_eq!(turns.lock().len(), 1);
        drop(first);
        assert!(turns.lock().is_empty());
    }
}
