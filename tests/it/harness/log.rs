//! What the bot logs during a story. What the pretend Slack logs is not kept.

use interview_assistant::telemetry::{Form, layer};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;

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
        // All that the bot itself would log at most, its libraries too.
        let all = EnvFilter::new("trace,interview_assistant::simulator=off");
        let layer = layer(all, Form::Text, false, move || writer.clone());
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
