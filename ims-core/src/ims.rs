//! The engine: takes commands, has them decided, has the store commit them.
//!
//! Commands that arrive while a commit is under way wait and then go together: one load, one decision after the other
//! on the same draft, one commit. One command alone leaves at once. Rows stay in memory between batches; the store
//! checks their versions, so a row that somebody else has changed costs another round and never a wrong answer.

use crate::unmoved::Unmoved;
use crate::{
    Answer, Command, CommandId, CommandRecord, Conflict, Context, Error, EventBody, EventRecord, Offset, Outcome,
    Receipt, Rejection, Store, StoreError, StoreErrorKind, Text, alert,
    command::{Decide, check_context},
    draft::{Decided, Draft, Need, Stop, Versions},
    figures::{Answers, Counters, Figures},
    late, limits, order,
    stock::allocate::stock_now,
    store::{ReadSet, Turn},
};
use async_channel::{Receiver, Sender};
use futures_channel::oneshot;
use std::{
    collections::BTreeSet,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// What a caller gets.
pub type Reply = Result<Arc<Receipt>, Error>;

/// What a caller gets, and whether somebody got it before.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The answer.
    pub reply: Reply,
    /// Whether it was recorded before this request came.
    pub novelty: Novelty,
}

/// Whether an answer is the first that the command has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// It was decided now.
    New,
    /// It was recorded when the same command was given before. Also where the engine itself gave it again, because it
    /// could not know whether a commit had been written.
    Replayed,
}

/// One command, and where its answer goes.
struct Request {
    ctx: Context,
    command: Command,
    fingerprint: u128,
    mode: Mode,
    reply: Option<oneshot::Sender<Answered>>,
}

/// Whether a command is done or only tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Execute,
    Simulate,
}

/// Gives commands to the engine. Cheap to clone; all clones share one engine.
pub struct Ims<S> {
    store: Arc<S>,
    requests: Sender<Vec<Request>>,
    counters: Arc<Counters>,
    newest: Arc<Newest>,
}

impl<S> Clone for Ims<S> {
    fn clone(&self) -> Self {
        Ims {
            store: Arc::clone(&self.store),
            requests: self.requests.clone(),
            counters: Arc::clone(&self.counters),
            newest: Arc::clone(&self.newest),
        }
    }
}

impl<S> std::fmt::Debug for Ims<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ims").finish_non_exhaustive()
    }
}

