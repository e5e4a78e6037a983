//! The engine of an open shop, and its end.

use crate::{ImsError, runtime};
use ims_core::{AnyStore, Command, Context, Error, Ims, Reply};
use std::sync::{Mutex, PoisonError};
use tokio::{sync::Notify, task::JoinHandle};

/// Runs commands for as long as the shop is open. A worker that panics is replaced: one bad call closes no shop.
pub(crate) struct Engine {
    running: Mutex<Option<Running>>,
    /// Tells those who wait for events that there may be some.
    pub(crate) done: Notify,
}

struct Running {
    store: AnyStore,
    ims: Ims<AnyStore>,
    worker: JoinHandle<()>,
    /// Counts the workers, to tell which one a caller had.
    worker_number: u64,
}

impl Running {
    fn begin(store: AnyStore, worker_number: u64) -> Result<Self, ImsError> {
        let (ims, worker) = Ims::new(store.clone());
        Ok(Running { store, ims, worker: runtime::start(worker)?, worker_number })
    }
}

impl Engine {
    pub(crate) fn begin(store: AnyStore) -> Result<Self, ImsError> {
        Ok(Engine { running: Mutex::new(Some(Running::begin(store, 0)?)), done: Notify::new() })
    }

    /// The store, for as long as the shop is open.
    pub(crate) fn store(&self) -> Result<AnyStore, ImsError> {
        self.with_running(|running| running.store.clone())
    }

    /// Has a command done, or tells why not.
    pub(crate) async fn execute(&self, ctx: Context, command: Command) -> Result<Reply, ImsError> {
        let (ims, worker_number) = self.ims()?;
        self.settle(worker_number, ims.execute(ctx, command).await)
    }

    /// Tells what a command would do.
    pub(crate) async fn simulate(&self, ctx: Context, command: Command) -> Result<Reply, ImsError> {
        let (ims, worker_number) = self.ims()?;
        self.settle(worker_number, ims.simulate(ctx, command).await)
    }

    /// Has commands done in this order, each for itself.
    pub(crate) async fn execute_all(&self, commands: Vec<(Context, Command)>) -> Result<Vec<Reply>, ImsError> {
        let (ims, worker_number) = self.ims()?;
        let replies = ims.execute_all(commands).await;
        if replies.iter().any(|reply| matches!(reply, Err(Error::Stopped))) {
            // Each of the others has its own answer; those that were stopped are told so.
            let _ = self.replace(worker_number);
        }
        self.done.notify_waiters();
        Ok(replies)
    }

    /// Answers what was given, and ends. After that there is no engine.
    pub(crate) async fn close(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Running { store, ims, worker, .. }) = running {
            drop(ims);
            // A worker that panicked has ended, too.
            let _ = worker.await;
            drop(store);
        }
        self.done.notify_waiters();
    }

    fn settle(&self, worker_number: u64, reply: Reply) -> Result<Reply, ImsError> {
        self.done.notify_waiters();
        match reply {
            Err(Error::Stopped) => Err(self.replace(worker_number)),
            reply => Ok(reply),
        }
    }

    fn ims(&self) -> Result<(Ims<AnyStore>, u64), ImsError> {
        self.with_running(|running| (running.ims.clone(), running.worker_number))
    }

    fn with_running<T>(&self, look: impl FnOnce(&Running) -> T) -> Result<T, ImsError> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(look).ok_or_else(ImsError::stopped)
    }

    /// Begins again on the same store after a worker has panicked, and says that it has.
    fn replace(&self, worker_number: u64) -> ImsError {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(now) = running.as_mut() else { return ImsError::stopped() };
        if now.worker_number == worker_number {
            match Running::begin(now.store.clone(), worker_number.saturating_add(1)) {
                Ok(next) => *now = next,
                Err(error) => return error,
            }
        }
        ImsError::internal("the engine panicked; send the same command again to settle what became of it")
    }
}
