//! Slack's deliveries over a WebSocket: kept connected, each acknowledged on its own. What they mean is not in here.
//!
//! Socket Mode, <https://docs.slack.dev/apis/events-api/using-socket-mode>. Not slack-morphism's: there one slow envelope
//! delays all others, a panic deafens the connection, a reconnection loses acknowledgements, and what could not be read
//! is acknowledged all the same.

mod connection;
mod dial;

#[cfg(test)]
mod tests;

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[doc(hidden)]
pub use self::connection::read_frame;
use self::connection::{Connection, Report};
use self::dial::Line;
pub use self::dial::is_final;
use super::Receiver;
use super::client::Client;
use super::connector::CallError;

/// How patient the socket is.
#[derive(Debug, Clone)]
pub struct SocketSettings {
    /// How long asking for a URL, connecting and upgrading may take together.
    pub dial_timeout: Duration,
    /// How long Slack may take to say hello.
    pub hello_timeout: Duration,
    /// How often we ping.
    pub ping_every: Duration,
    /// Without any frame for this long, a connection is dead.
    pub dead_after: Duration,
    /// The first pause after a failure; it doubles with every further one, and is drawn at random below that.
    pub back_off: Duration,
    /// The longest pause.
    pub back_off_limit: Duration,
    /// A connection that lived this long has proved itself: the pauses begin anew.
    pub proved_after: Duration,
    /// How long a replaced connection still takes what was under way to it.
    pub linger: Duration,
    /// How long to wait for what was taken to be acknowledged before a connection is closed.
    pub drain: Duration,
    /// The largest message, in bytes; a larger one ends the connection. A view has at most 250 kB
    /// (<https://docs.slack.dev/reference/methods/views.update>).
    pub message_limit: usize,
}

impl Default for SocketSettings {
    fn default() -> Self {
        Self {
            dial_timeout: Duration::from_secs(10),
            hello_timeout: Duration::from_secs(10),
            ping_every: Duration::from_secs(10),
            dead_after: Duration::from_secs(30),
            back_off: Duration::from_millis(500),
            back_off_limit: Duration::from_secs(30),
            proved_after: Duration::from_secs(10),
            linger: Duration::from_secs(2),
            drain: Duration::from_secs(10),
            message_limit: 4 << 20,
        }
    }
}

/// The socket gave up: repeating cannot help, somebody must change the token or the app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SocketFailure {
    /// `apps.connections.open` said no for good.
    #[error("Slack refuses a socket to this app token")]
    Refused(#[source] CallError),
    /// No app token is configured.
    #[error("a socket needs an app token")]
    NoAppToken,
}

/// A socket to Slack, not yet connected.
pub struct Socket {
    client: Client,
    receiver: Receiver,
    settings: SocketSettings,
    connected: watch::Sender<bool>,
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Socket")
    }
}

/// One live connection, as the supervisor knows it.
struct Live {
    id: u64,
    task: tokio::task::Id,
    retire: CancellationToken,
    since: Instant,
}

impl Socket {
    /// A socket for the app of this client.
    #[must_use]
    pub fn new(client: Client, receiver: Receiver, settings: SocketSettings) -> Self {
        Self {
            client,
            receiver,
            settings,
            connected: watch::Sender::new(false),
        }
    }

    /// Whether there is a connection on which Slack said hello.
    #[must_use]
    pub fn connected(&self) -> watch::Receiver<bool> {
        self.connected.subscribe()
    }

    /// Stays connected until `stop` resolves; then takes nothing more, acknowledges what was taken, and closes.
    ///
    /// # Errors
    ///
    /// When Slack refuses a connection for good. What was taken by then is still acknowledged.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Result<(), SocketFailure> {
        let tasks = TaskTracker::new();
        let mut lines = JoinSet::new();
        let outcome = self.supervise(stop, &mut lines, &tasks).await;

