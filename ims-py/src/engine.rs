//! The class that everything goes through: a store with an engine on it.
//!
//! Every method that may take long takes `done` last: without it the caller waits, with it `done(made, error)` is called
//! later from another thread, and the method returns at once.

use crate::{
    book::{Book, Shape},
    context::{Given, context},
    driver::Driver,
    failure::{Failure, exception, panic_message},
    fuse::Fuse,
    gate, give,
    outcomes::{Replies, show_receipt},
    question::{Lookup, Question, give_row},
    runtime::runtime,
    stream, take,
    wait::{Caller, answer},
};
use futures_util::FutureExt;
use ims_core::{
    Answer, AnyStore, Command, Context, Error, EventPage, Ims, Offset, Store, limits,
    report::{Cursor, NoSort, PageRequest, Sort, Table},
};
use ims_sqlx::OpenOptions;
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyCapsule, PyTuple},
};
use std::{
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tokio::{runtime::Runtime, sync::watch};

/// Where the engine's own records go: to the logger `ims.engine`.
const LOG: &str = "engine";

/// A store with an engine on it.
#[pyclass(frozen, module = "ims._native")]
pub(crate) struct Engine {
    /// Nothing once it is closed.
    open: RwLock<Option<Arc<Open>>>,
    runtime: &'static Runtime,
    /// The process that opened it: connections and threads do not survive a fork.
    process: u32,
}

/// What is open.
struct Open {
    store: AnyStore,
    fuse: Fuse,
    running: Mutex<Running>,
}

/// An engine at work.
#[derive(Clone)]
struct Running {
    ims: Ims<AnyStore>,
    driver: Arc<Driver>,
    end: watch::Receiver<End>,
}

/// How a worker ended.
#[derive(Clone, PartialEq, Eq)]
enum End {
    NotYet,
    Ended,
    Panicked(String),
}

impl Running {
    fn start(store: AnyStore, runtime: &Runtime) -> Running {
        let (ims, worker) = Ims::new(store);
        let (tell, end) = watch::channel(End::NotYet);
        let driver = Driver::start(runtime, async move {
            let ended = AssertUnwindSafe(worker).catch_unwind().await;
            let end = ended.map_or_else(|payload| End::Panicked(panic_message(payload.as_ref())), |()| End::Ended);
            if let End::Panicked(message) = &end {
                log::error!(target: LOG, "panicked: {message}");
            }
            // Nobody listens where everything was dropped.
            let _ = tell.send(end);
        });
        Running { ims, driver, end }
    }

    /// Says why, where the worker did not answer because it panicked.
    async fn explain(&self, error: Error) -> Failure {
        if !matches!(error, Error::Stopped) {
            return Failure::Engine(error);
        }
        let mut end = self.end.clone();
        match end.wait_for(|end| *end != End::NotYet).await.as_deref() {
            Ok(End::Panicked(message)) => Failure::Panicked(message.clone()),
            _ => Failure::Engine(error),
        }
    }
}

impl Open {
    /// The engine; a new one on the same store where the last one panicked.
    fn running(&self, runtime: &Runtime) -> Running {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(&*running.end.borrow(), End::Panicked(_)) {
            *running = Running::start(self.store.clone(), runtime);
        }
        running.clone()
    }
}

impl Engine {
    fn opened(&self, py: Python<'_>) -> PyResult<Arc<Open>> {
        if self.process != std::process::id() {
            return Err(exception(py, "Closed", ("the store was opened by another process: open it again",))?);
        }
        let open = py.detach(|| self.open.read().unwrap_or_else(PoisonError::into_inner).clone());
        match open {
            Some(open) => Ok(open),
            None => Err(exception(py, "Closed", ("the store is closed",))?),
        }
    }

    /// Has a command done or tried.
    fn ask<F>(
        &self,
        py: Python<'_>,
        (command, given): (Bound<'_, PyAny>, Given<'_>),
        done: Option<Py<PyAny>>,
        ask: impl FnOnce(Ims<AnyStore>, Context, Command) -> F + Send + 'static,
    ) -> PyResult<Py<PyAny>>
    where
        F: Future<Output = ims_core::Reply> + Send,
    {
        let inside = gate::enter(py);
        let book = Book::get(py)?;
        let running = self.opened(py)?.running(self.runtime);
        let ctx = context(book, given)?;
        let command: Command = take::value(book, &book.named("Command")?, "", command)?;
        let caller = Caller::new(done, Some(&running.driver));
        let work = async move {
            let id = ctx.id;
            match ask(running.ims.clone(), ctx, command).await {
                Ok(receipt) => {
                    log::debug!(target: LOG, "command {id}: done");
                    Ok(receipt)
                }
                Err(error) => {
                    log::debug!(target: LOG, "command {id}: {error}");
                    Err(running.explain(error).await)
                }
            }
        };
        answer(py, inside, self.runtime, caller, work, |py, receipt| show_receipt(py, &receipt))
    }

    /// Asks the store.
    fn look<T: Send + 'static, F>(
        &self,
        py: Python<'_>,
        done: Option<Py<PyAny>>,
        look: impl FnOnce(AnyStore) -> F + Send + 'static,
        show: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
    ) -> PyResult<Py<PyAny>>
    where
        F: Future<Output = Result<T, ims_core::StoreError>> + Send,
    {
        let inside = gate::enter(py);
        let store = self.opened(py)?.store.clone();
        let work = async move { look(store).await.map_err(Failure::from) };
        answer(py, inside, self.runtime, done.into(), work, show)
    }
}

