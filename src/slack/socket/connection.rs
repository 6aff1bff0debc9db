//! One connection from its hello to its end: frames in, acknowledgements out. Replacing it is not in here.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::SocketSettings;
use super::dial::Line;
use crate::crash;
use crate::slack::inbound::lenient::Maybe;
use crate::slack::inbound::{self, Inbound, Unreadable};
use crate::slack::{Ack, Received, Receiver, ask};
use crate::telemetry::figures::{OfSlack, Outcome, Reason};

/// How long Slack may take to answer our closing.
pub(super) const CLOSING: Duration = Duration::from_secs(1);
/// For deadlines that are not set yet; far enough, and safe to add to any instant.
const NEVER: Duration = Duration::from_hours(24 * 365);

/// What a connection tells its supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    /// Slack will close it; another is needed first.
    Leaving,
    /// The same, because Socket Mode was switched off.
    SwitchedOff,
    /// It is gone.
    Ended,
}

pub(super) struct Connection {
    pub id: u64,
    pub line: Line,
    pub receiver: Receiver,
    pub settings: SocketSettings,
    pub tasks: TaskTracker,
    pub reports: mpsc::Sender<(u64, Report)>,
    /// Another connection has taken over.
    pub retire: CancellationToken,
    /// The whole socket ends.
    pub shutdown: CancellationToken,
    /// Where it is counted.
    pub figures: OfSlack,
}

/// A frame with a text; `hello` and `disconnect` have no envelope id.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(default, rename = "type")]
    kind: Maybe<String>,
    #[serde(default)]
    reason: Maybe<String>,
    #[serde(default)]
    envelope_id: Maybe<String>,
    #[serde(default, borrow)]
    payload: Option<&'a RawValue>,
    #[serde(default)]
    accepts_response_payload: Maybe<bool>,
    #[serde(default)]
    retry_attempt: Maybe<u32>,
}

impl Frame<'_> {
    /// What an envelope brings.
    fn read(&self) -> Result<Inbound, Unreadable> {
        let payload = self.payload.map_or("null", RawValue::get).as_bytes();
        match self.kind.0.as_deref() {
            Some("events_api") => inbound::read_event(payload),
            Some("interactive") => inbound::read_interaction(payload),
            Some("slash_commands") => inbound::read_command_json(payload),
            other => Ok(Inbound::ignored(other.unwrap_or_default())),
        }
    }
}

/// What a frame brings, as a connection reads it; none: it is garbled. For the fuzz targets alone.
#[must_use]
pub fn read_frame(text: &str) -> Option<Result<Inbound, Unreadable>> {
    let frame: Frame<'_> = serde_json::from_str(text).ok()?;
    Some(frame.read())
}

/// An envelope is done: with the frame that acknowledges it, or without.
struct Done(Option<Message>);

/// Where a connection stands.
struct Course {
    /// Deliveries that are with the receiver.
    under_way: usize,
    /// The whole socket ends. What still comes until it closes is taken: nobody sends it again.
    ending: bool,
    /// From here on it closes as soon as nothing is under way.
    close_from: Instant,
    /// By here it closes whatever is under way.
    close_by: Instant,
}

impl Connection {
    pub(super) async fn run(mut self) {
        let (done, mut finished) = mpsc::channel::<Done>(64);
        self.serve(&done, &mut finished).await;
        // The supervisor is gone only when everything ends.
        let _gone = self.reports.send((self.id, Report::Ended)).await;
    }