        self.connected.send_replace(false);
        // Every connection has been told to close; they are given the time that they give their receivers, and a little.
        let close = async { while lines.join_next().await.is_some() {} };
        let limit = self.settings.drain + connection::CLOSING + Duration::from_secs(1);
        if tokio::time::timeout(limit, close).await.is_err() {
            tracing::warn!("a connection did not close in time");
        }
        tasks.close();
        if tokio::time::timeout(self.settings.drain, tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(left = tasks.len(), "deliveries still under way at the end");
        }
        outcome
    }

    async fn supervise(
        &self,
        stop: impl Future<Output = ()> + Send,
        lines: &mut JoinSet<()>,
        tasks: &TaskTracker,
    ) -> Result<(), SocketFailure> {
        let shutdown = CancellationToken::new();
        let _told_at_the_end = shutdown.clone().drop_guard();
        let (reports, mut heard) = mpsc::channel(16);
        let mut stop = std::pin::pin!(stop);
        let mut current: Option<Live> = None;
        let mut failures = 0;
        let mut next_id = 0;
        let mut dialing = Some(self.dial(failures));

        loop {
            tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                line = in_progress(&mut dialing) => {
                    dialing = None;
                    next_id += 1;
                    let retire = CancellationToken::new();
                    let connection = Connection {
                        id: next_id,
                        line: line?,
                        receiver: self.receiver.clone(),
                        settings: self.settings.clone(),
                        tasks: tasks.clone(),
                        reports: reports.clone(),
                        retire: retire.clone(),
                        shutdown: shutdown.clone(),
                        figures: self.client.figures().clone(),
                    };
                    let task = lines.spawn(connection.run()).id();
                    // The new one said hello; only now may the old one go.
                    if let Some(old) = current.replace(Live { id: next_id, task, retire, since: Instant::now() }) {
                        old.retire.cancel();
                    }
                    tracing::info!("connected to Slack");
                    self.connected.send_replace(true);
                }
                Some((id, report)) = heard.recv() => {
                    // Whatever an older connection says is no news.
                    let Some(live) = current.as_ref().filter(|live| live.id == id) else { continue };
                    let proved = live.since.elapsed() >= self.settings.proved_after;
                    failures = if proved { 0 } else { failures + 1 };
                    match report {
                        Report::Leaving => tracing::info!("Slack asks for a new connection"),
                        Report::SwitchedOff => {
                            tracing::error!("Slack says that Socket Mode is switched off for this app");
                            failures = failures.max(SWITCHED_OFF);
                        }
                        Report::Ended => {
                            tracing::warn!("the connection to Slack ended");
                            current = None;
                            self.connected.send_replace(false);
                        }
                    }
                    dialing.get_or_insert_with(|| self.dial(failures));
                }
                // A connection's task that ended without a report has panicked.
                Some(ended) = lines.join_next() => if let Err(error) = ended {
                    tracing::error!("a connection's task panicked");
                    if current.as_ref().is_some_and(|live| live.task == error.id()) {
                        current = None;
                        self.connected.send_replace(false);
                        failures += 1;
                        dialing.get_or_insert_with(|| self.dial(failures));
                    }
                },
            }
        }
    }

    /// Dials until Slack says hello or refuses for good, with a pause before each try but the very first.
    fn dial(&self, failures: u32) -> BoxFuture<'_, Result<Line, SocketFailure>> {
        async move {
            let mut failures = failures;
            let mut at_least = Duration::ZERO;
            loop {
                let pause = at_least + self.pause(failures);
                tokio::time::sleep(pause).await;
                at_least = Duration::ZERO;
                match dial::dial(&self.client, &self.settings).await {
                    Ok(line) => return Ok(line),
                    Err(why) => {
                        if let Some(end) = why.is_final() {
                            return Err(end);
                        }
                        tracing::warn!(%why, "no connection to Slack; trying again");
                        if let dial::NoLine::Call(CallError::RateLimited { after }) = why {
                            at_least = after;
                        }
                        failures = failures.saturating_add(1);
                    }
                }
            }
        }
        .boxed()
    }

    /// Full jitter: anything from nothing to a limit that doubles with every failure.
    fn pause(&self, failures: u32) -> Duration {
        let Some(doublings) = failures.checked_sub(1) else {
            return Duration::ZERO;
        };
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        let limit = self.settings.back_off.saturating_mul(factor);
        let limit = limit.min(self.settings.back_off_limit);
        limit.mul_f64(rand::random::<f64>())
    }
}

/// With Socket Mode switched off, pauses start here: at 16 times the first one.
const SWITCHED_OFF: u32 = 5;

/// The dial under way, or for ever nothing.
async fn in_progress(
    dialing: &mut Option<BoxFuture<'_, Result<Line, SocketFailure>>>,
) -> Result<Line, SocketFailure> {
    match dialing {
        Some(dialing) => dialing.await,
        None => std::future::pending().await,
    }
}