#[pymethods]
impl Engine {
    /// Opens the store that a URL names.
    #[staticmethod]
    #[pyo3(signature = (url, done=None))]
    fn open(py: Python<'_>, url: String, done: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        let inside = gate::enter(py);
        let runtime = runtime()?;
        let process = std::process::id();
        let work = async move {
            let store = ims_sqlx::open_any(&url, OpenOptions::default()).await?;
            log::info!(target: LOG, "a store is open: {}", url.split(':').next().unwrap_or_default());
            Ok(store)
        };
        answer(py, inside, runtime, done.into(), work, move |py, store| {
            let fuse = Fuse::default();
            let running = Mutex::new(Running::start(fuse.in_store(&store), runtime));
            let open = RwLock::new(Some(Arc::new(Open { store, fuse, running })));
            Ok(Engine { open, runtime, process }.into_pyobject(py)?.into_any().unbind())
        })
    }

    /// Closes the store, after everything that was given is answered. Closing it again does nothing.
    #[pyo3(signature = (done=None))]
    fn close(&self, py: Python<'_>, done: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        let inside = gate::enter(py);
        let open = py.detach(|| self.open.write().unwrap_or_else(PoisonError::into_inner).take());
        let here = self.process == std::process::id();
        let work = async move {
            // The threads of another process are not here to wait for.
            if let Some(open) = open.filter(|_| here) {
                let mut end = open.running.lock().unwrap_or_else(PoisonError::into_inner).end.clone();
                drop(open);
                // The worker has gone where nobody is left to tell.
                let _ = end.wait_for(|end| *end != End::NotYet).await;
                log::info!(target: LOG, "a store is closed");
            }
            Ok(())
        };
        let runtime = if here { self.runtime } else { runtime()? };
        answer(py, inside, runtime, done.into(), work, |py, ()| Ok(py.None()))
    }

    /// Has a command done.
    #[pyo3(signature = (command, given, done=None))]
    fn execute(
        &self,
        py: Python<'_>,
        command: Bound<'_, PyAny>,
        given: Given<'_>,
        done: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        self.ask(py, (command, given), done, |ims, ctx, command| async move { ims.execute(ctx, command).await })
    }

