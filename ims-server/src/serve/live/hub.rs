//! The hub: one task reads the log's end for all who listen.

use super::{
    config::Config,
    entry::Entry,
    known::{Age, Known},
    listener::Listener,
    ring::{Batch, Most, Ring},
    seats::{Seat, Seats},
    tickets::Tickets,
    view::View,
};
use crate::serve::{Caller, Problem, turns::Turns};
use ims_core::{AnyStore, EventPage, Offset, Store, StoreError};
use ims_sqlx::Registry;
use std::{
    fmt,
    future::pending,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;

/// Events that are read at once.
const PAGE_EVENTS: u32 = 500;
/// After a failure of the store, it is asked again after this long at most.
const SLOWEST_RETRY: Duration = Duration::from_secs(5);

/// Tells listeners of events. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub(crate) struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    store: AnyStore,
    config: Config,
    known: Known,
    ring: RwLock<Ring>,
    /// The offset of the last event that was read.
    newest: watch::Sender<Offset>,
    seats: Arc<Seats>,
    tickets: Tickets,
    /// Listeners who are behind the ring read the store in turns.
    readers: Turns,
    end: CancellationToken,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("newest", &*self.shared.newest.borrow()).finish_non_exhaustive()
    }
}

impl Hub {
    /// Begins to follow the log of a store, on a task of its own. `commits` tells what this process writes.
    pub(crate) fn begin(store: AnyStore, registry: Registry, commits: watch::Receiver<Offset>, config: Config) -> Hub {
        let shared = Shared {
            known: Known::default(),
            ring: RwLock::default(),
            newest: watch::Sender::new(Offset::START),
            seats: Seats::new(config.listeners, config.listeners_per_caller),
            tickets: Tickets::new(registry, config.ticket_ms),
            readers: Turns::new(config.readers, 1),
            end: CancellationToken::new(),
            store,
            config,
        };
        let hub = Hub { shared: Arc::new(shared) };
        let tail = Tail { hub: hub.clone(), commits, position: Offset::START };
        tokio::spawn(tail.run());
        hub
    }

    /// Ends all streams, and refuses new ones.
    pub(crate) fn end(&self) {
        self.shared.end.cancel();
    }

    /// Waits until all streams have to end.
    pub(crate) async fn ended(&self) {
        self.shared.end.cancelled().await;
    }

    /// How live events are served.
    pub(crate) fn config(&self) -> &Config {
        &self.shared.config
    }

    /// The store whose log it follows.
    pub(crate) fn store(&self) -> &AnyStore {
        &self.shared.store
    }

    /// The tickets that open WebSockets.
    pub(crate) fn tickets(&self) -> &Tickets {
        &self.shared.tickets
    }

    /// Lets a caller listen from a position on, which is the newest where none is given.
    ///
    /// # Errors
    /// `too_many_listeners`; or the store cannot tell how far the log is.
    pub(crate) async fn listen(&self, caller: &Caller, view: View, after: Option<Offset>) -> Result<Listener, Problem> {
        let seat = self.seat(caller)?;
        let start = self.start(after).await?;
        Ok(Listener::new(self.clone(), seat, view, start))
    }

    /// Takes a seat for a caller.
    ///
    /// # Errors
    /// `too_many_listeners`.
    pub(crate) fn seat(&self, caller: &Caller) -> Result<Seat, Problem> {
        self.shared.seats.take(&caller.name)
    }

    /// Where a listener begins.
    ///
    /// # Errors
    /// The store cannot tell how far the log is.
    pub(crate) async fn start(&self, after: Option<Offset>) -> Result<Start, StoreError> {
        match after {
            Some(after) if after <= *self.shared.newest.borrow() => Ok(Start::At(after)),
            Some(after) => {
                let newest = self.newest_in_store().await?;
                Ok(if after <= newest { Start::At(after) } else { Start::Beyond { newest } })
            }
            None => self.newest_in_store().await.map(Start::At),
        }
    }

    /// The offset of the newest event that was read.
    pub(crate) fn newest(&self) -> watch::Receiver<Offset> {
        self.shared.newest.subscribe()
    }

    /// The offset of the newest event that there is.
    async fn newest_in_store(&self) -> Result<Offset, StoreError> {
        Ok(self.shared.store.events(Offset::START, 0).await?.newest)
    }

    /// What follows a position, out of memory; `None` where it is too far back.
    pub(crate) fn remembered(&self, position: Offset, view: &View) -> Option<Batch> {
        // Entries are pushed one by one, so the ring is whole whoever panicked while holding it.
        self.shared.ring.read().unwrap_or_else(PoisonError::into_inner).after(position, view, self.batch())
    }

    /// What follows a position, out of the store.
    ///
    /// # Errors
    /// The store cannot answer now, or an event cannot be written.
    pub(crate) async fn stored(
        &self,
        caller: &Arc<str>,
        position: Offset,
        view: &View,
        most: Most,
    ) -> Result<Stored, Problem> {
        let _turn = self.shared.readers.take(caller, 1).await;
        // Where most of the log is for others, more of it is looked through at once.
        let events = if view.sees_all() { u32::try_from(most.events).unwrap_or(PAGE_EVENTS) } else { PAGE_EVENTS };
        let page = self.shared.store.events(position, events).await?;
        let newest = page.newest;
        let entries = self.entries(page, Age::Old).await?;
        Ok(Stored { batch: Batch::of(position, entries, view, most), newest })
    }

