//! An engine on a store of any kind.

use crate::{
    Failure,
    ask::ask,
    panics::{Panicked, contained},
    text::read,
};
use futures_channel::oneshot;
use futures_util::{
    FutureExt,
    future::{Either, LocalBoxFuture, Shared, select},
};
use ims_core::{Answer, Command, Context, Error, Ims, Reply, Reports, Store};
use serde::Serialize;
use std::{
    cell::RefCell,
    future::Future,
    mem,
    pin::pin,
    rc::{Rc, Weak},
};
use wasm_bindgen_futures::spawn_local;

/// What JavaScript can have done, whatever the store. A future holds all that it needs.
pub trait Door {
    /// Has a command done; gives the JSON of the answer.
    fn execute(&self, ctx: Context, command: Command) -> LocalBoxFuture<'static, Result<String, Failure>>;
    /// Tells what a command would do; gives the JSON of the answer.
    fn simulate(&self, ctx: Context, command: Command) -> LocalBoxFuture<'static, Result<String, Failure>>;
    /// Has commands done together; gives a JSON list of answers, or of what went wrong as `{"failed": …}`.
    fn execute_all(&self, commands: Vec<(Context, Command)>) -> LocalBoxFuture<'static, Result<String, Failure>>;
    /// Answers a question in JSON.
    fn ask(&self, question: String) -> LocalBoxFuture<'static, Result<String, Failure>>;
}

/// An engine on a store of one kind. If a panic ends it, another one takes its place on the same store.
pub struct On<S> {
    running: Rc<RefCell<Running<S>>>,
}

/// An engine that works.
struct Running<S> {
    ims: Ims<S>,
    /// Comes when a panic has ended it.
    ended: Shared<oneshot::Receiver<Panicked>>,
}

impl<S: Store + Reports + Clone> On<S> {
    /// Makes an engine and lets it run for as long as there is somebody to give it commands.
    pub fn new(store: S) -> Self {
        let (ims, worker) = Ims::new(store.clone());
        let (end, ended) = oneshot::channel();
        let running = Rc::new(RefCell::new(Running { ims, ended: ended.shared() }));
        spawn_local(keep_running(store, Rc::downgrade(&running), Box::pin(worker), end));
        On { running }
    }

    /// Has the engine do something, and stops waiting when a panic ends it.
    fn with<T, F: Future<Output = T>, W: FnOnce(Ims<S>) -> F>(
        &self,
        work: W,
    ) -> impl Future<Output = Result<T, Failure>> + use<T, F, W, S> {
        let (ims, ended) = {
            let running = self.running.borrow();
            (running.ims.clone(), running.ended.clone())
        };
        let work = work(ims);
        async move {
            match select(pin!(work), ended).await {
                Either::Left((done, _)) => Ok(done),
                Either::Right((Ok(panicked), _)) => Err(panicked.into()),
                Either::Right((Err(_), _)) => Err(Error::Stopped.into()),
            }
        }
    }
}

async fn keep_running<S: Store + Reports + Clone>(
    store: S,
    running: Weak<RefCell<Running<S>>>,
    mut worker: LocalBoxFuture<'static, ()>,
    mut end: oneshot::Sender<Panicked>,
) {
    while let Err(panicked) = contained(worker).await {
        let Some(running) = running.upgrade() else { return };
        let (ims, next) = Ims::new(store.clone());
        let (next_end, ended) = oneshot::channel();
        running.replace(Running { ims, ended: ended.shared() });
        // Nobody may be waiting.
        let _ = mem::replace(&mut end, next_end).send(panicked);
        worker = Box::pin(next);
    }
}

impl<S: Store + Reports + Clone> Door for On<S> {
    fn execute(&self, ctx: Context, command: Command) -> LocalBoxFuture<'static, Result<String, Failure>> {
        let reply = self.with(async move |ims| ims.execute(ctx, command).await);
        Box::pin(async move { printed(&answer(reply.await?)?) })
    }

    fn simulate(&self, ctx: Context, command: Command) -> LocalBoxFuture<'static, Result<String, Failure>> {
        let reply = self.with(async move |ims| ims.simulate(ctx, command).await);
        Box::pin(async move { printed(&answer(reply.await?)?) })
    }

    fn execute_all(&self, commands: Vec<(Context, Command)>) -> LocalBoxFuture<'static, Result<String, Failure>> {
        let replies = self.with(async move |ims| ims.execute_all(commands).await);
        Box::pin(async move { printed(&replies.await?.into_iter().map(Told::of).collect::<Vec<_>>()) })
    }

    fn ask(&self, question: String) -> LocalBoxFuture<'static, Result<String, Failure>> {
        let ims = self.running.borrow().ims.clone();
        Box::pin(async move { ask(ims.store(), read("the question", &question)?).await })
    }
}

/// One of many answers.
#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Answered(Answer),
    Not { failed: Failure },
}

impl Told {
    fn of(reply: Reply) -> Self {
        answer(reply).map_or_else(|failed| Told::Not { failed }, Told::Answered)
    }
}

/// An answer by the rules, yes or no; everything else is a failure.
fn answer(reply: Reply) -> Result<Answer, Failure> {
    match reply {
        Ok(receipt) => Ok(Answer::Done(receipt)),
        Err(Error::Rejected(rejection)) => Ok(Answer::Refused(*rejection)),
        Err(error) => Err(error.into()),
    }
}

fn printed(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(answer).map_err(Failure::internal)
}
