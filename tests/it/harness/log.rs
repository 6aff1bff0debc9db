//! What the bot logs during a story. What the pretend Slack logs is not kept.

use interview_assistant::telemetry::{Form, layer, panics};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread::ThreadId;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::Targets;
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

/// What a thread panicked with: its id, its name and the words.
type Panicked = (ThreadId, Option<String>, String);

/// Every panic of this process, of whichever thread.
static PANICS: Mutex<Vec<Panicked>> = Mutex::new(Vec::new());
static HOOK: Once = Once::new();

/// From now on panics are noted as the program does it, and kept with their words.
fn hook() {
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            panics::note(panic);
            let thread = std::thread::current();
            let words = panic.payload_as_str().unwrap_or_default().to_owned();
            let name = thread.name().map(str::to_owned);
            let mut all = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
            all.push((thread.id(), name, words));
            drop(all);
            before(panic);
        }));
    });
}

impl Log {
    pub fn start() -> Self {
        hook();
        let paper = Paper::default();
        let writer = paper.clone();
        // All that the bot itself would log at most, its libraries too.
        let all = Targets::new()
            .with_default(LevelFilter::TRACE)
            .with_target("interview_assistant::simulator", LevelFilter::OFF);
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

    /// What panicked on this thread, and on threads that belong to no test: a bot's own.
    pub fn panics() -> Vec<String> {
        let here = std::thread::current().id();
        let of_a_test = |name: &Option<String>| name.as_ref().is_some_and(|it| it.contains("::"));
        let all = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = all
            .iter()
            .filter(|(id, name, _)| *id == here || !of_a_test(name));
        ours.map(|(_, _, words)| words.clone()).collect()
    }

    pub fn errors(&self) -> Vec<String> {
        self.text()
            .lines()
            .filter(|line| line.contains(" ERROR "))
            .map(str::to_owned)
            .collect()
    }
}
