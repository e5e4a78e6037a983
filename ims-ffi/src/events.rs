//! The log, read as it grows.

use crate::{
    Ims, ImsError,
    mirror::{EventPage, Mirror},
    runtime,
};
use ims_core::{Offset, Store};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, timeout};

/// How long a reader waits before it looks for what another process has written: only those tell nobody.
const POLL: Duration = Duration::from_millis(1_000);

/// The longest that a reader waits in one call.
const WAIT_LIMIT_MS: u32 = 600_000;

#[uniffi::export]
impl Ims {
    /// Gives the events after an offset, oldest first, at most `limit` and at most 1,000. Before the first is 0.
    pub async fn events(&self, after: u64, limit: u32) -> Result<EventPage, ImsError> {
        let store = self.engine.store()?;
        let page = runtime::read(async move { Ok(store.events(Offset(after), limit).await?) }).await?;
        EventPage::from_core(&page)
    }

    /// Gives the events after an offset as soon as there are any; none where there are none for so long. What this
    /// object writes is seen at once, what another process writes within a second.
    pub async fn next_events(&self, after: u64, limit: u32, timeout_ms: u32) -> Result<EventPage, ImsError> {
        let engine = Arc::clone(&self.engine);
        let page = runtime::read(async move {
            let began = Instant::now();
            let wait = Duration::from_millis(timeout_ms.min(WAIT_LIMIT_MS).into());
            loop {
                let mut written = std::pin::pin!(engine.done.notified());
                // From here on no commit is missed.
                written.as_mut().enable();
                let page = engine.store()?.events(Offset(after), limit).await?;
                let left = wait.saturating_sub(began.elapsed());
                if !page.events.is_empty() || left.is_zero() {
                    return Ok(page);
                }
                // Written or not, the log is looked at again.
                let _ = timeout(left.min(POLL), written).await;
            }
        })
        .await?;
        EventPage::from_core(&page)
    }
}