impl<S: Store> Ims<S> {
    /// Makes an engine on a store. The second value is its worker: a future that the caller lets run, on a task of its
    /// own, for as long as there are commands. It ends when the last clone of the engine is dropped and every command
    /// that was given is answered.
    ///
    /// ```
    /// # futures_executor::block_on(async {
    /// use ims_core::{CommandId, Context, Ims, MemoryStore, Timestamp, shop::OpenShop};
    ///
    /// let (ims, worker) = Ims::new(MemoryStore::new());
    /// let open = OpenShop::new("Corner shop", "EUR".parse()?);
    /// let ctx = Context::new(CommandId::from_u128(1), "me", "2026-01-31T09:00:00Z".parse()?);
    /// let use_it = async move {
    ///     let receipt = ims.execute(ctx.clone(), open.clone()).await?;
    ///     assert_eq!(ims.execute(ctx, open).await?, receipt, "sent twice, done once");
    ///     Ok::<_, ims_core::Error>(())
    /// };
    /// let (_, result) = futures_util::future::join(worker, use_it).await;
    /// result?;
    /// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub fn new(store: S) -> (Self, impl Future<Output = ()>) {
        let store = Arc::new(store);
        let (requests, waiting) = async_channel::bounded(limits::COMMANDS_WAITING);
        let counters = Arc::new(Counters::default());
        let newest = Arc::new(Newest::default());
        let worker = Worker {
            store: Arc::clone(&store),
            waiting,
            draft: Draft::default(),
            unmoved: Unmoved::default(),
            duplicates: false,
            too_large: None,
            turns: Turns::default(),
            counters: Arc::clone(&counters),
            newest: Arc::clone(&newest),
        };
        (Ims { store, requests, counters, newest }, worker.run())
    }

    /// The store that the engine works on.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What the engine has counted until now. It waits for nothing, and nothing waits for it.
    pub fn figures(&self) -> Figures {
        self.counters.read()
    }

    /// An offset of the log at which the events of every command are that this engine has answered so far: whoever waits
    /// for a reader to get there sees them. It never becomes smaller.
    pub fn newest(&self) -> Offset {
        self.newest.read()
    }

    /// Has a command done, exactly once: the same id again gives the same answer. Dropping the future takes nothing
    /// back; sending the same command again tells what became of it.
    ///
    /// # Errors
    /// [`Error::Rejected`] where the rules say no, [`Error::IdReused`] where the id belongs to another command, and the
    /// others where there is no answer yet.
    pub async fn execute(&self, ctx: Context, command: impl Into<Command>) -> Reply {
        self.answer(ctx, command).await.reply
    }

    /// Does the same as [`Ims::execute`], and tells whether the answer is an earlier one.
    pub async fn answer(&self, ctx: Context, command: impl Into<Command>) -> Answered {
        self.ask(ctx, command.into(), Mode::Execute).await
    }

    /// Tells what a command would do now, and changes nothing. Where its id was used before, it tells what
    /// [`Ims::execute`] would: the first answer, or that the id belongs to another command.
    ///
    /// # Errors
    /// As [`Ims::execute`].
    pub async fn simulate(&self, ctx: Context, command: impl Into<Command>) -> Reply {
        self.ask(ctx, command.into(), Mode::Simulate).await.reply
    }

    /// Has commands done in this order, each for itself: one that is refused does not stop those after it. They go
    /// through the engine together, which is faster than one by one.
    pub async fn execute_all(&self, commands: Vec<(Context, Command)>) -> Vec<Reply> {
        self.answer_all(commands).await.into_iter().map(|answered| answered.reply).collect()
    }

    /// Does the same as [`Ims::execute_all`], and tells of each command whether its answer is an earlier one.
    pub async fn answer_all(&self, commands: Vec<(Context, Command)>) -> Vec<Answered> {
        let mut replies = Vec::with_capacity(commands.len());
        let mut requests = Vec::with_capacity(commands.len());
        for (ctx, command) in commands {
            let (request, reply) = Request::new(ctx, command, Mode::Execute);
            requests.push(request);
            replies.push(reply);
        }
        // A closed channel drops the requests and with them the senders that the replies wait for.
        let _ = self.give(requests).await;
        let mut answers = Vec::with_capacity(replies.len());
        for reply in replies {
            answers.push(reply.await.unwrap_or_else(|_| Answered::stopped()));
        }
        answers
    }

    async fn ask(&self, ctx: Context, command: Command, mode: Mode) -> Answered {
        let (request, reply) = Request::new(ctx, command, mode);
        // A closed channel drops the request and with it the sender that the reply waits for.
        let _ = self.give(vec![request]).await;
        reply.await.unwrap_or_else(|_| Answered::stopped())
    }

    /// Puts requests where the worker finds them.
    async fn give(&self, requests: Vec<Request>) -> Result<(), Error> {
        let commands = requests.len();
        self.requests.send(requests).await.map_err(|_| Error::Stopped)?;
        self.counters.give(commands);
        Ok(())
    }
}

/// How far the log has come, as far as the engine knows.
#[derive(Default)]
struct Newest(AtomicU64);

impl Newest {
    fn read(&self) -> Offset {
        Offset(self.0.load(Ordering::Acquire))
    }

    fn reach(&self, offset: Offset) {
        self.0.fetch_max(offset.0, Ordering::AcqRel);
    }
}

impl Answered {
    fn new(reply: Reply) -> Answered {
        Answered { reply, novelty: Novelty::New }
    }

    fn stopped() -> Answered {
        Answered::new(Err(Error::Stopped))
    }
}

impl Request {
    fn new(ctx: Context, command: Command, mode: Mode) -> (Request, oneshot::Receiver<Answered>) {
        let fingerprint = command.fingerprint(&ctx);
        let (reply, answer) = oneshot::channel();
        (Request { ctx, command, fingerprint, mode, reply: Some(reply) }, answer)
    }

    /// Whether it is answered with what an earlier one of the same id was.
    fn was_done_before(&self, decision: &Decision) -> bool {
        let was_done = matches!(decision, Decision::Before(answer) if matches!(**answer, Answer::Done(_)));
        was_done && self.mode == Mode::Execute
    }

