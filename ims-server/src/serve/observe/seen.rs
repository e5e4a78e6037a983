//! What is learned of a request while it is answered.

use std::sync::{Arc, OnceLock};

/// What a request turned out to be. Whoever learns it notes it here, for the log and the figures; cheap to clone, all
/// clones are the same. It is in the extensions of every request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    learned: Arc<Learned>,
}

#[derive(Debug, Default)]
struct Learned {
    operation: OnceLock<&'static str>,
    caller: OnceLock<Arc<str>>,
}

impl Seen {
    /// Notes which operation it is.
    pub(crate) fn note_operation(&self, name: &'static str) {
        // The first one to know it has said it.
        let _ = self.learned.operation.set(name);
    }

    /// Notes who calls.
    pub(crate) fn note_caller(&self, name: &Arc<str>) {
        let _ = self.learned.caller.set(Arc::clone(name));
    }

    /// The operation, or `none` where the request was for nothing that there is.
    pub(crate) fn operation(&self) -> &'static str {
        self.learned.operation.get().copied().unwrap_or("none")
    }

    /// Who called, where they have proved it.
    pub(crate) fn caller(&self) -> Option<&str> {
        self.learned.caller.get().map(|name| &**name)
    }
}