    async fn serve(&mut self, done: &mpsc::Sender<Done>, finished: &mut mpsc::Receiver<Done>) {
        let never = Instant::now() + NEVER;
        let mut course = Course {
            under_way: 0,
            ending: false,
            close_from: never,
            close_by: never,
        };
        for text in std::mem::take(&mut self.line.early) {
            self.frame(&text, &mut course, done).await;
        }
        let mut heard_at = Instant::now();
        let every = self.settings.ping_every;
        let mut pings = interval_at(heard_at + every, every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (retire, shutdown) = (self.retire.clone(), self.shutdown.clone());

        loop {
            let closing_at = if course.under_way == 0 {
                course.close_from
            } else {
                course.close_by
            };
            tokio::select! {
                biased;
                () = shutdown.cancelled(), if !course.ending => {
                    course.ending = true;
                    course.close_from = Instant::now();
                    course.close_by = Instant::now() + self.settings.drain;
                }
                () = retire.cancelled(), if !course.ending && course.close_by == never => {
                    course.close_from = Instant::now() + self.settings.linger;
                    course.close_by = Instant::now() + self.settings.drain;
                }
                Some(Done(ack)) = finished.recv() => {
                    course.under_way -= 1;
                    if let Some(ack) = ack {
                        if !self.send(ack).await {
                            return;
                        }
                        crash::at("delivery.acknowledged");
                    }
                }
                // Before it closes, what has come by then.
                message = self.line.socket.next(), if Instant::now() < course.close_by => {
                    heard_at = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => self.frame(&text, &mut course, done).await,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Close(_))) => {
                            // The answer is queued; the flush sends it.
                            let _closed = timeout(CLOSING, self.line.socket.flush()).await;
                            return;
                        }
                        Some(Ok(_)) => tracing::warn!("a frame that is no text was ignored"),
                        Some(Err(_)) | None => return,
                    }
                }
                () = sleep_until(closing_at) => {
                    if course.under_way > 0 {
                        tracing::warn!(unacknowledged = course.under_way, "closing before all was acknowledged");
                    }
                    self.close().await;
                    return;
                }
                () = sleep_until(heard_at + self.settings.dead_after) => {
                    tracing::warn!("nothing heard from Slack for too long");
                    return;
                }
                _ = pings.tick() => {
                    if !self.send(Message::Ping(Vec::new().into())).await {
                        return;
                    }
                }
            }
        }
    }

    /// Sends a frame; false when the connection is of no use any more.
    async fn send(&mut self, message: Message) -> bool {
        let sent = timeout(self.settings.dead_after, self.line.socket.send(message)).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Says goodbye and waits a moment for Slack's.
    async fn close(&mut self) {
        let goodbye = async {
            if self.line.socket.close(None).await.is_ok() {
                while let Some(Ok(_)) = self.line.socket.next().await {}
            }
        };
        let _answered = timeout(CLOSING, goodbye).await;
    }

    async fn frame(&mut self, text: &str, course: &mut Course, done: &mpsc::Sender<Done>) {
        let Ok(frame) = serde_json::from_str::<Frame<'_>>(text) else {
            tracing::warn!(bytes = text.len(), "a garbled frame was ignored");
            return;
        };
        match (frame.kind.0.as_deref(), frame.envelope_id.0.as_deref()) {
            (Some("hello"), _) => {}
            (Some("disconnect"), _) => {
                let report = match frame.reason.0.as_deref() {
                    Some("link_disabled") => Report::SwitchedOff,
                    _ => Report::Leaving,
                };
                let _gone = self.reports.send((self.id, report)).await;
            }
            (_, None) => tracing::debug!("a frame without an envelope was ignored"),
            (_, Some(id)) => {
                course.under_way += 1;
                let envelope = Envelope {
                    id: id.to_owned(),
                    takes_payload: frame.accepts_response_payload.is_true(),
                };
                let read = frame.read();
                let retry = frame.retry_attempt.0.filter(|number| *number > 0);
                let (receiver, done) = (self.receiver.clone(), done.clone());
                let figures = self.figures.clone();
                self.tasks.spawn(async move {
                    let ack = envelope.handle(read, retry, &receiver, &figures).await;
                    // Nobody listens when the connection is gone; Slack sends the envelope again.
                    let _gone = done.send(Done(ack)).await;
                });
            }
        }
    }
}

/// What is needed to acknowledge an envelope.
struct Envelope {
    id: String,
    takes_payload: bool,
}

impl Envelope {
    async fn handle(
        self,
        read: Result<Inbound, Unreadable>,
        retry: Option<u32>,
        receiver: &Receiver,
        figures: &OfSlack,
    ) -> Option<Message> {
        let ack = match read {
            Err(why) => {
                figures.turned_away(Reason::unreadable);
                tracing::warn!(%why, "an envelope could not be read; not acknowledged");
                Ack::Failed
            }
            Ok(inbound @ Inbound::Ignored { .. }) => {
                let kind = inbound.kind();
                figures.delivered(inbound.sort(), Outcome::done);
                tracing::debug!(kind, "not of use, acknowledged");
                Ack::Empty
            }
            Ok(inbound @ (Inbound::SslCheck | Inbound::UrlVerification { .. })) => {
                figures.delivered(inbound.sort(), Outcome::done);
                tracing::debug!(kind = inbound.kind(), "not for a socket, acknowledged");
                Ack::Empty
            }
            Ok(inbound) => ask(receiver, Received { inbound, retry }, figures).await,
        };
        let frame = match ack {
            Ack::Failed => return None,
            Ack::Json(payload) if self.takes_payload => {
                serde_json::json!({"envelope_id": self.id, "payload": payload})
            }
            Ack::Json(_) => {
                tracing::warn!("an answer was left out: this envelope takes none");
                serde_json::json!({"envelope_id": self.id})
            }
            Ack::Empty => serde_json::json!({"envelope_id": self.id}),
        };
        Some(Message::text(frame.to_string()))
    }
}
