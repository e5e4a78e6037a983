//! The runtime that stores do their work on: one for each process.

use std::sync::{Mutex, PoisonError};
use tokio::runtime::{Builder, Runtime};

/// Threads beyond these would wait for the store.
const MOST_THREADS: usize = 4;

/// The runtime and the process that it was made in. The threads of a runtime do not survive a fork, so a child makes its
/// own; what the parent had is left as it is.
static RUNTIME: Mutex<Option<(u32, &'static Runtime)>> = Mutex::new(None);

/// Gives this process's runtime.
pub(crate) fn runtime() -> std::io::Result<&'static Runtime> {
    let mut slot = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some((maker, runtime)) = *slot
        && maker == process
    {
        return Ok(runtime);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let runtime = Builder::new_multi_thread().worker_threads(threads).thread_name("ims").enable_all().build()?;
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    *slot = Some((process, runtime));
    Ok(runtime)
}
