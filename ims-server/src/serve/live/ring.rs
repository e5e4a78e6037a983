//! The newest events, in memory.

use super::{entry::Entry, view::View};
use ims_core::Offset;
use std::{collections::VecDeque, sync::Arc};

/// The newest events, without a gap, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
}

/// How many events, and how many bytes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Most {
    /// Events.
    pub(crate) events: usize,
    /// Bytes.
    pub(crate) bytes: usize,
}

/// Some events for one listener.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// Those that the listener wants and may see, oldest first.
    pub(crate) entries: Vec<Arc<Entry>>,
    /// Where the listener is now: there is nothing else for them up to here.
    pub(crate) reached: Offset,
}

impl Ring {
    /// The offset of the last event.
    pub(crate) fn last(&self) -> Option<Offset> {
        self.entries.back().map(|entry| entry.offset)
    }

    /// Adds the events that follow, and lets the oldest go where there are too many. Events that do not follow begin anew.
    pub(crate) fn push(&mut self, entries: impl IntoIterator<Item = Arc<Entry>>, most: Most) {
        for entry in entries {
            if self.last().is_some_and(|last| last.0.checked_add(1) != Some(entry.offset.0)) {
                self.clear();
            }
            self.bytes = self.bytes.saturating_add(entry.bytes());
            self.entries.push_back(entry);
            while (self.entries.len() > most.events || self.bytes > most.bytes) && self.entries.len() > 1 {
                let oldest = self.entries.pop_front();
                self.bytes = self.bytes.saturating_sub(oldest.map_or(0, |oldest| oldest.bytes()));
            }
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        *self = Ring::default();
    }

    /// Takes what follows an offset for a listener; `None` where the ring does not reach back so far.
    pub(crate) fn after(&self, position: Offset, view: &View, most: Most) -> Option<Batch> {
        let first = self.entries.front()?.offset.0;
        let skip = position.0.checked_add(1)?.checked_sub(first)?;
        let following = self.entries.iter().skip(usize::try_from(skip).ok()?);
        Some(Batch::of(position, following.cloned(), view, most))
    }
}

impl Batch {
    /// Takes as many events for a listener as may be sent at once, out of those that follow a position.
    pub(crate) fn of(
        position: Offset,
        following: impl IntoIterator<Item = Arc<Entry>>,
        view: &View,
        most: Most,
    ) -> Batch {
        let mut batch = Batch { entries: Vec::new(), reached: position };
        let mut bytes: usize = 0;
        for entry in following {
            if batch.entries.len() >= most.events || bytes >= most.bytes {
                break;
            }
            batch.reached = entry.offset;
            if view.sees(&entry.belongs) {
                bytes = bytes.saturating_add(entry.bytes());
                batch.entries.push(entry);
            }
        }
        batch
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use super::super::{belongs::Belongs, rooms::Rooms};
    use super::*;
    use crate::serve::{Caller, Right, right::Role};
    use ims_core::{CommandId, Event, EventBody, EventRecord, Timestamp};

    fn entry(offset: u64) -> Arc<Entry> {
        let record = EventRecord {
            command: CommandId::from_u128(1),
            actor: "me".into(),
            occurred_at: Timestamp::MAX,
            recorded_at: Timestamp::MAX,
            body: EventBody::BackordersFilled(Vec::new()),
        };
        let belongs = Belongs { readers: &[Right::ReadOrders], ..Belongs::default() };
        Arc::new(Entry::of(&Event { offset: Offset(offset), record }, belongs).unwrap())
    }

    fn view() -> View {
        View::of(&Caller::in_role(Role::Viewer), Rooms::all())
    }

    const MANY: Most = Most { events: 1000, bytes: 1_000_000 };

    fn offsets(batch: &Batch) -> Vec<u64> {
        batch.entries.iter().map(|entry| entry.offset.0).collect()
    }

    #[test]
    fn it_keeps_the_newest_and_tells_who_is_too_far_behind() {
        let mut ring = Ring::default();
        ring.push((1..=10).map(entry), Most { events: 4, ..MANY });
        assert_eq!(offsets(&ring.after(Offset(6), &view(), MANY).unwrap()), [7, 8, 9, 10]);
        assert_eq!(offsets(&ring.after(Offset(9), &view(), MANY).unwrap()), [10]);
        assert!(offsets(&ring.after(Offset(10), &view(), MANY).unwrap()).is_empty());
        assert!(ring.after(Offset(5), &view(), MANY).is_none());
    }

    #[test]
    fn it_keeps_no_more_bytes_than_it_may() {
        let mut ring = Ring::default();
        let one = entry(1).bytes();
        ring.push((1..=10).map(entry), Most { bytes: 3 * one + one / 2, ..MANY });
        assert!(ring.after(Offset(7), &view(), MANY).is_some());
        assert!(ring.after(Offset(6), &view(), MANY).is_none());
    }

    #[test]
    fn a_batch_ends_where_it_is_full() {
        let mut ring = Ring::default();
        ring.push((1..=10).map(entry), MANY);
        let batch = ring.after(Offset(2), &view(), Most { events: 3, ..MANY }).unwrap();
        assert_eq!((offsets(&batch), batch.reached), (vec![3, 4, 5], Offset(5)));
        let batch = ring.after(Offset(2), &view(), Most { bytes: 1, ..MANY }).unwrap();
        assert_eq!((offsets(&batch), batch.reached), (vec![3], Offset(3)));
    }

    #[test]
    fn what_a_listener_does_not_see_is_passed_over() {
        let mut ring = Ring::default();
        ring.push((1..=10).map(entry), MANY);
        let alerts = View { rooms: Rooms::default(), ..view() };
        let batch = ring.after(Offset(2), &alerts, MANY).unwrap();
        assert_eq!((offsets(&batch), batch.reached), (vec![], Offset(10)));
    }

    #[test]
    fn events_that_do_not_follow_begin_anew() {
        let mut ring = Ring::default();
        ring.push((1..=3).map(entry), MANY);
        ring.push([entry(7)], MANY);
        assert_eq!(offsets(&ring.after(Offset(6), &view(), MANY).unwrap()), [7]);
        assert!(ring.after(Offset(2), &view(), MANY).is_none());
    }
}
