//! The threads that work runs on: a caller's own may go away in the middle of it.

use crate::ImsError;
use std::{future::Future, sync::OnceLock};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, JoinHandle};

static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();

/// Enough for a store that waits and an engine that works.
const WORKER_THREADS: usize = 2;

fn runtime() -> Result<&'static Runtime, ImsError> {
    let made = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(WORKER_THREADS).thread_name("ims").enable_all();
        builder.build().map_err(|error| error.to_string())
    });
    made.as_ref().map_err(|error| ImsError::internal(format!("cannot start threads: {error}")))
}

/// Starts work that nobody waits for here.
pub(crate) fn start<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<JoinHandle<T>, ImsError> {
    Ok(runtime()?.spawn(work))
}

/// Runs work to its end, also where the caller stops waiting for it.
pub(crate) async fn finish<T: Send + 'static>(
    work: impl Future<Output = Result<T, ImsError>> + Send + 'static,
) -> Result<T, ImsError> {
    start(work)?.await.unwrap_or_else(|error| Err(panicked(error)))
}

/// Runs work that only reads, and ends it where the caller stops waiting for it.
pub(crate) async fn read<T: Send + 'static>(
    work: impl Future<Output = Result<T, ImsError>> + Send + 'static,
) -> Result<T, ImsError> {
    let mut task = AbortOnDrop(start(work)?);
    (&mut task.0).await.unwrap_or_else(|error| Err(panicked(error)))
}

/// Runs work that has to stay on one thread.
pub(crate) async fn on_own_thread<T: Send + 'static, F: Future<Output = T>>(
    work: impl FnOnce() -> F + Send + 'static,
) -> Result<T, ImsError> {
    let runtime = runtime()?;
    let task = runtime.spawn_blocking(move || runtime.block_on(work()));
    task.await.map_err(panicked)
}

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Says what a panic said.
fn panicked(error: JoinError) -> ImsError {
    let Ok(payload) = error.try_into_panic() else { return ImsError::internal("the work was stopped") };
    let said = payload.downcast_ref::<String>().cloned();
    let said = said.or_else(|| payload.downcast_ref::<&str>().map(|said| (*said).to_owned()));
    ImsError::internal(said.unwrap_or_else(|| "a panic that said nothing".to_owned()))
}
