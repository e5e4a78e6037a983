//! What was ended or changed of somebody who is in: told at once to whoever listens for them, and to the other instances.
//!
//! Those learn it from one entry of the registry that all write and all look at. It names who was changed last, in the order
//! in which it was written: no clock has a part in it.

use super::{Gate, Name, records::Record};
use crate::serve::{Caller, Problem, caller::Proof};
use ims_sqlx::registry::Written;
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, VecDeque},
    future::pending,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// What the registry calls the one entry.
const KEY: &str = "journal";
/// Changes that it names. An instance that has missed more takes everybody for changed.
const MOST_KEPT: usize = 100;

/// Those of whom something was changed last.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Journal {
    /// How many changes there ever were.
    count: u64,
    /// Whose the last of them were, the newest last.
    last: VecDeque<Whose>,
}

/// Of whom something was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Whose {
    /// Of everybody.
    Everybody,
    /// Of a user, or of a key of theirs.
    User(Name),
}

impl Record for Journal {
    const KIND: &'static str = "auth_change";

    fn key(&self) -> String {
        KEY.to_owned()
    }
}

impl Journal {
    fn add(&mut self, whose: Whose) {
        self.count = self.count.wrapping_add(1);
        self.last.push_back(whose);
        while self.last.len() > MOST_KEPT {
            self.last.pop_front();
        }
    }

    /// Whose changes came after so many.
    fn after(self, seen: u64) -> Vec<Whose> {
        let new = usize::try_from(self.count.wrapping_sub(seen)).unwrap_or(usize::MAX);
        match self.last.len().checked_sub(new) {
            Some(known) => self.last.into_iter().skip(known).collect(),
            None => vec![Whose::Everybody],
        }
    }
}

/// Those who listen for changes, by the user whose they are.
#[derive(Debug, Default)]
pub(super) struct Listeners(Mutex<HashMap<Name, watch::Sender<()>>>);

/// Hears of changes of one user; at first of nobody's.
#[derive(Debug, Default)]
pub(crate) struct Watch(Option<(Name, watch::Receiver<()>)>);

impl Watch {
    /// Waits for a change. At first there is one: what was changed before somebody began to listen counts as one, too.
    pub(crate) async fn changed(&mut self) {
        // Who tells of changes is there for as long as somebody hears of them.
        let changed = match &mut self.0 {
            Some((_, changes)) => changes.changed().await.is_ok(),
            None => false,
        };
        if !changed {
            pending().await
        }
    }
}

impl Listeners {
    fn watch(&self, user: &Name) -> Watch {
        let mut senders = self.lock();
        let sender = senders.entry(user.clone()).or_insert_with(|| watch::Sender::new(()));
        let mut changes = sender.subscribe();
        changes.mark_changed();
        Watch(Some((user.clone(), changes)))
    }

    fn tell(&self, whose: &Whose) {
        let mut senders = self.lock();
        senders.retain(|_, sender| sender.receiver_count() > 0);
        match whose {
            Whose::Everybody => senders.values().for_each(|sender| sender.send_modify(|()| {})),
            Whose::User(user) => {
                if let Some(sender) = senders.get(user) {
                    sender.send_modify(|()| {});
                }
            }
        }
    }

    /// A map is whole, whoever panicked while holding it.
    fn lock(&self) -> MutexGuard<'_, HashMap<Name, watch::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gate {
    /// Has somebody hear of what is ended or changed of a caller, at whatever instance. Whose a key is may change.
    ///
    /// # Errors
    /// Where the registry cannot tell now whose a key is.
    pub(crate) async fn watch(&self, caller: &Caller, watch: &mut Watch) -> Result<(), Problem> {
        let user = match &caller.proof {
            Proof::Nothing => return Ok(()),
            Proof::Session { user, .. } => user.clone(),
            Proof::Key { key } => match self.shared.keys.get(key.as_str()).await? {
                Some(key) => key.owner.clone(),
                None => return Ok(()),
            },
        };
        if watch.0.as_ref().is_none_or(|(watched, _)| *watched != user) {
            *watch = self.shared.listeners.watch(&user);
        }
        Ok(())
    }

