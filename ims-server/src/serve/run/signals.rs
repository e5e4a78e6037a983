//! Signals: the first one to end is obeyed with care, the second one at once.

use crate::serve::listen::tls::Keys;
use std::{io, process};

/// With what the process ends that was told twice: as a shell has it for an interrupted one.
const INTERRUPTED: i32 = 130;

#[cfg(unix)]
pub(super) use unix::Signals;

#[cfg(unix)]
mod unix {
    use super::{INTERRUPTED, Keys, io, process};
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// The signals that the server hears.
    pub(in super::super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
        hang_up: Signal,
    }

    impl Signals {
        /// Begins to hear them.
        pub(in super::super) fn listen() -> io::Result<Signals> {
            Ok(Signals {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
            })
        }

        /// Waits until the process is told to end; until then SIGHUP has the certificate read anew. From then on, another
        /// signal ends the process at once.
        pub(in super::super) async fn ended(mut self, keys: Option<&Keys>) {
            loop {
                tokio::select! {
                    _ = self.interrupt.recv() => break,
                    _ = self.terminate.recv() => break,
                    _ = self.hang_up.recv() => {
                        if let Some(keys) = keys {
                            keys.reload();
                        }
                    }
                }
            }
            tokio::spawn(async move {
                tokio::select! {
                    _ = self.interrupt.recv() => {}
                    _ = self.terminate.recv() => {}
                }
                tracing::warn!("told to end again: ended at once");
                process::exit(INTERRUPTED);
            });
        }
    }
}

#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Begins to hear them.
    pub(super) fn listen() -> io::Result<Signals> {
        Ok(Signals)
    }

    /// Waits until the process is told to end. From then on, another signal ends the process at once.
    pub(super) async fn ended(self, _: Option<&Keys>) {
        let _ = tokio::signal::ctrl_c().await;
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                process::exit(INTERRUPTED);
            }
        });
    }
}
