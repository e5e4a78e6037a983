//! How many listen, and that they are not too many.

use crate::serve::Problem;
use axum::http::StatusCode;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// The seats of listeners.
#[derive(Debug)]
pub(crate) struct Seats {
    most: usize,
    most_per_caller: usize,
    callers: Mutex<HashMap<Arc<str>, usize>>,
    taken: watch::Sender<usize>,
}

/// The seat of a listener. It is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Arc<Seats>,
    caller: Arc<str>,
}

impl Seats {
    /// So many seats, and so many for one caller.
    pub(crate) fn new(most: usize, most_per_caller: usize) -> Arc<Seats> {
        Arc::new(Seats { most, most_per_caller, callers: Mutex::default(), taken: watch::Sender::new(0) })
    }

    /// Takes a seat.
    ///
    /// # Errors
    /// `too_many_listeners`.
    pub(crate) fn take(self: &Arc<Seats>, caller: &Arc<str>) -> Result<Seat, Problem> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        let of_caller = callers.get(caller).copied().unwrap_or_default();
        if of_caller >= self.most_per_caller {
            let detail = format!("{} listeners of yours listen already", self.most_per_caller);
            return Err(too_many(StatusCode::TOO_MANY_REQUESTS, detail, self.most_per_caller));
        }
        if *self.taken.borrow() >= self.most {
            let detail = "as many listen as this server can bear";
            return Err(too_many(StatusCode::SERVICE_UNAVAILABLE, detail.to_owned(), self.most));
        }
        callers.insert(Arc::clone(caller), of_caller.saturating_add(1));
        self.taken.send_modify(|taken| *taken = taken.saturating_add(1));
        Ok(Seat { seats: Arc::clone(self), caller: Arc::clone(caller) })
    }

    /// How many are taken, to be waited for.
    pub(crate) fn taken(&self) -> watch::Receiver<usize> {
        self.taken.subscribe()
    }
}

fn too_many(status: StatusCode, detail: String, limit: usize) -> Problem {
    Problem::new(status, "too_many_listeners", detail).field("limit", limit).retry_after(5)
}

impl Seat {
    /// Whose it is.
    pub(crate) fn caller(&self) -> &Arc<str> {
        &self.caller
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut callers = self.seats.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_caller) = callers.get_mut(&self.caller) {
            *of_caller = of_caller.saturating_sub(1);
            if *of_caller == 0 {
                callers.remove(&self.caller);
            }
        }
        self.seats.taken.send_modify(|taken| *taken = taken.saturating_sub(1));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_that_is_left_is_free_again() {
        let seats = Seats::new(3, 2);
        let (anna, ben): (Arc<str>, Arc<str>) = ("user:anna".into(), "user:ben".into());
        let first = seats.take(&anna).unwrap();
        let _second = seats.take(&anna).unwrap();
        assert_eq!(seats.take(&anna).unwrap_err().status(), StatusCode::TOO_MANY_REQUESTS);
        let _third = seats.take(&ben).unwrap();
        assert_eq!(seats.take(&ben).unwrap_err().status(), StatusCode::SERVICE_UNAVAILABLE);
        drop(first);
        assert!(seats.take(&anna).is_ok());
        assert_eq!(*seats.taken().borrow(), 2);
    }
}
