//! The shop as an object.

use crate::{
    ImsError, KeyedStore,
    engine::Engine,
    foreign::ForeignStore,
    mirror::{Command, Context, Mirror, Receipt, parse},
    runtime, store,
};
use ims_core::{Answer, AnyStore, Error, Reply};
use std::sync::Arc;

/// A shop. It may be used from any thread.
///
/// `close` of the platform gives the handle back; [`Ims::shut`] ends the engine and says when it has ended.
#[derive(uniffi::Object)]
pub struct Ims {
    pub(crate) engine: Arc<Engine>,
}

/// A command to be done, and what it comes with.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Request {
    /// Who gives it and when.
    pub context: Context,
    /// The command.
    pub command: Command,
}

/// What became of one of many commands.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum Outcome {
    /// It was done.
    Done {
        /// What was done.
        receipt: Receipt,
    },
    /// It was refused, or has no answer.
    Failed {
        /// Why.
        error: ImsError,
    },
}

#[uniffi::export]
impl Ims {
    /// Opens a shop, and makes its store where there is none: `sqlite:/data/shop.db` is a file, `memory:` is gone when
    /// the app ends.
    #[uniffi::constructor]
    pub async fn open(url: String) -> Result<Arc<Self>, ImsError> {
        runtime::finish(async move { Ims::on(store::open(&url).await?) }).await
    }

    /// Opens a shop in a store of the app's own.
    #[uniffi::constructor]
    pub async fn open_in(store: Arc<dyn KeyedStore>) -> Result<Arc<Self>, ImsError> {
        Ims::on(AnyStore::new(ForeignStore::new(store)))
    }

    /// Has a command done, exactly once: the same id again gives the same answer. A caller that stops waiting takes
    /// nothing back; sending the same command again tells what became of it.
    pub async fn execute(&self, context: Context, command: Command) -> Result<Receipt, ImsError> {
        self.ask(context.to_core()?, command.to_core()?).await
    }

    /// Has commands done in this order, each for itself: one that is refused does not stop those after it. This is
    /// faster than one by one.
    pub async fn execute_all(&self, requests: Vec<Request>) -> Result<Vec<Outcome>, ImsError> {
        let commands: Result<_, ImsError> =
            requests.iter().map(|request| Ok((request.context.to_core()?, request.command.to_core()?))).collect();
        let (engine, commands) = (Arc::clone(&self.engine), commands?);
        let replies = runtime::finish(async move { engine.execute_all(commands).await }).await?;
        Ok(replies.into_iter().map(outcome).collect())
    }

    /// Tells what a command would do now, and changes nothing.
    pub async fn simulate(&self, context: Context, command: Command) -> Result<Receipt, ImsError> {
        let (context, command, engine) = (context.to_core()?, command.to_core()?, Arc::clone(&self.engine));
        receipt(runtime::read(async move { engine.simulate(context, command).await }).await?)
    }

    /// Has a command done that is written as JSON, and answers in JSON: `{"done": …}` or `{"refused": …}`.
    pub async fn execute_json(&self, context: String, command: String) -> Result<String, ImsError> {
        let (context, command) = (parse(context.as_bytes())?, parse(command.as_bytes())?);
        let engine = Arc::clone(&self.engine);
        let answer = match runtime::finish(async move { engine.execute(context, command).await }).await? {
            Ok(receipt) => Answer::Done(receipt),
            Err(Error::Rejected(rejection)) => Answer::Refused(*rejection),
            Err(error) => return Err(error.into()),
        };
        serde_json::to_string(&answer).map_err(|error| ImsError::internal(error.to_string()))
    }

    /// Ends the engine after what was given to it is answered. Every later call is refused as stopped; a store that was
    /// opened by URL is closed. May be called more than once.
    pub async fn shut(&self) -> Result<(), ImsError> {
        let engine = Arc::clone(&self.engine);
        runtime::finish(async move {
            engine.close().await;
            Ok(())
        })
        .await
    }
}

impl Ims {
    fn on(store: AnyStore) -> Result<Arc<Self>, ImsError> {
        Ok(Arc::new(Ims { engine: Arc::new(Engine::begin(store)?) }))
    }

    pub(crate) async fn ask(&self, ctx: ims_core::Context, command: ims_core::Command) -> Result<Receipt, ImsError> {
        let engine = Arc::clone(&self.engine);
        receipt(runtime::finish(async move { engine.execute(ctx, command).await }).await?)
    }
}

fn receipt(reply: Reply) -> Result<Receipt, ImsError> {
    Receipt::from_core(&*reply?)
}

fn outcome(reply: Reply) -> Outcome {
    match receipt(reply) {
        Ok(receipt) => Outcome::Done { receipt },
        Err(error) => Outcome::Failed { error },
    }
}