    fn answer(&mut self, answered: Answered) {
        if let Some(caller) = self.reply.take() {
            // A caller that has gone does not want to know.
            let _ = caller.send(answered);
        }
    }
}

/// What is decided about a command before the batch is committed.
enum Decision {
    /// Recorded with this answer as soon as the batch is committed.
    New(Arc<Answer>),
    /// Recorded earlier, with this answer.
    Before(Arc<Answer>),
    /// Needs nothing of the batch: an error, or only tried.
    Settled(Reply),
}

/// Whether turns are taken. Nobody takes one as long as nobody else writes the same rows: then a batch is decided on rows
/// in memory, and the commit finds them as they were.
#[derive(Default)]
struct Turns {
    /// For so many more rounds others are expected to write the same rows.
    rounds: u32,
    /// Whether others have changed rows of the catalogue under a batch that used them: then they are kept as they are too.
    catalog: bool,
    /// Whether the store has none.
    none: bool,
    /// Rows of the last batch that others were faster with, also those that nobody could have foreseen.
    lost: ReadSet,
    /// The number series of the last batch.
    series: BTreeSet<Text>,
    /// What was taken before the batch was put together.
    gate: Option<Turn>,
}

impl Turns {
    /// Somebody else was faster.
    fn conflict(&mut self, conflict: Conflict) {
        if conflict.rows {
            self.rounds = limits::ROUNDS_IN_TURNS;
        } else {
            self.lost = ReadSet::default();
        }
        if conflict.catalog {
            self.rounds = self.rounds.max(1);
            self.catalog = true;
        }
    }

    /// A round went well, and others have written the same rows since the last one or not, where that is known.
    fn commit(&mut self, others: Option<bool>) {
        self.catalog = false;
        self.lost = ReadSet::default();
        self.rounds = match others {
            Some(true) => limits::ROUNDS_IN_TURNS,
            Some(false) | None => self.rounds.saturating_sub(1),
        };
    }

    fn are_taken(&self) -> bool {
        self.rounds > 0 && !self.none
    }
}

/// A turn that was taken, and how the rows were known before.
struct Taken {
    turn: Turn,
    before: Versions,
}

/// Decides and commits, one batch after the other.
struct Worker<S> {
    store: Arc<S>,
    waiting: Receiver<Vec<Request>>,
    draft: Draft,
    unmoved: Unmoved,
    /// Whether commands may have been answered before, as some of the last batch had: then the store is asked for
    /// their answers first.
    duplicates: bool,
    /// The command that makes a total overflow.
    too_large: Option<CommandId>,
    turns: Turns,
    counters: Arc<Counters>,
    newest: Arc<Newest>,
}

impl<S: Store> Worker<S> {
    async fn run(mut self) {
        while let Ok(mut requests) = self.waiting.recv().await {
            while requests.len() < limits::COMMANDS_PER_BATCH
                && let Ok(more) = self.waiting.try_recv()
            {
                requests.extend(more);
            }
            if self.turns.are_taken() && requests.iter().any(|request| request.mode == Mode::Execute) {
                Box::pin(self.wait_at_the_gate(&mut requests)).await;
            }
            let mut out_of_reach = None;
            for batch in requests.chunks_mut(limits::COMMANDS_PER_BATCH) {
                match &out_of_reach {
                    None => out_of_reach = self.settle(batch).await,
                    Some(error) => self.give_up(batch, error),
                }
            }
            // Where nothing was done with it, others need not wait any longer.
            self.turns.gate = None;
            if let Some(error) = out_of_reach {
                self.give_up_waiting(&error);
            }
        }
    }

    /// Takes the turn that all who sell from the same sites take, and lets in who has come while it was waited for: the longer
    /// others take, the more is done at once.
    async fn wait_at_the_gate(&mut self, requests: &mut Vec<Request>) {
        let mut keys = self.reads_of(requests);
        let series = std::mem::take(&mut keys.series).into_iter().chain(self.turns.series.iter().cloned()).collect();
        let keys = ReadSet { series, ..ReadSet::default() };
        if keys.series.is_empty() {
            return;
        }
        // Where the store has none now, it will say so again.
        self.turns.gate = self.store.take_turn(&keys).await.ok().flatten();
        while requests.len() < limits::COMMANDS_PER_BATCH
            && let Ok(more) = self.waiting.try_recv()
        {
            requests.extend(more);
        }
    }

