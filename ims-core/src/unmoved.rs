//! Whether a batch conflicts with nothing at all.
//!
//! A batch that lost against other writers is decided again on what they wrote, so that the next change is another one:
//! it is over other versions, or does something else. A change that conflicts again and again, and is the same every time,
//! has lost against nobody: the store holds something that nothing tells of, such as a document with a number that its
//! series has not given yet.

use crate::{ChangeSet, StoreError, StoreErrorKind, limits};

/// The changes of one batch that conflicted.
#[derive(Default)]
pub(crate) struct Unmoved {
    /// Whether the last change conflicted: as long as all goes well, none is kept.
    lost: bool,
    last: Option<ChangeSet>,
    times: u32,
}

impl Unmoved {
    /// Looks at a change that will be committed.
    pub(crate) fn see(&mut self, change: &ChangeSet) {
        if !self.lost {
            return;
        }
        if self.last.as_ref() == Some(change) {
            self.times = self.times.saturating_add(1);
        } else {
            (self.last, self.times) = (Some(change.clone()), 0);
        }
    }

    /// The change conflicted; tells where that cannot be because of others.
    pub(crate) fn conflict(&mut self) -> Result<(), StoreError> {
        self.lost = true;
        if self.times < limits::ATTEMPTS_UNMOVED {
            return Ok(());
        }
        let what = format!(
            "it refuses a change as if others had been faster, {} times, and nothing has changed: a row is there that nothing \
             tells of, such as a document whose number its series has not given yet; `verify` names it",
            self.times
        );
        Err(StoreError::new(StoreErrorKind::Corrupt, what))
    }

    /// The batch is over, or goes on with other requests.
    pub(crate) fn end(&mut self) {
        *self = Unmoved::default();
    }
}
