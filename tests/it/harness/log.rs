//! What the bot logs during a story. What the pretend Slack logs is not kept.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

/// Takes what is logged on this thread while it lives: stories run on one thread.
pub struct Log {
    paper: Paper,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn lines(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub fn start() -> Self {
        let paper = Paper::default();
        let writer = paper.clone();
        let ours = filter_fn(|metadata| {
            let target = metadata.target();
            target.starts_with("interview_assistant")
                && !target.starts_with("interview_assistant::simulator")
        });
        let layer = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .with_filter(ours)
            .with_filter(LevelFilter::TRACE);
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        Self {
            paper,
            _guard: guard,
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.paper.lines()).into_owned()
    }

    pub fn errors(&self) -> Vec<String> {
        self.text()
            .lines()
            .filter(|line| line.contains(" ERROR "))
            .map(str::to_owned)
            .collect()
    }
}
