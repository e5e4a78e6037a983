//! Driving stores and engines without a runtime: futures side by side, futures that are dropped.

use super::finding::{Finding, ensure, equal, equal_lists, wrong};
use super::{StoreFactory, model::Model};
use crate::{
    audit,
    report::{PageRequest, Table},
    store::ReadSet,
    *,
};
use futures_util::future::{join, join3};
use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

/// How often a commit is tried that the store could not do at that moment.
const ATTEMPTS: u32 = 50;

/// Two handles of one new store.
pub(super) async fn two_handles<F: StoreFactory>(factory: &F) -> Result<(F::Store, F::Store), Finding> {
    // On the heap: to connect takes much of the stack.
    let one = Box::pin(factory.fresh()).await?;
    let other = Box::pin(factory.reopen(&one)).await?;
    Ok((one, other))
}

/// Commits; tries again while the store says that this may help.
pub(super) async fn commit<S: Store>(store: &S, change: &ChangeSet) -> Result<Outcome, Finding> {
    for attempt in 1..=ATTEMPTS {
        match store.commit(change.clone()).await {
            Err(error) if error.kind == StoreErrorKind::Retry => store.pause(attempt).await,
            outcome => return Ok(outcome?),
        }
    }
    wrong(format!("the store asked {ATTEMPTS} times to try a commit again"))
}

/// Commits a change that must be written, to the store and to the model.
pub(super) async fn commit_to<S: Store>(store: &S, model: &mut Model, change: ChangeSet) -> Result<(), Finding> {
    let outcome = commit(store, &change).await?;
    model.apply(&change)?;
    match outcome {
        Outcome::Done { newest, .. } => equal("the newest offset after a commit", &newest, &model.newest()),
        Outcome::Conflict(told) => wrong(format!("a commit that nothing stands against conflicted: {told:?}")),
    }
}

/// Commits a change that must conflict, for at least these reasons, and leave everything as it is.
pub(super) async fn conflicts<S: Store + Reports>(
    store: &S,
    model: &Model,
    what: &str,
    change: &ChangeSet,
    because: Conflict,
) -> Result<(), Finding> {
    let told = match commit(store, change).await {
        Ok(Outcome::Conflict(told)) => told,
        Ok(Outcome::Done { .. }) => return wrong(format!("{what}: it was written, and should have conflicted")),
        Err(finding) => return wrong(format!("{what}: it should have conflicted, and {finding}")),
    };
    let tells_all = told.catalog >= because.catalog && told.rows >= because.rows && told.commands >= because.commands;
    ensure!(tells_all, "{what}: the conflict is told as {told:?}, and should tell at least {because:?}");
    match model.check(store).await {
        Err(Finding::Wrong(finding)) => wrong(format!("{what}: it conflicted and left something behind: {finding}")),
        checked => checked,
    }
}

/// A guarded row had changed.
pub(super) const ROWS: Conflict = Conflict { catalog: false, rows: true, commands: false };
/// The catalogue had changed, or a code is taken.
pub(super) const CATALOG: Conflict = Conflict { catalog: true, rows: false, commands: false };
/// A command was recorded already.
pub(super) const COMMANDS: Conflict = Conflict { catalog: false, rows: false, commands: true };

/// Lets an engine work on a store while `body` gives it commands; it ends when it is dropped.
pub(super) async fn with_engine<S: Store, T>(
    store: S,
    body: impl AsyncFnOnce(Ims<S>) -> Result<T, Finding>,
) -> Result<T, Finding> {
    let (engine, worker) = Ims::new(store);
    join(Box::pin(worker), Box::pin(body(engine))).await.1
}

/// A store that lets others go first, so that engines meet in the middle of their work on the quickest store, too.
pub(super) struct Polite<S>(pub(super) S);

