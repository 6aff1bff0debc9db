//! Waiting for a store that is away, where nobody else waits for the answer. Whoever does is told after two seconds, in `app`.

use super::{App, Fault};
use crate::telemetry::chain;
use std::time::Duration;
use tokio::sync::watch;

/// How long it is waited before the store is asked again, which has been patient itself.
const PAUSE: Duration = Duration::from_secs(1);

impl App {
    /// Counts how often the store came back after it was away: whoever keeps something beside it looks again then.
    #[must_use]
    pub fn store_returned(&self) -> watch::Receiver<u64> {
        self.inner.store.returned()
    }
}

/// Does something again until the store is not away any more.
///
/// # Errors
/// Every fault that does not pass.
pub async fn until_back<T, F>(mut does: impl FnMut() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>> + Send,
{
    loop {
        match does().await {
            Err(fault) if fault.passes() => wait_for_it(&fault).await,
            ended => return ended,
        }
    }
}

/// Says that something waits for the store, and waits a moment.
pub async fn wait_for_it(fault: &Fault) {
    tracing::warn!(
        error = chain(fault),
        "it is tried again when the store is back"
    );
    tokio::time::sleep(PAUSE).await;
}