    /// Tells those who listen here, and writes down for the other instances, that something of a user was changed. What is
    /// believed of them here was forgotten before.
    pub(super) async fn tell(&self, whose: Whose) {
        self.shared.listeners.tell(&whose);
        if let Err(problem) = self.write_down(whose).await {
            let wait_ms = self.shared.config.believed_ms;
            tracing::warn!(
                code = problem.code(),
                wait_ms,
                "other instances learn of a change only when they look again"
            );
        }
    }

    /// The same for one user.
    pub(super) async fn tell_of(&self, user: &Name) {
        self.tell(Whose::User(user.clone())).await;
    }

    async fn write_down(&self, whose: Whose) -> Result<(), Problem> {
        let records = &self.shared.records;
        let add = |journal: &mut Journal| {
            journal.add(whose.clone());
            Ok(())
        };
        if records.change::<Journal>(KEY, add).await?.is_some() {
            return Ok(());
        }
        let mut first = Journal::default();
        first.add(whose.clone());
        if records.add(&first).await? == Written::Conflict {
            records.change::<Journal>(KEY, add).await?;
        }
        Ok(())
    }

    /// Looks again and again for what other instances have changed, forgets what is believed of it here, and tells those who
    /// listen here.
    pub(crate) async fn hear_changes(&self) {
        let mut ticks = tokio::time::interval(Duration::from_millis(self.shared.config.changes_poll_ms.max(1)));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut seen = None;
        loop {
            ticks.tick().await;
            let Ok(read) = self.shared.records.get::<Journal>(KEY).await else { continue };
            let journal = read.map(|read| read.record).unwrap_or_default();
            let count = journal.count;
            // What was changed before the first look was not believed otherwise here.
            for whose in seen.map_or_else(Vec::new, |seen| journal.after(seen)) {
                self.forget(&whose);
                self.shared.listeners.tell(&whose);
            }
            seen = Some(count);
        }
    }

    fn forget(&self, whose: &Whose) {
        let is_of = |name: &Name| match whose {
            Whose::Everybody => true,
            Whose::User(user) => user == name,
        };
        self.shared.users.forget_where(|user| is_of(&user.name));
        self.shared.sessions.forget_where(|session| is_of(&session.user));
        self.shared.keys.forget_where(|key| is_of(&key.owner));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn user(name: &str) -> Whose {
        Whose::User(Name::new(name).unwrap())
    }

    #[test]
    fn who_has_seen_some_changes_is_told_of_the_others() {
        let mut journal = Journal::default();
        ["anna", "ben", "carl"].into_iter().for_each(|name| journal.add(user(name)));
        assert_eq!(journal.clone().after(3), []);
        assert_eq!(journal.clone().after(1), [user("ben"), user("carl")]);
        for _ in 0..MOST_KEPT {
            journal.add(user("dora"));
        }
        assert_eq!(journal.clone().after(3).len(), MOST_KEPT);
        assert_eq!(journal.clone().after(2), [Whose::Everybody], "more than it names");
        assert_eq!(journal.after(1_000), [Whose::Everybody], "it was restored");
    }

    #[tokio::test]
    async fn who_listens_hears_of_one_user_and_of_everybody() {
        let listeners = Listeners::default();
        let mut watch = listeners.watch(&Name::new("anna").unwrap());
        watch.changed().await;
        listeners.tell(&user("ben"));
        assert_eq!(watch.changed().now_or_never(), None);
        for whose in [user("anna"), Whose::Everybody] {
            listeners.tell(&whose);
            watch.changed().await;
        }
        drop(watch);
        listeners.tell(&user("ben"));
        assert!(listeners.lock().is_empty());
    }
}
