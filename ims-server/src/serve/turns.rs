//! Turns: what there is little of goes to some at once, in the order in which they came, and to no one caller all of it.
//!
//! Whoever asks for many things at once has most of them wait behind each other, and not before somebody who asks for one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Those who take turns.
#[derive(Debug)]
pub(crate) struct Turns {
    of_one: u32,
    all: Arc<Semaphore>,
    callers: Arc<Callers>,
}

/// A turn. It is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    all: Option<OwnedSemaphorePermit>,
    // Before the place: who counts the places must not find one that is not free yet.
    _own: OwnedSemaphorePermit,
    _place: Place,
}

/// The callers who have a turn or wait for one.
#[derive(Debug, Default)]
struct Callers(Mutex<HashMap<Arc<str>, Own>>);

/// What one caller has.
#[derive(Debug)]
struct Own {
    free: Arc<Semaphore>,
    places: usize,
}

/// A place among those who have a turn or wait for one.
#[derive(Debug)]
struct Place {
    callers: Arc<Callers>,
    caller: Arc<str>,
}

impl Turns {
    /// So many parts for all at once, and so many of them for one caller.
    pub(crate) fn new(all: u32, of_one: u32) -> Turns {
        let all = all.max(1);
        Turns { of_one: of_one.clamp(1, all), all: semaphore(all), callers: Arc::default() }
    }

    /// Waits for a turn that takes so many parts: as many as one caller may have, where it would take more.
    pub(crate) async fn take(&self, caller: &Arc<str>, parts: u32) -> Turn {
        let parts = parts.clamp(1, self.of_one);
        let (place, free) = self.place(caller);
        // Neither is ever closed. One's own first: who waits for that must not keep anything from others.
        let own = acquired(free, parts).await;
        let all = acquired(Arc::clone(&self.all), parts).await;
        Turn { all: Some(all), _own: own, _place: place }
    }

    fn place(&self, caller: &Arc<str>) -> (Place, Arc<Semaphore>) {
        let mut callers = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Own { free: semaphore(self.of_one), places: 0 };
        let own = callers.entry(Arc::clone(caller)).or_insert_with(new);
        own.places = own.places.saturating_add(1);
        let free = Arc::clone(&own.free);
        (Place { callers: Arc::clone(&self.callers), caller: Arc::clone(caller) }, free)
    }
}

impl Turn {
    /// Ends it for others: what was made of it still counts as the caller's until it is dropped.
    pub(crate) fn made(mut self) -> Turn {
        self.all = None;
        self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut callers = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = callers.get_mut(&self.caller) {
            own.places = own.places.saturating_sub(1);
            if own.places == 0 {
                callers.remove(&self.caller);
            }
        }
    }
}

fn semaphore(parts: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(parts).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)))
}

/// Waits for parts of what is never closed.
async fn acquired(free: Arc<Semaphore>, parts: u32) -> OwnedSemaphorePermit {
    loop {
        if let Ok(permit) = Arc::clone(&free).acquire_many_owned(parts).await {
            return permit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, poll};
    use std::{pin::pin, task::Poll};

    fn callers() -> (Arc<str>, Arc<str>) {
        ("user:anna".into(), "user:ben".into())
    }

    #[tokio::test]
    async fn a_caller_waits_behind_themselves_and_not_before_others() {
        let (turns, (anna, ben)) = (Turns::new(2, 1), callers());
        let first = turns.take(&anna, 1).await;
        let mut second = pin!(turns.take(&anna, 1));
        let mut third = pin!(turns.take(&anna, 1));
        assert!(matches!((poll!(&mut second), poll!(&mut third)), (Poll::Pending, Poll::Pending)));
        let bens = turns.take(&ben, 1).now_or_never();
        assert!(bens.is_some(), "she has only one of the two");
        drop(first);
        assert!(matches!((poll!(&mut second), poll!(&mut third)), (Poll::Ready(_), Poll::Pending)));
    }

    #[tokio::test]
    async fn what_was_made_counts_as_the_callers_and_keeps_no_turn_from_others() {
        let (turns, (anna, ben)) = (Turns::new(1, 1), callers());
        let made = turns.take(&anna, 1).await.made();
        assert!(turns.take(&ben, 1).now_or_never().is_some());
        assert!(turns.take(&anna, 1).now_or_never().is_none());
        drop(made);
        assert!(turns.take(&anna, 1).now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_waits_no_more_is_forgotten() {
        let (turns, (anna, _)) = (Turns::new(4, 2), callers());
        let turn = turns.take(&anna, 9).await;
        assert!(turns.take(&anna, 1).now_or_never().is_none(), "nine parts are all that she may have");
        drop(turn);
        assert!(turns.callers.0.lock().is_ok_and(|callers| callers.is_empty()));
        assert!(turns.take(&anna, 2).now_or_never().is_some());
    }
}
