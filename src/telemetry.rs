//! The log: where it goes, in what form, and what never gets into it. What is worth a line is decided where it happens.
//!
//! What is counted is in [`figures`], the name that all lines about one delivery carry in [`trace`], what is said of a bug in [`panics`].

pub mod figures;
pub mod panics;
pub mod trace;

use std::fmt;
use std::io::IsTerminal;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{FilterExt, Targets, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// The log cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum NoLog {
    /// The filter is not one.
    #[error(
        "the log filter cannot be understood; write a level such as `info`, or `info,interview_assistant=debug`"
    )]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// Something else in this process logs already.
    #[error("the log was started already")]
    Started,
}

/// Libraries that write tokens, codes or payloads below `info`: they are held there whatever the filter says.
const TALKATIVE: [&str; 12] = [
    "deadpool",
    "deadpool_postgres",
    "tokio_postgres",
    "slack_morphism",
    "sled",
    "tungstenite",
    "tokio_tungstenite",
    "hyper",
    "hyper_util",
    "h2",
    "reqwest",
    "rustls",
];

/// Starts logging to standard error, for the rest of the process. Panics go there too, without their words.
///
/// # Errors
/// If the filter cannot be understood, or a log was started before.
pub fn start(filter: &str, form: Form) -> Result<(), NoLog> {
    let filter: Targets = filter.parse().map_err(NoLog::Filter)?;
    let colours = std::io::stderr().is_terminal();
    let layer = layer(filter, form, colours, std::io::stderr);
    tracing_subscriber::registry()
        .with(layer)
        .try_init()
        .map_err(|_| NoLog::Started)?;
    panics::hook();
    Ok(())
}

/// An error with everything that caused it, in one line.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        told.push_str(": ");
        told.push_str(&cause.to_string());
        source = cause.source();
    }
    told
}

/// What [`start`] logs, for whoever wants to have it elsewhere.
pub fn layer<S, W>(
    filter: Targets,
    form: Form,
    colours: bool,
    writer: W,
) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = filter
        .and(filter_fn(|metadata| !betrays(metadata)).with_max_level_hint(LevelFilter::TRACE));
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    match form {
        Form::Text => layer.with_ansi(colours).with_filter(filter).boxed(),
        Form::Json => layer.json().flatten_event(true).with_filter(filter).boxed(),
    }
}

fn betrays(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let library = target.split("::").next().unwrap_or(target);
    *metadata.level() > Level::INFO && TALKATIVE.contains(&library)
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0
                .lock()
                .expect("no writer panics")
                .extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(filter: &str, form: Form, what: impl FnOnce()) -> String {
        let paper = Paper::default();
        let writer = paper.clone();
        let filter: Targets = filter.parse().expect("it is a filter");
        let layer = layer(filter, form, false, move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), what);
        let bytes = paper.0.lock().expect("no writer panics").clone();
        String::from_utf8(bytes).expect("the log is text")
    }

    #[test]
    fn the_filter_decides() {
        let text = logged("info", Form::Text, || {
            tracing::info!("seen");
            tracing::debug!("unseen");
        });
        assert!(text.contains("seen") && !text.contains("unseen"), "{text}");
    }

    #[test]
    fn libraries_that_betray_secrets_are_held_at_info() {
        let text = logged("trace", Form::Text, || {
            tracing::debug!(target: "slack_morphism::client", "ticket");
            tracing::trace!(target: "tungstenite::protocol", "frame");
            tracing::warn!(target: "slack_morphism::client", "slow");
            tracing::trace!("ours");
        });
        assert!(text.contains("slow") && text.contains("ours"), "{text}");
        assert!(
            !text.contains("ticket") && !text.contains("frame"),
            "{text}"
        );
    }

    #[test]
    fn json_is_one_object_a_line() {
        let text = logged("info", Form::Json, || tracing::info!(loops = 3, "ready"));
        let line: serde_json::Value = serde_json::from_str(text.trim()).expect("it is JSON");
        assert_eq!(line["message"], "ready");
        assert_eq!(line["loops"], 3);
    }

    #[test]
    fn a_bad_filter_is_refused() {
        assert!(matches!(
            start("info,,=what=[", Form::Text),
            Err(NoLog::Filter(_))
        ));
    }
}
