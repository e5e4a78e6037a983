//! Defects, wherever one is met: by a request, a connection, a stream, or a task of the server's own.

use super::process::Found;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, metrics::counter::ConstCounter};
use std::{
    fmt,
    panic::{self, PanicHookInfo},
    sync::{
        Once,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

/// How many there were since the process began. A thread that panics knows of no figures, so it is here.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// How many defects were met.
#[derive(Debug)]
pub(super) struct Panics;

impl Collector for Panics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Defects that were met: by a request, a connection, a stream or a task of the server's own";
        Found(ConstCounter::new(COUNT.load(Ordering::Relaxed))).write(&mut encoder, "ims_panics", help)
    }
}

/// Counts and logs every panic of every thread from now on, in place of the lines that the language writes.
pub(crate) fn watch() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| panic::set_hook(Box::new(note)));
}

fn note(panic: &PanicHookInfo<'_>) {
    COUNT.fetch_add(1, Ordering::Relaxed);
    let (thread, location) = (thread::current(), panic.location().map(ToString::to_string));
    tracing::error!(said = panic.payload_as_str(), location, thread = thread.name(), "the server met a defect");
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_of_any_task_or_thread_is_counted() {
        watch();
        let before = COUNT.load(Ordering::Relaxed);
        assert!(tokio::spawn(async { panic!("a planted defect of a task") }).await.is_err());
        assert!(tokio::task::spawn_blocking(|| panic!("a planted defect of a thread")).await.is_err());
        assert!(COUNT.load(Ordering::Relaxed) >= before.saturating_add(2));
    }
}