    /// How much is sent at once.
    pub(crate) fn batch(&self) -> Most {
        Most { events: self.shared.config.batch_events, bytes: self.shared.config.batch_bytes }
    }

    /// Writes events as they are sent.
    async fn entries(&self, page: EventPage, age: Age) -> Result<Vec<Arc<Entry>>, Problem> {
        let belongings = self.shared.known.belongings(&self.shared.store, &page.events, age).await?;
        let entries = page.events.iter().zip(belongings);
        entries.map(|(event, belongs)| Entry::of(event, belongs).map(Arc::new)).collect()
    }
}

/// Where a listener begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// After this offset.
    At(Offset),
    /// They asked for more than there is: their log is not this one, or not any more.
    Beyond {
        /// The offset of the newest event that there is.
        newest: Offset,
    },
}

/// What was read of the store.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// The events.
    pub(crate) batch: Batch,
    /// The offset of the newest event that there is.
    pub(crate) newest: Offset,
}

/// The task that reads the log's end.
struct Tail {
    hub: Hub,
    commits: watch::Receiver<Offset>,
    /// The offset of the last event that was read.
    position: Offset,
}

impl Tail {
    async fn run(self) {
        let end = self.hub.shared.end.clone();
        tokio::select! {
            () = end.cancelled() => {}
            () = self.follow_while_somebody_listens() => {}
        }
    }

    async fn follow_while_somebody_listens(mut self) {
        let mut taken = self.hub.shared.seats.taken();
        // The seats are there as long as the hub is, and this task has one.
        while taken.wait_for(|taken| *taken > 0).await.is_ok() {
            let somebody = taken.clone();
            tokio::select! {
                () = nobody(somebody) => {}
                () = self.follow() => {}
            }
        }
    }

    /// Reads on and on.
    async fn follow(&mut self) {
        let (fastest, slowest) = {
            let config = self.hub.config();
            (Duration::from_millis(config.poll_fastest_ms.max(1)), Duration::from_millis(config.poll_slowest_ms.max(1)))
        };
        let mut retry = fastest;
        while let Err(problem) = self.catch_up().await {
            self.failed(&problem, &mut retry).await;
        }
        let mut pause = fastest;
        loop {
            self.commits.borrow_and_update();
            match self.read().await {
                Ok(Read::Nothing) => {
                    self.wait(pause).await;
                    pause = pause.saturating_mul(2).min(slowest);
                }
                Ok(Read::Some { rest }) => {
                    (pause, retry) = (fastest, fastest);
                    sleep(self.gather()).await;
                    if rest == Rest::None {
                        self.wait(pause).await;
                    }
                }
                Err(problem) => self.failed(&problem, &mut retry).await,
            }
        }
    }

    /// Waits for something to read: until this process has written, or until others may have.
    async fn wait(&mut self, pause: Duration) {
        tokio::select! {
            () = changed(&mut self.commits) => {}
            () = sleep(pause) => {}
        }
    }

    /// Says that the store failed, and waits before it is asked again.
    async fn failed(&self, problem: &Problem, retry: &mut Duration) {
        tracing::warn!(code = problem.code(), "the log cannot be read; listeners wait");
        sleep(*retry).await;
        *retry = retry.saturating_mul(2).min(SLOWEST_RETRY);
    }

    /// Goes to the log's end, after a while in which nobody listened. A little is read again, so that those who come back
    /// find what they missed in memory.
    async fn catch_up(&mut self) -> Result<(), Problem> {
        let newest = self.hub.newest_in_store().await?;
        let behind = Offset(newest.0.saturating_sub(PAGE_EVENTS.into()));
        self.position = self.position.max(behind).min(newest);
        Ok(())
    }

    async fn read(&mut self) -> Result<Read, Problem> {
        let shared = &self.hub.shared;
        let page = shared.store.events(self.position, PAGE_EVENTS).await?;
        let Some(last) = page.events.last().map(|event| event.offset) else { return Ok(Read::Nothing) };
        let rest = if page.newest > last { Rest::More } else { Rest::None };
        let entries = self.hub.entries(page, Age::New).await?;
        let most = Most { events: shared.config.kept_events.max(1), bytes: shared.config.kept_bytes };
        shared.ring.write().unwrap_or_else(PoisonError::into_inner).push(entries, most);
        self.position = last;
        shared.newest.send_replace(last);
        Ok(Read::Some { rest })
    }

    /// How long events are gathered, so that many listeners are not written to for each event alone.
    fn gather(&self) -> Duration {
        let config = self.hub.config();
        let listeners = u64::try_from(*self.hub.shared.seats.taken().borrow()).unwrap_or(u64::MAX);
        let thousandths = listeners.saturating_mul(config.gather_ms_per_1000);
        Duration::from_micros(thousandths).min(Duration::from_millis(config.gather_most_ms))
    }
}

/// Whether there was something to read.
enum Read {
    Some { rest: Rest },
    Nothing,
}

/// Whether there is more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    More,
    None,
}

/// Waits until nobody listens.
async fn nobody(mut taken: watch::Receiver<usize>) {
    let _ = taken.wait_for(|taken| *taken == 0).await;
}

/// Waits for a commit of this process; for ever where none can come any more.
async fn changed(commits: &mut watch::Receiver<Offset>) {
    if commits.changed().await.is_err() {
        pending().await
    }
}
