//! What every frontend shares: the engine, and the way of a request through it.

use super::{
    Answer, Call, Caller, Ending, Operation, Problem,
    auth::Gate,
    batch,
    bodies::Bodies,
    call::{self, Mode, Said},
    config::Config,
    cursor, days,
    holds::PlacedHolds,
    idempotency::{self, Flight, InFlight},
    limits::Limits,
    live::Hub,
    observe::Figures,
    operation::{Access, Key, Makes, Work},
    reference,
    relay::Relays,
    right,
    site::Then,
    turns::Turns,
};
use ims_core::{Answered, AnyStore, Command, CommandId, Context, Ims, Offset, Store, Text, Timestamp};
use serde_json::{Map, Value};
use std::{sync::Arc, time::Duration};
use tracing::Instrument;

/// The engine with all that stands around it. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    ims: Ims<AnyStore>,
    gate: Gate,
    hub: Hub,
    relays: Relays,
    in_flight: InFlight,
    limits: Limits,
    placed_holds: PlacedHolds,
    bodies: Bodies,
    questions: Turns,
    config: Config,
    figures: Figures,
    ending: Ending,
}

/// A command that is ready to be given to the engine.
#[derive(Debug)]
pub(crate) struct Ready {
    /// What it is given with.
    pub(crate) context: Context,
    /// What is to be done.
    pub(crate) command: Command,
    /// Keeps the same command from being given twice at once.
    pub(crate) flight: Flight,
}

impl Service {
    /// Puts a service together.
    pub(crate) fn new(
        ims: Ims<AnyStore>,
        gate: Gate,
        hub: Hub,
        relays: Relays,
        config: Config,
        figures: Figures,
    ) -> Service {
        let (in_flight, ending) = (InFlight::default(), Ending::default());
        let (limits, placed_holds) = (Limits::new(&config.limits), PlacedHolds::default());
        let bodies = Bodies::new(config.http.bodies_memory_bytes);
        // As many as the store has connections for them.
        let questions = Turns::new(config.database.connections / 2, config.limits.questions_at_once);
        let shared = Shared {
            ims,
            gate,
            hub,
            relays,
            in_flight,
            limits,
            placed_holds,
            bodies,
            questions,
            config,
            figures,
            ending,
        };
        Service { shared: Arc::new(shared) }
    }

    /// Rows and reports.
    pub(crate) fn store(&self) -> &AnyStore {
        self.shared.ims.store()
    }

    /// The engine.
    pub(crate) fn ims(&self) -> &Ims<AnyStore> {
        &self.shared.ims
    }