    /// Says to those who came meanwhile that the store was out of reach: they have waited for it as well, and would wait
    /// once more for as long. Whoever comes later has it tried anew.
    fn give_up_waiting(&self, error: &Error) {
        for _ in 0..self.waiting.len() {
            let Ok(mut requests) = self.waiting.try_recv() else { return };
            self.give_up(&mut requests, error);
        }
    }

    /// Answers every request of a batch, in rounds: most batches take one. Tells where the store was out of reach.
    async fn settle(&mut self, batch: &mut [Request]) -> Option<Error> {
        let mut attempt: u32 = 0;
        let mut together = batch.len();
        let mut rest = batch;
        while !rest.is_empty() {
            let size = together.min(rest.len());
            let (now, _) = rest.split_at_mut(size);
            // On the heap, as is what a round waits for: whoever polls the worker may have little stack left.
            match Box::pin(self.round(now)).await {
                Ok(Round::Committed(done)) => {
                    self.unmoved.end();
                    attempt = 0;
                    rest = rest.get_mut(done..).unwrap_or_default();
                }
                // One command makes a total overflow, and must not spoil the others: find it, and refuse it.
                Ok(Round::TooLarge) => {
                    self.draft = Draft::default();
                    self.too_large = if size == 1 { now.first().map(|request| request.ctx.id) } else { None };
                    together = 1;
                }
                Ok(lost @ (Round::Again(_) | Round::Mixed)) => {
                    self.counters.conflict();
                    let conflict = match lost {
                        Round::Again(conflict) => conflict,
                        _ => Conflict { catalog: true, rows: true, commands: false },
                    };
                    self.draft.forget(conflict);
                    // What others write while rows are being loaded is as a rule found by loading them once more.
                    if matches!(lost, Round::Again(_)) || attempt > 0 {
                        self.turns.conflict(conflict);
                    }
                    // Another sender of the same command may have been first: what it made has the same ids.
                    self.duplicates = true;
                    if let Err(broken) = self.unmoved.conflict() {
                        self.unmoved.end();
                        self.give_up(rest, &Error::from(broken));
                        return None;
                    }
                    attempt = attempt.saturating_add(1);
                    if attempt >= limits::ATTEMPTS_PER_BATCH {
                        self.unmoved.end();
                        self.give_up(rest, &Error::Contended { attempts: attempt });
                        return None;
                    }
                    // A batch that goes on losing gets smaller: it is open to others for a shorter time.
                    if attempt > 1 {
                        together = size.div_ceil(2);
                    }
                    if !conflict.commands && !self.turns.are_taken() {
                        self.store.pause(attempt).await;
                    }
                }
                Err(error) => {
                    self.draft = Draft::default();
                    attempt = attempt.saturating_add(1);
                    let again = matches!(error.kind, StoreErrorKind::Retry | StoreErrorKind::Unknown);
                    if again && attempt < limits::ATTEMPTS_AFTER_FAILURE {
                        self.counters.retry();
                        // Whether the lost commit was written is told by the command ids.
                        self.duplicates = true;
                        self.store.pause(attempt).await;
                        continue;
                    }
                    let is_out_of_reach = error.kind == StoreErrorKind::Unavailable;
                    let error = Error::from(error);
                    self.give_up(rest, &error);
                    return is_out_of_reach.then_some(error);
                }
            }
        }
        None
    }

    /// Says to all who wait that there is no answer.
    fn give_up(&self, requests: &mut [Request], error: &Error) {
        let tried = requests.iter().filter(|request| request.mode == Mode::Simulate).count();
        let failed = requests.len().saturating_sub(tried);
        self.counters.answer(Answers { failed, simulated: tried, ..Answers::default() });
        requests.iter_mut().for_each(|request| request.answer(Answered::new(Err(error.clone()))));
    }