    /// Tells what a command would do now.
    #[pyo3(signature = (command, given, done=None))]
    fn simulate(
        &self,
        py: Python<'_>,
        command: Bound<'_, PyAny>,
        given: Given<'_>,
        done: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        self.ask(py, (command, given), done, |ims, ctx, command| async move { ims.simulate(ctx, command).await })
    }

    /// Has commands done in order; nothing is done where one of them cannot be read.
    #[pyo3(signature = (commands, done=None))]
    fn execute_many(
        &self,
        py: Python<'_>,
        commands: Vec<(Bound<'_, PyAny>, Given<'_>)>,
        done: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let inside = gate::enter(py);
        let book = Book::get(py)?;
        let running = self.opened(py)?.running(self.runtime);
        let shape = book.named("Command")?;
        let read = |(command, given)| -> PyResult<(Context, Command)> {
            Ok((context(book, given)?, take::value(book, &shape, "", command)?))
        };
        let commands = commands.into_iter().map(read).collect::<PyResult<Vec<_>>>()?;
        let caller = Caller::new(done, Some(&running.driver));
        let work = async move {
            let mut replies = Vec::with_capacity(commands.len());
            for reply in running.ims.execute_all(commands).await {
                replies.push(match reply {
                    Ok(receipt) => Ok(receipt),
                    Err(error) => Err(running.explain(error).await),
                });
            }
            Ok(replies)
        };
        answer(py, inside, self.runtime, caller, work, |py, replies| {
            Ok(Replies(replies).into_pyobject(py)?.into_any().unbind())
        })
    }

    /// Has a command done that is given as JSON, with its context; gives the answer as JSON.
    #[pyo3(signature = (context, command, done=None))]
    fn execute_json(
        &self,
        py: Python<'_>,
        context: &str,
        command: &str,
        done: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let inside = gate::enter(py);
        let running = self.opened(py)?.running(self.runtime);
        let (ctx, command): (Context, Command) = (read_json("context", context)?, read_json("command", command)?);
        let caller = Caller::new(done, Some(&running.driver));
        let work = async move {
            match running.ims.execute(ctx, command).await {
                Ok(receipt) => Ok(Answer::Done(receipt)),
                Err(Error::Rejected(rejection)) => Ok(Answer::Refused(*rejection)),
                Err(error) => Err(running.explain(error).await),
            }
        };
        answer(py, inside, self.runtime, caller, work, |py, answer| {
            let json = serde_json::to_string(&answer).map_err(|error| PyValueError::new_err(error.to_string()))?;
            Ok(json.into_pyobject(py)?.into_any().unbind())
        })
    }

    /// Reads a page of a report: `(rows, next)`.
    #[pyo3(signature = (question, after, limit, sort, done=None))]
    fn page(
        &self,
        py: Python<'_>,
        question: Bound<'_, PyAny>,
        after: Option<String>,
        limit: u32,
        sort: Option<&str>,
        done: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let question = read_question(py, question)?;
        let request = PageRequest { after: after.map(Cursor), limit, sort: read_sort(sort)? };
        let look = |store| async move { question.page(&store, &request).await };
        self.look(py, done, look, |py, (rows, next)| show_page(py, rows.give(py, Book::get(py)?)?, next))
    }

    /// Reads all rows of a report.
    #[pyo3(signature = (question, sort, done=None))]
    fn fetch(
        &self,
        py: Python<'_>,
        question: Bound<'_, PyAny>,
        sort: Option<&str>,
        done: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let question = read_question(py, question)?;
        let sort = read_sort(sort)?;
        let look = move |store| async move { stream::Fetched::read(&store, &question, sort).await };
        self.look(py, done, look, |py, fetched| Ok(fetched.into_pyobject(py)?.into_any().unbind()))
    }

