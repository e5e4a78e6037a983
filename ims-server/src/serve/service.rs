//! What every frontend shares: the engine, and the way of a request through it.

use super::{
    Answer, Call, Caller, Operation, Problem,
    answer::Made,
    auth::Gate,
    call::{self, Mode, Said},
    config::Config,
    holds::PlacedHolds,
    idempotency::{self, InFlight},
    limits::Limits,
    operation::{Access, Key, Makes, Work},
    reference,
    relay::Relays,
    site::Then,
};
use ims_core::{AnyStore, Command, CommandId, Context, Ims, Offset, Receipt, Store, Text, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{sync::Arc, time::Duration};

/// The engine with all that stands around it. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    ims: Ims<AnyStore>,
    gate: Gate,
    relays: Relays,
    in_flight: InFlight,
    limits: Limits,
    placed_holds: PlacedHolds,
    config: Config,
}

/// What a command was answered.
#[derive(Serialize)]
struct Done<'a> {
    /// The command's id; the id of what it made, where it made something.
    id: CommandId,
    receipt: &'a Receipt,
}

impl Service {
    /// Puts a service together.
    pub(crate) fn new(ims: Ims<AnyStore>, gate: Gate, relays: Relays, config: Config) -> Service {
        let (in_flight, limits, placed_holds) =
            (InFlight::default(), Limits::new(&config.limits), PlacedHolds::default());
        Service { shared: Arc::new(Shared { ims, gate, relays, in_flight, limits, placed_holds, config }) }
    }

    /// Rows and reports.
    pub(crate) fn store(&self) -> &AnyStore {
        self.shared.ims.store()
    }

    /// Who may come in.
    pub(crate) fn gate(&self) -> &Gate {
        &self.shared.gate
    }

    /// How often somebody may ask.
    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// The holds that callers placed here.
    pub(super) fn placed_holds(&self) -> &PlacedHolds {
        &self.shared.placed_holds
    }

    /// Those who send events on.
    pub(crate) fn relays(&self) -> &Relays {
        &self.shared.relays
    }

    /// How the server was set up.
    pub(crate) fn config(&self) -> &Config {
        &self.shared.config
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
            // Whoever has no right learns of no name whether something has it.
            let named = caller.site.and_then(|_| reference::document_named(&mut said.fields));
            reference::resolve(self.store(), &mut said.fields).await?;
            if let Some(name) = named {
                let answered = self.answer_resolved(operation, caller, said).await;
                return answered.map_err(|problem| reference::hidden(problem, &name));
            }
        }
        self.answer_resolved(operation, caller, said).await
    }

    async fn answer_resolved(&self, operation: &Operation, caller: &Caller, mut said: Said) -> Result<Answer, Problem> {
        let then = self.show_own_site(operation, caller, &mut said).await?;
        let answer = match operation.work {
            Work::Command(makes) => self.command(operation.name, makes, caller, said).await?,
            Work::Question(question) => (question.ask)(Call { service: self, caller, said: &said }).await?,
            Work::Task(task) if task.key == Key::Needed && said.key.is_none() => return Err(idempotency::missing()),
            Work::Task(task) => (task.run)(Call { service: self, caller, said: &said }).await?,
        };
        match then {
            Then::Answer => Ok(answer),
            Then::OwnRows(own) => self.own_rows(own, answer).await,
        }
    }

    /// Forgets what has ended and who has not asked for a while, for as long as the server runs.
    pub(crate) async fn keep_house(self) {
        const EVERY: Duration = Duration::from_secs(60);
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            ticks.tick().await;
            self.gate().sweep().await;
            self.limits().sweep();
        }
    }

    /// Waits for the store to have the event at this offset: what a caller has written, they read.
    pub(crate) async fn reached(&self, offset: Offset) -> Result<(), Problem> {
        let page = self.store().events(offset, 0).await?;
        if page.newest >= offset {
            return Ok(());
        }
        let detail = format!("the log is at {} and has not reached {offset} yet", page.newest);
        let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
        Err(Problem::new(status, "offset_not_reached", detail).field("newest", page.newest.0).retry_after(1))
    }

    async fn command(&self, name: &'static str, makes: Makes, caller: &Caller, said: Said) -> Result<Answer, Problem> {
        let key = said.key.as_deref().ok_or_else(idempotency::missing)?;
        let id = idempotency::command_id(&caller.name, key)?;
        let command: Command =
            call::read(Value::Object(Map::from_iter([(name.to_owned(), Value::Object(said.fields))])))?;
        self.at_own_site(caller, &command).await?;
        if said.mode == Mode::Execute {
            self.count_hold(caller, id, &command).await?;
        }
        let _flight = self.shared.in_flight.begin(id)?;
        let mut context = Context::new(id, Text::from(&*caller.name), self.now());
        context.occurred_at = said.occurred_at;
        let receipt = match said.mode {
            Mode::Execute => self.shared.ims.execute(context, command).await?,
            Mode::Simulate => self.shared.ims.simulate(context, command).await?,
        };
        let answer = Answer::of(caller.costs(), &Done { id, receipt: &receipt })?;
        Ok(match (said.mode, makes) {
            (Mode::Execute, Makes::Under(path)) => answer.made(Made::At(format!("{path}/{id}"))),
            (Mode::Execute | Mode::Simulate, _) => answer,
        })
    }
}
