//! The end of the server: who has to know of it, and when.

use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long what callers have begun to send may still take when the end has begun.
const GRACE: Duration = Duration::from_secs(2);

/// Tells everybody that the server ends. Cheap to clone; all clones tell the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending {
    /// The server wants no new callers.
    announced: CancellationToken,
    /// Nobody may stay: listeners close, connections and streams say goodbye.
    begun: CancellationToken,
}

impl Ending {
    /// Lets it be known that the server will end: `/health/ready` says so.
    pub(crate) fn announce(&self) {
        self.announced.cancel();
    }

    /// Begins the end.
    pub(crate) fn begin(&self) {
        self.announce();
        self.begun.cancel();
    }

    /// Whether it is known that the server will end.
    pub(crate) fn is_announced(&self) -> bool {
        self.announced.is_cancelled()
    }

    /// Waits until it is known that the server will end.
    pub(crate) async fn announced(&self) {
        self.announced.cancelled().await;
    }

    /// Waits until the end has begun and what was half sent then has had its time.
    pub(crate) async fn late(&self) {
        self.begun().await;
        tokio::time::sleep(GRACE).await;
    }

    /// Waits for the end to begin. What stays open on purpose, such as a stream of events, says goodbye then.
    pub(crate) async fn begun(&self) {
        self.begun.cancelled().await;
    }
}