    /// Reads a page of a table: `(rows, next)`.
    #[pyo3(signature = (table, after, limit, done=None))]
    fn scan(
        &self,
        py: Python<'_>,
        table: &str,
        after: Option<String>,
        limit: u32,
        done: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let table = Table::ALL.into_iter().find(|known| known.name() == table);
        let table = table.ok_or_else(|| PyValueError::new_err("there is no such table"))?;
        let request = PageRequest { after: after.map(Cursor), limit, sort: None };
        let look = move |store: AnyStore| async move { ims_core::Reports::scan(&store, table, &request).await };
        self.look(py, done, look, |py, page| {
            let book = Book::get(py)?;
            let rows = page.rows.into_iter().map(|row| give_row(py, book, row)).collect::<PyResult<Vec<_>>>()?;
            show_page(py, PyTuple::new(py, rows)?.into_any().unbind(), page.next)
        })
    }

    /// Answers a question that has one answer.
    #[pyo3(signature = (question, done=None))]
    fn look_up(&self, py: Python<'_>, question: Bound<'_, PyAny>, done: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        let book = Book::get(py)?;
        let lookup: Lookup = take::value(book, &book.named("Lookup")?, "", question)?;
        let look = |store| async move { lookup.answer(&store).await };
        self.look(py, done, look, |py, found| found.give(py, Book::get(py)?))
    }

    /// Reads events after an offset: `(events, newest)`.
    #[pyo3(signature = (after, limit, done=None))]
    fn events(&self, py: Python<'_>, after: u64, limit: u32, done: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        let look = move |store: AnyStore| async move { store.events(Offset(after), limit).await };
        self.look(py, done, look, |py, page: EventPage| {
            let book = Book::get(py)?;
            let shape = Shape::Many(Box::new(book.named("Event")?));
            let events = give::value(py, book, &shape, &page.events)?;
            Ok((events, page.newest.0).into_pyobject(py)?.into_any().unbind())
        })
    }

    /// Proves that goods, promises, costs and money add up.
    #[pyo3(signature = (done=None))]
    fn verify(&self, py: Python<'_>, done: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        let look = |store| async move { ims_core::audit::verify(&store).await };
        self.look(py, done, look, |py, verdict| {
            let book = Book::get(py)?;
            let broken = Shape::Many(Box::new(book.named("Broken")?));
            let broken = give::value(py, book, &broken, &verdict.broken)?;
            Ok((verdict.ok, verdict.state_hash, verdict.counts, broken).into_pyobject(py)?.into_any().unbind())
        })
    }

    /// Gives a report as a stream of Arrow record batches, in a capsule.
    #[pyo3(signature = (question, sort))]
    fn arrow<'py>(
        &self,
        py: Python<'py>,
        question: Bound<'py, PyAny>,
        sort: Option<&str>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let question = read_question(py, question)?;
        let sort = read_sort(sort)?;
        let store = self.opened(py)?.store.clone();
        stream::capsule(py, self.runtime, store, question, sort)
    }

    /// Has the next commit panic, to test what callers are told.
    fn plant_panic(&self, py: Python<'_>) -> PyResult<()> {
        self.opened(py)?.fuse.light();
        Ok(())
    }
}

fn read_question(py: Python<'_>, question: Bound<'_, PyAny>) -> PyResult<Question> {
    let book = Book::get(py)?;
    take::value(book, &book.named("Question")?, "", question)
}

fn read_sort(word: Option<&str>) -> PyResult<Option<Sort>> {
    word.map(str::parse).transpose().map_err(|error: NoSort| PyValueError::new_err(error.to_string()))
}

fn show_page(py: Python<'_>, rows: Py<PyAny>, next: Option<Cursor>) -> PyResult<Py<PyAny>> {
    Ok((rows, next.map(|cursor| cursor.0)).into_pyobject(py)?.into_any().unbind())
}

fn read_json<T: serde::de::DeserializeOwned>(what: &str, json: &str) -> PyResult<T> {
    if json.len() > limits::COMMAND_JSON_BYTES {
        let most = limits::COMMAND_JSON_BYTES;
        return Err(PyValueError::new_err(format!("{what}: {} bytes are more than {most}", json.len())));
    }
    serde_json::from_str(json).map_err(|error| PyValueError::new_err(format!("{what}: {error}")))
}