    /// Decides as many requests as go together and commits them.
    async fn round(&mut self, requests: &mut [Request]) -> Result<Round, StoreError> {
        self.draft.stay_small();
        let mut taken = None;
        if self.turns.are_taken() && requests.iter().any(|request| request.mode == Mode::Execute) {
            match Box::pin(self.take_turn(requests)).await? {
                Some(turn) => taken = turn,
                None => return Ok(Round::Mixed),
            }
        } else {
            // What is not used would be in the way of this very batch.
            self.turns.gate = None;
        }
        // What is tried is not written, so no commit will tell that it had been done.
        if self.duplicates || requests.iter().any(|request| request.mode == Mode::Simulate) {
            let mut reads = ReadSet::default();
            for request in requests.iter() {
                reads.commands.insert(request.ctx.id);
                request.command.reads(&self.draft, &mut reads);
            }
            self.draft.leave_unknown(&mut reads);
            if !self.load(reads).await? {
                return Ok(Round::Mixed);
            }
            self.duplicates = false;
        }
        if self.draft.must_catch_up() && !self.load(ReadSet::default()).await? {
            return Ok(Round::Mixed);
        }
        let mut decisions: Vec<Decision> = Vec::with_capacity(requests.len());
        let mut loads: u32 = 0;
        while let Some(request) = requests.get(decisions.len()) {
            match self.decide(request) {
                Ok(decision) => {
                    decisions.push(decision);
                    loads = 0;
                }
                Err(need) if self.draft.must_commit_before(&need) => break,
                Err(need) if loads < limits::LOADS_PER_DECISION => {
                    loads = loads.saturating_add(1);
                    let mut reads = ReadSet::default();
                    let together = if loads <= LOADS_AHEAD { requests.len() } else { 1 };
                    for waiting in requests.iter().skip(decisions.len()).take(together) {
                        waiting.command.reads(&self.draft, &mut reads);
                    }
                    if matches!(need, Need::OnHandSince(..)) {
                        for waiting in requests.iter().skip(decisions.len()).take(together) {
                            late::foresee(&waiting.ctx, &waiting.command, &self.draft, &mut reads);
                        }
                    }
                    self.draft.foresee(&need, &mut reads);
                    self.draft.leave_unknown(&mut reads);
                    need.add_to(&mut reads);
                    if !self.load(reads).await? {
                        return Ok(Round::Mixed);
                    }
                }
                Err(_) => decisions.push(Decision::Settled(Err(Error::Internal {
                    invariant: "a decision is made after a bounded number of loads",
                }))),
            }
        }
        Box::pin(self.commit(requests, decisions, taken)).await
    }

    /// Takes a turn for the rows that these requests will change, as far as that can be told: the outer `None` where what was
    /// loaded for that is of two moments, the inner one where the store has no turns. All else is found out at the commit.
    async fn take_turn(&mut self, requests: &[Request]) -> Result<Option<Option<Taken>>, StoreError> {
        // Only documents tell which stock is theirs.
        let mut reads = self.reads_of(requests);
        reads.series.clear();
        reads.stock.clear();
        reads.layers.clear();
        self.draft.leave_unknown(&mut reads);
        if !reads.is_empty() && !self.load(reads).await? {
            return Ok(None);
        }
        let mut keys = self.reads_of(requests);
        keys.series.append(&mut self.turns.lost.series);
        keys.stock.append(&mut self.turns.lost.stock);
        if !self.turns.catalog {
            keys.items.clear();
            keys.locations.clear();
            keys.suppliers.clear();
            keys.customers.clear();
        }
        let turn = match self.turns.gate.take() {
            // Nobody waits at one row of the catalogue who has a series already: others may wait the other way round.
            Some(gate) if !self.turns.catalog => {
                let stock = ReadSet { stock: keys.stock.clone(), ..ReadSet::default() };
                Some(self.store.extend_turn(gate, &stock).await?)
            }
            gate => {
                drop(gate);
                self.store.take_turn(&keys).await?
            }
        };
        let Some(turn) = turn else {
            self.turns.none = true;
            return Ok(Some(None));
        };
        Ok(Some(Some(Taken { turn, before: self.draft.set_aside(&keys) })))
    }

    fn reads_of(&self, requests: &[Request]) -> ReadSet {
        let mut reads = ReadSet::default();
        requests.iter().for_each(|request| request.command.reads(&self.draft, &mut reads));
        reads
    }

