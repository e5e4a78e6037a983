//! Which events a relay sends.

use super::{names::Happening, subject};
use ims_core::Event;
use serde_json::Value;

/// Which events are sent: all, unless something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only those that are called so: types, aliases, or the beginning of one and a star.
    types: Vec<String>,
    /// Only those that touch one of these: `item:0190…`.
    rooms: Vec<String>,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// The name that no event has.
    pub(crate) fn new(types: &[String], rooms: &[String]) -> Result<Filter, String> {
        let unknown = |name: &&String| !Happening::ALL.iter().any(|one| one.is_called(name));
        if let Some(name) = types.iter().find(unknown) {
            return Err(format!("no event is called {name}"));
        }
        if let Some(room) = rooms.iter().find(|room| !room.contains(':') && *room != "shop") {
            return Err(format!("a room is such as item:ID or site:ID, not {room}"));
        }
        Ok(Filter { types: types.to_vec(), rooms: rooms.to_vec() })
    }

    /// Whether an event is sent; `data` is the event as JSON.
    pub(crate) fn takes(&self, event: &Event, data: &Value) -> bool {
        let happening = Happening::of(&event.record.body);
        let called = self.types.is_empty() || self.types.iter().any(|name| happening.is_called(name));
        called && (self.rooms.is_empty() || self.touches(event, data))
    }

    fn touches(&self, event: &Event, data: &Value) -> bool {
        let rooms = subject::rooms(event, data);
        self.rooms.iter().any(|room| rooms.contains(room))
    }
}