    /// The commands that are being done now.
    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.shared.in_flight
    }

    /// Who may come in.
    pub(crate) fn gate(&self) -> &Gate {
        &self.shared.gate
    }

    /// Who hears of events.
    pub(crate) fn hub(&self) -> &Hub {
        &self.shared.hub
    }

    /// How often somebody may ask.
    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// The holds that callers placed here.
    pub(super) fn placed_holds(&self) -> &PlacedHolds {
        &self.shared.placed_holds
    }

    /// The memory for what callers send.
    pub(crate) fn bodies(&self) -> &Bodies {
        &self.shared.bodies
    }

    /// Turns of what reads much.
    pub(crate) fn questions(&self) -> &Turns {
        &self.shared.questions
    }

    /// Those who send events on.
    pub(crate) fn relays(&self) -> &Relays {
        &self.shared.relays
    }

    /// How the server was set up.
    pub(crate) fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Tells what the engine has counted, as long as there is one: it keeps nobody from ending.
    pub(crate) fn engine_figures(&self) -> impl Fn() -> Option<ims_core::Figures> + Send + Sync + use<> {
        let shared = Arc::downgrade(&self.shared);
        move || Some(shared.upgrade()?.ims.figures())
    }

    /// What is counted for those who run the server.
    pub(crate) fn figures(&self) -> &Figures {
        &self.shared.figures
    }

    /// The end of the server. A task that holds a service has to end by it: the engine does not end before the last of
    /// them is gone.
    pub(crate) fn ending(&self) -> &Ending {
        &self.shared.ending
    }

    /// The time now.
    pub(crate) fn now(&self) -> Timestamp {
        crate::session::now()
    }

    /// Answers a request: the right first, then names, then the site, then the work.
    pub(crate) async fn answer(
        &self,
        operation: &Operation,
        caller: &Caller,
        mut said: Said,
    ) -> Result<Answer, Problem> {
        if let Access::With(right) = operation.access {
            caller.must(right)?;
        }
        let needs_key = matches!(operation.work, Work::Command(_))
            || matches!(operation.work, Work::Task(task) if task.key == Key::Needed);
        if needs_key && said.key.is_none() {
            return Err(idempotency::missing());
        }
        // Whoever has no right learns of no name whether something has it, and every command of a batch has names of its
        // own: one that nothing has spoils no other.
        if operation.access == Access::Everybody || matches!(operation.work, Work::Batch) {
            return self.answer_resolved(operation, caller, said).await;
        }
        let named = caller.site.and_then(|_| reference::document_named(&mut said.fields));
        reference::resolve(self.store(), &mut said.fields).await?;
        days::resolve(self.store(), operation, &mut said.fields).await?;
        let answered = self.answer_resolved(operation, caller, said).await;
        match named {
            Some(named) => answered.map_err(|problem| named.hidden(problem)),
            None => answered,
        }
    }

    async fn answer_resolved(&self, operation: &Operation, caller: &Caller, mut said: Said) -> Result<Answer, Problem> {
        let then = self.show_own_site(operation, caller, &mut said).await?;
        if let Some(cursor) = said.page.after.take() {
            said.page.after = Some(cursor::open(operation.name, &said.fields, said.page.sort, &cursor)?);
        }
        let turn = match operation.reads_much() {
            true => Some(self.questions().take(&caller.name, 1).await),
            false => None,
        };
        let call = Call { service: self, operation, caller, said: &said };
        let mut answer = match operation.work {
            Work::Command(makes) => self.command(operation.name, makes, caller, said).await?,
            Work::Question(question) => (question.ask)(call).instrument(tracing::info_span!("question")).await?,
            Work::Task(task) => (task.run)(call).await?,
            Work::Import(import) => (import.run)(call).await?,
            Work::Batch => batch::run(self, caller, said).await?,
        };
        if let Some(turn) = turn {
            answer = answer.made_in(turn);
        }
        match then {
            Then::Answer => Ok(answer),
            Then::OwnRows(own) => self.own_rows(own, answer).await,
        }
    }

    /// Forgets what has ended and who has not asked for a while, for as long as the server runs.
    pub(crate) async fn keep_house(&self) {
        const EVERY: Duration = Duration::from_secs(60);
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            ticks.tick().await;
            self.gate().sweep().await;
            self.limits().sweep();
        }
    }

    /// Refuses to answer from a store that does not have the event at this offset yet: what callers have written, they read.
    pub(crate) async fn reached(&self, offset: Offset) -> Result<(), Problem> {
        let page = self.store().events(offset, 0).await?;
        if page.newest >= offset {
            return Ok(());
        }
        let detail = format!("the log is at {} and has not reached {offset} yet", page.newest);
        let status = axum::http::StatusCode::CONFLICT;
        Err(Problem::new(status, "offset_not_reached", detail).field("newest", page.newest.0).retry_after(1))
    }

    async fn command(&self, name: &'static str, makes: Makes, caller: &Caller, said: Said) -> Result<Answer, Problem> {
        let key = said.key.as_deref().ok_or_else(idempotency::missing)?;
        let Ready { context, command, flight: _flight } =
            self.ready(name, caller, key, said.fields, said.occurred_at, said.mode).await?;
        let id = context.id;
        let span = tracing::info_span!("engine", command = %id);
        if said.mode == Mode::Simulate {
            let receipt = self.shared.ims.simulate(context, command).instrument(span).await?;
            return Answer::of_command(caller.sight(), id, &receipt);
        }
        let Answered { reply, novelty } = self.shared.ims.answer(context, command).instrument(span).await;
        let receipt = reply.map_err(|error| Problem::from(error).novelty(novelty))?;
        let answer = Answer::of_command(caller.sight(), id, &receipt)?;
        Ok(answer.novelty(novelty).made(makes.made(id)).offset(self.shared.ims.newest()))
    }

    /// Makes a command ready to be given to the engine: what every way of giving one has in common.
    pub(crate) async fn ready(
        &self,
        name: &str,
        caller: &Caller,
        key: &str,
        fields: Map<String, Value>,
        occurred_at: Option<Timestamp>,
        mode: Mode,
    ) -> Result<Ready, Problem> {
        let id = idempotency::command_id(&caller.name, key)?;
        let command = call::command(name, fields)?;
        if let Some(right) = right::further(&command) {
            caller.must(right)?;
        }
        self.at_own_site(caller, &command).await?;
        if mode == Mode::Execute {
            self.count_hold(caller, id, &command).await?;
        }
        let flight = self.shared.in_flight.begin(id)?;
        Ok(Ready { context: Context { id, ..self.context(caller, occurred_at) }, command, flight })
    }

    /// What a caller's commands are given with, but for their ids.
    pub(crate) fn context(&self, caller: &Caller, occurred_at: Option<Timestamp>) -> Context {
        let id = CommandId::from_u128(0);
        let now = self.now();
        let earliest = self.config().late_entries.earliest(caller, now);
        Context { occurred_at, earliest, ..Context::new(id, Text::from(&*caller.name), now) }
    }
}