    async fn commit(
        &mut self,
        requests: &mut [Request],
        decisions: Vec<Decision>,
        taken: Option<Taken>,
    ) -> Result<Round, StoreError> {
        // What is only tried writes nothing, but what it saw must still be so. And rows of two moments can look as if the
        // engine's own rules were broken: only the store can tell.
        let tried = |request: &Request| request.mode == Mode::Simulate;
        let depends_on_rows = |decision: &Decision| match decision {
            Decision::New(_) => true,
            Decision::Before(_) => false,
            Decision::Settled(reply) => matches!(reply, Err(Error::Internal { .. })),
        };
        // What was done before may have been done by another process, further on than this one has come.
        if requests.iter().zip(&decisions).any(|(request, decision)| request.was_done_before(decision)) {
            self.newest.reach(self.store.events(self.newest.read(), 0).await?.newest);
        }
        let others = taken.as_ref().and_then(|taken| self.draft.others_wrote(&taken.before));
        let Ok(change) = self.draft.drain() else { return Ok(Round::TooLarge) };
        let recorded = change.commands.len();
        self.unmoved.see(&change);
        if decisions.iter().any(depends_on_rows) || requests.iter().any(tried) {
            let outcome = match taken {
                Some(taken) => {
                    self.turns.lost.series = change.series.iter().map(|write| write.row.code.clone()).collect();
                    self.turns.series = self.turns.lost.series.clone();
                    self.turns.lost.stock = change.stock.iter().map(|write| write.row.key()).collect();
                    self.store.commit_in(taken.turn, change).await
                }
                None => self.store.commit(change).await,
            };
            match outcome {
                Ok(Outcome::Done { newest, moved }) => {
                    self.counters.commit(recorded);
                    self.newest.reach(newest);
                    self.draft.committed(moved);
                    self.turns.commit(others);
                }
                Ok(Outcome::Conflict(conflict)) => return Ok(Round::Again(conflict)),
                Err(error) if error.kind == StoreErrorKind::OutOfRange && !self.refused_as_too_large(requests) => {
                    return Ok(Round::TooLarge);
                }
                Err(error) => return Err(error),
            }
        }
        self.counters.keep(self.draft.rows_kept());
        self.counters.answer(count(requests, &decisions));
        let done = decisions.len();
        for (request, decision) in requests.iter_mut().zip(decisions) {
            self.duplicates |= request.was_done_before(&decision);
            request.answer(match decision {
                Decision::New(answer) => Answered::new(reply(&answer)),
                Decision::Before(answer) => Answered { reply: reply(&answer), novelty: Novelty::Replayed },
                Decision::Settled(reply) => Answered::new(reply),
            });
        }
        Ok(Round::Committed(done))
    }

    /// Whether these requests are one command, refused because a total would not fit: a store that cannot keep even that
    /// would be asked for ever.
    fn refused_as_too_large(&self, requests: &[Request]) -> bool {
        matches!(requests, [only] if self.too_large == Some(only.ctx.id))
    }

    /// Loads rows into the draft; false where they are of another moment than what it has.
    async fn load(&mut self, mut reads: ReadSet) -> Result<bool, StoreError> {
        reads.catalog_since = self.draft.catalog_since();
        let found = self.store.load(&reads).await?;
        Ok(self.draft.learn(&reads, found))
    }

