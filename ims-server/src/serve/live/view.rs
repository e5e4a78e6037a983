//! What a listener is shown.

use super::{belongs::Belongs, rooms::Rooms};
use crate::serve::{Caller, Right, caller::Sight, readers};
use ims_core::LocationId;
use std::{collections::BTreeSet, sync::Arc};

/// What a listener is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// The rooms that they are in.
    pub(crate) rooms: Rooms,
    /// What they may read.
    pub(crate) rights: Arc<BTreeSet<Right>>,
    /// What they see of an event.
    pub(crate) sight: Sight,
    /// The only site that they may know of; all, where there is none.
    pub(crate) site: Option<LocationId>,
}

impl View {
    /// What a caller may be shown of some rooms.
    pub(crate) fn of(caller: &Caller, rooms: Rooms) -> View {
        View { rooms, rights: Arc::clone(&caller.rights), sight: caller.sight(), site: caller.site }
    }

    /// Whether every event is shown.
    pub(crate) fn sees_all(&self) -> bool {
        self.site.is_none() && self.rooms.are_all() && readers::ALL.iter().all(|right| self.rights.contains(right))
    }

    /// Whether an event is shown. One that is of no site, such as a new item, is of all.
    pub(crate) fn sees(&self, event: &Belongs) -> bool {
        let at_own_site = self.site.is_none_or(|site| event.sites.is_empty() || event.sites.contains(&site));
        let may_read = event.readers.iter().any(|right| self.rights.contains(right));
        at_own_site && may_read && self.rooms.have(event)
    }
}