impl<S: Store> Store for Polite<S> {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        step_aside().await;
        self.0.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        step_aside().await;
        self.0.commit(change).await
    }

    async fn take_turn(&self, keys: &ReadSet) -> Result<Option<Turn>, StoreError> {
        step_aside().await;
        self.0.take_turn(keys).await
    }

    async fn extend_turn(&self, turn: Turn, keys: &ReadSet) -> Result<Turn, StoreError> {
        step_aside().await;
        self.0.extend_turn(turn, keys).await
    }

    async fn commit_in(&self, turn: Turn, change: ChangeSet) -> Result<Outcome, StoreError> {
        step_aside().await;
        self.0.commit_in(turn, change).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.0.events(after, limit).await
    }

    async fn pause(&self, attempt: u32) {
        self.0.pause(attempt).await;
    }
}

/// Lets two engines work on two handles of a store, side by side.
pub(super) async fn with_two_engines<S: Store, T>(
    (one, other): (S, S),
    body: impl AsyncFnOnce(Ims<Polite<S>>, Ims<Polite<S>>) -> Result<T, Finding>,
) -> Result<T, Finding> {
    let ((one, one_works), (other, other_works)) = (Ims::new(Polite(one)), Ims::new(Polite(other)));
    join3(Box::pin(one_works), Box::pin(other_works), Box::pin(body(one, other))).await.2
}

/// Has commands done, one after the other; tells what was answered.
pub(super) async fn answers<S: Store>(engine: &Ims<S>, commands: &[(Context, Command)]) -> Vec<String> {
    let mut answers = Vec::with_capacity(commands.len());
    for (ctx, command) in commands {
        answers.push(shown(&engine.execute(ctx.clone(), command.clone()).await));
    }
    answers
}

/// An answer as a value that can be compared: an error has no equality of its own.
pub(super) fn shown(reply: &Reply) -> String {
    format!("{reply:?}")
}

/// The whole log of a store.
pub(super) async fn log<S: Store>(store: &S) -> Result<Vec<Event>, Finding> {
    let mut log: Vec<Event> = Vec::new();
    loop {
        let after = log.last().map_or(Offset::START, |event| event.offset);
        let page = store.events(after, limits::EVENTS_PER_PAGE).await?;
        let Some(last) = page.events.last().map(|event| event.offset) else { return Ok(log) };
        ensure!(last > after, "the events after {after} end with {last}");
        log.extend(page.events);
    }
}

/// Ends the case unless a store is in the same state as another one, and has the promises kept.
pub(super) async fn same_state(store: &(impl Reports + Store), memory: &MemoryStore) -> Result<(), Finding> {
    let (found, expected) = (audit::verify(store).await?, audit::verify(memory).await?);
    ensure!(found.ok, "verify: {:?}", found.broken);
    equal("the number of rows", &found.counts, &expected.counts)?;
    for table in Table::ALL {
        let (mut found, mut expected) = (rows(store, table).await?, rows(memory, table).await?);
        found.sort_unstable();
        expected.sort_unstable();
        equal_lists(&format!("rows of {table:?}"), &found, &expected)?;
    }
    equal("the state hash", &found.state_hash, &expected.state_hash)
}

async fn rows(reports: &impl Reports, table: Table) -> Result<Vec<String>, Finding> {
    let (mut rows, mut page) = (Vec::new(), PageRequest::default());
    loop {
        let answer = reports.scan(table, &page).await?;
        ensure!(!answer.rows.is_empty() || answer.next.is_none(), "scan of {table:?}: an empty page is not the last");
        rows.extend(answer.rows.iter().map(|row| format!("{row:?}")));
        page.after = answer.next;
        if page.after.is_none() {
            return Ok(rows);
        }
    }
}

/// Lets others go on.
pub(super) async fn step_aside() {
    let mut aside = false;
    poll_fn(|context| {
        if std::mem::replace(&mut aside, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Polls a future so many times, whenever it asks for it, and drops it, done or not.
pub(super) async fn drop_after<T>(polls: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left = left.saturating_sub(1);
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