    /// Decides one request on the draft.
    fn decide(&mut self, request: &Request) -> Result<Decision, Need> {
        if let Some(Some(record)) = self.draft.answer_to(request.ctx.id) {
            return Ok(match record.fingerprint == request.fingerprint {
                true => Decision::Before(Arc::clone(&record.answer)),
                false => Decision::Settled(Err(Error::IdReused { id: request.ctx.id })),
            });
        }
        self.draft.begin();
        if self.too_large == Some(request.ctx.id) {
            return Ok(self.refuse(request, Rejection::overflow("a total that the shop keeps")));
        }
        let decided = check_context(&request.ctx)
            .map_err(Stop::from)
            .and_then(|()| request.command.decide(&request.ctx, &mut self.draft))
            .and_then(|receipt| late::check_goods(&request.ctx, &mut self.draft).map(|()| receipt))
            .and_then(|receipt| Ok((receipt, aftermath(&request.ctx, &mut self.draft)?)));
        if request.mode == Mode::Simulate {
            self.draft.take_back();
        }
        let (receipt, more) = match decided {
            Ok(decided) => decided,
            Err(stop) => {
                self.draft.take_back();
                return match stop {
                    Stop::Need(need) => Err(need),
                    Stop::Reject(rejection) => Ok(self.refuse(request, *rejection)),
                    Stop::Broken(invariant) => Ok(Decision::Settled(Err(Error::Internal { invariant }))),
                };
            }
        };
        let receipt = Arc::new(receipt);
        if request.mode == Mode::Simulate {
            return Ok(Decision::Settled(Ok(receipt)));
        }
        let ctx = &request.ctx;
        // What follows from a command is so from now on, also where the command is entered late.
        let told = std::iter::once((ctx.moment(), EventBody::Done(Arc::clone(&receipt))));
        for (occurred_at, body) in told.chain(more.into_iter().map(|body| (ctx.now, body))) {
            self.draft.add_event(EventRecord {
                command: ctx.id,
                actor: Arc::clone(&ctx.actor),
                occurred_at,
                recorded_at: ctx.now,
                body,
            });
        }
        Ok(self.record(ctx.id, request.fingerprint, Answer::Done(receipt)))
    }

    fn refuse(&mut self, request: &Request, rejection: Rejection) -> Decision {
        match request.mode {
            Mode::Execute => self.record(request.ctx.id, request.fingerprint, Answer::Refused(rejection)),
            Mode::Simulate => Decision::Settled(Err(rejection.into())),
        }
    }

    fn record(&mut self, id: CommandId, fingerprint: u128, answer: Answer) -> Decision {
        let answer = Arc::new(answer);
        self.draft.add_answer(CommandRecord { id, fingerprint, answer: Arc::clone(&answer) });
        Decision::New(answer)
    }
}

/// Counts how requests are answered.
fn count(requests: &[Request], decisions: &[Decision]) -> Answers {
    let mut answers = Answers::default();
    for (request, decision) in requests.iter().zip(decisions) {
        let counter = match (request.mode, decision) {
            (Mode::Simulate, _) => &mut answers.simulated,
            (Mode::Execute, Decision::New(answer) | Decision::Before(answer)) => match **answer {
                Answer::Done(_) => &mut answers.done,
                Answer::Refused(_) => &mut answers.refused,
            },
            (Mode::Execute, Decision::Settled(reply)) => match reply {
                Ok(_) => &mut answers.done,
                Err(Error::Rejected(_) | Error::IdReused { .. }) => &mut answers.refused,
                Err(_) => &mut answers.failed,
            },
        };
        *counter = counter.saturating_add(1);
    }
    answers
}

/// So many rounds of loading look ahead to the commands that wait behind the one that asks.
const LOADS_AHEAD: u32 = 3;

/// What became of a round.
enum Round {
    /// So many of the first requests are answered.
    Committed(usize),
    /// Nothing is; something had changed.
    Again(Conflict),
    /// Nothing is; something changed while rows were being loaded.
    Mixed,
    /// Nothing is; a total would not fit.
    TooLarge,
}

/// What follows from any change of stock: waiting orders get what has become available, and alerts are looked at.
fn aftermath(ctx: &Context, draft: &mut Draft) -> Decided<Vec<EventBody>> {
    let (mut filled, mut alerts) = (Vec::new(), Vec::new());
    let mut index = 0_usize;
    while let Some(key) = draft.touched().get(index).copied() {
        index = index.saturating_add(1);
        let Some(mut stock) = stock_now(ctx, draft, key)? else { continue };
        order::fill_waiting(draft, &mut stock, &mut filled)?;
        alert::watch(ctx, draft, &mut stock, &mut alerts)?;
    }
    let filled = (!filled.is_empty()).then_some(EventBody::BackordersFilled(filled));
    Ok(filled.into_iter().chain(alerts).collect())
}

fn reply(answer: &Answer) -> Reply {
    match answer {
        Answer::Done(receipt) => Ok(Arc::clone(receipt)),
        Answer::Refused(rejection) => Err(rejection.clone().into()),
    }
}
