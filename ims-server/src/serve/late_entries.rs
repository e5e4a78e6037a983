//! Who may enter late what.

use super::{Caller, Right};
use ims_core::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const MS_PER_DAY: i64 = 86_400_000;

/// What may be entered late by those who do not keep the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LateEntries {
    /// How many days ago something may have happened that is entered without the right `books:write`, as clerks and
    /// devices do. 0: nothing is entered late. Who has that right may enter any day whose books are open.
    pub(crate) window_days: u32,
}

impl Default for LateEntries {
    fn default() -> Self {
        LateEntries { window_days: 7 }
    }
}

impl LateEntries {
    /// The earliest moment that a caller may say; none where any may be said.
    pub(crate) fn earliest(&self, caller: &Caller, now: Timestamp) -> Option<Timestamp> {
        if caller.rights.contains(&Right::KeepBooks) {
            return None;
        }
        let window_ms = i64::from(self.window_days).saturating_mul(MS_PER_DAY);
        Some(now.checked_add_ms(window_ms.saturating_neg()).unwrap_or(Timestamp::MIN))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::serve::right::Role;

    #[test]
    fn only_those_who_keep_the_books_enter_any_day() {
        let now: Timestamp = "2026-03-29T12:00:00Z".parse().unwrap();
        let earliest = |role| LateEntries::default().earliest(&Caller::in_role(role), now);
        for role in Role::ALL {
            let expected = (!role.has(Right::KeepBooks)).then(|| "2026-03-22T12:00:00Z".parse().unwrap());
            assert_eq!(earliest(role), expected, "{role:?}");
        }
        assert_eq!(Role::ALL.into_iter().filter(|role| earliest(*role).is_none()).count(), 2);
    }

    #[test]
    fn a_window_may_be_as_long_as_there_is_time_or_nothing() {
        let now: Timestamp = "2026-03-29T12:00:00Z".parse().unwrap();
        let earliest = |window_days| LateEntries { window_days }.earliest(&Caller::in_role(Role::Clerk), now);
        assert_eq!(earliest(0), Some(now));
        assert_eq!(earliest(u32::MAX), Some(Timestamp::MIN));
    }
}
