//! What every frontend shares: the engine, and the way of a request through it.

use super::{
    Answer, Call, Caller, Operation, Problem,
    answer::Made,
    auth::Gate,
    call::{self, Mode, Said},
    config::Config,
    idempotency::{self, InFlight},
    operation::{Access, Key, Makes, Work},
    reference,
    relay::Relays,
};
use ims_core::{AnyStore, Command, CommandId, Context, Ims, Offset, Receipt, Store, Text, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;

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
        Service { shared: Arc::new(Shared { ims, gate, relays, in_flight: InFlight::default(), config }) }
    }

    /// Rows and reports.
    pub(crate) fn store(&self) -> &AnyStore {
        self.shared.ims.store()
    }

    /// Who may come in.
    pub(crate) fn gate(&self) -> &Gate {
        &self.shared.gate
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

    /// Answers a request: the right first, then names, then the work.
    pub(crate) async fn answer(
        &self,
        operation: &Operation,
        caller: &Caller,
        mut said: Said,
    ) -> Result<Answer, Problem> {
        if let Access::With(right) = operation.access {
            caller.must(right)?;
        }
        reference::resolve(self.store(), &mut said.fields).await?;
        match operation.work {
            Work::Command(makes) => self.command(operation.name, makes, caller, said).await,
            Work::Question(question) => (question.ask)(Call { service: self, caller, said: &said }).await,
            Work::Task(task) if task.key == Key::Needed && said.key.is_none() => Err(idempotency::missing()),
            Work::Task(task) => (task.run)(Call { service: self, caller, said: &said }).await,
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
