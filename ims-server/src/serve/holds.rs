//! How many open holds one caller may have: a hold takes goods from everybody else.

use super::{Caller, Problem, Service};
use axum::http::StatusCode;
use ims_core::{Command, CommandId, HoldId, ReadSet, Store};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Callers whose holds are remembered.
const MOST_CALLERS: usize = 10_000;

/// The holds that callers placed here and that may be open still. Each instance remembers those that were placed at it, and
/// nothing of before it was started: with several instances, a caller may have so many at each of them.
#[derive(Debug, Default)]
pub(super) struct PlacedHolds {
    by_caller: Mutex<HashMap<Arc<str>, BTreeSet<HoldId>>>,
}

impl PlacedHolds {
    /// The holds of a caller are whole, whoever panicked while holding them.
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, BTreeSet<HoldId>>> {
        self.by_caller.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, caller: &Caller) -> BTreeSet<HoldId> {
        self.lock().get(&caller.name).cloned().unwrap_or_default()
    }

    fn forget(&self, caller: &Caller, ended: &BTreeSet<HoldId>) {
        if let Some(holds) = self.lock().get_mut(&caller.name) {
            holds.retain(|hold| !ended.contains(hold));
        }
    }

    /// Remembers a hold before it is placed, so that two at once do not both pass. `Err` where there is no room.
    fn begin(&self, caller: &Caller, hold: HoldId, most: usize) -> Result<(), ()> {
        let mut callers = self.lock();
        if callers.len() >= MOST_CALLERS && !callers.contains_key(&caller.name) {
            callers.retain(|_, holds| !holds.is_empty());
        }
        if callers.len() >= MOST_CALLERS && !callers.contains_key(&caller.name) {
            return Ok(());
        }
        let holds = callers.entry(Arc::clone(&caller.name)).or_default();
        if holds.len() >= most && !holds.contains(&hold) {
            return Err(());
        }
        holds.insert(hold);
        Ok(())
    }
}

impl Service {
    /// Counts a hold that a caller is about to place. Where they seem to have too many, the store tells which are open still.
    ///
    /// # Errors
    /// `too_many_holds`.
    pub(crate) async fn count_hold(&self, caller: &Caller, id: CommandId, command: &Command) -> Result<(), Problem> {
        let Command::PlaceHold(_) = command else { return Ok(()) };
        let most = self.config().auth.open_holds;
        let hold = HoldId::from(id);
        if self.placed_holds().begin(caller, hold, most).is_ok() {
            return Ok(());
        }
        let placed = self.placed_holds().of(caller);
        let found =
            self.store().load(&ReadSet { holds: placed.iter().copied().collect(), ..ReadSet::default() }).await?;
        let now = self.now();
        let open: BTreeSet<HoldId> =
            found.holds.iter().filter(|hold| hold.row.until > now).map(|hold| hold.row.id).collect();
        self.placed_holds().forget(caller, &placed.difference(&open).copied().collect());
        self.placed_holds().begin(caller, hold, most).map_err(|()| {
            let detail = format!("you have {most} open holds: release some, or wait until they lapse");
            Problem::new(StatusCode::CONFLICT, "too_many_holds", detail).field("limit", most)
        })
    }
}
