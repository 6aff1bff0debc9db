//! Whether anything is in flight, so that a shutdown or a test can wait until nothing is. What is in flight is not known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// Counts what is in flight. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    under_way: AtomicUsize,
    ended: Notify,
}

/// Something in flight, until it is dropped.
#[derive(Debug)]
pub struct UnderWay {
    inner: Arc<Inner>,
}

impl Activity {
    /// Something begins.
    #[must_use]
    pub fn begin(&self) -> UnderWay {
        self.inner.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay {
            inner: Arc::clone(&self.inner),
        }
    }

    /// How many things are in flight.
    #[must_use]
    pub fn count(&self) -> usize {
        self.inner.under_way.load(Ordering::SeqCst)
    }

    /// Waits until nothing is in flight.
    pub async fn idle(&self) {
        loop {
            let ended = self.inner.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            if self.inner.under_way.load(Ordering::SeqCst) == 0 {
                return;
            }
            ended.await;
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if self.inner.under_way.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.inner.ended.notify_waiters();
        }
    }
}
