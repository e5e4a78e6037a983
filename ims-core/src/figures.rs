//! What the engine counts while it works, for those who watch it. No decision reads it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What an engine has counted since it was made. Each number is read by itself, without waiting for the others: between
/// two of them another command may be answered.
///
/// ```
/// # futures_executor::block_on(async {
/// use ims_core::{CommandId, Context, Ims, MemoryStore, shop::OpenShop};
///
/// let (ims, worker) = Ims::new(MemoryStore::new());
/// let ctx = Context::new(CommandId::from_u128(1), "me", "2026-01-31T09:00:00Z".parse()?);
/// let use_it = async move {
///     ims.execute(ctx, OpenShop::new("Corner shop", "EUR".parse().unwrap())).await.unwrap();
///     ims.figures()
/// };
/// let (_, figures) = futures_util::future::join(worker, use_it).await;
/// assert_eq!((figures.done, figures.batches, figures.waiting), (1, 1, 0));
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figures {
    /// Commands that were done. One that comes again and gets its first answer counts again.
    pub done: u64,
    /// Commands that were refused, by the rules or since their id belongs to another command.
    pub refused: u64,
    /// Commands that got no answer: the store failed, other writers were faster every time, or the engine was wrong.
    pub failed: u64,
    /// Commands that were only tried, whatever came of it.
    pub simulated: u64,
    /// Commands that wait for an answer now: the only figure here, but for `rows_kept`, that also falls.
    pub waiting: u64,
    /// Batches that were committed.
    pub batches: u64,
    /// Commands whose answers these batches recorded.
    pub batched: u64,
    /// Commands in the largest of these batches.
    pub largest_batch: u64,
    /// Batches that were decided again: another writer had changed what they were decided on.
    pub conflicts: u64,
    /// Batches that were tried again after the store had failed in a way that may pass.
    pub retries: u64,
    /// Rows that are kept in memory between batches.
    pub rows_kept: u64,
}

/// What the engine counts. Its worker alone writes the numbers, but for `given`, and nobody waits for anybody.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    given: Given,
    done: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    simulated: AtomicU64,
    batches: AtomicU64,
    batched: AtomicU64,
    largest_batch: AtomicU64,
    conflicts: AtomicU64,
    retries: AtomicU64,
    rows_kept: AtomicU64,
}

/// Commands that callers gave. In a cache line of its own, so that callers do not take the worker's numbers from it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Given(AtomicU64);

/// How the commands of a batch were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    pub(crate) done: usize,
    pub(crate) refused: usize,
    pub(crate) failed: usize,
    pub(crate) simulated: usize,
}

impl Counters {
    /// Counts commands that are to be answered.
    pub(crate) fn give(&self, commands: usize) {
        add(&self.given.0, wide(commands));
    }

    /// Counts answers. They are counted before they are sent, so that who has one finds it counted.
    pub(crate) fn answer(&self, answers: Answers) {
        for (counter, more) in [
            (&self.done, answers.done),
            (&self.refused, answers.refused),
            (&self.failed, answers.failed),
            (&self.simulated, answers.simulated),
        ] {
            if more > 0 {
                add(counter, wide(more));
            }
        }
    }

    /// Counts a batch that was committed, with the answers to so many commands.
    pub(crate) fn commit(&self, commands: usize) {
        add(&self.batches, 1);
        add(&self.batched, wide(commands));
        self.largest_batch.fetch_max(wide(commands), Relaxed);
    }

    /// Counts a batch that is decided again.
    pub(crate) fn conflict(&self) {
        add(&self.conflicts, 1);
    }

    /// Counts a batch that is tried again.
    pub(crate) fn retry(&self) {
        add(&self.retries, 1);
    }

    /// Notes how many rows are kept.
    pub(crate) fn keep(&self, rows: usize) {
        self.rows_kept.store(wide(rows), Relaxed);
    }

    /// The numbers as they are.
    pub(crate) fn read(&self) -> Figures {
        let read = |counter: &AtomicU64| counter.load(Relaxed);
        let (done, refused, failed) = (read(&self.done), read(&self.refused), read(&self.failed));
        let simulated = read(&self.simulated);
        let answered = [done, refused, failed, simulated].into_iter().fold(0, u64::saturating_add);
        Figures {
            done,
            refused,
            failed,
            simulated,
            // A command may be answered before its caller has counted it.
            waiting: read(&self.given.0).saturating_sub(answered),
            batches: read(&self.batches),
            batched: read(&self.batched),
            largest_batch: read(&self.largest_batch),
            conflicts: read(&self.conflicts),
            retries: read(&self.retries),
            rows_kept: read(&self.rows_kept),
        }
    }
}

fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Relaxed);
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
